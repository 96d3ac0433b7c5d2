package routing

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a server may have no time zones of its own
)

// Hours are the opening hours of a week. The zero value has none: always open.
type Hours struct {
	text  string
	spans []span
}

// span is open from a minute of a day to another, which may be of the day after.
type span struct {
	day      time.Weekday
	from, to int
}

const dayMinutes = 24 * 60

var dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseHours reads opening hours such as "mon-fri 09:00-18:00, sat 10:00-13:00".
// Parts are separated by commas; days are mon to sun, alone or as a range; a
// time after which an earlier one follows goes over midnight. An empty text
// means always open. Its errors are sentences.
func ParseHours(text string) (Hours, error) {
	h := Hours{text: strings.Join(strings.Fields(text), " ")}
	if h.text == "" {
		return Hours{}, nil
	}
	for part := range strings.SplitSeq(h.text, ",") {
		days, times, ok := strings.Cut(strings.TrimSpace(part), " ")
		first, last, daysOK := parseDays(strings.ToLower(days))
		from, to, timesOK := parseTimes(times)
		if !ok || !daysOK || !timesOK {
			return Hours{}, bad("hours", "The opening hours %q can't be read at %q: write mon-fri 09:00-18:00, sat 10:00-13:00.", h.text, part)
		}
		for day := first; ; day = (day + 1) % 7 {
			h.spans = append(h.spans, span{day, from, to})
			if day == last {
				break
			}
		}
	}
	return h, nil
}

func parseDays(text string) (first, last time.Weekday, ok bool) {
	a, b, isRange := strings.Cut(text, "-")
	if !isRange {
		b = a
	}
	i, j := slices.Index(dayNames, a), slices.Index(dayNames, b)
	return time.Weekday(i), time.Weekday(j), i >= 0 && j >= 0
}

func parseTimes(text string) (from, to int, ok bool) {
	a, b, isRange := strings.Cut(text, "-")
	from, fromOK := parseTime(a)
	to, toOK := parseTime(b)
	return from, to, isRange && fromOK && toOK && from != to && from < dayMinutes
}

func parseTime(text string) (minute int, ok bool) {
	if text == "24:00" {
		return dayMinutes, true
	}
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil
}

func (h Hours) String() string { return h.text }

// MarshalText writes the hours as ParseHours reads them.
func (h Hours) MarshalText() ([]byte, error) { return []byte(h.text), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hours) UnmarshalText(text []byte) (err error) {
	*h, err = ParseHours(string(text))
	return err
}

// IsZero tells whether there are no hours: always open.
func (h Hours) IsZero() bool { return len(h.spans) == 0 }

// open goes by the clock on the wall at the time's place.
func (h Hours) open(at time.Time) bool {
	minute := at.Hour()*60 + at.Minute()
	yesterday := (at.Weekday() + 6) % 7
	return h.IsZero() || slices.ContainsFunc(h.spans, func(s span) bool {
		overnight := s.to <= s.from
		switch {
		case s.day == at.Weekday() && overnight:
			return minute >= s.from
		case s.day == at.Weekday():
			return minute >= s.from && minute < s.to
		default:
			return s.day == yesterday && overnight && minute < s.to
		}
	})
}

func location(name string) (*time.Location, error) {
	if name == "Local" { // the server's own zone is nobody's choice
		return nil, fmt.Errorf("time zone %s has no meaning elsewhere", name)
	}
	return time.LoadLocation(name)
}
