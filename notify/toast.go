package notify

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/lang"
)

// maxToast is how many characters the XML of a toast may have. Windows refuses
// more than 5,000 bytes and does not say of which encoding; in the wider one, a
// character has two.
const maxToast = 2400

// toast is what Windows' toast schema calls so.
type toast struct {
	XMLName xml.Name `xml:"toast"`

	Launch   string `xml:"launch,attr"` // what a click on the body says
	Scenario string `xml:"scenario,attr,omitempty"`
	Styled   bool   `xml:"useButtonStyle,attr,omitempty"`

	Visual  binding       `xml:"visual>binding"`
	Actions *toastActions `xml:"actions"`
	Audio   toastAudio    `xml:"audio"`
}

type binding struct {
	Template string   `xml:"template,attr"`
	Text     []string `xml:"text"` // the first is the title
}

type toastActions struct {
	Buttons []toastButton `xml:"action"`
}

type toastButton struct {
	Content    string `xml:"content,attr"`
	Arguments  string `xml:"arguments,attr"` // what a press says
	Activation string `xml:"activationType,attr"`
	Style      string `xml:"hint-buttonStyle,attr"`
}

type toastAudio struct {
	Silent bool `xml:"silent,attr"`
}

// ringToast is the toast of a call that rings: it stays on the screen until it
// is answered. How many calls ring behind it is left out. A toast that is shown
// cannot be changed, only shown anew, and a number that is wrong is worse than
// none.
func ringToast(c Call) string {
	c.Waiting = 0
	t := newToast(activation{Opened, c.ID})
	t.Scenario, t.Styled = "incomingCall", true
	t.Actions = &toastActions{[]toastButton{
		{lang.T("Accept"), activation{PressedAccept, c.ID}.String(), "foreground", "Success"},
		{lang.T("Decline"), activation{PressedDecline, c.ID}.String(), "foreground", "Critical"},
	}}
	return t.saying(summary(c), lines(c))
}

// noticeToast is a plain message. A click on it brings the app forward.
func noticeToast(n notice) string {
	return newToast(activation{kind: Opened}).saying(n.title, []string{n.text})
}

func newToast(click activation) toast {
	t := toast{Launch: click.String()}
	t.Visual.Template = "ToastGeneric"
	// The app has one ringer for all surfaces.
	t.Audio.Silent = true
	return t
}

// saying writes the toast with a title and, below it, as many of the lines as it
// may have.
func (t toast) saying(title string, lines []string) string {
	for {
		t.Visual.Text = []string{title}
		if text := strings.Join(lines, "\n"); text != "" {
			t.Visual.Text = append(t.Visual.Text, text)
		}
		out := t.String()
		if len(lines) == 0 || utf8.RuneCountInString(out) <= maxToast {
			return out
		}
		lines = lines[:len(lines)-1]
	}
}

func (t toast) String() string {
	// It has nothing that could fail to be written.
	out, _ := xml.Marshal(t)
	return inBasicPlane(string(out))
}

// inBasicPlane writes characters that have two units in UTF-16, as most emoji
// do, as references. The library that hands the XML to Windows counts such a
// character as one and so cuts the end off.
func inBasicPlane(s string) string {
	var out strings.Builder
	for _, r := range s {
		if r > 0xFFFF {
			fmt.Fprintf(&out, "&#x%X;", r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}
