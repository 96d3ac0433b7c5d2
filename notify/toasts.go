package notify

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
)

// toastCloseWait bounds the Close of toasts: one call to Windows that hangs.
const toastCloseWait = attemptWait + time.Second

// toasts is the native surface of Windows: toasts with Accept and Decline
// buttons, and plain notices where Windows refuses those. It is the side that
// its callers see; toastWorker is the other. Windows itself is behind toaster, so
// that all but that is tested on every system.
//
// It tells no Closed: go-toast does not say when a person closed a toast.
type toasts struct {
	box    *mailbox
	worker *toastWorker
}

// newToasts returns a surface on t. plain makes the surface of plain notices; it
// is called when t fails for the first time.
func newToasts(o Options, t toaster, plain func(emit func(Event)) Surface, emit func(Event)) *toasts {
	box := newMailbox()
	s := &toasts{box, newToastWorker(o.withDefaults(), box, t, plain, emit)}
	go s.worker.run()
	return s
}

func (s *toasts) Name() string               { return Native }
func (s *toasts) Present(c Call)             { s.box.present(c) }
func (s *toasts) Update(c Call)              { s.box.update(c) }
func (s *toasts) Dismiss(id string, why Why) { s.box.dismiss(id, why) }
func (s *toasts) Notice(title, text string)  { s.box.notice(title, text) }

// press takes what Windows says of a press or a click. It returns at once.
func (s *toasts) press(arguments string) {
	select {
	case s.worker.presses <- arguments:
	default:
		s.worker.log.Warn("press on a toast dropped, too many wait", "dropped", s.worker.dropped.Add(1))
	}
}

// Hidden makes toasts a Hider.
func (s *toasts) Hidden(ctx context.Context) (bool, error) {
	return askHidden(ctx, s.worker.asks, s.worker.ended)
}

func (s *toasts) Close() error {
	s.worker.close()
	timeout := time.NewTimer(toastCloseWait)
	defer timeout.Stop()
	select {
	case <-s.worker.ended:
		return nil
	case <-timeout.C:
		return lang.Errorf("the system did not answer while Deskbell closed: notifications may be left on the screen, close them by hand")
	}
}
