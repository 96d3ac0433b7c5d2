package notify_test

import (
	"strings"
	"testing"

	"github.com/deskbell/deskbell/notify"
)

func TestParseActivation(t *testing.T) {
	for _, tt := range []struct {
		text string
		kind notify.Kind
		call string
	}{
		{"action=accept&call=2f1c", notify.PressedAccept, "2f1c"},
		{"action=decline&call=2f1c", notify.PressedDecline, "2f1c"},
		{"action=opened&call=2f1c", notify.Opened, "2f1c"},
		{"action=opened", notify.Opened, ""},
		{"action=accept&call=a%26b%3D%22+%C3%A8", notify.PressedAccept, `a&b=" è`},
	} {
		kind, call, again, ok := notify.ParseActivation(tt.text)
		if !ok || kind != tt.kind || call != tt.call || again != tt.text {
			t.Errorf("%q means %s of call %q (%v), and is written %q", tt.text, kind, call, ok, again)
		}
		if got := notify.Activation(tt.kind, tt.call); got != tt.text {
			t.Errorf("%s of %q is written %q, want %q", tt.kind, tt.call, got, tt.text)
		}
	}
}

func TestParseActivationIgnoresWhatIsMalformed(t *testing.T) {
	for _, text := range []string{
		"", "accept", "call=2f1c", "action=accept", "action=accept&call=", "action=&call=2f1c",
		"action=shown&call=2f1c", "action=closed&call=2f1c", "action=failed", "action=ACCEPT&call=2f1c",
		"action=accept&call=2f1c&call=other", "action=accept&action=decline&call=2f1c",
		"action=accept&call=2f1c&more=1", "action=accept&call=2f1c&", "&action=accept&call=2f1c",
		"call=2f1c&action=accept", "action=accept;call=2f1c", "action=accept&call=%2", "action=accept&call=%zz",
		"action=accept&call=a b", "action=accept&call=%61", "action=accept&call=2f1c\x00", "?action=accept&call=2f1c",
		"action=opened&call=", "https://vidaoo.example/?action=accept&call=2f1c", "action=accept&call=\xff",
		"action=accept&call=" + strings.Repeat("a", 2048),
	} {
		if kind, call, _, ok := notify.ParseActivation(text); ok || kind != "" || call != "" {
			t.Errorf("%q means %s of call %q, want nothing", text, kind, call)
		}
	}
}

func FuzzActivation(f *testing.F) {
	for _, text := range []string{
		"action=accept&call=2f1c", "action=decline&call=a%26b", "action=opened", "", "action=accept&call=%zz",
		"call=2f1c&action=accept", "action=accept&call=2f1c&call=3", "action=accept;call=1", "action=accept&call=+%20",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		kind, call, again, ok := notify.ParseActivation(text)
		switch {
		case !ok:
			if kind != "" || call != "" {
				t.Errorf("%q is malformed and means %s of %q", text, kind, call)
			}
			return
		case again != text:
			t.Errorf("%q means what %q does", text, again)
		case kind == notify.PressedAccept || kind == notify.PressedDecline:
			if call == "" {
				t.Errorf("%q answers no call", text)
			}
		case kind != notify.Opened:
			t.Errorf("%q means %s", text, kind)
		}
	})
}
