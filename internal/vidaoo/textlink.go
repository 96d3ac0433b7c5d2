package vidaoo

import (
	"strings"

	"github.com/deskbell/deskbell/internal/link"
)

// textLink returns the first address in a running text that may be opened, or why there is none: in
// Motion's default action the link stands in the text of a message. An address with a template left in
// it is none, and unfilled tells of it.
func textLink(text string) (found string, unfilled bool, err error) {
	for _, at := range address.FindAllStringIndex(text, -1) {
		if strings.HasPrefix(text[at[1]:], "<$") {
			unfilled = true
			continue
		}
		candidate := trimSentence(strings.ReplaceAll(text[at[0]:at[1]], "&amp;", "&"))
		refused := link.Check(candidate)
		if refused == nil {
			return candidate, unfilled, nil
		}
		if err == nil {
			err = refused
		}
	}
	return "", unfilled, err
}

// trimSentence takes off what belongs to the sentence around an address: marks at its end, and a
// closing bracket that was not opened inside.
func trimSentence(address string) string {
	for {
		short := strings.TrimRight(address, ".,;:!?*…»”’")
		for _, pair := range []string{"()", "[]", "{}"} {
			if strings.HasSuffix(short, pair[1:]) && !strings.Contains(short, pair[:1]) {
				short = strings.TrimSuffix(short, pair[1:])
			}
		}
		if short == address {
			return address
		}
		address = short
	}
}
