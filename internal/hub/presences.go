package hub

import (
	"context"
	"log/slog"
	"maps"
	"sync"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
)

const maxPresences = 20_000 // that wait to be written

// presences collects changes of presence and writes them now and then: they
// tell later why a call did not ring for somebody.
type presences struct {
	write func(context.Context, calllog.Presences) error
	log   *slog.Logger

	// flushing has who asks for it wait until what was taken is written.
	flushing sync.Mutex

	mu      sync.Mutex
	batches []calllog.Presences
	count   int
	dropped int
}

// note takes a change.
func (p *presences) note(username string, now call.Presence) {
	p.add(calllog.Presences{Agents: map[string]call.Presence{username: now}})
}

// noteAll takes the presence of everybody.
func (p *presences) noteAll(all map[string]call.Presence) {
	p.add(calllog.Presences{Whole: true, Agents: all})
}

func (p *presences) add(b calllog.Presences) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.count+len(b.Agents) > maxPresences && p.count > 0 {
		p.dropped += len(b.Agents)
		return
	}
	p.count += len(b.Agents)
	// One message holds the changes of many agents, but one of each.
	if last := len(p.batches) - 1; last >= 0 && !b.Whole && disjoint(p.batches[last].Agents, b.Agents) {
		maps.Copy(p.batches[last].Agents, b.Agents)
		return
	}
	p.batches = append(p.batches, b)
}

func disjoint(a, b map[string]call.Presence) bool {
	for name := range b {
		if _, both := a[name]; both {
			return false
		}
	}
	return true
}

// flush writes what waits. What can't be written is dropped and counted: it is
// worth less than the calls that need the log.
func (p *presences) flush(ctx context.Context) {
	p.flushing.Lock()
	defer p.flushing.Unlock()
	p.mu.Lock()
	batches, dropped := p.batches, p.dropped
	p.batches, p.count, p.dropped = nil, 0, 0
	p.mu.Unlock()
	for _, b := range batches {
		if err := p.write(ctx, b); err != nil {
			p.log.Warn("presence not written", "err", err)
			dropped += len(b.Agents)
		}
	}
	if dropped > 0 {
		p.log.Warn("changes of presence dropped", "count", dropped)
	}
}
