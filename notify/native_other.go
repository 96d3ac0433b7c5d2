//go:build !linux && !windows

package notify

// NewNative returns the native surface of this system: plain notices, see
// [NewPlain].
func NewNative(o Options, emit func(Event)) Surface { return newBeeep(o, emit) }
