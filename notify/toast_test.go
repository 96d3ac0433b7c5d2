package notify_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/notify"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with testdata/NAME.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	got += "\n"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what it was; if that is right, run with -update\n got %s\nwant %s", path, got, want)
	}
}

const emoji = "🎉👩\u200d⚕️🇮🇹"

// hostile are calls that a caller wrote to do harm.
var hostile = map[string]notify.Call{
	"script": {
		ID: "c1", Queue: "web", Topic: `</text></binding></visual><actions><action content="Free"/>`,
		Customer: `<script>alert("1")</script>`,
		Details:  []notify.Detail{{Name: "a<b", Value: "]]>&amp;<![CDATA["}},
	},
	"quotes": {
		ID: `c"1'&<>`, Queue: `"web"`, Topic: "it's & it’s", Customer: `Rossi & "Figli" 'srl'`,
		Details: []notify.Detail{{Name: `"`, Value: `" launch="x`}, {Name: "$(calc.exe)", Value: "`whoami`"}},
	},
	"bidi": {
		ID: "c1", Queue: "we\u200bb", Topic: "\u2067txet\u2069", Customer: "Maria\u202e issoR\u0000\u001b[31m\x7f",
		Details: []notify.Detail{{Name: "line\u2028one", Value: "a\r\n\tb\ufffe\uffff\ud7ff"}, {Name: "not UTF-8", Value: "\xff\xfe"}},
	},
	"link": {
		ID: "c1", Queue: "web", Topic: "www.example.com", Customer: "https://vidaoo.example/s1",
		Details: []notify.Detail{{Name: "link", Value: "https://vidaoo.example/s1"}, {Name: "language", Value: "it"}},
	},
	"emoji": {
		ID: "c1", Queue: strings.Repeat(emoji, 500), Topic: strings.Repeat(emoji, 500), Customer: strings.Repeat(emoji, 500),
		Details: []notify.Detail{
			{Name: strings.Repeat(emoji, 10), Value: strings.Repeat(emoji, 500)}, {Name: "b", Value: strings.Repeat(emoji, 500)},
			{Name: "c", Value: strings.Repeat(emoji, 500)}, {Name: "d", Value: strings.Repeat(emoji, 500)},
		},
		Waiting: 7,
	},
	"nothing": {ID: "c1"},
}

func TestRingToastGolden(t *testing.T) {
	golden(t, "toast_call.xml", notify.RingToast(maria("2f1c")))
	for name, c := range hostile {
		t.Run(name, func(t *testing.T) { golden(t, "toast_"+name+".xml", notify.RingToast(c)) })
	}
}

func TestNoticeToastGolden(t *testing.T) {
	golden(t, "toast_notice.xml", notify.NoticeToast("Missed call", `Maria & "Figli" <b> `+emoji))
}

// read reads a toast as Windows would: into its texts and what its presses say,
// the body first. It fails on anything that no toast of ours has.
func read(t *testing.T, toast string) (text, says []string) {
	t.Helper()
	known := map[string]string{
		"toast": "launch scenario useButtonStyle", "visual": "", "binding": "template", "text": "", "actions": "",
		"action": "content arguments activationType hint-buttonStyle", "audio": "silent",
	}
	d := xml.NewDecoder(strings.NewReader(toast))
	inText := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text, says
		}
		if err != nil {
			t.Fatalf("%v in %s", err, toast)
		}
		switch x := token.(type) {
		case xml.StartElement:
			attrs, ok := known[x.Name.Local]
			if !ok {
				t.Errorf("element %s in %s", x.Name.Local, toast)
			}
			for _, a := range x.Attr {
				if !strings.Contains(" "+attrs+" ", " "+a.Name.Local+" ") {
					t.Errorf("attribute %s of %s in %s", a.Name.Local, x.Name.Local, toast)
				}
				if a.Name.Local == "launch" || a.Name.Local == "arguments" {
					says = append(says, a.Value)
				}
			}
			if inText = x.Name.Local == "text"; inText {
				text = append(text, "")
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if !inText {
				t.Errorf("text %q outside in %s", x, toast)
				continue
			}
			text[len(text)-1] += string(x)
		default:
			t.Errorf("%T in %s", token, toast)
		}
	}
}

// checkToast checks what holds for the toast of any call.
func checkToast(t *testing.T, c notify.Call) (text []string) {
	t.Helper()
	toast := notify.RingToast(c)
	text, says := read(t, toast)
	if len(text) < 1 || len(text) > 2 {
		t.Fatalf("%d texts in %s", len(text), toast)
	}
	for i, kind := range []notify.Kind{notify.Opened, notify.PressedAccept, notify.PressedDecline} {
		if c.ID == "" || len(says) != 3 || !utf8.ValidString(c.ID) {
			break
		}
		got, call, _, ok := notify.ParseActivation(says[i])
		if !ok || got != kind || call != c.ID {
			t.Errorf("%q means %s of call %q, want %s of %q", says[i], got, call, kind, c.ID)
		}
	}
	if len(says) != 3 {
		t.Errorf("%d presses in %s", len(says), toast)
	}
	for _, r := range toast {
		if r > 0xFFFF || r == utf8.RuneError && !strings.Contains(c.ID, "\uFFFD") {
			t.Errorf("%U in %s", r, toast)
			break
		}
	}
	for _, r := range strings.Join(text, "\n") {
		if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			t.Errorf("%U in %q", r, text)
		}
	}
	if strings.Contains(strings.Join(text, "\n"), "://") {
		t.Errorf("a link in %q", text)
	}
	return text
}

func TestRingToastOfHostileCalls(t *testing.T) {
	for name, c := range hostile {
		t.Run(name, func(t *testing.T) {
			checkToast(t, c)
			if n := utf8.RuneCountInString(notify.RingToast(c)); n > notify.MaxToast {
				t.Errorf("%d characters, Windows would refuse more than %d", n, notify.MaxToast)
			}
		})
	}
	text := checkToast(t, hostile["script"])
	if want := `<script>alert("1")</script> is calling`; text[0] != want {
		t.Errorf("title %q, want %q", text[0], want)
	}
}

// A number that changes while the toast cannot is not shown.
func TestRingToastDoesNotCount(t *testing.T) {
	more := maria("a")
	more.Waiting = 3
	if notify.RingToast(more) != notify.RingToast(maria("a")) {
		t.Error("the toast changes with the number of calls behind it")
	}
}

func FuzzRingToast(f *testing.F) {
	for _, c := range hostile {
		f.Add(c.ID, c.Customer, c.Topic, c.Queue)
	}
	f.Fuzz(func(t *testing.T, id, customer, topic, queue string) {
		checkToast(t, notify.Call{
			ID: id, Customer: customer, Topic: topic, Queue: queue,
			Details: []notify.Detail{{Name: topic, Value: customer}, {Name: queue, Value: id}},
		})
	})
}
