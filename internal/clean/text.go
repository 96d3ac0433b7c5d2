package clean

import (
	"strings"
	"unicode"
)

// maxMarks is how many combining marks one letter keeps. No orthography needs more; a hundred of them
// paint over the lines above and below.
const maxMarks = 4

const ellipsis = "…"

// Text returns s as one line of at most max characters (runes), without control characters,
// characters that change the reading direction and characters that cannot be seen. Letters written
// from right to left stay. Every run of white space, line breaks included, becomes one space, so that
// nothing can be pushed out of sight, and none is left at the ends. Bytes that are not UTF-8 become
// U+FFFD. A text that is cut ends with "…", which counts. Text(Text(s, max), max) is Text(s, max).
func Text(s string, max int) string {
	out, _ := text(s, max)
	return out
}

// text also tells whether it cut.
func text(s string, max int) (string, bool) {
	var out []rune
	marks, gap := 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			marks, gap = 0, len(out) > 0
			continue
		case invisible(r):
			continue
		case unicode.Is(unicode.M, r):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		if gap {
			out, gap = append(out, ' '), false
		}
		if out = append(out, r); len(out) > max {
			return cut(out, max), true
		}
	}
	return string(out), false
}

func cut(s []rune, max int) string {
	if max <= 0 {
		return ""
	}
	return strings.TrimRight(string(s[:max-1]), " ") + ellipsis
}

// invisible names control characters (Cc), format characters (Cf: bidi embeddings, overrides, isolates
// and marks, zero width characters, soft hyphen, tags), private characters (Co) and letters that have
// no shape. Among the format characters, the Arabic signs around a number have a shape and stay.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Other_Default_Ignorable_Code_Point) &&
		!unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}
