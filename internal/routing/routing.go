package routing

import (
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

// Strategy is how a queue picks the agents to ring.
type Strategy string

// BeepAll rings all ready members until one answers (XCALLY Motion: "Beepall").
const BeepAll Strategy = "beep-all"

// Strategies lists the valid ones.
var Strategies = []Strategy{BeepAll}

// Queue is what routing knows of a queue.
type Queue struct {
	Strategy Strategy
	Ring     time.Duration // how long one offer rings
	Patience time.Duration // how long a call waits before it is missed
	Members  []string      // usernames, sorted
	// NotMissedBefore puts the end of the patience off: after a hub was down
	// its apps need a moment to come back.
	NotMissedBefore time.Time
}

// Agent is what routing knows of a member.
type Agent struct {
	// Presence is the reason why an offer is withdrawn from an agent that
	// can't keep it.
	Presence call.PresenceState
	// Reachable tells whether an app is connected at this moment: only then
	// may a call be offered.
	Reachable bool
}

// canTake tells whether the agent may be offered a call now.
func (a Agent) canTake() bool { return a.Presence == call.Ready && a.Reachable }

// canKeep tells whether an agent may keep a live offer. An app that lost its
// connection a moment ago keeps its offers: it finds them when it is back.
func (a Agent) canKeep() bool { return a.Presence == call.Ready }

// Turn is the outcome of one decision.
type Turn struct {
	// Event is what should happen now, if Act is set.
	Event call.Event
	Act   bool
	// Wake is when to ask again if nothing changes before; zero for never.
	Wake time.Time
}

// Next decides about one call. A call that is answered needs nothing.
func Next(q Queue, c call.Call, agents func(username string) Agent, now time.Time) Turn {
	if !c.Unanswered() {
		return Turn{}
	}
	end := c.Received.Add(q.Patience)
	if end.Before(q.NotMissedBefore) {
		end = q.NotMissedBefore
	}
	if !now.Before(end) {
		return act(call.Event{Kind: call.KindMissed, At: now})
	}
	if late := lapsed(c, now); len(late) > 0 {
		return act(call.Event{Kind: call.KindLapsed, At: now, Agents: late})
	}
	if lost, why := lost(q, c, agents); len(lost) > 0 {
		return act(call.Event{Kind: call.KindWithdrawn, At: now, Agents: lost, Reason: string(why)})
	}
	chosen, again := candidates(q, c, agents, now)
	if len(chosen) > 0 {
		return act(call.Event{Kind: call.KindOffered, At: now, Agents: chosen, Until: first(now.Add(q.Ring), end)})
	}
	return Turn{Wake: earliest(c, end, again)}
}

func act(e call.Event) Turn { return Turn{Event: e, Act: true} }

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
		a := member(q, agents, o.Agent)
		if a.canKeep() || (len(lost) > 0 && a.Presence != why) {
			continue
		}
		lost, why = append(lost, o.Agent), a.Presence
	}
	return lost, why
}

// member is the agent as this queue sees it: who is no member is offline to it.
func member(q Queue, agents func(username string) Agent, name string) Agent {
	if _, ok := slices.BinarySearch(q.Members, name); ok {
		return agents(name)
	}
	return Agent{Presence: call.Offline}
}

// candidates are the members to ring now. Who declined is asked again only
// when nobody else is left, and not before a ring time has passed: a bell that
// rings again at once is switched off. Again is when that time has passed for
// the first of them, if nobody can be rung now.
func candidates(q Queue, c call.Call, agents func(username string) Agent, now time.Time) (chosen []string, again time.Time) {
	var declined []string
	for _, name := range q.Members {
		if _, rings := c.OfferTo(name); rings || !agents(name).canTake() {
			continue
		}
		at := c.RefusedBy(name)
		if at.IsZero() {
			chosen = append(chosen, name)
			continue
		}
		if back := at.Add(q.Ring); now.Before(back) {
			again = first(again, back)
		} else {
			declined = append(declined, name)
		}
	}
	if len(chosen) > 0 || len(c.Offers) > 0 {
		return chosen, time.Time{}
	}
	return declined, again
}

// earliest is the next moment at which time alone changes the decision.
func earliest(c call.Call, end, again time.Time) time.Time {
	wake := first(end, again)
	for _, o := range c.Offers {
		wake = first(wake, o.Until)
	}
	return wake
}

// first is the earlier of two times; zero means none.
func first(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
