package hub

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	payloadsEvery = time.Second
	maxPayloads   = 100 // that wait to be written; no queue keeps more than 50
)

// payloads keeps the bodies of webhooks for the administrator. One that made no
// call is on disk before it is answered; those that did are written a moment
// later, for their calls are on disk and must not wait for them.
type payloads struct {
	write func(ctx context.Context, queue string, p calllog.Payload) error
	log   *slog.Logger

	mu      sync.Mutex
	waiting []queuedPayload
	dropped int
}

type queuedPayload struct {
	queue   string
	payload calllog.Payload
}

// keepRefused keeps a payload that made no call.
func (p *payloads) keepRefused(ctx context.Context, queue string, payload calllog.Payload, refused error) error {
	problem := problemOf(refused)
	payload.Code, payload.Detail = string(problem.Code), problem.Detail
	return p.write(ctx, queue, payload)
}

// keepUsed keeps a payload that made a call, or belongs to one.
func (p *payloads) keepUsed(queue string, payload calllog.Payload, answer wire.Received) {
	payload.Call, payload.Duplicate = answer.Call.ID, answer.Duplicate
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = append(p.waiting, queuedPayload{queue, payload})
	if len(p.waiting) > maxPayloads { // the newest are the ones that are looked for
		p.waiting = p.waiting[1:]
		p.dropped++
	}
}

// flush writes what waits.
func (p *payloads) flush(ctx context.Context) {
	p.mu.Lock()
	waiting, dropped := p.waiting, p.dropped
	p.waiting, p.dropped = nil, 0
	p.mu.Unlock()
	for _, w := range waiting {
		if err := p.write(ctx, w.queue, w.payload); err != nil {
			p.log.Warn("payload not kept", "queue", w.queue, "err", err)
			dropped++
		}
	}
	if dropped > 0 {
		p.log.Info("payloads not kept: more came than are kept", "count", dropped)
	}
}

// unusable tells whether an error is about the payload itself.
func unusable(err error) bool {
	switch codeOf(err) {
	case wire.CodeUnreadable, wire.CodeNoSessionLink, call.NotFound, call.BadRequest:
		return true
	default:
		return false
	}
}

// noQueue is the answer of administration to a queue that is not there.
var noQueue = &call.Error{Code: call.NotFound, Message: "There is no such queue: 'queue list' shows them."}
