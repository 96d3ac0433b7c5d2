package notify

import (
	"errors"
	"time"
)

// attemptWait bounds one call to a system that may hang.
const attemptWait = 5 * time.Second

var (
	errStuck   = errors.New("an earlier call still hangs")
	errSlow    = errors.New("the system took longer than " + attemptWait.String())
	errClosing = errors.New("the surface is being closed")
)

// attempts makes calls to a system that may hang, one at a time, and goes on
// without one that does. It belongs to one goroutine.
type attempts struct {
	stuck chan error // result of a call that hangs
}

// do calls f and waits until it returns, attemptWait is over or done is closed.
// While an earlier call hangs it does nothing but say so.
func (a *attempts) do(f func() error, done <-chan struct{}) error {
	if a.stuck != nil {
		select {
		case <-a.stuck:
			a.stuck = nil
		default:
			return errStuck
		}
	}
	result := make(chan error, 1)
	go func() { result <- f() }()

	timeout := time.NewTimer(attemptWait)
	defer timeout.Stop()
	select {
	case err := <-result:
		return err
	case <-timeout.C:
		a.stuck = result
		return errSlow
	case <-done:
		a.stuck = result
		return errClosing
	}
}

// settle waits for a call that nobody waited for, as long as do would.
func (a *attempts) settle() {
	if a.stuck == nil {
		return
	}
	timeout := time.NewTimer(attemptWait)
	defer timeout.Stop()
	select {
	case <-a.stuck:
		a.stuck = nil
	case <-timeout.C:
	}
}
