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
	// days are the numbers of today by queue, kept up call by call: they are
	// asked for every second, and a day may have a hundred thousand calls.
	days map[string]*dayTally
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

// dayTally are the numbers of a queue's day, by its alert time.
type dayTally struct {
	began      time.Time
	alertAfter time.Duration
	numbers    wire.WallboardNumbers
	level      wire.ServiceLevel
}

// take notes what a call has become.
func (t *tally) take(c call.Call, now time.Time) {
	if t.calls == nil {
		t.calls, t.swept, t.days = map[string]tallied{}, now, map[string]*dayTally{}
	}
	if old, known := t.calls[c.ID]; known {
		t.count(old, -1)
		delete(t.calls, c.ID)
	}
	d := tallied{queue: c.Queue, outcome: c.Outcome, reason: c.Reason, closed: c.Closed, answered: !c.Accepted.IsZero(), at: c.Accepted}
	if !d.answered {
		d.at = c.Ended
	}
	if d.at.IsZero() || now.Sub(d.at) >= tallyLong {
		return // it waits, perhaps again
	}
	d.waited = max(0, d.at.Sub(c.Received))
	t.calls[c.ID] = d
	t.count(d, 1)
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

// knows tells whether a call was answered before, or has ended.
func (t *tally) knows(id string) bool {
	_, known := t.calls[id]
	return known
}

// count counts a call among its queue's day, or takes it out again.
func (t *tally) count(c tallied, by int) {
	if d := t.days[c.queue]; d != nil {
		d.count(c, by)
	}
}

// of are the numbers of a queue's day. They are counted anew when the day or the
// alert time is another one than the last time.
func (t *tally) of(queue string, began time.Time, alertAfter time.Duration) dayTally {
	if d := t.days[queue]; d != nil && d.began.Equal(began) && d.alertAfter == alertAfter {
		return *d
	}
	d := &dayTally{began: began, alertAfter: alertAfter}
	for _, c := range t.calls {
		if c.queue == queue {
			d.count(c, 1)
		}
	}
	if t.days != nil {
		t.days[queue] = d
	}
	return *d
}

// count counts a call of the day, if it is one.
func (d *dayTally) count(c tallied, by int) {
	if c.at.Before(d.began) {
		return
	}
	switch {
	case c.answered:
		d.numbers.Answered += by
	case c.reason == call.BySupervisor, c.reason == call.QueueRemoved, c.reason == call.InMotion, c.closed, c.reason == call.OutOfHours:
		return
	case c.outcome == call.Missed:
		d.numbers.Missed += by
	default:
		d.numbers.Abandoned += by
		if c.waited <= d.alertAfter { // gone before anybody had to have answered
			return
		}
	}
	if d.alertAfter <= 0 {
		return
	}
	d.level.Of += by
	if c.answered && c.waited <= d.alertAfter {
		d.level.Answered += by
	}
}

// addTo adds the numbers of the day to those of a queue, or of several.
func (d dayTally) addTo(n *wire.WallboardNumbers, level *wire.ServiceLevel) {
	n.Answered += d.numbers.Answered
	n.Missed += d.numbers.Missed
	n.Abandoned += d.numbers.Abandoned
	level.Answered += d.level.Answered
	level.Of += d.level.Of
}
