package notify

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	retryFirst = 250 * time.Millisecond
	retryMost  = 30 * time.Second
)

var errLost = errors.New("the connection was closed")

// worker is the goroutine of the native surface. It alone speaks to D-Bus and
// holds what is on the screen; all fields but silent and asks are its own.
type worker struct {
	opts Options
	log  *slog.Logger
	box  *mailbox
	emit func(Event)

	silent atomic.Bool      // Close was called: nothing is told any more
	asks   chan chan<- bool // see Hidden

	ctx   context.Context  // ends with Close
	bus   *bus             // nil while it is out of reach
	down  error            // why nothing can be shown, as it was told; nil if all is well
	calls map[string]*ring // by call id
	late  chan lateReply

	retry *time.Timer
	pause time.Duration // before the next try
}

func newWorker(o Options, box *mailbox, emit func(Event)) *worker {
	return &worker{
		opts:  o,
		log:   o.Logger.With("surface", Native),
		box:   box,
		emit:  emit,
		asks:  make(chan chan<- bool),
		calls: make(map[string]*ring),
		late:  make(chan lateReply),
		retry: stoppedTimer(),
		pause: retryFirst,
	}
}

func (w *worker) run(ctx context.Context) {
	w.ctx = ctx
	defer w.withdraw()
	w.connect()
	for {
		var signals <-chan *dbus.Signal
		var lost <-chan struct{}
		if w.bus != nil {
			signals, lost = w.bus.signals, w.bus.lost()
		}
		select {
		case <-ctx.Done():
			return
		case <-w.box.wake:
			w.deliver(w.box.take())
		case s := <-signals:
			w.signal(s)
		case <-lost:
			w.leave()
			w.fail(ErrNoBus, errLost)
			w.later()
		case r := <-w.late:
			w.lateReply(r)
		case answer := <-w.asks:
			answer <- w.hidden()
		case <-w.retry.C:
			w.connect()
		}
	}
}

// tell emits an event unless the surface is being closed.
func (w *worker) tell(kind Kind, call string, err error) {
	if !w.silent.Load() {
		w.emit(Event{Kind: kind, Surface: Native, Call: call, Err: err})
	}
}

// connect reaches the bus and the service, shows what rings, and otherwise says
// so and arranges the next try.
func (w *worker) connect() {
	w.retry.Stop()
	if w.bus == nil {
		b, err := dialBus(w.ctx, w.log)
		if err != nil {
			w.fail(ErrNoBus, err)
			w.later()
			return
		}
		w.bus = b
	}
	switch err := w.bus.greet(); {
	case err == nil:
		w.ready()
	case isGone(err):
		w.bus.service = service{}
		w.blank()
		// Its arrival is announced by a signal: no need to try again.
		w.fail(ErrNoService, err)
	default:
		w.fail(ErrSlow, err)
		w.later()
	}
}

func (w *worker) ready() {
	w.pause = retryFirst
	w.log.Info("notification service found", "service", w.bus.name, "buttons", w.bus.actions)
	if w.down != nil {
		w.down = nil
		w.tell(Recovered, "", nil)
	}
	oldest := func(a, b *ring) int { return a.call.Received.Compare(b.call.Received) }
	for _, r := range slices.SortedStableFunc(maps.Values(w.calls), oldest) {
		r.failed = false
		w.show(r)
	}
}

// fail tells once that the surface as a whole does not work.
func (w *worker) fail(what, cause error) {
	if errors.Is(w.down, what) {
		return
	}
	w.log.Warn("native notifications unavailable", "err", what, "cause", errName(cause))
	w.down = what
	w.tell(Failed, "", what)
}

// later arranges the next try with exponential back-off and jitter.
func (w *worker) later() {
	w.retry.Reset(w.pause/2 + rand.N(w.pause))
	w.pause = min(2*w.pause, retryMost)
}

// leave forgets the bus and with it all that was on the screen.
func (w *worker) leave() {
	w.bus.close()
	w.bus = nil
	w.blank()
}

// blank is the screen after the service went away.
func (w *worker) blank() {
	for _, r := range w.calls {
		r.id, r.pending, r.changed = 0, false, false
	}
}

func (w *worker) deliver(p post) {
	if p.dropped > 0 {
		w.log.Warn("notices dropped, too many waited", "dropped", p.dropped)
	}
	for _, id := range p.refused {
		w.tell(Failed, id, ErrTooMany)
	}
	for _, wish := range p.wishes {
		if wish.ending != nil {
			w.end(wish.id, *wish.ending)
		}
		if wish.call != nil {
			w.present(*wish.call)
		}
	}
	for _, n := range p.notices {
		w.notice(n)
	}
}

func (w *worker) notice(n notice) {
	if w.down != nil {
		w.log.Warn("notice not shown", "err", w.down)
		return
	}
	w.bus.post(w.writer().notice(n), 0)
}

func (w *worker) writer() writer { return writer{w.opts, w.bus.service} }

// withdraw takes everything off the screen.
func (w *worker) withdraw() {
	w.retry.Stop()
	if w.bus == nil {
		return
	}
	for _, r := range w.calls {
		if r.id != 0 {
			w.bus.takeBack(r.id)
		}
	}
	if err := w.bus.flush(); err != nil {
		w.log.Warn("notifications may be left on the screen", "err", errName(err))
	}
	w.bus.close()
}

func stoppedTimer() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}
