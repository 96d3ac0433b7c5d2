//go:build cgo

package ring

// #cgo pkg-config: alsa
//
// #include <alsa/asoundlib.h>
//
// static void ignore(const char *file, int line, const char *function, int err, const char *format, ...) {}
//
// static void quiet(void) { snd_lib_error_set_handler(ignore); }
import "C"

import (
	"os"
	"path/filepath"
)

// canPlay tells whether it is worth to open ALSA's default device. It is asked
// before every try because a process has only one, and a headset that is
// plugged in later should still ring. ALSA's own complaints go to standard error
// unless they are silenced; the error that a try returns says enough.
func canPlay() bool {
	C.quiet()
	return hasOutput("/dev/snd", os.Getenv)
}

// hasOutput looks for a playback device of the kernel and for the sockets of
// PulseAudio and PipeWire, to which ALSA's default device may lead.
func hasOutput(devices string, getenv func(string) string) bool {
	if getenv("PULSE_SERVER") != "" {
		return true
	}
	patterns := []string{filepath.Join(devices, "pcmC*D*p")}
	if run := getenv("XDG_RUNTIME_DIR"); run != "" {
		patterns = append(patterns, filepath.Join(run, "pulse", "native"), filepath.Join(run, "pipewire-0"))
	}
	for _, pattern := range patterns {
		// The only error is a pattern that cannot be read; it matches nothing.
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return true
		}
	}
	return false
}
