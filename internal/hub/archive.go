package hub

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/calllog"
)

// archive gives the history a row of each ended call. It is derived from the
// log: a row that is not written when the hub goes down is found again when it
// reads the log. What waits is bounded by what ends while the log can be
// written: when it can't, no call ends.
type archive struct {
	write func(context.Context, []calllog.Row) (done int, err error)
	// settled is a time before which no call was received that is open still.
	settled func() time.Time
	// offers tells whether a queue has a disposition in its list.
	offers func(queue, disposition string) bool
	log    *slog.Logger

	mu   sync.Mutex
	done uint64 // the place in the log up to which rows are there, or wait
	rows []calllog.Row
	// flushing keeps rows in their order.
	flushing sync.Mutex
}

// add takes an ended call, in the log's order.
func (a *archive) add(e calllog.Entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e.Seq <= a.done {
		return
	}
	row := calllog.RowOf(e)
	if !a.offers(row.Queue, row.Disposition) {
		row.Disposition = ""
	}
	a.done = e.Seq
	a.rows = append(a.rows, row)
}

// flush writes what waits, and keeps what could not be written.
func (a *archive) flush(ctx context.Context) {
	a.flushing.Lock()
	defer a.flushing.Unlock()
	settled := a.settled() // before the rows are taken: what ends meanwhile comes later
	a.mu.Lock()
	rows := a.rows
	a.rows = nil
	a.mu.Unlock()
	if len(rows) == 0 {
		return
	}
	rows[len(rows)-1].Settled = settled
	done, err := a.write(ctx, rows)
	if err == nil {
		return
	}
	a.log.Warn("history not written; it is tried again", "count", len(rows)-done, "err", err)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rows = append(rows[done:len(rows):len(rows)], a.rows...)
}
