package hub

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/routing"
)

// retryAppend is how long the dispatcher waits before it tries a call again
// whose event could not be written.
const retryAppend = time.Second

// dispatcher takes turns: it asks routing what is to be done, appends that to
// the log, and asks again when the log has told it back. So each decision knows
// of all before it. It runs in one goroutine and has one timer.
type dispatcher struct {
	live   *live
	append func(context.Context, calllog.Entry, uint64) (uint64, error)
	now    func() time.Time
	log    *slog.Logger
	woken  chan struct{} // capacity 1: something has changed
}

func newDispatcher(now func() time.Time, log *slog.Logger) *dispatcher {
	return &dispatcher{now: now, log: log, woken: make(chan struct{}, 1)}
}

// wake has the dispatcher ask soon. It never blocks.
func (d *dispatcher) wake() {
	select {
	case d.woken <- struct{}{}:
	default:
	}
}

// run takes turns until the context ends.
func (d *dispatcher) run(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for ctx.Err() == nil {
		e, next := d.live.next()
		if next.Act {
			d.carryOut(ctx, e, next)
			continue
		}
		timer.Reset(d.until(next.Wake))
		select {
		case <-ctx.Done():
		case <-d.woken:
		case <-timer.C:
		}
	}
}

// carryOut appends what routing decided.
func (d *dispatcher) carryOut(ctx context.Context, e calllog.Entry, next routing.Decision) {
	id := e.Call.ID
	after, err := e.Call.Apply(next.Event)
	if err != nil {
		d.log.Error("routing proposed what can't happen", "call", id, "event", next.Event.Kind, "err", err)
		d.live.retry(id, d.now().Add(retryAppend))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	seq, err := d.append(ctx, calllog.Entry{Event: next.Event, Call: after}, e.Seq)
	if err == nil {
		err = d.live.seen(ctx, seq)
	}
	if err == nil || errors.Is(ctx.Err(), context.Canceled) {
		return
	}
	// After a conflict the follower has the call decided about again, unless
	// the append that was first fails yet.
	d.live.retry(id, d.now().Add(retryAppend))
	if !errors.Is(err, calllog.ErrConflict) {
		d.log.Error("event not written; it is tried again", "call", id, "event", next.Event.Kind, "err", err)
	}
}

// until is how long there is nothing to do.
func (d *dispatcher) until(wake time.Time) time.Duration {
	if wake.IsZero() {
		return time.Hour
	}
	return max(0, wake.Sub(d.now()))
}
