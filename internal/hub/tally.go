package hub

import (
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// tallyLong is how long a call is remembered for the numbers of a day, wherever
// on Earth the day began.
const tallyLong = 48 * time.Hour

// tally remembers what became of the calls of the last days, for the numbers of
// today. It is derived from the log: the last entry of each call is enough.
type tally struct {
	calls map[string]tallied // by id
	swept time.Time
}

// tallied is a call that was answered, or has ended without.
type tallied struct {
	queue    string
	outcome  call.Outcome
	reason   call.Reason
	closed   bool // came outside the opening hours
	answered bool
	waited   time.Duration
	at       time.Time // when it was answered, or ended
}

// take notes what a call has become.
func (t *tally) take(c call.Call, now time.Time) {
	if t.calls == nil {
		t.calls, t.swept = map[string]tallied{}, now
	}
	d := tallied{queue: c.Queue, outcome: c.Outcome, reason: c.Reason, closed: c.Closed, answered: !c.Accepted.IsZero(), at: c.Accepted}
	if !d.answered {
		d.at = c.Ended
	}
	if d.at.IsZero() || now.Sub(d.at) >= tallyLong {
		delete(t.calls, c.ID) // it waits, perhaps again
		return
	}
	d.waited = max(0, d.at.Sub(c.Received))
	t.calls[c.ID] = d
	if now.Sub(t.swept) < time.Hour {
		return
	}
	t.swept = now
	for id, d := range t.calls {
		if now.Sub(d.at) >= tallyLong {
			delete(t.calls, id)
		}
	}
}

// count counts a call among the numbers of a day.
func (d tallied) count(n *wire.WallboardNumbers, level *wire.ServiceLevel, alertAfter time.Duration) {
	switch {
	case d.answered:
		n.Answered++
	case d.reason == call.BySupervisor, d.reason == call.QueueRemoved, d.reason == call.InMotion, d.closed, d.reason == call.OutOfHours:
		return
	case d.outcome == call.Missed:
		n.Missed++
	default:
		n.Abandoned++
		if d.waited <= alertAfter { // gone before anybody had to have answered
			return
		}
	}
	if alertAfter <= 0 {
		return
	}
	level.Of++
	if d.answered && d.waited <= alertAfter {
		level.Answered++
	}
}
