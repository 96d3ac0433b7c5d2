package idle

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	retryFirst = 250 * time.Millisecond
	retryMost  = time.Minute
)

// line is the way to the witnesses on one bus. It has a goroutine of its own.
type line struct {
	dial      dialer
	witnesses []witness
	testimony *testimony
	opts      Options
	log       *slog.Logger
}

// run attends the bus until ctx ends, and tries again whenever it is out of reach.
func (l *line) run(ctx context.Context) {
	pause := retryFirst
	for {
		began := time.Now()
		err := l.attend(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > retryMost {
			pause = retryFirst
		}
		level := slog.LevelInfo
		if pause > retryFirst {
			level = slog.LevelDebug // told already
		}
		l.log.Log(ctx, level, "bus out of reach", "err", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, retryMost)
	}
}

// attend connects to the bus and hears the witnesses until the connection is
// lost. What they said does not hold any longer then.
func (l *line) attend(ctx context.Context) error {
	conn, err := connect(ctx, l.dial, l.opts.Deadline, l.witnesses, l.log)
	if err != nil {
		return err
	}
	h := newHearing(ctx, l, conn)
	err = h.run()
	h.end()
	if ctx.Err() == nil {
		for _, s := range h.seats {
			l.testimony.put(s.service(), statement{})
		}
	}
	return err
}

// hearing is the time of one connection. All runs on the line's goroutine but
// the questions.
type hearing struct {
	*line
	conn    *connection
	seats   []*seat
	inquiry inquiry
	cancel  context.CancelFunc // ends the questions
	asking  sync.WaitGroup
	found   chan findings // has room for one per seat
}

func newHearing(ctx context.Context, l *line, conn *connection) *hearing {
	ctx, cancel := context.WithCancel(ctx)
	h := &hearing{
		line: l, conn: conn, cancel: cancel,
		inquiry: inquiry{ctx: ctx, conn: conn.Conn, deadline: l.opts.Deadline},
		found:   make(chan findings, len(l.witnesses)),
	}
	for _, w := range l.witnesses {
		h.seats = append(h.seats, &seat{witness: w})
	}
	return h
}

// end waits for the questions that are open, which ends them first.
func (h *hearing) end() {
	h.cancel()
	h.conn.close()
	h.asking.Wait()
}

func (h *hearing) run() error {
	h.askAll()
	ticker := time.NewTicker(h.opts.Every)
	defer ticker.Stop()
	for {
		select {
		case <-h.inquiry.ctx.Done():
			return h.inquiry.ctx.Err()
		case <-h.conn.lost():
			return dbus.ErrClosed
		case s := <-h.conn.signals:
			h.hear(s)
		case f := <-h.found:
			if f.busLost {
				return context.DeadlineExceeded
			}
			h.conclude(f)
		case <-ticker.C:
			h.askAll()
		}
	}
}

func (h *hearing) askAll() {
	for _, s := range h.seats {
		if s.isDue() {
			h.ask(s)
		}
	}
}

// ask asks a witness, or asks it again when a question is open: its answer may
// be older than the reason to ask.
func (h *hearing) ask(s *seat) {
	if s.asking {
		s.again = true
		return
	}
	s.asking, s.again = true, false
	owner := s.owner
	h.asking.Go(func() { h.found <- inquire(h.inquiry, s, owner) })
}

func (h *hearing) conclude(f findings) {
	s := f.seat
	s.asking = false
	if f.located {
		s.locate(f.owner, f.ownerAt)
	}
	if f.owner != "" && f.owner == s.owner {
		if f.answer.silent {
			h.log.Debug("no answer", "service", s.service())
		}
		s.take(f.answer)
	}
	h.testimony.put(s.service(), s.said)
	if s.again {
		h.ask(s)
	}
}

// hear takes a signal of the bus or of a witness. Only the owner of a service's
// name is heard: anyone on the bus could send the same.
func (h *hearing) hear(signal *dbus.Signal) {
	if signal.Name == ownerChanged {
		h.ownerChanged(signal)
		return
	}
	for _, s := range h.seats {
		lock, ours := s.hear(signal)
		switch {
		case !ours:
		case s.owner == "":
			s.again = s.asking // the answer will tell who the owner is
		case signal.Sender != s.owner:
		case lock == Unknown:
			h.ask(s)
		default:
			s.tellLock(lock, signal.Sequence)
			h.testimony.put(s.service(), s.said)
		}
	}
}

// ownerChanged follows a service that comes, restarts or goes.
func (h *hearing) ownerChanged(signal *dbus.Signal) {
	if signal.Sender != busName || len(signal.Body) != 3 {
		return
	}
	for _, s := range h.seats {
		if signal.Body[0] != s.service() {
			continue
		}
		owner, _ := signal.Body[2].(string)
		s.locate(owner, signal.Sequence)
		h.testimony.put(s.service(), s.said)
		if s.owner != "" {
			h.ask(s)
		}
	}
}
