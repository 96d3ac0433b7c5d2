package idle

import (
	"context"
	"sync"
	"time"
)

// Watcher holds what the system told last. Its methods return at once.
type Watcher struct {
	opts   Options
	events chan Event
	cancel context.CancelFunc
	ended  chan struct{} // closed when the source has ended

	mu   sync.Mutex
	last reading
}

// source tells readings until ctx ends.
type source func(ctx context.Context, o Options, tell func(reading))

// Watch begins to watch the screen, until Close or the end of ctx.
func Watch(ctx context.Context, o Options) *Watcher {
	return watch(ctx, o, system)
}

func watch(ctx context.Context, o Options, from source) *Watcher {
	ctx, cancel := context.WithCancel(ctx)
	w := &Watcher{
		opts:   o.withDefaults(),
		events: make(chan Event, 1),
		cancel: cancel,
		ended:  make(chan struct{}),
	}
	go func() {
		defer close(w.ended)
		defer close(w.events)
		from(ctx, w.opts, w.tell)
	}()
	return w
}

// State is the screen's state.
func (w *Watcher) State() State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last.lock
}

// Locked tells whether the screen is known to be locked.
func (w *Watcher) Locked() bool { return w.State() == Locked }

// Err is [ErrUnknown] while nothing tells whether the screen is locked; this
// includes the moment after Watch.
func (w *Watcher) Err() error {
	if w.State() == Unknown {
		return ErrUnknown
	}
	return nil
}

// Idle is for how long the person had not touched keyboard or mouse when the
// system was asked last; false if it does not say.
func (w *Watcher) Idle() (time.Duration, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last.idle, w.last.idles
}

// Events receives the changes of the state, which is [Unknown] at first. Of
// several that nobody has received yet only the newest is kept. It is closed
// when the watching has ended.
func (w *Watcher) Events() <-chan Event { return w.events }

// Close ends the watching and waits for that, which asks nobody and so is short.
// What was known stays readable.
func (w *Watcher) Close() {
	w.cancel()
	<-w.ended
}

// tell takes a reading. Sources may call it from several goroutines.
func (w *Watcher) tell(r reading) {
	w.mu.Lock()
	defer w.mu.Unlock()
	changed := r.lock != w.last.lock
	w.last = r
	if !changed {
		return
	}
	w.opts.Logger.Info("screen changed", "screen", r.lock.String())
	select {
	case <-w.events: // outdated
	default:
	}
	// There is room: nobody else sends while the lock is held.
	w.events <- Event{State: r.lock, At: w.opts.Now()}
}
