package notify

import (
	"sync"
	"sync/atomic"

	"git.sr.ht/~jackmordaunt/go-toast/v2/wintoast"
)

// defaultAppID is the AppUserModelID of an app that has no other.
const defaultAppID = "io.github.deskbell.Deskbell"

// NewNative returns the native surface: toasts with Accept and Decline buttons
// that stay on the screen until the call is answered or has ended. Where Windows
// does not show toasts, it says so with ErrNoToasts and shows calls as plain
// notices, see [NewPlain]; it tries toasts again with each call.
//
// A toast that was pressed or clicked stays off the screen, whatever is
// presented or updated, until the call is dismissed. Of a toast that the person
// closed nothing is known.
//
// The returned surface is also a [Hider].
func NewNative(o Options, emit func(Event)) Surface {
	plain := func(emit func(Event)) Surface { return newBeeep(o, emit) }
	s := newToasts(o, newWindowsToaster(o.withDefaults()), plain, emit)
	listen(s)
	return s
}

// pressed is the surface that hears of presses: the latest one. go-toast knows
// one listener for the process, and reads it without a lock.
var (
	pressed   atomic.Pointer[toasts]
	listening sync.Once
)

func listen(s *toasts) {
	pressed.Store(s)
	listening.Do(func() {
		wintoast.SetActivationCallback(func(_, arguments string, _ []wintoast.UserData) {
			pressed.Load().press(arguments)
		})
	})
}
