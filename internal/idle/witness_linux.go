package idle

import (
	"time"

	"github.com/godbus/dbus/v5"
)

// witness is a service that may know of the screen. It is asked by one
// goroutine at a time, and hears its signals on another.
type witness interface {
	// service is its name on the bus.
	service() string
	// signals match what it sends when something changes; nil if it sends nothing.
	signals() []dbus.MatchOption
	// hear reads a signal. ours is false for one that means nothing here; the
	// state is Unknown if the witness must be asked what it means.
	hear(s *dbus.Signal) (lock State, ours bool)
	// ask asks everything that it may know.
	ask(q inquiry) answer
}

// answer is what a witness says when asked.
type answer struct {
	statement
	lockAt dbus.Sequence // the message that told the lock
	silent bool          // it did not answer, not even with a refusal
}

// maxIdle bounds what counts as an idle time; more is nonsense.
const maxIdle = 366 * 24 * time.Hour

// milliseconds reads an idle time of any type of integer.
func milliseconds(value any) (idle time.Duration, ok bool) {
	var n uint64
	switch v := value.(type) {
	case uint32:
		n = uint64(v)
	case uint64:
		n = v
	case int32:
		n = uint64(v) // a negative one is too large
	case int64:
		n = uint64(v)
	default:
		return 0, false
	}
	if n > uint64(maxIdle.Milliseconds()) {
		return 0, false
	}
	return time.Duration(n) * time.Millisecond, true
}

// only is the single value of a message, if it is of that type.
func only[T any](body []any) (value T, ok bool) {
	if len(body) != 1 {
		return value, false
	}
	value, ok = body[0].(T)
	return value, ok
}

func lockedIf(locked bool) State {
	if locked {
		return Locked
	}
	return Unlocked
}
