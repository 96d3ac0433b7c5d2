package report

import (
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

// Row is what a report needs to know of a call: nothing of its customer.
type Row struct {
	Call        string
	Queue       string
	Received    time.Time
	Offered     time.Time // the first offer
	Accepted    time.Time
	Ended       time.Time // zero: the call is open
	Outcome     call.Outcome
	Reason      call.Reason
	Agent       string // username
	Joined      bool
	Closed      bool // received outside the opening hours
	Overflow    string
	Disposition string
}

// fate is what became of a call, so that each call is counted in one place.
type fate int

const (
	answered   fate = iota // an agent has or had it
	waiting                // it is open, and nobody has it
	timedOut               // within the opening hours nobody accepted it within the queue's patience
	left                   // within the opening hours the customer left
	outOfHours             // it came outside the opening hours, and nobody accepted it
	closedOff              // a supervisor closed it, its queue was removed, or it was answered in Motion
)

func (r Row) fate() fate {
	switch {
	case !r.Accepted.IsZero():
		return answered
	case r.Open():
		return waiting
	case r.Reason == call.BySupervisor || r.Reason == call.QueueRemoved || r.Reason == call.InMotion:
		return closedOff
	case r.Closed || r.Reason == call.OutOfHours:
		return outOfHours
	case r.Outcome == call.Missed:
		return timedOut
	default:
		return left
	}
}

// Open tells whether the call has not ended.
func (r Row) Open() bool { return r.Ended.IsZero() }

// waited is how long the customer waited for an agent; 0 while the call waits.
func (r Row) waited() time.Duration {
	if r.fate() == answered {
		return between(r.Received, r.Accepted)
	}
	return between(r.Received, r.Ended)
}

// handled is how long an agent had the call; 0 if none had it, or has it still.
func (r Row) handled() time.Duration { return between(r.Accepted, r.Ended) }

// response is how long the call rang until it was accepted.
func (r Row) response() time.Duration { return between(r.Offered, r.Accepted) }

// between is the time from one thing to another, if both have happened. A clock
// that was set back makes it nothing.
func between(from, to time.Time) time.Duration {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	return max(0, to.Sub(from))
}

// seconds are a duration's, rounded: what a report shows and sums.
func seconds(d time.Duration) int64 { return int64(d.Round(time.Second) / time.Second) }
