package notify

import (
	"errors"
	"fmt"
	"syscall"
)

// channel is where a toast stands in Windows' history and settings.
type channel string

// The channels. The history of calls is cleared whenever a call has ended, since
// no single toast can be taken out of it. Notices have a channel of their own,
// or a call would sweep away what an agent has missed.
const (
	callToasts   channel = ""
	noticeToasts channel = ".Notices" // what its id adds to the app's
)

// toaster is what the surface needs of Windows. Its methods may block and are
// called one at a time.
type toaster interface {
	// Register tells Windows who the app is; it may be called again.
	Register() error
	// Show puts a toast on the screen.
	Show(to channel, xml string) error
	// Clear takes all toasts of calls off the screen and out of the history.
	Clear() error
	// Allowed tells whether the person lets the app show toasts of calls. Windows
	// drops them without an error otherwise.
	Allowed() (bool, error)
	// Hidden tells whether Windows keeps toasts off the screen now.
	Hidden() (bool, error)
}

// noInterface is COM's E_NOINTERFACE.
const noInterface = 0x80004002

// pusher is go-toast's Push, with what surprises in it kept from the surface.
type pusher struct {
	push func(appID, xml string) error
	dead error // why it never works again
}

func (p *pusher) show(appID, xml string) error {
	if p.dead != nil {
		return p.dead
	}
	err := p.push(appID, xml)
	if err != nil && code(err) != noInterface {
		// Its first call fails where other code of this process, as beeep's, has
		// made COM ready on the same thread. It did not show anything then.
		err = p.push(appID, xml)
	}
	if code(err) == noInterface {
		// From now on it would show nothing and say that all is well.
		p.dead = err
	}
	return err
}

// code is the HRESULT in an error, 0 if it has none.
func code(err error) uint32 {
	var coded interface{ Code() uintptr }
	if errors.As(err, &coded) {
		return uint32(coded.Code())
	}
	return 0
}

// cause is the loggable part of an error of the toaster. Its text is not: it may
// repeat what the toast said.
func cause(err error) string {
	var number syscall.Errno
	switch {
	case errors.Is(err, errSlow), errors.Is(err, errStuck):
		return err.Error()
	case code(err) != 0:
		return fmt.Sprintf("HRESULT 0x%08X", code(err))
	case errors.As(err, &number):
		return fmt.Sprintf("system error %d", uint(number))
	}
	return fmt.Sprintf("%T", err)
}
