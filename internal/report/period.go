package report

import (
	"fmt"
	"time"
	_ "time/tzdata" // a server may have no time zones of its own

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
)

const (
	maxDays   = 400 // that one report may span
	firstYear = 2000
	maxQuoted = 60 // characters of what somebody wrote, in an answer
)

// Period is from one time until before another, on the clocks of a time zone.
type Period struct {
	From, To time.Time
	Zone     *time.Location
}

// ParsePeriod reads a period from two texts, each a date such as 2026-03-01 or
// a time as in RFC 3339. A date is a day of the zone: from its beginning, to its
// end. A time is exact, and not in the period itself if it is the end. Without
// an end it goes until now.
func ParsePeriod(from, to string, zone *time.Location, now time.Time) (Period, error) {
	p := Period{To: now, Zone: zone}
	if from == "" {
		return p, bad("Say from when with \"from\": a date such as 2026-03-01, or a time such as 2026-03-01T09:00:00+01:00.")
	}
	var err error
	if p.From, _, err = parseMoment("from", from, zone); err != nil {
		return p, err
	}
	if to != "" {
		first, after, err := parseMoment("to", to, zone)
		if err != nil {
			return p, err
		}
		if p.To = after; !after.After(p.From) {
			p.To = first // the day itself is named in the refusal
		}
	}
	return p, p.check(now)
}

// parseMoment reads a date or a time: its first moment, and the one after it.
func parseMoment(name, text string, zone *time.Location) (first, after time.Time, err error) {
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return day, time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, zone), nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, at, nil
	}
	return first, after, bad("%q is no date or time that %q takes: write 2026-03-01 or 2026-03-01T09:00:00+01:00.", clean.Text(text, maxQuoted), name)
}

// check refuses a period that nobody can mean.
func (p Period) check(now time.Time) error {
	from := p.From.In(p.Zone)
	switch {
	case from.Year() < firstYear:
		return bad("The report begins in the year %d: there were no calls before %d. Choose a later \"from\".", from.Year(), firstYear)
	case p.From.After(now):
		return bad("The report lies in the future: it is %s now. Choose an earlier \"from\".", p.show(now))
	case !p.To.After(p.From):
		return bad("The report ends (%s) before it begins (%s): exchange \"from\" and \"to\".", p.show(p.To), p.show(p.From))
	case p.To.After(from.AddDate(0, 0, maxDays)):
		return bad("The report spans more than %d days: choose \"from\" and \"to\" closer together.", maxDays)
	}
	return nil
}

func (p Period) show(t time.Time) string { return t.In(p.Zone).Format("2006-01-02 15:04 MST") }

// Days are the first and the last day of the period, for a file's name.
func (p Period) Days() (first, last string) {
	return p.From.In(p.Zone).Format(time.DateOnly), p.To.Add(-1).In(p.Zone).Format(time.DateOnly)
}

// ParseZone reads the name of a time zone, such as Europe/Rome.
func ParseZone(name string) (*time.Location, error) {
	if name != "" && name != "Local" { // the server's own zone is nobody's choice
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, bad("There is no time zone %q: write it like Europe/Rome.", clean.Text(name, maxQuoted))
}

func bad(format string, args ...any) error {
	return &call.Error{Code: call.BadRequest, Message: fmt.Sprintf(format, args...)}
}
