package agent

import (
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
)

// clockTolerance is how far two clocks may differ before it is worth a word:
// the way of a message and a Date in whole seconds stay far below.
const clockTolerance = 2 * time.Minute

// clockTrouble says by how much this computer's clock is off, given how far
// the hub's is ahead of it; "" if the two agree.
func clockTrouble(ahead time.Duration) string {
	switch {
	case ahead > clockTolerance:
		return lang.T("This computer's clock is %s behind the hub's. Set this computer's date and time; if they are right, tell your administrator.", span(ahead))
	case ahead < -clockTolerance:
		return lang.T("This computer's clock is %s ahead of the hub's. Set this computer's date and time; if they are right, tell your administrator.", span(-ahead))
	default:
		return ""
	}
}

// hubAhead is how far the hub's clock is ahead of this computer's by the Date
// of an answer that came now.
func hubAhead(answer *http.Response, now time.Time) (ahead time.Duration, known bool) {
	date, err := http.ParseTime(answer.Header.Get("Date"))
	return date.Sub(now), err == nil
}

// span is a duration in words, in its largest unit and the next.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	d = d.Round(time.Minute)
	hours, minutes := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case d >= 2*day:
		n := int(d.Round(day) / day)
		return lang.N(n, "%d day", "%d days", n)
	case hours == 0:
		return minutesOf(minutes)
	case minutes == 0:
		return hoursOf(hours)
	default:
		return lang.T("%s and %s", hoursOf(hours), minutesOf(minutes))
	}
}

func hoursOf(n int) string   { return lang.N(n, "%d hour", "%d hours", n) }
func minutesOf(n int) string { return lang.N(n, "%d minute", "%d minutes", n) }
