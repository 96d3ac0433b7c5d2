package idle

import (
	"time"

	"github.com/deskbell/deskbell/internal/lang"
)

// State is what is known of the screen.
type State int

// The states. After Unknown follows what is known, as soon as something is.
const (
	Unknown State = iota
	Unlocked
	Locked // or covered by a screen saver
)

// String returns the state as a word for the log.
func (s State) String() string {
	switch s {
	case Unlocked:
		return "unlocked"
	case Locked:
		return "locked"
	}
	return "unknown"
}

// ErrUnknown says that nothing on this desktop tells whether the screen is
// locked.
var ErrUnknown = lang.Errorf("this desktop does not tell Deskbell when the screen is locked: pause yourself when you leave your desk")

// Event is a change of the screen's state.
type Event struct {
	State State
	At    time.Time
}

// reading is all that a source knows at one time.
type reading struct {
	lock  State
	idle  time.Duration
	idles bool // idle is known
}
