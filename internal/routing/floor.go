package routing

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

// AppsReturn is how long after its start a hub waits before it gives up a call
// that came before: the apps' longest pause between two tries is 30 s.
const AppsReturn = 35 * time.Second

// Directory tells a [Floor] of queues and users.
type Directory interface {
	// Options are those of a queue; false if there is no such queue.
	Options(queue string) (Options, bool)
	// Members are the usernames that serve a queue, sorted.
	Members(queue string) []string
	// Serves are the queues that a user serves.
	Serves(username string) []string
	// Rules are those of presence.
	Rules() Rules
	// Known tells whether there is such a user.
	Known(username string) bool
	// Chosen is the presence that a user chose last; false if none.
	Chosen(username string) (call.Presence, bool)
}

// Floor is the state from which calls are routed. It is not safe for
// concurrent use.
type Floor struct {
	dir     Directory
	started time.Time
	calls   map[string]standing        // open calls by id
	serving map[string]map[string]bool // queue → unanswered calls that ring for its agents
	chosen  map[string]map[string]bool // username → unanswered calls assigned to it
	agents  map[string]*agent          // by username
	turns   map[string]call.Turn       // by queue
	touched backlog                    // unanswered calls to decide about
	due     deadlines                  // of calls and agents
	changed map[string]bool            // agents whose presence has changed
	away    map[string]bool            // agents of whose presence only Away has changed
	paused  []string                   // agents who were paused for missing offers
	// crews remembers the members of queues, and the free ones, as long as no
	// agent changes: when one call takes the last of them, a thousand others need
	// not look.
	crews map[[2]string]crew // by queue and the one it overflowed to
}

// crew are those whom the calls of a queue may ring, and those who are free.
type crew struct{ members, free []string }

// standing is an open call and the place of its last entry in the log.
type standing struct {
	call call.Call
	seq  uint64
}

// NewFloor makes the state of a hub that starts now. Give it the last entry of
// each call, then call [Floor.Open].
func NewFloor(dir Directory, now time.Time) *Floor {
	return &Floor{
		dir: dir, started: now,
		calls: map[string]standing{}, serving: map[string]map[string]bool{}, chosen: map[string]map[string]bool{},
		agents: map[string]*agent{}, turns: map[string]call.Turn{},
		touched: newBacklog(), changed: map[string]bool{}, away: map[string]bool{}, crews: map[[2]string]crew{},
	}
}

// Open gives those a grace who held an offer when the hub went down: their apps
// are on their way back.
func (f *Floor) Open(now time.Time) {
	for _, s := range f.calls {
		for _, o := range s.call.Offers {
			a := f.agent(o.Agent, now)
			a.lost = now
			f.update(a, now)
		}
	}
}

// Apply takes an entry of the log: an event, the call as it is after it, and
// the entry's place.
func (f *Floor) Apply(e call.Event, c call.Call, seq uint64, now time.Time) {
	clear(f.crews)
	before := f.calls[c.ID].call
	if c.Open() {
		f.calls[c.ID] = standing{c, seq}
	} else {
		delete(f.calls, c.ID)
	}
	f.place(before, c)
	if c.Turn.Number > f.turns[c.Queue].Number {
		f.turns[c.Queue] = c.Turn
	}
	f.answered(e, before, now)
	freed := f.moveOffers(before, c, now)
	f.own(before, c, now)
	f.touchFreed(freed)
	if c.Unanswered() {
		f.touch(c.ID)
	} else {
		f.due.set(callKey(c.ID), time.Time{})
	}
}

// Call finds an open call and the place of its last entry.
func (f *Floor) Call(id string) (c call.Call, seq uint64, ok bool) {
	s, ok := f.calls[id]
	return s.call, s.seq, ok
}

// Calls lists the open calls for which keep says yes, longest waiting first.
func (f *Floor) Calls(keep func(call.Call) bool) []call.Call {
	calls := []call.Call{}
	for _, s := range f.calls {
		if keep(s.call) {
			calls = append(calls, s.call)
		}
	}
	slices.SortFunc(calls, LongestWaiting)
	return calls
}

// Oldest is when the oldest of the open calls was received; false if there is
// none.
func (f *Floor) Oldest() (received time.Time, ok bool) {
	for _, s := range f.calls {
		if !ok || s.call.Received.Before(received) {
			received, ok = s.call.Received, true
		}
	}
	return received, ok
}

// LongestWaiting orders calls by when their customers came.
func LongestWaiting(a, b call.Call) int {
	return cmp.Or(a.Received.Compare(b.Received), cmp.Compare(a.ID, b.ID))
}

// Next decides about the longest waiting call whose decision may have changed.
// With nothing to do it says when to ask again; a zero Wake means only after a
// change. The caller appends the event to the log and gives the entry to Apply;
// if it can't, it calls Retry.
func (f *Floor) Next(now time.Time) (id string, seq uint64, d Decision) {
	f.expire(now)
	for {
		id, ok := f.touched.pop()
		if !ok {
			return "", 0, Decision{Wake: f.due.next()}
		}
		s, ok := f.calls[id]
		if !ok {
			continue
		}
		d := f.decide(s.call, now)
		if d.Act {
			f.touched.took(s.call.Queue)
			return id, s.seq, d
		}
		f.due.set(callKey(id), d.Wake)
	}
}

// Retry has a call decided about again at a time.
func (f *Floor) Retry(id string, at time.Time) { f.due.set(callKey(id), at) }

func (f *Floor) decide(c call.Call, now time.Time) Decision {
	o, ok := f.dir.Options(c.Queue)
	if !ok { // a webhook that came while the queue was removed
		return act(call.Event{Kind: call.KindCanceled, At: now, Reason: string(call.QueueRemoved)})
	}
	facts := func(name string) Agent { return f.agent(name, now).facts(now) }
	q := Queue{Options: o, Turn: f.turns[c.Queue]}
	key := [2]string{c.Queue, c.Overflow}
	if known, ok := f.crews[key]; ok {
		q.Members, q.free = known.members, known.free
	} else {
		q.Members = f.members(c)
		q.free = q.freeMembers(facts)
		f.crews[key] = crew{q.Members, q.free}
	}
	if c.Received.Before(f.started) {
		q.NotMissedBefore = f.started.Add(AppsReturn)
	}
	return Next(q, c, facts, now)
}

// members are those whom a call may ring, sorted.
func (f *Floor) members(c call.Call) []string {
	own := f.dir.Members(c.Queue)
	if c.Overflow == "" {
		return own
	}
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(own, f.dir.Members(c.Overflow)))))
}

// expire takes what has come due: calls are decided about, agents looked at.
func (f *Floor) expire(now time.Time) {
	for _, key := range f.due.due(now) {
		if id, ok := isCallKey(key); ok {
			f.touch(id)
			continue
		}
		clear(f.crews)
		a := f.agent(agentOf(key), now)
		f.update(a, now)
		f.touchServed(a) // the end of wrap-up makes room even in another call
	}
}

// touch has calls decided about.
func (f *Floor) touch(ids ...string) {
	for _, id := range ids {
		if s, ok := f.calls[id]; ok && s.call.Unanswered() {
			f.touched.push(s.call)
		}
	}
}

// TouchAll has every unanswered call decided about, and every presence derived
// anew: queues, users or rules have changed.
func (f *Floor) TouchAll(now time.Time) {
	clear(f.crews)
	for name := range f.agents {
		f.lookAgain(name, now)
	}
	for id := range f.calls {
		f.touch(id)
	}
}

// TouchUser is TouchAll for what one user has to do with.
func (f *Floor) TouchUser(username string, now time.Time) {
	clear(f.crews)
	f.lookAgain(username, now)
	if a := f.agents[username]; a != nil {
		f.touchBoth(a)
		return
	}
	for _, queue := range f.dir.Serves(username) {
		f.touch(slices.Collect(maps.Keys(f.serving[queue]))...)
	}
}

// lookAgain takes over what the directory has of a user.
func (f *Floor) lookAgain(username string, now time.Time) {
	a := f.agents[username]
	if a != nil && !f.dir.Known(username) {
		f.Forget(username)
		a = f.agents[username]
	}
	if a != nil {
		f.refreshChoice(a)
		f.update(a, now)
	}
}

// Forget drops what is known of a user who is gone, unless something hangs on it
// still.
func (f *Floor) Forget(username string) {
	if a := f.agents[username]; a != nil && f.idle(a) {
		f.due.set(agentKey(username), time.Time{})
		delete(f.agents, username)
	}
}

// touchServed has every call decided about that may ring for an agent.
func (f *Floor) touchServed(a *agent) {
	for _, queue := range f.dir.Serves(a.username) {
		f.touch(slices.Collect(maps.Keys(f.serving[queue]))...)
	}
	f.touch(slices.Collect(maps.Keys(f.chosen[a.username]))...)
}

// touchFreed has the calls decided about that may ring for agents for whom
// fewer ring now. A call that rings everybody rings them anyway, up to a bound.
func (f *Floor) touchFreed(freed []*agent) {
	looked := map[string]bool{} // queues, and whether at the bound
	for _, a := range freed {
		full := len(a.offers) >= maxRinging-1
		for _, queue := range f.dir.Serves(a.username) {
			if key := queue + " " + strconv.FormatBool(full); !looked[key] {
				looked[key] = true
				f.touchSome(f.serving[queue], full)
			}
		}
		f.touchSome(f.chosen[a.username], full)
	}
}

// touchSome has those calls decided about that ring for one agent at a time, or
// all of them.
func (f *Floor) touchSome(ids map[string]bool, all bool) {
	oneByOne := map[string]bool{} // by queue
	for id := range ids {
		queue := f.calls[id].call.Queue
		yes, known := oneByOne[queue]
		if !known {
			o, _ := f.dir.Options(queue)
			yes = o.Strategy.oneByOne()
			oneByOne[queue] = yes
		}
		if all || yes {
			f.touch(id)
		}
	}
}

// place keeps the index of unanswered calls.
func (f *Floor) place(before, c call.Call) {
	if before.Unanswered() {
		unset(f.serving, before.Queue, c.ID)
		unset(f.serving, before.Overflow, c.ID)
		unset(f.chosen, before.Assigned, c.ID)
	}
	if c.Unanswered() {
		set(f.serving, c.Queue, c.ID)
		if c.Overflow != "" {
			set(f.serving, c.Overflow, c.ID)
		}
		if c.Assigned != "" {
			set(f.chosen, c.Assigned, c.ID)
		}
	}
}

func set(index map[string]map[string]bool, key, id string) {
	if index[key] == nil {
		index[key] = map[string]bool{}
	}
	index[key][id] = true
}

func unset(index map[string]map[string]bool, key, id string) {
	delete(index[key], id)
	if len(index[key]) == 0 {
		delete(index, key)
	}
}

// moveOffers notes whom the call rings for now, and returns those for whom it
// rings no more.
func (f *Floor) moveOffers(before, c call.Call, now time.Time) (freed []*agent) {
	for _, o := range before.Offers {
		if _, still := c.OfferTo(o.Agent); !still {
			a := f.agent(o.Agent, now)
			delete(a.offers, c.ID)
			freed = append(freed, a)
		}
	}
	for _, o := range c.Offers {
		f.agent(o.Agent, now).offers[c.ID] = true
	}
	return freed
}
