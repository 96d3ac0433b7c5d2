package idle

import (
	"context"
	"time"
)

// LockOf and SinceTick are what Windows' answers mean.
var (
	LockOf    = lockOf
	SinceTick = sinceTick
)

// Reading is what a source tells at one time.
type Reading struct {
	Lock  State
	Idle  time.Duration
	Idles bool
}

// System runs the source of this system.
func System(ctx context.Context, o Options, tell func(Reading)) {
	system(ctx, o.withDefaults(), func(r reading) { tell(Reading{r.lock, r.idle, r.idles}) })
}

// WatchFrom is Watch with a source of the test.
func WatchFrom(ctx context.Context, o Options, from func(ctx context.Context, tell func(Reading))) *Watcher {
	return watch(ctx, o, func(ctx context.Context, _ Options, tell func(reading)) {
		from(ctx, func(r Reading) { tell(reading{r.Lock, r.Idle, r.Idles}) })
	})
}

// Poll is the source of Windows, with another thing to read.
func Poll(ctx context.Context, every time.Duration, read func() Reading, tell func(Reading)) {
	poll(ctx, every,
		func() reading { r := read(); return reading{r.Lock, r.Idle, r.Idles} },
		func(r reading) { tell(Reading{r.lock, r.idle, r.idles}) })
}
