package clean_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/clean"
)

func TestText(t *testing.T) {
	tests := []struct {
		name string
		s    string
		max  int
		want string
	}{
		{"plain", "Anna Rossi", 20, "Anna Rossi"},
		{"empty", "", 20, ""},
		{"only spaces", " \t\r\n ", 20, ""},
		{"ends", "  Anna \n", 20, "Anna"},
		{"line breaks", "Anna\r\nRossi\u2028Desk\u00854", 20, "Anna Rossi Desk 4"},
		{"pushed out of sight", "Anna" + strings.Repeat(" ", 500) + "Rossi", 20, "Anna Rossi"},
		{"other spaces", "Anna\u00a0\u3000Rossi", 20, "Anna Rossi"},
		{"control characters", "An\x00n\x1b[31ma\x7f\u009b", 20, "Ann[31ma"},
		{"override", "\u202eissoR\u202c Anna", 20, "issoR Anna"},
		{"isolates", "\u2066Anna\u2069 \u2067Rossi\u2068", 20, "Anna Rossi"},
		{"marks of direction", "Anna\u200e\u200f\u061c", 20, "Anna"},
		{"zero width", "A\u200bn\u200cn\u200da\u2060\ufeff", 20, "Anna"},
		{"tags", "Anna\U000e0041\U000e007f", 20, "Anna"},
		{"letters without a shape", "\u3164\u115f\uffa0", 20, ""},
		{"private use", "Anna\ue000\U000f0000", 20, "Anna"},
		{"Hebrew", "שלום עולם", 20, "שלום עולם"},
		{"Arabic", "مرحبا", 20, "مرحبا"},
		{"Arabic number sign", "\u0600\u0661", 20, "\u0600\u0661"},
		{"accents as marks", "Zoe\u0308", 20, "Zoe\u0308"},
		{"tower of marks", "A" + strings.Repeat("\u0300", 50) + "b", 20, "A\u0300\u0300\u0300\u0300b"},
		{"emoji", "Anna 👋🏽", 20, "Anna 👋🏽"},
		{"bytes that are not UTF-8", "Anna\xff\xfe", 20, "Anna\ufffd\ufffd"},
		{"markup stays text", "<b>Anna</b> & \"Co\"", 40, "<b>Anna</b> & \"Co\""},
		{"as long as allowed", "Anna", 4, "Anna"},
		{"as long as allowed without its ends", " Anna  ", 4, "Anna"},
		{"one too long", "Annas", 4, "Ann…"},
		{"counted in characters", "ééééé", 5, "ééééé"},
		{"cut after a space", "Ann a Rossi", 5, "Ann…"},
		{"one character", "Anna", 1, "…"},
		{"none", "Anna", 0, ""},
		{"less than none", "Anna", -1, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := clean.Text(test.s, test.max); got != test.want {
				t.Errorf("Text(%q, %d) = %q, want %q", test.s, test.max, got, test.want)
			}
		})
	}
}

func FuzzText(f *testing.F) {
	f.Add("Anna\r\n Rossi", 10)
	f.Add("\u202eissoR\u202c", 3)
	f.Add("A\u0300\u0300\u0300\u0300\u0300 \u0300", 4)
	f.Add("\xff\u200b \u200b", 1)
	f.Fuzz(func(t *testing.T, s string, max int) {
		got := clean.Text(s, max)
		if !utf8.ValidString(got) {
			t.Errorf("Text(%q, %d) = %q, not UTF-8", s, max, got)
		}
		if n := utf8.RuneCountInString(got); n > 0 && n > max {
			t.Errorf("Text(%q, %d) has %d characters", s, max, n)
		}
		if again := clean.Text(got, max); again != got {
			t.Errorf("Text(%q, %d) = %q, a second time %q", s, max, got, again)
		}
		if strings.TrimSpace(got) != got {
			t.Errorf("Text(%q, %d) = %q, with space around it", s, max, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Errorf("Text(%q, %d) kept %U", s, max, r)
			}
		}
	})
}
