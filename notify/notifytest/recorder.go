package notifytest

import (
	"errors"
	"slices"
	"sync"

	"github.com/deskbell/deskbell/notify"
)

// Dismissal is one call of Dismiss for a call that rang.
type Dismissal struct {
	Call string
	Why  notify.Why
}

// Notice is one call of Notice.
type Notice struct{ Title, Text string }

// Recorder is a surface that shows nothing, records everything and does what
// the test says. It emits only from Press and Fail, on the test's goroutine.
type Recorder struct {
	name string
	emit func(notify.Event)

	mu         sync.Mutex
	ringing    []notify.Call // in the order of their first Present
	dismissals []Dismissal
	notices    []Notice
	closed     bool
}

var _ notify.Surface = (*Recorder)(nil)

// NewRecorder returns a surface of that name.
func NewRecorder(name string, emit func(notify.Event)) *Recorder {
	return &Recorder{name: name, emit: emit}
}

// Name implements notify.Surface.
func (r *Recorder) Name() string { return r.name }

// Present implements notify.Surface.
func (r *Recorder) Present(c notify.Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := r.index(c.ID); i >= 0 {
		r.ringing[i] = c
		return
	}
	r.ringing = append(r.ringing, c)
}

// Update implements notify.Surface.
func (r *Recorder) Update(c notify.Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := r.index(c.ID); i >= 0 {
		r.ringing[i] = c
	}
}

// Dismiss implements notify.Surface.
func (r *Recorder) Dismiss(id string, why notify.Why) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := r.index(id); i >= 0 {
		r.ringing = slices.Delete(r.ringing, i, i+1)
		r.dismissals = append(r.dismissals, Dismissal{id, why})
	}
}

// Notice implements notify.Surface.
func (r *Recorder) Notice(title, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notices = append(r.notices, Notice{title, text})
}

// Close implements notify.Surface. A second Close is an error, so that a test
// notices it.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return errors.New("notifytest: the recorder was closed already: close a surface once")
	}
	r.closed = true
	r.ringing = nil
	return nil
}

// Press emits an event of that kind for a call, as the person or the screen
// would: notify.Shown, PressedAccept, PressedDecline, Opened or Closed. After
// Close it emits nothing.
func (r *Recorder) Press(id string, kind notify.Kind) {
	r.tell(notify.Event{Kind: kind, Surface: r.name, Call: id})
}

// Fail emits notify.Failed for a call, or for the surface if id is empty.
func (r *Recorder) Fail(id string, err error) {
	r.tell(notify.Event{Kind: notify.Failed, Surface: r.name, Call: id, Err: err})
}

func (r *Recorder) tell(e notify.Event) {
	r.mu.Lock()
	closed := r.closed
	r.mu.Unlock()
	if !closed {
		r.emit(e)
	}
}

// Ringing returns the calls that ring, oldest first, with their latest words.
func (r *Recorder) Ringing() []notify.Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.ringing)
}

// Dismissals returns how calls that rang were ended, oldest first.
func (r *Recorder) Dismissals() []Dismissal {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.dismissals)
}

// Notices returns the plain messages, oldest first.
func (r *Recorder) Notices() []Notice {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.notices)
}

// index returns where a call is among the ringing ones, or -1.
func (r *Recorder) index(id string) int {
	return slices.IndexFunc(r.ringing, func(c notify.Call) bool { return c.ID == id })
}
