package notify

import (
	"cmp"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// maxPresses is how many presses wait for the worker.
const maxPresses = 32

// toastWorker is the goroutine of toasts. It alone asks for toasts, one at a
// time, and holds what is on the screen; what stands below wait is its own.
type toastWorker struct {
	log      *slog.Logger
	box      *mailbox
	toaster  toaster
	newPlain func(emit func(Event)) Surface
	emit     func(Event)

	presses chan string      // what pressed toasts say
	dropped atomic.Uint64    // presses that found it full
	asks    chan chan<- bool // see Hidden
	silent  atomic.Bool      // Close was called: nothing is told any more
	closing sync.Once
	done    chan struct{} // closed by close
	ended   chan struct{} // closed when the goroutine has ended

	wait  attempts
	calls map[string]*toastRing // by call id
	plain Surface               // nil until it is needed
	down  bool                  // toasts failed, and it was told
	stale bool                  // a toast is on the screen that should not be
	left  bool                  // it could not be taken back, and that was told
}

func newToastWorker(o Options, box *mailbox, t toaster, plain func(emit func(Event)) Surface, emit func(Event)) *toastWorker {
	return &toastWorker{
		log:      o.Logger.With("surface", Native),
		box:      box,
		toaster:  t,
		newPlain: plain,
		emit:     emit,
		presses:  make(chan string, maxPresses),
		asks:     make(chan chan<- bool),
		done:     make(chan struct{}),
		ended:    make(chan struct{}),
		calls:    make(map[string]*toastRing),
	}
}

func (w *toastWorker) run() {
	defer close(w.ended)
	defer w.withdraw()
	w.begin()
	for {
		select {
		case <-w.done:
			return
		case <-w.box.wake:
			w.deliver(w.box.take())
		case arguments := <-w.presses:
			w.pressed(arguments)
		case answer := <-w.asks:
			answer <- w.hidden()
		}
	}
}

// close makes run return, and silences the worker.
func (w *toastWorker) close() {
	w.silent.Store(true)
	w.closing.Do(func() { close(w.done) })
}

// tell emits an event unless the surface is being closed.
func (w *toastWorker) tell(kind Kind, call string, err error) {
	w.pass(Event{Kind: kind, Surface: Native, Call: call, Err: err})
}

func (w *toastWorker) pass(e Event) {
	if !w.silent.Load() {
		w.emit(e)
	}
}

// begin makes the toaster ready and takes off the screen what an earlier run of
// the app has left there.
func (w *toastWorker) begin() {
	if err := w.try(w.toaster.Register); err != nil {
		w.fail(err)
		return
	}
	if err := w.try(w.toaster.Clear); err != nil {
		w.log.Info("toasts of an earlier run may be left", "cause", cause(err))
	}
}

// try makes one call to the toaster. After one that hangs nobody knows what is
// on the screen.
func (w *toastWorker) try(call func() error) error {
	err := w.wait.do(call, w.done)
	if errors.Is(err, errSlow) || errors.Is(err, errClosing) {
		w.stale = true
	}
	return err
}

func (w *toastWorker) deliver(p post) {
	if p.dropped > 0 {
		w.log.Warn("notices dropped, too many waited", "dropped", p.dropped)
	}
	for _, id := range p.refused {
		w.tell(Failed, id, ErrTooMany)
	}
	var taken []notice
	for _, wish := range p.wishes {
		if wish.ending != nil {
			taken = append(taken, w.end(wish.id, *wish.ending)...)
		}
		if wish.call != nil {
			w.renew(*wish.call)
		}
	}
	w.sweep()
	oldest := func(a, b *toastRing) int {
		return cmp.Or(a.call.Received.Compare(b.call.Received), cmp.Compare(a.call.ID, b.call.ID))
	}
	for _, r := range slices.SortedFunc(maps.Values(w.calls), oldest) {
		w.show(r)
	}
	for _, n := range taken {
		w.notice(callToasts, n)
	}
	for _, n := range p.notices {
		w.notice(noticeToasts, notice{cut(clean(n.title), maxTitle), cut(clean(n.text), maxText)})
	}
}

// sweep takes all calls off the screen if one has to go: Windows offers no less.
// What still rings is shown again next.
func (w *toastWorker) sweep() {
	if !w.stale {
		return
	}
	switch err := w.try(w.toaster.Clear); {
	case err == nil:
		w.stale, w.left = false, false
		for _, r := range w.calls {
			r.visible = false
		}
	case errors.Is(err, errClosing), errors.Is(err, errStuck), w.left:
		// It is tried again with the next news of any call.
	default:
		w.left = true
		w.log.Warn("toasts left on the screen", "cause", cause(err))
		w.tell(Failed, "", ErrLeftOver)
	}
}

// push puts a toast on the screen. After a failure it first makes the toaster
// ready again.
func (w *toastWorker) push(to channel, xml string) error {
	if w.down {
		if err := w.try(w.toaster.Register); err != nil {
			return err
		}
	}
	if err := w.try(func() error { return w.toaster.Show(to, xml) }); err != nil {
		w.fail(err)
		return err
	}
	if w.down {
		w.down = false
		w.tell(Recovered, "", nil)
	}
	return nil
}

// fail tells once that there are no toasts.
func (w *toastWorker) fail(err error) {
	if w.down || errors.Is(err, errClosing) {
		return
	}
	w.down = true
	w.log.Warn("native notifications unavailable", "err", ErrNoToasts, "cause", cause(err))
	w.tell(Failed, "", ErrNoToasts)
}

// notice shows a plain message, on one surface or the other.
func (w *toastWorker) notice(to channel, n notice) {
	if err := w.push(to, noticeToast(n)); err != nil && !errors.Is(err, errClosing) {
		w.fallback().Notice(n.title, n.text)
	}
}

// fallback is the surface of plain notices.
func (w *toastWorker) fallback() Surface {
	if w.plain == nil {
		w.plain = w.newPlain(w.pass)
	}
	return w.plain
}

func (w *toastWorker) hidden() bool {
	if w.down {
		return false
	}
	var hidden bool
	err := w.try(func() (err error) {
		hidden, err = w.toaster.Hidden()
		return err
	})
	if err != nil {
		w.log.Debug("do not disturb not readable", "cause", cause(err))
		return false
	}
	return hidden
}

// withdraw takes everything off the screen.
func (w *toastWorker) withdraw() {
	if w.plain != nil {
		// It says nothing.
		_ = w.plain.Close()
	}
	w.wait.settle()
	for _, r := range w.calls {
		w.stale = w.stale || r.visible
	}
	if !w.stale {
		return
	}
	if err := w.wait.do(w.toaster.Clear, nil); err != nil {
		w.log.Warn("toasts may be left on the screen", "cause", cause(err))
	}
}
