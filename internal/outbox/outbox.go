package outbox

import (
	"container/heap"
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/calllog"
)

const (
	// For is how long a delivery is tried.
	For = 24 * time.Hour
	// MaxWaiting is how many deliveries may wait for one target.
	MaxWaiting = 10_000

	atOnce       = 4 // requests to one target at a time
	firstPause   = 2 * time.Second
	longestPause = 15 * time.Minute
)

// What becomes of a delivery.
const (
	Delivered = "delivered"
	Refused   = "refused" // the target will never take it
	Expired   = "expired" // tried for too long
	Dropped   = "dropped" // there is nobody any more to whom it should go
)

// Answer is what came of trying. Without How it is tried again.
type Answer struct {
	How         string
	Gone        bool          // it is in the log no more: nothing is noted
	Detail      string        // in words, without the address
	RetryAfter  time.Duration // what the target asks to be left in peace
	Interaction string
}

// Config is what an outbox needs.
type Config struct {
	// Send tries to deliver. It has a deadline of its own, and may be called for
	// many deliveries at once.
	Send   func(context.Context, calllog.Delivery) Answer
	Settle func(ctx context.Context, s calllog.Settled, seq uint64) error
	Drop   func(ctx context.Context, seq uint64) error
	Now    func() time.Time
	Log    *slog.Logger
}

// Target names a target.
type Target struct{ Kind, Name string }

func targetOf(a calllog.Address) Target { return Target{a.Kind, a.Target} }

// Outbox knows what waits.
type Outbox struct {
	Config
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu      sync.Mutex
	started bool
	closed  bool
	stale   []uint64 // settled before a kill, and still in the log
	targets map[Target]*target
}

// New makes an outbox. It sends nothing before Start.
func New(c Config) *Outbox {
	o := &Outbox{Config: c, targets: map[Target]*target{}}
	o.ctx, o.cancel = context.WithCancel(context.Background())
	return o
}

// Add takes the next delivery that waits, in the log's order.
func (o *Outbox) Add(d calllog.Delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	t := o.target(targetOf(d.Address))
	t.waiting++
	if l, ok := t.lanes[d.Call]; ok {
		l.items = append(l.items, d)
		return // when its turn comes
	}
	l := &lane{due: o.Now(), items: []calllog.Delivery{d}}
	t.lanes[d.Call] = l
	heap.Push(&t.due, l)
	o.next(t)
}

// Settled is told what became of a delivery.
func (o *Outbox) Settled(s calllog.Settled) {
	o.mu.Lock()
	defer o.mu.Unlock()
	t := o.target(targetOf(s.Address))
	t.count(s)
	l, waits := t.lanes[s.Call]
	if o.started || !waits {
		return
	}
	for i, d := range l.items { // the hub was killed before it was removed
		if d.Address == s.Address {
			o.stale = append(o.stale, d.Seq)
			t.remove(l, i)
			return
		}
	}
}

// Start begins to send: what was there has been told.
func (o *Outbox) Start() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.started = true
	stale := o.stale
	o.stale = nil
	o.running.Go(func() {
		for _, seq := range stale {
			if err := o.Drop(o.ctx, seq); err != nil {
				o.Log.Warn("a settled delivery is still in the log; the next start removes it", "err", err)
			}
		}
	})
	for _, t := range o.targets {
		o.next(t)
	}
}

// Tick looks at the clock and sends what is due.
func (o *Outbox) Tick() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, t := range o.targets {
		o.next(t)
	}
}

// Hasten tries everything for a target at once: it has changed.
func (o *Outbox) Hasten(name Target) {
	o.mu.Lock()
	defer o.mu.Unlock()
	t, ok := o.targets[name]
	if !ok {
		return
	}
	t.hold = time.Time{}
	now := o.Now()
	for _, l := range t.due {
		l.due = now
	}
	heap.Init(&t.due)
	o.next(t)
}

// Room tells whether one more may wait for a target, and counts it if not.
func (o *Outbox) Room(name Target) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	t := o.target(name)
	if t.waiting < MaxWaiting {
		return true
	}
	t.dropped++
	return false
}

// Close ends what is being sent and waits for it. What was not noted as settled
// is sent again after the next start.
func (o *Outbox) Close() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.cancel()
	o.running.Wait()
}

func (o *Outbox) target(name Target) *target {
	t, ok := o.targets[name]
	if !ok {
		t = &target{lanes: map[string]*lane{}}
		o.targets[name] = t
	}
	return t
}

// next sends what is due to a target.
func (o *Outbox) next(t *target) {
	if !o.started || o.closed {
		return
	}
	now := o.Now()
	for t.busy < atOnce && len(t.due) > 0 && !t.due[0].due.After(now) && !t.hold.After(now) {
		l := heap.Pop(&t.due).(*lane)
		d := l.items[0]
		t.busy++
		o.running.Go(func() { o.send(t, l, d) })
	}
}

// send tries the first delivery of a lane, and notes what came of it.
func (o *Outbox) send(t *target, l *lane, d calllog.Delivery) {
	settled := l.settled
	if settled == nil {
		a := o.Send(o.ctx, d)
		if o.ctx.Err() != nil { // whatever it is, it is tried again
			return
		}
		settled = o.judge(t, l, d, a)
	}
	if settled != nil && settled.How != "" {
		if err := o.Settle(o.ctx, *settled, d.Seq); err != nil {
			o.Log.Warn("what became of a delivery is not noted; it is tried again", "kind", d.Kind, "target", d.Target, "call", d.Call, "err", err)
			o.mu.Lock()
			defer o.mu.Unlock()
			l.settled = settled
			o.later(t, l, firstPause)
			return
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if settled == nil {
		o.later(t, l, pause(l.tries))
		return
	}
	t.busy--
	l.settled, l.tries, l.failure, l.due = nil, 0, "", o.Now()
	t.pop(l)
	o.next(t)
}

// judge tells what an answer makes of a delivery: nil if it is tried again, and
// one without How if there is nothing to be noted.
func (o *Outbox) judge(t *target, l *lane, d calllog.Delivery, a Answer) *calllog.Settled {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.Now()
	l.tries++
	if a.Gone {
		return &calllog.Settled{}
	}
	s := &calllog.Settled{Address: d.Address, At: now, How: a.How, Detail: a.Detail, Tries: l.tries, Interaction: a.Interaction}
	if a.How == Delivered {
		t.failingSince = time.Time{}
		return s
	}
	if a.How == "" {
		t.fail(now, a.Detail)
		l.failure = a.Detail
		o.Log.Warn("delivery failed", "kind", d.Kind, "target", d.Target, "call", d.Call, "tries", l.tries, "err", a.Detail)
		if now.Sub(d.At) < For {
			t.hold = later(t.hold, now.Add(min(a.RetryAfter, For)))
			return nil
		}
		s.How = Expired
	}
	o.Log.Warn("delivery given up", "kind", d.Kind, "target", d.Target, "call", d.Call, "how", s.How, "err", a.Detail)
	return s
}

// later puts a lane back until a pause is over.
func (o *Outbox) later(t *target, l *lane, pause time.Duration) {
	t.busy--
	l.due = o.Now().Add(pause)
	heap.Push(&t.due, l)
	o.next(t)
}

// pause is a random time between a half and a whole of what doubles with each
// try.
func pause(tries int) time.Duration {
	whole := min(firstPause<<min(tries-1, 20), longestPause)
	return whole/2 + rand.N(whole/2)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
