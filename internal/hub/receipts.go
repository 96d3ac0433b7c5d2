package hub

import (
	"context"
	"log/slog"
	"sync"

	"github.com/deskbell/deskbell/internal/call"
)

const maxReceipts = 10_000 // that wait to be written

// receipts collects delivery receipts and writes them now and then, so that a
// call that rings on a thousand desks costs one write and not two thousand.
type receipts struct {
	write func(ctx context.Context, queue, id string, r []call.Receipt) error
	log   *slog.Logger

	// flushing has who asks for it wait until what was taken is written.
	flushing sync.Mutex

	mu      sync.Mutex
	waiting map[receiptKey][]call.Receipt
	count   int
	dropped int
}

type receiptKey struct{ queue, id string }

func (r *receipts) add(queue, id string, receipt call.Receipt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count >= maxReceipts {
		r.dropped++
		return
	}
	if r.waiting == nil {
		r.waiting = map[receiptKey][]call.Receipt{}
	}
	key := receiptKey{queue, id}
	r.waiting[key] = append(r.waiting[key], receipt)
	r.count++
}

// flush writes what has been collected. A receipt that can't be written is
// dropped and counted: it is worth less than the calls that need the log.
func (r *receipts) flush(ctx context.Context) {
	r.flushing.Lock()
	defer r.flushing.Unlock()
	r.mu.Lock()
	waiting, dropped := r.waiting, r.dropped
	r.waiting, r.count, r.dropped = nil, 0, 0
	r.mu.Unlock()
	for key, some := range waiting {
		if err := r.write(ctx, key.queue, key.id, some); err != nil {
			r.log.Warn("receipts not written", "call", key.id, "err", err)
			dropped += len(some)
		}
	}
	if dropped > 0 {
		r.log.Warn("receipts dropped", "count", dropped)
	}
}
