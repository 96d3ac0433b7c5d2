package lang_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/lang"
)

func TestFor(t *testing.T) {
	for _, tt := range []struct {
		wanted []string
		tag    string
	}{
		{nil, "en"},
		{[]string{""}, "en"},
		{[]string{"it_IT.UTF-8"}, "it"},
		{[]string{"de_AT"}, "de"},
		{[]string{"es-419"}, "es"},
		{[]string{"fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5"}, "fr"},
		{[]string{"pl", "de"}, "de"},
		{[]string{"C"}, "en"},
		{[]string{"POSIX", "ja_JP"}, "en"},
		{[]string{"\x00;;q=,"}, "en"},
	} {
		if got := lang.For(tt.wanted...).Tag(); got != tt.tag {
			t.Errorf("For(%q) speaks %s, want %s", tt.wanted, got, tt.tag)
		}
	}
}

func TestPlurals(t *testing.T) {
	missed := func(language string, n int) string {
		return lang.For(language).N(n, "%d missed call", "%d missed calls", n)
	}
	for _, tt := range []struct {
		language string
		n        int
		want     string
	}{
		{"en", 1, "1 missed call"}, {"en", 2, "2 missed calls"}, {"en", 0, "0 missed calls"},
		{"it", 1, "1 chiamata persa"}, {"it", 2, "2 chiamate perse"},
		{"fr", 0, "0 appel manqué"}, {"fr", 1, "1 appel manqué"}, {"fr", 2, "2 appels manqués"},
		{"de", 1, "1 verpasster Anruf"}, {"de", 1200, "1.200 verpasste Anrufe"},
		{"es", 3, "3 llamadas perdidas"},
	} {
		if got := missed(tt.language, tt.n); got != tt.want {
			t.Errorf("%s, %d: %q, want %q", tt.language, tt.n, got, tt.want)
		}
	}
}

// A sentence of an error is in the reader's language down to the last part that
// is one of ours; what logs and programs see of it is not touched.
func TestSentence(t *testing.T) {
	inner := lang.Errorf("%s is not a file: remove it", "/x")
	err := lang.Errorf("start at login stays as it was: %w", inner)
	wrapped := fmt.Errorf("set: %w", err)

	if got, want := wrapped.Error(), "set: start at login stays as it was: /x is not a file: remove it"; got != want {
		t.Errorf("in the log: %q, want %q", got, want)
	}
	if !errors.Is(wrapped, inner) {
		t.Error("the cause is not found")
	}
	if got, want := lang.For("en").Sentence(wrapped), "Start at login stays as it was: /x is not a file: remove it."; got != want {
		t.Errorf("in English: %q, want %q", got, want)
	}
	italian := lang.For("it").Sentence(wrapped)
	if want := "L'avvio all'accesso resta com'era: /x non è un file: eliminalo."; italian != want {
		t.Errorf("in Italian: %q, want %q", italian, want)
	}
	if got, want := lang.For("it").Sentence(fs.ErrNotExist), "File does not exist."; got != want {
		t.Errorf("not ours: %q, want %q", got, want)
	}
}

// What a caller or the system wrote is a part and never a format.
func TestPartsAreNoFormats(t *testing.T) {
	for _, l := range lang.Languages {
		if got := lang.For(l.Tag).T("%s is calling", "100 %d ${x}"); !strings.Contains(got, "100 %d ${x}") {
			t.Errorf("%s: %q", l.Tag, got)
		}
	}
}

func TestUnknownStaysAsItIs(t *testing.T) {
	const words = "100 % of this is nobody's sentence"
	if got := lang.For("de").Known(words); got != words {
		t.Errorf("%q, want %q", got, words)
	}
}
