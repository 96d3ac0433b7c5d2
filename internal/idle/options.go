package idle

import (
	"log/slog"
	"time"
)

// Options are the patience of a [Watcher]. The zero value is the default.
type Options struct {
	Logger *slog.Logger     // nil logs nothing
	Now    func() time.Time // nil is time.Now

	// Every is how often the system is asked for what it does not announce; if
	// zero, 5 s on Linux and 1 s on Windows.
	Every time.Duration
	// Deadline is how long one question may take; 3 s if zero.
	Deadline time.Duration
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Every <= 0 {
		o.Every = every
	}
	if o.Deadline <= 0 {
		o.Deadline = 3 * time.Second
	}
	return o
}
