package notify_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/notify"
)

func TestWords(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "Maria Rossi", "Maria Rossi"},
		{"white space", "  Maria\t\r\n Rossi ", "Maria Rossi"},
		{"control characters", "Ana\x00\x1b[31m R\x7f", "Ana [31m R"},
		{"direction marks", "Maria\u202e issoR\u2066\u200f", "Maria issoR"},
		{"invisible characters", "Ma\u00adri\ufeffa\U000e0041", "Maria"},
		{"no characters at all", "Ma\ufffe\U0010ffffria", "Maria"},
		{"line separators", "Maria\u2028Rossi\u2029", "Maria Rossi"},
		{"not UTF-8", "Maria\xff\xfe", "Maria"},
		{"joined emoji", "👩\u200d⚕️ Ana", "👩\u200d⚕️ Ana"},
		{"too long", strings.Repeat("ab ", 20), "ab ab ab ab…"},
		{"just fits", "twelve chars", "twelve chars"},
		{"link", "https://vidaoo.example/s1", ""},
		{"link in a sentence", "go to HTTPS://x y", ""},
		{"www", "see WWW.example.com", ""},
		{"host and path", "vidaoo.example/s1", ""},
		{"link hidden by a control", "https:\u200b//vidaoo.example", ""},
		{"e-mail", "m@rossi.it", "m@rossi.it"},
		{"fraction and date", "1/2 3.4/5", "1/2 3.4/5"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := notify.Words(tt.in, 12); got != tt.want {
				t.Errorf("Words(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"Maria Rossi", "<b>x</b> & y", "https://x/y", "a\u202eb\x00", "\xff]]>$(x)", "\u200d\u200c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		const max = 20
		out := notify.Words(in, max)
		if !utf8.ValidString(out) || utf8.RuneCountInString(out) > max {
			t.Errorf("Words(%q) = %q: not valid or too long", in, out)
		}
		for _, r := range out {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Errorf("Words(%q) = %q: has %U", in, out, r)
			}
		}
		if strings.Contains(out, "://") {
			t.Errorf("Words(%q) = %q: has a link", in, out)
		}
		escaped := notify.Escape(out)
		if strings.ContainsAny(escaped, "<>") {
			t.Errorf("Escape(%q) = %q: has markup", out, escaped)
		}
		plain := notify.PlainText(in)
		if strings.ContainsAny(plain, "$`\"“”„‟\\<>[]{}|^~\n") {
			t.Errorf("PlainText(%q) = %q: has characters with a meaning", in, plain)
		}
		if strings.HasPrefix(plain, "-") {
			t.Errorf("PlainText(%q) = %q: reads as an option", in, plain)
		}
	})
}
