package ui

import (
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
)

// maxDayCalls bounds the list; the hub keeps no more.
const maxDayCalls = 100

// dayCall is a call of the agent's last day, as it is shown.
type dayCall struct {
	call notify.Call // cleaned; without link
	what wire.DayWhat
	by   string        // display name of who took it
	at   time.Time     // on this machine's clock
	took time.Duration // of an answered one that has ended
	kept recorded      // what of it was recorded
}

// day are the agent's last calls, the newest first. The hub tells them when the
// app connects; then the app goes on by itself with what it hears.
type day struct {
	calls []dayCall
	seen  time.Time // the person has looked at what came before
}

// replace takes over the hub's list.
func (d *day) replace(list []wire.DayCall) {
	d.calls = d.calls[:0]
	for _, c := range list {
		d.calls = append(d.calls, dayCallOf(c.Call, c.What, c.By, c.At.Time))
	}
	d.order()
}

// hear notes what an event of the session changes. Declined tells that this
// agent said no to its call, which the event does not.
func (d *day) hear(e agent.Event, declined bool, now time.Time) {
	switch e.Kind {
	case agent.Stopped:
		if declined && e.Reason == wire.ReasonReassigned {
			d.note(dayCallOf(e.Call, wire.DayDeclined, "", now))
		} else if what, ok := stoppedWhat[e.Reason]; ok && !owns(e.State, e.Call.ID) {
			d.note(dayCallOf(e.Call, what, e.By, now))
		}
	case agent.Taken, agent.Ended:
		if e.Call.Accepted.IsZero() { // it was given back
			d.note(dayCallOf(e.Call, wire.DayReturned, "", now))
			return
		}
		d.note(dayCallOf(e.Call, wire.DayAnswered, "", e.Call.Accepted.Time))
	}
}

// stoppedWhat is what became of a call that rings no more.
var stoppedWhat = map[wire.WithdrawnReason]wire.DayWhat{
	wire.ReasonAnswered: wire.DayTaken, wire.ReasonLapsed: wire.DayMissed, wire.ReasonCanceled: wire.DayCanceled,
	wire.ReasonReassigned: wire.DayElsewhere,
}

func dayCallOf(c wire.Call, what wire.DayWhat, by string, at time.Time) dayCall {
	d := dayCall{call: describeCall(c), what: what, by: clean.Text(by, maxName), at: at, kept: recordedOf(c)}
	if !c.Ended.IsZero() && !c.Accepted.IsZero() {
		d.took = c.Ended.Sub(c.Accepted.Time)
	}
	return d
}

// note puts a call into the list, in the place of what was said of it before.
func (d *day) note(c dayCall) {
	d.calls = slices.DeleteFunc(d.calls, func(old dayCall) bool { return old.call.ID == c.call.ID })
	d.calls = append(d.calls, c)
	d.order()
}

func (d *day) order() {
	slices.SortStableFunc(d.calls, func(a, b dayCall) int { return b.at.Compare(a.at) })
	d.calls = d.calls[:min(len(d.calls), maxDayCalls)]
}

// missed counts the missed calls that the person has not looked at.
func (d *day) missed() int {
	n := 0
	for _, c := range d.calls {
		if c.what == wire.DayMissed && c.at.After(d.seen) {
			n++
		}
	}
	return n
}

// find lists the calls in which all words of a search stand.
func (d *day) find(search string) []dayCall {
	words := strings.Fields(strings.ToLower(search))
	var found []dayCall
	for _, c := range d.calls {
		text := strings.ToLower(strings.Join([]string{c.call.Customer, c.call.Topic, c.call.Queue, dayWords(c), c.kept.words()}, " "))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			found = append(found, c)
		}
	}
	return found
}

// dayWords says what became of a call.
func dayWords(c dayCall) string {
	switch c.what {
	case wire.DayAnswered:
		if c.took > 0 {
			return lang.T("Answered, %s", clock(c.took))
		}
		return lang.T("Answered")
	case wire.DayMissed:
		return lang.T("Missed")
	case wire.DayTaken:
		return takenBy(c.by)
	case wire.DayDeclined:
		return lang.T("Declined")
	case wire.DayReturned:
		return lang.T("Given back")
	case wire.DayCanceled:
		return lang.T("Canceled")
	default:
		return lang.T("Rang elsewhere")
	}
}
