//go:build linux

package gauge

import (
	"context"
	"fmt"
	"image"
	"time"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

const (
	// lookEvery is how often the screen is looked at: finer than a frame, and
	// seldom enough to leave the machine to what is measured.
	lookEvery = time.Millisecond
	// patience bounds a wait for something on the screen.
	patience = 15 * time.Second
	// most is the part of a spot that has to be different until something new
	// is there: less are a countdown and a clock.
	most = 0.25
)

// spot is a place on the screen where something comes and goes. What is behind
// it, and what it shows while a call rings, are its two pictures.
type spot struct {
	place         image.Rectangle
	bare, ringing []uint32
}

// watcher looks at spots.
type watcher struct {
	eye *desktoptest.Eye
}

// until looks at the spots until each is as it should be, and returns when each
// was so first.
func (w watcher) until(ctx context.Context, what string, so func(spot *spot, picture []uint32) bool, spots ...*spot) ([]time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	at := make([]time.Time, len(spots))
	for left := len(spots); ; {
		for i, s := range spots {
			if !at[i].IsZero() {
				continue
			}
			picture, err := w.eye.Look(s.place)
			if err != nil {
				return nil, err
			}
			if so(s, picture) {
				at[i] = time.Now()
				left--
			}
		}
		if left == 0 {
			return at, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("waited in vain for %s: %w", what, ctx.Err())
		}
	}
}

// painted waits until something stands on each of the spots.
func (w watcher) painted(ctx context.Context, spots ...*spot) ([]time.Time, error) {
	return w.until(ctx, "the call to be on the screen", func(s *spot, picture []uint32) bool {
		return changed(s.bare, picture) > most
	}, spots...)
}

// quiet waits until no spot shows the call that rings any more.
func (w watcher) quiet(ctx context.Context, spots ...*spot) ([]time.Time, error) {
	return w.until(ctx, "the call to stop ringing", func(s *spot, picture []uint32) bool {
		return changed(s.ringing, picture) > most
	}, spots...)
}

// cleared waits until each spot shows what is behind it.
func (w watcher) cleared(ctx context.Context, spots ...*spot) error {
	_, err := w.until(ctx, "the screen to be empty again", func(s *spot, picture []uint32) bool {
		return changed(s.bare, picture) == 0
	}, spots...)
	return err
}

// remember keeps how the spots look while a call rings.
func (w watcher) remember(spots ...*spot) (err error) {
	for _, s := range spots {
		if s.ringing, err = w.eye.Look(s.place); err != nil {
			return err
		}
	}
	return nil
}

// changed is the part of the pixels that differ, 0 to 1.
func changed(before, after []uint32) float64 {
	n := 0
	for i := range after {
		if i >= len(before) || before[i] != after[i] {
			n++
		}
	}
	return float64(n) / float64(max(len(after), 1))
}
