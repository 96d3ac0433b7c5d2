package hub

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

// lookEvery is how often it is looked whether the webhook of a test has come.
const lookEvery = 250 * time.Millisecond

// Arrivals looks for the webhook of a test meeting among a queue's payloads.
type Arrivals struct {
	// Payloads are those that the queue has now.
	Payloads func(ctx context.Context) ([]calllog.Payload, error)

	seen uint64 // the last payload before the test
}

// Begin has payloads count from now on.
func (a *Arrivals) Begin(ctx context.Context) error {
	all, err := a.Payloads(ctx)
	for _, p := range all {
		a.seen = max(a.seen, p.ID)
	}
	return err
}

// Wait waits for the payload that has one of the marks.
func (a *Arrivals) Wait(ctx context.Context, marks []string) (vidaoo.Arrival, error) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var found vidaoo.Arrival
	for {
		all, err := a.Payloads(ctx)
		if err != nil && ctx.Err() == nil {
			return found, err
		}
		found.Others = 0
		for _, p := range all {
			if p.ID <= a.seen || p.Replays != 0 {
				continue
			}
			if slices.ContainsFunc(marks, func(mark string) bool { return strings.Contains(p.Body, mark) }) {
				return vidaoo.Arrival{Call: p.Call, Refused: p.Detail, Warnings: p.Warnings}, nil
			}
			found.Others++
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return found, ctx.Err()
		}
	}
}
