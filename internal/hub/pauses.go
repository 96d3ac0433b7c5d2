package hub

import (
	"context"
	"log/slog"
	"sync"

	"github.com/deskbell/deskbell/internal/call"
)

// pauses collects pauses that a rule made, to be kept: they count at once, but
// whoever makes them can't wait for the disk.
type pauses struct {
	write func(ctx context.Context, username string, p call.Presence) error
	log   *slog.Logger

	mu      sync.Mutex
	waiting map[string]call.Presence // by username
}

func (p *pauses) add(username string, now call.Presence) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting == nil {
		p.waiting = map[string]call.Presence{}
	}
	p.waiting[username] = now
}

// flush writes what waits. A pause that can't be written counts until the hub
// restarts.
func (p *pauses) flush(ctx context.Context) {
	p.mu.Lock()
	waiting := p.waiting
	p.waiting = nil
	p.mu.Unlock()
	for name, presence := range waiting {
		if err := p.write(ctx, name, presence); err != nil {
			p.log.Warn("a pause was not written", "agent", name, "err", err)
		}
	}
}
