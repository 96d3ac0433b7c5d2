//go:build linux

package desktoptest

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// patience bounds a wait whose context has no deadline.
	patience = 30 * time.Second
	// pollEvery is how often a wait asks again.
	pollEvery = 40 * time.Millisecond
	// toolDeadline bounds one run of a tool such as xdotool, and one call on a bus.
	toolDeadline = 10 * time.Second
)

// Await is how this package waits, for what it has no wait of its own.
func Await(ctx context.Context, what string, ask func(context.Context) (done bool, err error)) error {
	return await(ctx, what, ask)
}

// await asks until the answer is done, or the context ends, or 30 seconds have passed if it has no
// deadline. An error with done ends the wait; an error without done is the reason told if time runs out.
func await(ctx context.Context, what string, ask func(context.Context) (done bool, err error)) error {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var reason error
	for {
		done, err := ask(ctx)
		if done {
			return err
		}
		if err != nil && ctx.Err() == nil {
			reason = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("desktop: waited in vain for %s: %w", what, errors.Join(ctx.Err(), reason))
		case <-tick.C:
		}
	}
}
