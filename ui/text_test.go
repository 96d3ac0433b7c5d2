package ui_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/deskbell/deskbell/ui"
)

// perCharacter measures a text of a font whose letters are all 1 wide.
func perCharacter(s string) float32 { return float32(utf8.RuneCountInString(s)) }

func TestFit(t *testing.T) {
	tests := []struct {
		name, words string
		lines       int
		width       float32
		want        []string
	}{
		{"short", "Maria", 2, 10, []string{"Maria"}},
		{"empty", "", 2, 10, []string{""}},
		{"spaces around", "  Maria ", 1, 10, []string{"Maria"}},
		{"wraps at a space", "Maria Bianchi", 2, 10, []string{"Maria", "Bianchi"}},
		{"space at the edge", "Maria Bianchi", 2, 5, []string{"Maria", "Bian…"}},
		{"one line", "Maria Bianchi", 1, 10, []string{"Maria Bia…"}},
		{"long word", "Wolfeschlegelstein", 2, 10, []string{"Wolfeschle", "gelstein"}},
		{"long word after a short one", "Mr Wolfeschlegelstein", 2, 10, []string{"Mr", "Wolfeschl…"}},
		{"cut before a space", "Maria Bianchi", 1, 7, []string{"Maria…"}},
		{"other letters", "マリア・ビアンキ様", 1, 5, []string{"マリア・…"}},
		{"no room at all", "Maria", 3, 0, []string{"…"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := ui.Fit(test.words, test.lines, test.width, perCharacter); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestFitNeverOverflows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringN(0, 120, -1).Draw(t, "words")
		lines := rapid.IntRange(1, 5).Draw(t, "lines")
		width := float32(rapid.IntRange(2, 40).Draw(t, "width"))
		got := ui.Fit(words, lines, width, perCharacter)
		if len(got) < 1 || len(got) > lines {
			t.Fatalf("%d lines, want at most %d", len(got), lines)
		}
		for _, line := range got {
			if perCharacter(line) > width {
				t.Fatalf("%q is wider than %v", line, width)
			}
		}
		all := strings.Join(got, "")
		if !strings.HasSuffix(all, "…") && strings.ReplaceAll(all, " ", "") != strings.ReplaceAll(strings.TrimSpace(words), " ", "") {
			t.Fatalf("words went missing: %q became %q", words, got)
		}
	})
}

func TestClock(t *testing.T) {
	tests := []struct {
		d              time.Duration
		clock, seconds string
	}{
		{-time.Second, "0:00", "0 s"},
		{0, "0:00", "0 s"},
		{time.Millisecond, "0:00", "1 s"},
		{7 * time.Second, "0:07", "7 s"},
		{7900 * time.Millisecond, "0:07", "8 s"},
		{12*time.Minute + 30*time.Second, "12:30", "750 s"},
		{time.Hour + 2*time.Minute + 3*time.Second, "1:02:03", "3,723 s"},
	}
	for _, test := range tests {
		if got := ui.Clock(test.d); got != test.clock {
			t.Errorf("Clock(%v) = %q, want %q", test.d, got, test.clock)
		}
		if got := ui.Seconds(test.d); got != test.seconds {
			t.Errorf("Seconds(%v) = %q, want %q", test.d, got, test.seconds)
		}
	}
}
