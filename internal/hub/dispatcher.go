package hub

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/calllog"
)

// retryAppend is how long the dispatcher waits before it tries a call again
// whose event could not be written.
const retryAppend = time.Second

// dispatcher takes turns: each call that was touched, or whose deadline has
// come, is given to routing, and what routing answers is appended to the log.
// It runs in one goroutine and has one timer.
type dispatcher struct {
	live   *live
	append func(context.Context, calllog.Entry, uint64) (uint64, error)
	now    func() time.Time
	log    *slog.Logger

	wake chan struct{} // capacity 1: something was touched

	mu      sync.Mutex
	touched map[string]bool      // call ids
	graces  map[string]time.Time // usernames whose grace is new
}

func newDispatcher(now func() time.Time, log *slog.Logger) *dispatcher {
	return &dispatcher{
		now: now, log: log, wake: make(chan struct{}, 1),
		touched: map[string]bool{}, graces: map[string]time.Time{},
	}
}

// touch has calls looked at soon. It never blocks.
func (d *dispatcher) touch(ids ...string) {
	if len(ids) == 0 {
		return
	}
	d.mu.Lock()
	for _, id := range ids {
		d.touched[id] = true
	}
	d.mu.Unlock()
	d.signal()
}

// graceUntil has an agent looked at when its grace is over. A later one takes
// the place of an earlier.
func (d *dispatcher) graceUntil(username string, at time.Time) {
	d.mu.Lock()
	d.graces[username] = at
	d.mu.Unlock()
	d.signal()
}

func (d *dispatcher) signal() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// run takes turns until the context ends.
func (d *dispatcher) run(ctx context.Context) {
	var calls, graces deadlines
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		for _, id := range d.take(&calls, &graces) {
			if ctx.Err() != nil {
				return
			}
			calls.set(id, d.turn(ctx, id))
		}
		timer.Reset(d.until(&calls, &graces))
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		case <-timer.C:
		}
	}
}

// take collects the calls to look at now, longest waiting first.
func (d *dispatcher) take(calls, graces *deadlines) []string {
	d.mu.Lock()
	touched, lost := d.touched, d.graces
	d.touched, d.graces = map[string]bool{}, map[string]time.Time{}
	d.mu.Unlock()
	for name, at := range lost {
		graces.set(name, at)
	}
	now := d.now()
	for _, name := range graces.due(now) {
		d.live.graceOver(name) // touches calls: they come with the next turn
	}
	for _, id := range calls.due(now) {
		touched[id] = true
	}
	ids := slices.Collect(maps.Keys(touched))
	d.live.inOrder(ids)
	return ids
}

// turn decides about one call and returns when to look at it again.
func (d *dispatcher) turn(ctx context.Context, id string) time.Time {
	e, turn := d.live.turn(id)
	if !turn.Act {
		return turn.Wake
	}
	after, err := e.Call.Apply(turn.Event)
	if err != nil {
		d.log.Error("routing proposed what can't happen", "call", id, "event", turn.Event.Kind, "err", err)
		return d.now().Add(retryAppend)
	}
	switch _, err := d.append(ctx, calllog.Entry{Event: turn.Event, Call: after}, e.Seq); {
	case err == nil:
		return time.Time{} // the follower touches the call again
	case errors.Is(err, calllog.ErrConflict):
		// The follower touches the call again, unless the append that was first
		// fails yet.
		return d.now().Add(retryAppend)
	case ctx.Err() != nil:
		return time.Time{}
	default:
		d.log.Error("event not written; it is tried again", "call", id, "event", turn.Event.Kind, "err", err)
		return d.now().Add(retryAppend)
	}
}

// until is how long there is nothing to do.
func (d *dispatcher) until(calls, graces *deadlines) time.Duration {
	next := calls.next()
	if g := graces.next(); next.IsZero() || (!g.IsZero() && g.Before(next)) {
		next = g
	}
	if next.IsZero() {
		return time.Hour
	}
	return max(0, next.Sub(d.now()))
}
