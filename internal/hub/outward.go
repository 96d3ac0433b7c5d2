package hub

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/outbox"
)

// maxOutward bounds what waits to be written to the outbox.
const maxOutward = 10_000

// tiding is something of a call that somebody outside may have to be told.
type tiding struct {
	what string
	at   time.Time
	call call.Call
}

// outward derives from the log what is to be told outside, and has it written to
// the outbox in the log's order. What a kill kept from being written is found
// again in the last entry of each call: what is written already is not again.
type outward struct {
	write  func(context.Context, tiding) error
	wanted func(tiding) bool // somebody is to be told
	log    *slog.Logger
	recent time.Duration // how far back it looks after a start
	now    func() time.Time

	mu      sync.Mutex
	waiting []tiding
	dropped int
	wake    chan struct{}
}

// found takes the last entry of a call, when the log is read at the start.
func (o *outward) found(e calllog.Entry) {
	c := e.Call
	if n, ok := leftOn(c); ok && o.now().Sub(n.at) < o.recent {
		o.put(n)
	}
	if c.DeleteMeeting && o.now().Sub(c.Ended) < o.recent {
		o.put(tiding{whatDeleted, c.Ended, c})
	}
	for _, n := range []tiding{{whatWaiting, c.Alerted, c}, {whatClosed, c.Accepted, c}, {whatMissed, c.Ended, c}} {
		if o.now().Sub(n.at) < o.recent && (n.what != whatMissed || c.Outcome == call.Missed) {
			o.put(n)
		}
	}
}

// add takes the next entry of the log.
func (o *outward) add(e calllog.Entry) {
	switch e.Event.Kind {
	case call.KindReceived:
		if e.Call.Outcome == call.Missed { // a note of a customer whom nobody could be rung for
			o.put(tiding{whatMissed, e.Event.At, e.Call})
		}
	case call.KindAlerted:
		o.put(tiding{whatWaiting, e.Event.At, e.Call})
	case call.KindAccepted:
		o.put(tiding{whatClosed, e.Event.At, e.Call})
	case call.KindMissed:
		o.put(tiding{whatMissed, e.Event.At, e.Call})
	case call.KindFinished, call.KindReturned, call.KindCanceled, call.KindLeft, call.KindRecordingStarted:
		if n, ok := leftOn(e.Call); ok {
			o.put(n)
		}
		if e.Event.DeleteMeeting { // after its recording
			o.put(tiding{whatDeleted, e.Event.At, e.Call})
		}
	}
}

func (o *outward) put(n tiding) {
	if !o.wanted(n) {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) == maxOutward {
		o.dropped++
		return
	}
	n.call.Link, n.call.Offers, n.call.Passed = "", nil, nil // not told, and large
	o.waiting = append(o.waiting, n)
	if o.wake != nil {
		close(o.wake)
		o.wake = nil
	}
}

// run writes until the context ends.
func (o *outward) run(ctx context.Context) {
	for {
		o.mu.Lock()
		some, dropped := o.waiting, o.dropped
		o.waiting, o.dropped = nil, 0
		wake := make(chan struct{})
		o.wake = wake
		o.mu.Unlock()
		if dropped > 0 {
			o.log.Error("not told outside: too much waited to be written", "count", dropped)
		}
		for _, n := range some {
			o.try(ctx, n)
		}
		if len(some) > 0 {
			continue
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return
		}
	}
}

// try writes one, again and again: when the log can't be written, the hub ends
// and finds it at the next start.
func (o *outward) try(ctx context.Context, n tiding) {
	for ctx.Err() == nil {
		err := o.write(ctx, n)
		if err == nil || ctx.Err() != nil {
			return
		}
		o.log.Warn("not written to the outbox; it is tried again", "call", n.call.ID, "err", err)
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
}

// wantedOutside tells whether there is anybody outside to be told of something.
func (h *Hub) wantedOutside(n tiding) bool {
	if n.toVidaoo() {
		return true
	}
	if n.what == whatClosed {
		q, ok := h.directory.Queue(n.call.Queue)
		return ok && q.MotionURL != ""
	}
	return slices.ContainsFunc(h.directory.hooks.all(), func(k Hook) bool { return k.wants(n) })
}

// tellOutside writes to the outbox what somebody outside is to be told.
func (h *Hub) tellOutside(ctx context.Context, n tiding) error {
	switch {
	case n.toVidaoo():
		return h.tellVidaoo(ctx, n)
	case n.what == whatClosed:
		return h.tellMotion(ctx, n)
	}
	return h.tellHooks(ctx, n)
}

// tellMotion has the interaction of a call closed that an agent of ours took.
func (h *Hub) tellMotion(ctx context.Context, n tiding) error {
	q, ok := h.directory.Queue(n.call.Queue)
	if !ok || q.MotionURL == "" {
		return nil
	}
	if !h.outbox.Room(outbox.Target{Kind: kindMotion, Name: q.Name}) {
		h.log.Error("interaction not closed in Motion: too much waits", "queue", q.Name, "call", n.call.ID)
		return nil
	}
	_, err := h.calls.AppendDelivery(ctx, calllog.Delivery{
		Address: calllog.Address{Kind: kindMotion, Target: q.Name, Call: n.call.ID, What: whatClosed}, At: h.now(),
	})
	return err
}

// hastenMotion tries at once what waits for Motion: its key has changed.
func (h *Hub) hastenMotion() {
	for _, q := range h.directory.Queues() {
		h.outbox.Hasten(outbox.Target{Kind: kindMotion, Name: q.Name})
	}
}

// What hooks are told.
const (
	whatWaiting = "waiting" // a call has waited for the alert time
	whatMissed  = "missed"
)
