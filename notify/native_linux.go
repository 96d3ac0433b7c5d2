package notify

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
)

// closeWait bounds Close: a notification that is being sent, and the
// withdrawal.
const closeWait = 2*busWait + time.Second

// NewNative returns the native surface: notifications with Accept and Decline
// buttons through org.freedesktop.Notifications. It connects to the session bus
// by itself, and again whenever the bus or the notification service was away;
// what rings then is shown as soon as they are back.
//
// A notification that the person closed or answered stays off the screen,
// whatever is presented or updated, until the call is dismissed.
//
// The returned surface is also a [Hider].
func NewNative(o Options, emit func(Event)) Surface {
	ctx, cancel := context.WithCancel(context.Background())
	box := newMailbox()
	n := &native{
		box:    box,
		worker: newWorker(o.withDefaults(), box, emit),
		cancel: cancel,
		ended:  make(chan struct{}),
	}
	go func() {
		defer close(n.ended)
		n.worker.run(ctx)
	}()
	return n
}

// native is the side of the surface that its callers see; worker is the other.
type native struct {
	box    *mailbox
	worker *worker

	cancel context.CancelFunc // ends the worker
	ended  chan struct{}      // closed when it has ended
}

func (n *native) Name() string               { return Native }
func (n *native) Present(c Call)             { n.box.present(c) }
func (n *native) Update(c Call)              { n.box.update(c) }
func (n *native) Dismiss(id string, why Why) { n.box.dismiss(id, why) }
func (n *native) Notice(title, text string)  { n.box.notice(title, text) }

func (n *native) Close() error {
	n.worker.silent.Store(true)
	n.cancel()
	timeout := time.NewTimer(closeWait)
	defer timeout.Stop()
	select {
	case <-n.ended:
		return nil
	case <-timeout.C:
		return lang.Errorf("the notification service did not answer while Deskbell closed: notifications may be left on the screen, close them by hand")
	}
}
