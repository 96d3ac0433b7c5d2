package notify

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/deskbell/deskbell/internal/lang"
)

// Lengths in characters. A notification is a glance, not a page: what is
// longer is cut with an ellipsis, and the pop-up window has the rest.
const (
	maxName    = 48 // customer, agent
	maxCaller  = 34 // customer, before "is calling": the system would cut the end
	maxLabel   = 40 // queue, topic, name of a detail
	maxValue   = 80 // value of a detail
	maxTitle   = 80
	maxText    = 240
	maxDetails = 4
)

// linkLike finds what a desktop might turn into something to click: a scheme, a
// www host, or a host with a path. Session links come in the callers' metadata
// too, and no notification may show one.
var linkLike = regexp.MustCompile(`(?i)://|\bwww\.|[\pL\pN-]\.\pL{2,}/\S`)

// summary is the first line: who rings.
func summary(c Call) string {
	if who := words(c.Customer, maxCaller); who != "" {
		return lang.T("%s is calling", who)
	}
	return lang.T("Incoming video call")
}

// lines are the lines under the summary: where the call waits, what is known of
// it, and how many more ring.
func lines(c Call) []string {
	var out []string
	var where []string
	if queue := words(c.Queue, maxLabel); queue != "" {
		where = append(where, lang.T("queue %s", queue))
	}
	if topic := words(c.Topic, maxLabel); topic != "" {
		where = append(where, topic)
	}
	if len(where) > 0 {
		out = append(out, strings.Join(where, " · "))
	}
	out = append(out, details(c.Details)...)
	if c.Waiting > 0 {
		out = append(out, lang.N(c.Waiting, "%d more call is ringing", "%d more calls are ringing", c.Waiting))
	}
	return out
}

func details(all []Detail) []string {
	var out []string
	for _, d := range all {
		if len(out) == maxDetails {
			break
		}
		name, value := words(d.Name, maxLabel), words(d.Value, maxValue)
		if name != "" && value != "" {
			out = append(out, name+": "+value)
		}
	}
	return out
}

// taken is what takes the place of a call that another agent answered.
func taken(c Call, by string) (title, text string) {
	agent := words(by, maxName)
	if agent == "" {
		agent = lang.T("another agent")
	}
	title = lang.T("Taken by %s", agent)
	who := words(c.Customer, maxName)
	if who == "" {
		who = lang.T("Video call")
	}
	if queue := words(c.Queue, maxLabel); queue != "" {
		return title, who + " · " + lang.T("queue %s", queue)
	}
	return title, who
}

// words is text of a caller as one line of at most max characters, or empty if
// it looks like a link.
func words(s string, max int) string {
	s = clean(s)
	if linkLike.MatchString(s) {
		return ""
	}
	return cut(s, max)
}

// clean makes one line of valid UTF-8: runs of white space and control
// characters become one space; characters that no one sees, among them those
// that turn the direction of the text, go away. The joiners stay: emoji and
// Indic scripts are spelled with them.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar:
			return -1
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case r == '\u200c', r == '\u200d':
			return r
		case unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Noncharacter_Code_Point):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// cut shortens s to at most max characters, the last of them an ellipsis.
func cut(s string, max int) string {
	count := 0
	end := 0
	for i := range s {
		if count == max-1 {
			end = i
		}
		if count == max {
			return strings.TrimRight(s[:end], " ") + "…"
		}
		count++
	}
	return s
}

// escape writes text for a place that reads the markup of the Desktop
// Notifications specification.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// plainText keeps letters, digits, pictures and everyday punctuation. Plain
// notices of other systems are built from text without escaping: beeep writes
// it into a CDATA section and, when Windows' toasts fail, into a PowerShell
// string that expands $( ), and on macOS into an AppleScript string or the
// arguments of a program. Nothing that means something to any of those is kept.
func plainText(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.So) || strings.ContainsRune(plainMarks, r) {
			return r
		}
		return ' '
	}, clean(s))
	s = strings.Join(strings.Fields(s), " ")
	// A leading mark is an option or a list to a program that reads arguments.
	return strings.TrimLeftFunc(s, func(r rune) bool {
		return r != '+' && !unicode.In(r, unicode.L, unicode.N, unicode.So)
	})
}

const plainMarks = ".,:;!?@&()+-_/'’·…#=%*°€£–—"
