package agent

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	// floorPause is the least time between two Watched events: however much
	// happens, a window is drawn a few times a second.
	floorPause = 200 * time.Millisecond
	// maxEnded is how many ended calls are kept.
	maxEnded = 100
)

// Floor is what a supervisor watches, as of one moment. It is a copy. All times
// are on this machine's clock.
type Floor struct {
	Calls   []wire.Call  // the open ones, without links, longest waiting first
	Ended   []wire.Call  // those that ended since the line is up, the last first
	Agents  []wire.Agent // by name
	Numbers wire.Numbers
	// Heard is when the hub was heard of last; it gives a sign every 15 s.
	Heard time.Time
}

// floor is what a session knows of others.
type floor struct {
	watches bool // the user is a supervisor
	user    wire.User
	calls   map[string]*wire.Call // never changed, only replaced
	ended   []wire.Call           // the last at the end
	agents  map[string]*wire.Agent
	numbers wire.Numbers
}

// Floor is what a supervisor watches; empty for an agent.
func (s *Session) Floor() Floor {
	s.mu.Lock()
	calls, agents := slices.Collect(maps.Values(s.floor.calls)), slices.Collect(maps.Values(s.floor.agents))
	f := Floor{Ended: slices.Clone(s.floor.ended), Numbers: s.floor.numbers}
	s.mu.Unlock()
	if at := s.heard.Load(); at != 0 {
		f.Heard = time.Unix(0, at)
	}
	slices.SortFunc(calls, func(a, b *wire.Call) int {
		return cmp.Or(waitsSince(a).Compare(waitsSince(b)), strings.Compare(a.ID, b.ID))
	})
	slices.SortFunc(agents, func(a, b *wire.Agent) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Username, b.Username))
	})
	for _, c := range calls {
		f.Calls = append(f.Calls, *c)
	}
	for _, a := range agents {
		f.Agents = append(f.Agents, *a)
	}
	slices.Reverse(f.Ended)
	return f
}

// waitsSince is since when a call waits, or its customer waited.
func waitsSince(c *wire.Call) time.Time {
	if !c.Since.IsZero() {
		return c.Since.Time
	}
	return c.Received.Time
}

// welcome takes the whole truth. What ended before is kept: only who watched
// knows of it.
func (f *floor) welcome(w wire.Welcome, l *link) {
	*f = floor{watches: w.Numbers != nil, user: w.User, ended: f.ended, calls: map[string]*wire.Call{}, agents: map[string]*wire.Agent{}}
	if !f.watches {
		f.ended = nil
		return
	}
	for _, c := range w.Calls {
		f.call(c, l)
	}
	for _, a := range w.Agents {
		f.agent(a, l)
	}
	f.count(*w.Numbers, l)
}

// hear takes a change, and tells whether it was one of what is watched.
func (f *floor) hear(m any, l *link) bool {
	if !f.watches {
		return false
	}
	switch m := m.(type) {
	case wire.CallChanged:
		f.call(m.Call, l)
	case wire.AgentChanged:
		f.agent(m.Agent, l)
	case wire.Changes:
		for _, c := range m.Calls {
			f.call(c, l)
		}
		for _, a := range m.Agents {
			f.agent(a, l)
		}
	case wire.Numbers:
		f.count(m, l)
	default:
		return false
	}
	return true
}

// call takes a call as it is now. One that was this supervisor's own and is in
// none of its queues is out of sight when it is given back.
func (f *floor) call(c wire.Call, l *link) {
	c = l.call(c)
	c.Link, c.Dispositions, c.MayRecord = "", nil, false
	_, known := f.calls[c.ID]
	delete(f.calls, c.ID)
	switch {
	case c.State != call.Ended && f.sees(c):
		f.calls[c.ID] = &c
	case c.State == call.Ended && (known || f.sees(c)):
		f.ended = slices.DeleteFunc(f.ended, sameID(c.ID)) // something was noted of it
		f.ended = append(f.ended, c)
		f.ended = f.ended[max(0, len(f.ended)-maxEnded):]
	}
}

func (f *floor) sees(c wire.Call) bool {
	return c.Agent == f.user.Username || f.user.Role == call.RoleAdmin || len(f.user.Supervises) == 0 || slices.Contains(f.user.Supervises, c.Queue)
}

func (f *floor) agent(a wire.Agent, l *link) {
	a.Presence = l.presence(a.Presence)
	f.agents[a.Username] = &a
}

// count takes the numbers over, and those of agents into the agents.
func (f *floor) count(n wire.Numbers, l *link) {
	for _, of := range n.Agents {
		if before, known := f.agents[of.Username]; known {
			a := *before
			a.Answered, a.Missed = of.Answered, of.Missed
			f.agents[of.Username] = &a
		}
	}
	n.Agents = nil
	l.shift(&n.Time, &n.Total.WaitingSince)
	for i := range n.Queues {
		l.shift(&n.Queues[i].Today, &n.Queues[i].WaitingSince)
	}
	f.numbers = n
}

// stir has a Watched event told soon.
func (s *Session) stir() {
	select {
	case s.stirred <- struct{}{}:
	default: // it is known already
	}
}

// tellFloor tells that the floor has changed, at once and then a few times a
// second, until the context ends.
func (s *Session) tellFloor(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.stirred:
		}
		s.tellWatched()
		select {
		case <-ctx.Done():
			return
		case <-time.After(floorPause):
		}
	}
}

func (s *Session) tellWatched() {
	s.emitting.Lock()
	defer s.emitting.Unlock()
	s.o.Emit(Event{Kind: Watched, State: s.State()})
}
