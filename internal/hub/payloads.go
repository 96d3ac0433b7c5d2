package hub

import (
	"context"
	"log/slog"
	"sync"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/wire"
)

const maxPayloads = 50 // of one queue that wait to be written; it keeps no more

// payloads keeps the bodies of webhooks for the administrator. One that made no
// call is on disk before it is answered; those that did are written a moment
// later, for their calls are on disk and must not wait for them.
type payloads struct {
	write func(ctx context.Context, p calllog.Payload) (id uint64, err error)
	log   *slog.Logger

	// flushing has who asks for it wait until what was taken is written.
	flushing sync.Mutex
	mu       sync.Mutex
	waiting  map[string][]calllog.Payload // by queue
	dropped  int
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
	if p.waiting == nil {
		p.waiting = map[string][]calllog.Payload{}
	}
	some := append(p.waiting[payload.Queue], payload)
	if len(some) > maxPayloads { // the newest are the ones that are looked for
		some = some[1:]
		p.dropped++
	}
	p.waiting[payload.Queue] = some
}

// flush writes what waits.
func (p *payloads) flush(ctx context.Context) {
	p.flushing.Lock()
	defer p.flushing.Unlock()
	p.mu.Lock()
	waiting, dropped := p.waiting, p.dropped
	p.waiting, p.dropped = nil, 0
	p.mu.Unlock()
	for queue, some := range waiting {
		for _, payload := range some {
			if _, err := p.write(ctx, payload); err != nil {
				p.log.Warn("payload not kept", "queue", queue, "err", err)
				dropped++
			}
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
