package notify

import (
	"errors"
	"sync"
)

// Fanout is a surface made of several. It forwards every method to each of them
// and merges their events: of the answers to one call only the first passes,
// whichever surface it comes from, until the call is dismissed and presented
// anew. All other events pass as they are; a surface that fails does not stop
// the others.
//
//	f := notify.NewFanout(onEvent)
//	f.Add(notify.NewNative(options, f.Emit))
//	f.Add(window.New(f.Emit))
type Fanout struct {
	emit func(Event)

	mu       sync.Mutex
	closed   bool
	surfaces []Surface
	answered map[string]bool // by id of a call that rings; true once answered
}

// NewFanout returns a Fanout without surfaces that tells the merged events to
// emit.
func NewFanout(emit func(Event)) *Fanout {
	return &Fanout{emit: emit, answered: make(map[string]bool)}
}

// Add adds a surface that was made with Emit. Calls that ring already are not
// presented on it, so add surfaces first.
func (f *Fanout) Add(s Surface) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.surfaces = append(f.surfaces, s)
}

// Emit takes an event of a surface; give it to the constructors of surfaces.
func (f *Fanout) Emit(e Event) {
	if f.passes(e) {
		f.emit(e)
	}
}

// passes drops second answers and answers to calls that do not ring any more.
func (f *Fanout) passes(e Event) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return false
	}
	if e.Kind != PressedAccept && e.Kind != PressedDecline {
		return true
	}
	answered, rings := f.answered[e.Call]
	if answered || !rings {
		return false
	}
	f.answered[e.Call] = true
	return true
}

// Name is "all"; the events carry the names of the surfaces they come from.
func (f *Fanout) Name() string { return "all" }

// Present rings for a call on all surfaces.
func (f *Fanout) Present(c Call) {
	f.mu.Lock()
	if _, rings := f.answered[c.ID]; !rings {
		f.answered[c.ID] = false
	}
	f.mu.Unlock()
	f.each(func(s Surface) { s.Present(c) })
}

// Update changes the words of a call on all surfaces.
func (f *Fanout) Update(c Call) {
	f.each(func(s Surface) { s.Update(c) })
}

// Dismiss ends the ringing of a call on all surfaces.
func (f *Fanout) Dismiss(id string, why Why) {
	f.mu.Lock()
	delete(f.answered, id)
	f.mu.Unlock()
	f.each(func(s Surface) { s.Dismiss(id, why) })
}

// Notice shows a plain message on all surfaces.
func (f *Fanout) Notice(title, text string) {
	f.each(func(s Surface) { s.Notice(title, text) })
}

// Close closes all surfaces and joins their errors.
func (f *Fanout) Close() error {
	var errs []error
	f.each(func(s Surface) { errs = append(errs, s.Close()) })
	// Each surface is silent once its Close returned, so the events up to here
	// have passed and none can follow.
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	return errors.Join(errs...)
}

func (f *Fanout) each(do func(Surface)) {
	f.mu.Lock()
	surfaces := f.surfaces
	f.mu.Unlock()
	for _, s := range surfaces {
		do(s)
	}
}
