package hub

import (
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	// dayLong is how long a call stays in its agents' lists.
	dayLong = 24 * time.Hour
	maxDay  = 100 // calls of one agent's list
)

// days are the agents' last calls: those they took, and those that rang for
// them and went elsewhere. They are derived from the log; a new start finds
// them in the last entry of each call, but for who held an offer when another
// agent took it or the customer left.
type days struct {
	byAgent map[string][]dayEntry // by username, the oldest change first
}

// dayEntry is what became of a call for one agent.
type dayEntry struct {
	call *call.Call // shared by all whom it rang for
	what wire.DayWhat
	at   time.Time
	by   string // username of who took it
}

// take notes what an entry of the log changes for the agents it concerns. Known
// tells that the call had ended, or was answered, before.
func (d *days) take(e call.Event, before, after call.Call, known bool, now time.Time) {
	c := after
	if d.byAgent == nil {
		d.byAgent = map[string][]dayEntry{}
	}
	shared := &c
	shared.Link, shared.Offers, shared.Passed = "", nil, nil // not told, and large
	switch {
	case before.ID == "" && known: // it had ended: what became of it for anybody stays
		d.refresh(shared)
	case before.ID == "": // the first that is heard of it: a webhook, or a new start
		for _, p := range after.Passed {
			d.note(p.Agent, dayEntry{call: shared, what: passWhat[p.How], at: p.At}, now)
		}
	}
	for _, name := range lost(before, after) {
		entry := dayEntry{call: shared, what: lostWhat[e.Kind], at: e.At, by: c.Agent}
		if c.Reason == call.InMotion {
			entry.what, entry.by = wire.DayTaken, motionName
		}
		d.note(name, entry, now)
	}
	if e.Kind == call.KindReturned {
		d.note(e.Agent, dayEntry{call: shared, what: wire.DayReturned, at: e.At}, now)
	}
	if c.Agent != "" {
		d.note(c.Agent, dayEntry{call: shared, what: wire.DayAnswered, at: c.Accepted}, now)
	}
}

var passWhat = map[call.Kind]wire.DayWhat{
	call.KindLapsed: wire.DayMissed, call.KindDeclined: wire.DayDeclined, call.KindReturned: wire.DayReturned,
}

// lostWhat is what became of a call for those who held an offer.
var lostWhat = map[call.Kind]wire.DayWhat{
	call.KindAccepted: wire.DayTaken, call.KindLapsed: wire.DayMissed, call.KindMissed: wire.DayMissed,
	call.KindDeclined: wire.DayDeclined, call.KindLeft: wire.DayCanceled, call.KindCanceled: wire.DayCanceled,
	call.KindWithdrawn: wire.DayElsewhere, call.KindAssigned: wire.DayElsewhere,
}

// note puts a call at the end of an agent's list, in the place of what was said
// of it before.
func (d *days) note(username string, e dayEntry, now time.Time) {
	if now.Sub(e.at) >= dayLong {
		return
	}
	list := slices.DeleteFunc(d.byAgent[username], func(old dayEntry) bool {
		return old.call.ID == e.call.ID || now.Sub(old.at) >= dayLong
	})
	if len(list) >= maxDay {
		list = slices.Delete(list, 0, len(list)-maxDay+1)
	}
	d.byAgent[username] = append(list, e)
}

// refresh has the lists know what was noted of a call after its end.
func (d *days) refresh(c *call.Call) {
	for _, list := range d.byAgent {
		for i := range list {
			if list[i].call.ID == c.ID {
				list[i].call = c
			}
		}
	}
}

// forget drops an erased call.
func (d *days) forget(id string) {
	for name, list := range d.byAgent {
		d.byAgent[name] = slices.DeleteFunc(list, func(e dayEntry) bool { return e.call.ID == id })
	}
}

// of is an agent's list, the newest first.
func (d *days) of(username string, now time.Time, name func(username string) string) []wire.DayCall {
	list := []wire.DayCall{}
	for _, e := range d.byAgent[username] {
		if now.Sub(e.at) >= dayLong {
			continue
		}
		c := wire.DayCall{Call: wire.FromCall(*e.call), What: e.what, At: wire.At(e.at)}
		if e.what == wire.DayTaken && e.by != "" {
			c.By = name(e.by)
		}
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(a, b wire.DayCall) int { return b.At.Compare(a.At.Time) })
	return list
}
