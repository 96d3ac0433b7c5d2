package agent

import (
	"fmt"
	"net/http"
	"time"
)

// clockTolerance is how far two clocks may differ before it is worth a word:
// the way of a message and a Date in whole seconds stay far below.
const clockTolerance = 2 * time.Minute

// clockTrouble says by how much this computer's clock is off, given how far
// the hub's is ahead of it; "" if the two agree.
func clockTrouble(ahead time.Duration) string {
	side := "behind"
	if ahead < 0 {
		ahead, side = -ahead, "ahead of"
	}
	if ahead <= clockTolerance {
		return ""
	}
	return fmt.Sprintf("This computer's clock is %s %s the hub's. Set this computer's date and time; if they are right, tell your administrator.", span(ahead), side)
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
	switch {
	case d >= 2*day:
		return count(int(d.Round(day)/day), "day")
	case d >= time.Hour:
		s := count(int(d/time.Hour), "hour")
		if m := int(d % time.Hour / time.Minute); m > 0 {
			s += " and " + count(m, "minute")
		}
		return s
	default:
		return count(int(d/time.Minute), "minute")
	}
}

func count(n int, unit string) string {
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}
