package routing

import (
	"cmp"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

// maxRinging bounds how many calls ring for one agent at a time. An app shows
// one and counts the others.
const maxRinging = 10_000

// Queue is what a decision needs to know of a call's queue.
type Queue struct {
	Options
	Members []string  // usernames, sorted; with those of the queue it overflowed to
	Turn    call.Turn // the last offer that was one agent's turn
	// NotMissedBefore puts the end of the patience off: after a hub was down
	// its apps need a moment to come back.
	NotMissedBefore time.Time

	// free are the members who can be offered a call; nil: not worked out yet.
	free []string
}

// freeMembers lists the members who can be offered a call.
func (q Queue) freeMembers(agents func(username string) Agent) []string {
	free := []string{}
	for _, name := range q.Members {
		if agents(name).canTake(q.Options) {
			free = append(free, name)
		}
	}
	return free
}

// Agent is what a decision needs to know of a member.
type Agent struct {
	Presence call.PresenceState
	// Reachable tells whether an app is connected at this moment: only then
	// may a call be offered.
	Reachable  bool
	WrappingUp bool      // has time left after a call, even if it has another one
	Calls      int       // accepted ones
	Ringing    int       // live offers
	Engaged    time.Time // when its last call began or ended
}

// canTake tells whether the agent may be offered a call now.
func (a Agent) canTake(o Options) bool {
	if !a.hasRoom(o) {
		return false
	}
	if o.Strategy.oneByOne() { // what rings may become a call
		return a.Calls+a.Ringing < o.Capacity
	}
	return a.Ringing < maxRinging
}

// hasRoom tells whether the agent could take a call now, whatever rings there.
func (a Agent) hasRoom(o Options) bool { return a.Reachable && !a.WrappingUp && a.canKeep(o) }

// canKeep tells whether an agent may keep a live offer. An app that lost its
// connection a moment ago keeps its offers: it finds them when it is back.
func (a Agent) canKeep(o Options) bool {
	return (a.Presence == call.Ready || a.Presence == call.Busy) && a.Calls < o.Capacity
}

// Decision is what should happen to a call.
type Decision struct {
	// Event is what should happen now, if Act is set.
	Event call.Event
	Act   bool
	// Wake is when to ask again if nothing changes before; zero for never.
	Wake time.Time
}

// Next decides about one call. A call that is answered needs nothing.
func Next(q Queue, c call.Call, agents func(username string) Agent, now time.Time) Decision {
	if !c.Unanswered() {
		return Decision{}
	}
	if c.Closed && c.Offered.IsZero() && q.WhenClosed == MissAtOnce {
		return act(call.Event{Kind: call.KindMissed, At: now, Reason: string(call.OutOfHours)})
	}
	end := c.Since.Add(q.Patience)
	if end.Before(q.NotMissedBefore) {
		end = q.NotMissedBefore
	}
	if !now.Before(end) {
		return act(call.Event{Kind: call.KindMissed, At: now, Reason: string(call.OutOfPatience)})
	}
	if late := lapsed(c, now); len(late) > 0 {
		return act(call.Event{Kind: call.KindLapsed, At: now, Agents: late})
	}
	if lost, why := lost(q, c, agents); len(lost) > 0 {
		return act(call.Event{Kind: call.KindWithdrawn, At: now, Agents: lost, Reason: string(why)})
	}
	chosen, again := choose(q, c, agents, now)
	if len(chosen) > 0 {
		offer := call.Event{Kind: call.KindOffered, At: now, Agents: chosen, Until: first(now.Add(q.Ring), end)}
		if q.Strategy.oneByOne() && chosen[0] != c.Assigned {
			offer.Turn = q.Turn.Number + 1
		}
		return act(offer)
	}
	return waiting(q, c, now, first(end, again))
}

func act(e call.Event) Decision { return Decision{Event: e, Act: true} }

// waiting is what the time of waiting brings to a call for which nothing else
// is to be done before wake.
func waiting(q Queue, c call.Call, now, wake time.Time) Decision {
	if q.AlertAfter > 0 && c.Alerted.IsZero() {
		at := c.Since.Add(q.AlertAfter)
		if !now.Before(at) {
			return act(call.Event{Kind: call.KindAlerted, At: now})
		}
		wake = first(wake, at)
	}
	if q.Overflow != "" && c.Overflow == "" {
		at := c.Since.Add(q.OverflowAfter)
		if !now.Before(at) {
			return act(call.Event{Kind: call.KindOverflowed, At: now, Queue: q.Overflow})
		}
		wake = first(wake, at)
	}
	for _, o := range c.Offers {
		wake = first(wake, o.Until)
	}
	return Decision{Wake: wake}
}

// lapsed lists the agents whose offers' deadline has passed.
func lapsed(c call.Call, now time.Time) []string {
	var late []string
	for _, o := range c.Offers {
		if !now.Before(o.Until) {
			late = append(late, o.Agent)
		}
	}
	return late
}

// lost lists agents who can't keep their offer, all for the same reason.
func lost(q Queue, c call.Call, agents func(username string) Agent) (lost []string, why call.PresenceState) {
	for _, o := range c.Offers {
		a := member(q, c, agents, o.Agent)
		if a.canKeep(q.Options) || (len(lost) > 0 && a.Presence != why) {
			continue
		}
		lost, why = append(lost, o.Agent), a.Presence
	}
	return lost, why
}

// member is the agent as this call sees it: who serves neither its queue nor
// was chosen by a supervisor is offline to it.
func member(q Queue, c call.Call, agents func(username string) Agent, name string) Agent {
	if _, ok := slices.BinarySearch(q.Members, name); ok || name == c.Assigned {
		return agents(name)
	}
	return Agent{Presence: call.Offline}
}

// choose picks whom to ring now. Again is when to ask again if nobody can be
// rung now because those who could have declined.
func choose(q Queue, c call.Call, agents func(username string) Agent, now time.Time) (chosen []string, again time.Time) {
	if c.Assigned != "" {
		if _, rings := c.OfferTo(c.Assigned); rings {
			return nil, time.Time{}
		}
		// A supervisor's choice rings beside what rings there already, but not
		// beside others for whom this call rings meanwhile.
		if len(c.Offers) == 0 && agents(c.Assigned).hasRoom(q.Options) {
			return []string{c.Assigned}, time.Time{}
		}
	}
	if q.Strategy.oneByOne() && len(c.Offers) > 0 {
		return nil, time.Time{}
	}
	fresh, lapsed, declined, again := candidates(q, c, agents, now)
	switch {
	case len(fresh)+len(lapsed) > 0 && q.Strategy == BeepAll:
		return slices.Sorted(slices.Values(append(fresh, lapsed...))), time.Time{}
	case len(fresh) > 0:
		return pick(q, c, agents, fresh), time.Time{}
	case len(lapsed) > 0:
		return pick(q, c, agents, lapsed), time.Time{}
	case len(c.Offers) > 0:
		return nil, time.Time{}
	case len(declined) > 0 && q.Strategy == BeepAll:
		return declined, time.Time{}
	case len(declined) > 0:
		return pick(q, c, agents, declined), time.Time{}
	default:
		return nil, again
	}
}

// candidates are the members who could be rung now: those who have not had the
// call yet, those who let it lapse, and those who declined it. The last are
// asked only when nobody else is left, and not before a ring time has passed: a
// bell that rings again at once is switched off. Again is when that time has
// passed for the first of them.
func candidates(q Queue, c call.Call, agents func(username string) Agent, now time.Time) (fresh, lapsed, declined []string, again time.Time) {
	if q.free == nil {
		q.free = q.freeMembers(agents)
	}
	for _, name := range q.free {
		if _, rings := c.OfferTo(name); rings {
			continue
		}
		switch p := c.PassedBy(name); {
		case p.Agent == "":
			fresh = append(fresh, name)
		case !p.Refused():
			lapsed = append(lapsed, name)
		case now.Before(p.At.Add(q.Ring)):
			again = first(again, p.At.Add(q.Ring))
		default:
			declined = append(declined, name)
		}
	}
	return fresh, lapsed, declined, again
}

// pick takes the one whose turn it is.
func pick(q Queue, c call.Call, agents func(username string) Agent, names []string) []string {
	if q.Strategy == RoundRobin {
		for _, name := range names { // sorted
			if name > q.Turn.Agent {
				return []string{name}
			}
		}
		return names[:1]
	}
	return []string{slices.MinFunc(names, func(a, b string) int {
		return cmp.Or(
			c.PassedBy(a).At.Compare(c.PassedBy(b).At),
			agents(a).Engaged.Compare(agents(b).Engaged),
			cmp.Compare(a, b))
	})}
}

// first is the earlier of two times; zero means none.
func first(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
