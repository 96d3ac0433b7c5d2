package routing

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

// Grace is how long an agent whose last connection is lost counts as there: the
// app is on its way back (docs/protocol.md, "Presence").
const Grace = 15 * time.Second

// Rules are a hub's rules of presence.
type Rules struct {
	// Reasons are those for a pause; without any, agents write their own.
	Reasons []string `json:"reasons"`
	// SignInPaused has agents start paused when they sign in.
	SignInPaused bool `json:"sign_in_paused"`
	// PauseAfterMissed pauses an agent who let so many offers in a row lapse;
	// 0: never.
	PauseAfterMissed int `json:"pause_after_missed"`
}

// agent is what is known of one user; its presence is derived from it.
type agent struct {
	username  string
	choice    call.Presence   // ready or paused, chosen last
	reachable bool            // an app is connected
	lost      time.Time       // when the last connection went; zero: there was none since the start
	calls     map[string]bool // accepted ones
	offers    map[string]bool // live ones
	wrapUp    time.Time       // until when it wraps up
	engaged   time.Time       // when its last call began or ended
	missed    int             // offers in a row that lapsed while it was there
	presence  call.Presence
}

// facts is the agent as decisions see it.
func (a *agent) facts(now time.Time) Agent {
	return Agent{
		Presence: a.presence.State, Reachable: a.reachable, WrappingUp: now.Before(a.wrapUp),
		Calls: len(a.calls), Ringing: len(a.offers), Engaged: a.engaged,
	}
}

// derive works out the presence from what is known.
func (a *agent) derive(now time.Time) call.Presence {
	switch {
	case !a.reachable && now.Sub(a.lost) >= Grace:
		return call.Presence{State: call.Offline}
	case a.choice.State == call.Paused:
		return call.Presence{State: call.Paused, Reason: a.choice.Reason, Cause: a.choice.Cause, Away: !a.reachable}
	case len(a.calls) > 0:
		return call.Presence{State: call.Busy, Away: !a.reachable}
	case now.Before(a.wrapUp):
		return call.Presence{State: call.WrapUp, Until: a.wrapUp, Away: !a.reachable}
	default:
		return call.Presence{State: call.Ready, Cause: a.choice.Cause, Away: !a.reachable}
	}
}

// wake is when time alone may change the presence next; zero for never.
func (a *agent) wake(now time.Time) time.Time {
	var wake time.Time
	if end := a.lost.Add(Grace); !a.reachable && !a.lost.IsZero() && now.Before(end) {
		wake = end
	}
	if now.Before(a.wrapUp) {
		wake = first(wake, a.wrapUp)
	}
	return wake
}

// agent finds an agent, and makes it at the first look.
func (f *Floor) agent(username string, now time.Time) *agent {
	a := f.agents[username]
	if a == nil {
		a = &agent{username: username, calls: map[string]bool{}, offers: map[string]bool{}}
		a.choice = f.choiceOf(username)
		a.presence = a.derive(now)
		a.presence.Since = now
		f.agents[username] = a
	}
	return a
}

// choiceOf is what a user chose last; before the first choice it is ready,
// unless agents sign in paused.
func (f *Floor) choiceOf(username string) call.Presence {
	if chosen, ok := f.dir.Chosen(username); ok {
		return chosen
	}
	if f.dir.Rules().SignInPaused {
		return call.Presence{State: call.Paused, Cause: call.CauseSignIn}
	}
	return call.Presence{State: call.Ready}
}

// update derives an agent's presence anew, and has the calls decided about that
// a change concerns.
func (f *Floor) update(a *agent, now time.Time) {
	f.due.set(agentKey(a.username), a.wake(now))
	p := a.derive(now)
	if p.Same(a.presence) {
		if p.Away != a.presence.Away {
			a.presence.Away = p.Away
			f.away[a.username] = true
		}
		return
	}
	p.Since = now
	a.presence = p
	f.changed[a.username] = true
	f.touchBoth(a)
}

// idle tells whether nothing hangs on an agent.
func (f *Floor) idle(a *agent) bool { return !a.reachable && len(a.calls) == 0 && len(a.offers) == 0 }

// refreshChoice takes over what the directory has of an agent's choice, unless
// a pause that a rule made is newer and not there yet.
func (f *Floor) refreshChoice(a *agent) {
	if now := f.choiceOf(a.username); a.choice.Cause != call.CauseMissed || now.Since.After(a.choice.Since) {
		a.choice = now
	}
}

// touchBoth has the calls decided about that ring for an agent, and those that
// may.
func (f *Floor) touchBoth(a *agent) {
	f.touch(slices.Collect(maps.Keys(a.offers))...)
	f.touchServed(a)
}

// Connect notes that an app of the agent is there.
func (f *Floor) Connect(username string, now time.Time) {
	clear(f.crews)
	a := f.agent(username, now)
	a.reachable = true
	f.update(a, now)
	f.touchBoth(a) // it may be rung from now on, even if its presence is as before
}

// Disconnect notes that the agent's last app has gone: back in a moment, or for
// good, because it signed out.
func (f *Floor) Disconnect(username string, forGood bool, now time.Time) {
	clear(f.crews)
	a := f.agent(username, now)
	a.reachable, a.lost = false, now
	if forGood {
		a.lost = time.Time{}
	}
	f.update(a, now)
}

// Choose takes over the presence that the agent has chosen last, from the
// directory. Ready ends a wrap-up.
func (f *Floor) Choose(username string, now time.Time) {
	clear(f.crews)
	a := f.agent(username, now)
	a.choice, a.missed = f.choiceOf(username), 0
	if a.choice.State == call.Ready {
		a.wrapUp = time.Time{}
	}
	f.update(a, now)
	f.touchBoth(a)
}

// own notes whose call it is, or was.
func (f *Floor) own(before, c call.Call, now time.Time) {
	if was := before.Agent; was != "" && was != c.Agent {
		f.engage(f.agent(was, now), c.ID, false, now, now)
	}
	if c.Agent != "" {
		a := f.agent(c.Agent, now)
		if c.WrapUp.After(now) && !a.choice.Since.After(c.Ended) {
			a.wrapUp = later(a.wrapUp, c.WrapUp)
		}
		f.engage(a, c.ID, c.State == call.Accepted, later(c.Accepted, c.Ended), now)
		f.update(a, now)
	}
	for _, p := range c.Passed { // a new start finds here who gave it back
		if p.How == call.KindReturned {
			a := f.agent(p.Agent, now)
			a.engaged = later(a.engaged, p.At)
		}
	}
}

// engage notes that an agent has a call, or has it no more.
func (f *Floor) engage(a *agent, id string, has bool, at, now time.Time) {
	a.engaged = later(a.engaged, at)
	if a.calls[id] == has {
		return
	}
	if has {
		a.calls[id] = true
	} else {
		delete(a.calls, id)
	}
	f.update(a, now)
	f.touchBoth(a) // its room has changed, even if its presence has not
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// answered counts offers that nobody answered, and pauses who missed too many
// in a row: perhaps nobody sits there.
func (f *Floor) answered(e call.Event, before call.Call, now time.Time) {
	switch e.Kind {
	case call.KindAccepted, call.KindDeclined:
		f.agent(e.Agent, now).missed = 0
	case call.KindLapsed:
		for _, name := range e.Agents {
			f.miss(f.agent(name, now), now)
		}
	case call.KindMissed: // the patience ended in the middle of a ring
		for _, o := range before.Offers {
			f.miss(f.agent(o.Agent, now), now)
		}
	}
}

func (f *Floor) miss(a *agent, now time.Time) {
	limit := f.dir.Rules().PauseAfterMissed
	if !a.reachable || a.choice.State == call.Paused {
		return
	}
	if a.missed++; limit > 0 && a.missed >= limit {
		a.missed = 0
		a.choice = call.Presence{State: call.Paused, Reason: "missed calls", Cause: call.CauseMissed, Since: now}
		f.paused = append(f.paused, a.username)
		f.update(a, now)
	}
}

// Presence is an agent's presence.
func (f *Floor) Presence(username string, now time.Time) call.Presence {
	return f.agent(username, now).presence
}

// Has counts an agent's accepted calls other than one.
func (f *Floor) Has(username, but string, now time.Time) int {
	a := f.agent(username, now)
	if a.calls[but] {
		return len(a.calls) - 1
	}
	return len(a.calls)
}

// Changed lists the agents whose presence has changed since it was last asked.
func (f *Floor) Changed() []string {
	if len(f.changed) == 0 {
		return nil
	}
	names := slices.Sorted(maps.Keys(f.changed))
	clear(f.changed)
	return names
}

// Noted lists the agents of whose presence only the connection has changed
// since it was last asked.
func (f *Floor) Noted() []string {
	if len(f.away) == 0 {
		return nil
	}
	names := slices.Sorted(maps.Keys(f.away))
	clear(f.away)
	return names
}

// PausedForMissing lists the agents who were paused for missing offers since it
// was last asked. Their choice has to be kept.
func (f *Floor) PausedForMissing() []string {
	names := f.paused
	f.paused = nil
	return names
}

// Keys of the deadlines.
func callKey(id string) string        { return "call " + id }
func agentKey(username string) string { return "agent " + username }

func isCallKey(key string) (id string, ok bool) { return strings.CutPrefix(key, "call ") }
func agentOf(key string) (username string)      { return strings.TrimPrefix(key, "agent ") }
