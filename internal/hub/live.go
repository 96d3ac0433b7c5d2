package hub

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// sameCall is how long a session id (or link) names the same call.
const sameCall = 24 * time.Hour

// appsReturn is how long after its start a hub waits before it gives up a call
// that came before: the apps' longest pause between two tries is 30 s.
const appsReturn = 35 * time.Second

// live is what the hub knows at this moment: the open calls, who is connected,
// and what the agents chose. It changes only by entries of the log, by
// connections and by chosen presence, each under one lock that is never held
// while something is written to disk or to a socket.
type live struct {
	dir *Directory
	now func() time.Time
	// touched is told which calls may need a decision.
	touched func(ids ...string)
	// awaited is told until when an agent who lost the last connection counts
	// as there.
	awaited func(username string, until time.Time)

	mu      sync.Mutex
	started time.Time
	calls   map[string]calllog.Entry        // open calls by id
	queued  map[string]map[string]time.Time // queue → unanswered call → received
	agents  map[string]*agent               // by username
	watch   map[*connection]bool            // supervisors' connections
	recent  map[string]recent               // by duplicate key
	swept   time.Time                       // when recent was last cleared of the old
	seq     uint64                          // the last entry applied
	waiters []waiter
}

// recent is a call that may be told again by its sender.
type recent struct {
	id       string
	received time.Time
	state    call.State
}

// waiter waits until an entry has been applied.
type waiter struct {
	seq  uint64
	done chan struct{}
}

func newLive(dir *Directory, now func() time.Time, d *dispatcher) *live {
	return &live{
		dir: dir, now: now, touched: d.touch, awaited: d.graceUntil, started: now(), swept: now(),
		calls:  map[string]calllog.Entry{},
		queued: map[string]map[string]time.Time{},
		agents: map[string]*agent{},
		watch:  map[*connection]bool{},
		recent: map[string]recent{},
	}
}

// apply takes the next entry of the log: it is the follower's only call, and
// the only place from where frames about calls are sent.
func (l *live) apply(e calllog.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.calls[e.Call.ID]
	if e.Seq <= before.Seq {
		return
	}
	l.keep(e)
	l.tellCall(e, before.Call)
	if e.Call.Agent != "" {
		l.own(e.Call)
	}
	if e.Call.Unanswered() {
		l.touched(e.Call.ID)
	}
	l.seq = e.Seq
	l.waiters = slices.DeleteFunc(l.waiters, func(w waiter) bool {
		if w.seq > e.Seq {
			return false
		}
		close(w.done)
		return true
	})
}

// keep remembers the call as it is now.
func (l *live) keep(e calllog.Entry) {
	c := e.Call
	if c.Open() {
		l.calls[c.ID] = e
	} else {
		delete(l.calls, c.ID)
	}
	if c.Unanswered() {
		if l.queued[c.Queue] == nil {
			l.queued[c.Queue] = map[string]time.Time{}
		}
		l.queued[c.Queue][c.ID] = c.Received
	} else {
		delete(l.queued[c.Queue], c.ID)
	}
	now := l.now()
	if now.Sub(c.Received) < sameCall {
		l.recent[duplicateKey(c)] = recent{c.ID, c.Received, c.State}
	}
	if now.Sub(l.swept) > time.Hour {
		l.swept = now
		for key, r := range l.recent {
			if now.Sub(r.received) >= sameCall {
				delete(l.recent, key)
			}
		}
	}
}

// duplicateKey is what two webhooks of one call have in common: the queue and
// the session id, else the link.
func duplicateKey(c call.Call) string {
	return c.Queue + "\x00" + cmp.Or(c.Session, c.Link)
}

// duplicate finds the call that an earlier webhook made.
func (l *live) duplicate(c call.Call) (recent, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r, ok := l.recent[duplicateKey(c)]
	return r, ok && c.Received.Sub(r.received) < sameCall
}

// call finds an open call.
func (l *live) call(id string) (calllog.Entry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.calls[id]
	return e, ok
}

// open lists the open calls for which keep says yes, longest waiting first.
func (l *live) open(keep func(call.Call) bool) []call.Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.openLocked(keep)
}

func (l *live) openLocked(keep func(call.Call) bool) []call.Call {
	calls := []call.Call{}
	for _, e := range l.calls {
		if keep(e.Call) {
			calls = append(calls, e.Call)
		}
	}
	slices.SortFunc(calls, longestWaiting)
	return calls
}

func longestWaiting(a, b call.Call) int {
	return cmp.Or(a.Received.Compare(b.Received), cmp.Compare(a.ID, b.ID))
}

// seen waits until the entry at seq has been applied, so that whoever wrote it
// finds it in what the hub answers next.
func (l *live) seen(ctx context.Context, seq uint64) error {
	l.mu.Lock()
	if l.seq >= seq {
		l.mu.Unlock()
		return nil
	}
	w := waiter{seq, make(chan struct{})}
	l.waiters = append(l.waiters, w)
	l.mu.Unlock()
	select {
	case <-w.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turn asks routing what is next for a call.
func (l *live) turn(id string) (calllog.Entry, routing.Turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.calls[id]
	if !ok {
		return e, routing.Turn{}
	}
	q, ok := l.dir.Queue(e.Call.Queue)
	if !ok {
		return e, routing.Turn{}
	}
	rq := routing.Queue{Strategy: q.Strategy, Ring: q.Ring, Patience: q.Patience, Members: l.dir.Members(q.Name)}
	if e.Call.Received.Before(l.started) {
		rq.NotMissedBefore = l.started.Add(appsReturn)
	}
	return e, routing.Next(rq, e.Call, l.member, l.now())
}

// member is an agent as routing sees it.
func (l *live) member(username string) routing.Agent {
	a := l.agent(username)
	return routing.Agent{Presence: a.presence.State, Reachable: len(a.connections) > 0}
}

// inOrder sorts calls so that the longest waiting comes first.
func (l *live) inOrder(ids []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.SortFunc(ids, func(a, b string) int { return longestWaiting(l.calls[a].Call, l.calls[b].Call) })
}

// tellCall sends what follows from an entry to the apps it concerns.
func (l *live) tellCall(e calllog.Entry, before call.Call) {
	c := e.Call
	switch e.Event.Kind {
	case call.KindOffered:
		l.send(wire.Offer{Ring: wire.Ring{Call: wire.FromCall(c), Until: wire.At(e.Event.Until)}}, e.Event.Agents...)
	case call.KindDeclined: // for the agent's other devices
		l.send(wire.Withdrawn{Call: c.ID, Reason: wire.ReasonReassigned}, e.Event.Agent)
	case call.KindLapsed:
		l.send(wire.Withdrawn{Call: c.ID, Reason: wire.ReasonLapsed}, e.Event.Agents...)
	case call.KindWithdrawn:
		l.send(wire.Withdrawn{Call: c.ID, Reason: wire.ReasonReassigned}, e.Event.Agents...)
	case call.KindLeft:
		l.send(wire.Withdrawn{Call: c.ID, Reason: wire.ReasonCanceled}, holders(before, "")...)
	case call.KindMissed:
		l.send(wire.Withdrawn{Call: c.ID, Reason: wire.ReasonLapsed}, holders(before, "")...)
	case call.KindAccepted:
		l.send(wire.Withdrawn{Call: c.ID, Reason: wire.ReasonAnswered, By: l.dir.DisplayName(c.Agent)}, holders(before, c.Agent)...)
	}
	if c.Agent != "" {
		l.send(wire.CallChanged{Call: wire.ForOwner(c)}, c.Agent)
	}
	l.tellSupervisors(wire.CallChanged{Call: wire.FromCall(c)}, c.Agent)
}

// holders lists the agents who held an offer, but one.
func holders(c call.Call, but string) []string {
	var names []string
	for _, o := range c.Offers {
		if o.Agent != but {
			names = append(names, o.Agent)
		}
	}
	return names
}

// repeat tells a connection its own call once more.
func (l *live) repeat(conn *connection, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.calls[id]; ok && e.Call.Agent == conn.user {
		conn.send(newFrame(wire.CallChanged{Call: wire.ForOwner(e.Call)}))
	}
}

// send gives one message to all devices of some agents.
func (l *live) send(m any, usernames ...string) {
	var f *frame
	for _, name := range usernames {
		for conn := range l.agent(name).connections {
			if f == nil {
				f = newFrame(m)
			}
			conn.send(f)
		}
	}
}

// tellSupervisors gives one message to all supervisors but one agent, who has
// been told more.
func (l *live) tellSupervisors(m any, but string) {
	var f *frame
	for conn := range l.watch {
		if conn.user == but {
			continue
		}
		if f == nil {
			f = newFrame(m)
		}
		conn.send(f)
	}
}
