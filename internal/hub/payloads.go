package hub

import (
	"context"
	"log/slog"
	"sync"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/wire"
)

const maxPayloads = 100 // that wait to be written; no queue keeps more than 50

// payloads keeps the bodies of webhooks for the administrator. One that made no
// call is on disk before it is answered; those that did are written a moment
// later, for their calls are on disk and must not wait for them.
type payloads struct {
	write func(ctx context.Context, p calllog.Payload) (id uint64, err error)
	log   *slog.Logger

	mu      sync.Mutex
	waiting []calllog.Payload
	dropped int
}

// keepRefused keeps a payload that made no call.
func (p *payloads) keepRefused(ctx context.Context, payload calllog.Payload, refused error) (id uint64, err error) {
	problem := problemOf(refused)
	payload.Code, payload.Detail = string(problem.Code), problem.Detail
	return p.write(ctx, payload)
}

// keepUsed keeps a payload that made a call, or belongs to one.
func (p *payloads) keepUsed(payload calllog.Payload, answer wire.Received) {
	payload.Call, payload.Duplicate = answer.Call.ID, answer.Duplicate
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = append(p.waiting, payload)
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
	for _, payload := range waiting {
		if _, err := p.write(ctx, payload); err != nil {
			p.log.Warn("payload not kept", "queue", payload.Queue, "err", err)
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
