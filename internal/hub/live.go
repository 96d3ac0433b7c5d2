package hub

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// live is what the hub knows at this moment: the floor from which calls are
// routed, and the connections. It changes only by entries of the log, by
// connections and by chosen presence, each under one lock that is never held
// while something is written to disk or to a socket.
type live struct {
	dir *Directory
	now func() time.Time
	// wake tells the dispatcher that there may be something to do. It never blocks.
	wake func()
	// The others take what follows from a change; they never block.
	archive func(calllog.Entry) // an ended call
	outward func(calllog.Entry) // what may have to be told to somebody outside
	// mayRecord tells whether the owner of a call may have it recorded. It never
	// blocks.
	mayRecord func(Queue, call.Call) bool
	// Those are set once the log has been read.
	noted        func(string, call.Presence) // an agent's presence has changed
	pausedByRule func(string, call.Presence) // an agent's choice has to be kept

	stale stale

	mu      sync.Mutex
	floor   *routing.Floor
	apps    map[string]map[*connection]bool // by username
	watch   map[*connection]sight           // supervisors' connections, and what they may see
	recent  map[string]recent               // by duplicate key
	byLink  map[string]string               // queue and link → duplicate key
	swept   time.Time                       // when recent was last cleared of the old
	days    days
	tally   tally
	shifts  shifts
	news    news
	counted counted
	idle    map[string]idleQueue // by name
	seq     uint64               // the last entry applied
	waiters []waiter
}

// settledAfter is far longer than a webhook takes to be written.
const settledAfter = time.Minute

// waiter waits until an entry has been applied.
type waiter struct {
	seq  uint64
	done chan struct{}
}

func newLive(dir *Directory, now func() time.Time, wake func()) *live {
	return &live{
		dir: dir, now: now, wake: wake, swept: now(),
		floor:  routing.NewFloor(dir, now()),
		apps:   map[string]map[*connection]bool{},
		watch:  map[*connection]sight{},
		recent: map[string]recent{},
		byLink: map[string]string{},
		news:   newNews(),
	}
}

// start is called when the log has been read, with what takes changes of
// presence from then on, and pauses that a rule made.
func (l *live) start(noted, pausedByRule func(string, call.Presence), outward func(calllog.Entry)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.floor.Open(l.now())
	l.floor.Changed() // what was found in the log is no change
	l.floor.Noted()
	l.floor.PausedForMissing() // nor a ring that nobody heard
	l.noted, l.pausedByRule, l.outward = noted, pausedByRule, outward
	l.wake()
}

// apply takes the next entry of the log: it is the follower's only call, and
// the only place from where frames about calls are sent.
func (l *live) apply(e calllog.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before, seq, _ := l.floor.Call(e.Call.ID)
	if e.Seq <= seq {
		return
	}
	l.floor.Apply(e.Event, e.Call, e.Seq, l.now())
	l.remember(e.Call)
	known := l.tally.knows(e.Call.ID)
	l.days.take(e.Event, before, e.Call, known, l.now())
	l.shifts.take(e.Event, before, e.Call, known, l.now())
	l.tally.take(e.Call, l.now())
	l.tellCall(e, before)
	if !e.Call.Open() {
		l.archive(e)
	}
	l.outward(e)
	l.settle()
	l.seq = e.Seq
	l.waiters = slices.DeleteFunc(l.waiters, func(w waiter) bool {
		if w.seq > e.Seq {
			return false
		}
		close(w.done)
		return true
	})
}

// settle tells what follows from a change of the floor, and has the dispatcher
// look at it. Whoever changes the floor ends with it, the lock held.
func (l *live) settle() {
	l.counted.stirred = true
	l.announce()
	l.wake()
}

// dayOf is an agent's last day.
func (l *live) dayOf(username string) []wire.DayCall {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.days.of(username, l.now(), l.dir.DisplayName)
}

// call finds an open call.
func (l *live) call(id string) (calllog.Entry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, seq, ok := l.floor.Call(id)
	return calllog.Entry{Call: c, Seq: seq}, ok
}

// open lists the open calls for which keep says yes, longest waiting first.
func (l *live) open(keep func(call.Call) bool) []call.Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.floor.Calls(keep)
}

// settled is a time before which no call was received that is open, or whose
// webhook is being written.
func (l *live) settled() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.now().Add(-settledAfter)
	if oldest, open := l.floor.Oldest(); open && oldest.Before(at) {
		return oldest
	}
	return at
}

// hasRoom tells whether an agent may take a call beside those that it has.
func (l *live) hasRoom(username string, c call.Call) bool {
	o, ok := l.dir.Options(c.Queue)
	l.mu.Lock()
	defer l.mu.Unlock()
	return !ok || l.floor.Has(username, c.ID, l.now()) < o.Capacity
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

// next asks routing what is to be done.
func (l *live) next() (calllog.Entry, routing.Decision) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh()
	id, seq, d := l.floor.Next(l.now())
	l.announce() // a grace or a wrap-up may have ended
	c, _, _ := l.floor.Call(id)
	return calllog.Entry{Call: c, Seq: seq}, d
}

// retry has a call decided about again at a time.
func (l *live) retry(id string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.floor.Retry(id, at)
}

// forgetUser drops what is known of a removed user.
func (l *live) forgetUser(username string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.floor.Forget(username)
}

// withdrawReasons say why a call rings no more for those who held an offer.
var withdrawReasons = map[call.Kind]wire.WithdrawnReason{
	call.KindAccepted: wire.ReasonAnswered,
	call.KindLapsed:   wire.ReasonLapsed,
	call.KindMissed:   wire.ReasonLapsed,
	call.KindLeft:     wire.ReasonCanceled,
	call.KindCanceled: wire.ReasonCanceled,
	// It rings elsewhere; a decline is told for the agent's other devices.
	call.KindDeclined:  wire.ReasonReassigned,
	call.KindWithdrawn: wire.ReasonReassigned,
	call.KindAssigned:  wire.ReasonReassigned,
}

// tellCall sends what follows from an entry to the apps it concerns.
func (l *live) tellCall(e calllog.Entry, before call.Call) {
	c := e.Call
	if gone := lost(before, c); len(gone) > 0 {
		w := wire.Withdrawn{Call: c.ID, Reason: withdrawReasons[e.Event.Kind]}
		if e.Event.Kind == call.KindAccepted {
			w.By = l.dir.DisplayName(c.Agent)
		}
		if c.Reason == call.InMotion {
			w.Reason, w.By = wire.ReasonAnswered, motionName
		}
		l.send(w, gone...)
	}
	switch e.Event.Kind {
	case call.KindOffered:
		l.send(wire.Offer{Ring: wire.Ring{Call: wire.FromCall(c), Until: wire.At(e.Event.Until)}}, e.Event.Agents...)
	case call.KindAlerted:
		l.tellSupervisors(wire.Alerted{Alert: waitingAlert(c)}, func(s sight) bool { return s.supervises(c.Queue) })
	}
	if leftNote(e) {
		l.tellSupervisors(wire.Alerted{Alert: noteAlert(c, e.Event.At)}, func(s sight) bool { return s.supervises(c.Queue) })
	}
	if c.Agent != "" {
		l.send(wire.CallChanged{Call: l.forOwner(c)}, c.Agent)
	} else if before.Agent != "" { // returned
		l.send(wire.CallChanged{Call: wire.FromCall(c)}, before.Agent)
	}
	l.news.call(c)
}

// forOwner is the call as its owner sees it: with the link, with what Finish may
// take, for the owner may serve another queue than the call's, and with whether it
// may be recorded.
func (l *live) forOwner(c call.Call) wire.Call {
	w := wire.ForOwner(c)
	if q, ok := l.dir.Queue(c.Queue); ok {
		w.Dispositions, w.MayRecord = q.Dispositions, l.mayRecord(q, c)
	}
	return w
}

// lost lists the agents who held an offer and hold it no more, but for the one
// who took the call.
func lost(before, now call.Call) []string {
	var names []string
	for _, o := range before.Offers {
		if _, still := now.OfferTo(o.Agent); !still && o.Agent != now.Agent {
			names = append(names, o.Agent)
		}
	}
	return names
}

// repeat tells a connection its own call once more.
func (l *live) repeat(conn *connection, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c, _, ok := l.floor.Call(id); ok && c.Agent == conn.user {
		conn.send(newFrame(wire.CallChanged{Call: l.forOwner(c)}))
	}
}

// alert tells supervisors of something that needs somebody to act.
func (l *live) alert(a wire.Alert) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tellSupervisors(wire.Alerted{Alert: a}, func(s sight) bool { return s.supervises(a.Queue) })
}

// tell gives one message to all devices of an agent.
func (l *live) tell(username string, m any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.send(m, username)
}

// send gives one message to all devices of some agents.
func (l *live) send(m any, usernames ...string) {
	var f *frame
	for _, name := range usernames {
		for conn := range l.apps[name] {
			if f == nil {
				f = newFrame(m)
			}
			conn.send(f)
		}
	}
}

// tellSupervisors gives one message to all supervisors who may see what it is
// of. It is encoded once for all.
func (l *live) tellSupervisors(m any, may func(sight) bool) {
	var f *frame
	for conn, s := range l.watch {
		if !may(s) {
			continue
		}
		if f == nil {
			f = newFrame(m)
		}
		conn.send(f)
	}
}
