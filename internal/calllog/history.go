package calllog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/deskbell/deskbell/internal/call"
)

const (
	historyStream  = "HISTORY"
	historySubject = "history"
	// maxRows bounds the rows of one message.
	maxRows = 1000
)

// Row is what is kept of an ended call for reports: no name, address, metadata
// or link of a customer.
type Row struct {
	Call     string       `json:"call"`
	Queue    string       `json:"queue"`
	Received time.Time    `json:"received"`
	Offered  time.Time    `json:"offered,omitzero"`
	Accepted time.Time    `json:"accepted,omitzero"`
	Ended    time.Time    `json:"ended"`
	Outcome  call.Outcome `json:"outcome"`
	Reason   call.Reason  `json:"reason,omitempty"`
	Agent    string       `json:"agent,omitempty"`
	Joined   bool         `json:"joined,omitempty"`
	Closed   bool         `json:"closed,omitempty"`
	Overflow string       `json:"overflow,omitempty"`
	// Disposition is one of the queue's list. What agents write in their own
	// words may be about the customer: it has no place here.
	Disposition string `json:"disposition,omitempty"`
	// Noted is when something became known of the call after its end: its agent
	// said how it went, or a recording stopped. The call has an earlier row then,
	// without that.
	Noted time.Time `json:"noted,omitzero"`
	// Settled is a time before which no call was received whose row comes later;
	// some rows tell it, so that who reads the history knows when to stop.
	Settled time.Time `json:"settled,omitzero"`
	// Seq is the place of the call's last entry in the log: rows come in its
	// order, and each once.
	Seq uint64 `json:"seq"`
}

// RowOf is the row of an ended call.
func RowOf(e Entry) Row {
	c := e.Call
	r := Row{
		Call: c.ID, Queue: c.Queue, Received: c.Received, Offered: c.Offered, Accepted: c.Accepted, Ended: c.Ended,
		Outcome: c.Outcome, Reason: c.Reason, Agent: c.Agent, Joined: c.Joined, Closed: c.Closed, Overflow: c.Overflow,
		Disposition: c.Disposition, Seq: e.Seq,
	}
	switch e.Event.Kind { // those end no call; a clock that was set back changes nothing in that
	case call.KindNoted, call.KindRecordingStarted, call.KindRecordingStopped:
		r.Noted = e.Event.At
	}
	return r
}

func (l *Log) openHistory(ctx context.Context) (err error) {
	l.history, err = l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:     historyStream,
		Subjects: []string{historySubject},
		Storage:  jetstream.FileStorage,
		MaxAge:   l.keep.History,
	})
	return err
}

// Archived is the place in the log up to which the history has a row for each
// ended call.
func (l *Log) Archived(ctx context.Context) (seq uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, appendTimeout)
	defer cancel()
	m, err := l.history.GetLastMsgForSubject(ctx, historySubject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the end of the history: %w", err)
	}
	var rows []Row
	if err := json.Unmarshal(m.Data, &rows); err != nil || len(rows) == 0 {
		return 0, fmt.Errorf("read the end of the history: entry %d can't be read: %w", m.Sequence, err)
	}
	return rows[len(rows)-1].Seq, nil
}

// Archive appends rows, in the order of their places, and returns how many are
// on disk. Rows that were appended before, when nobody knew whether they were,
// do no harm: [Log.History] gives each once.
func (l *Log) Archive(ctx context.Context, rows []Row) (done int, err error) {
	for done < len(rows) {
		some := rows[done:min(done+maxRows, len(rows))]
		data, err := json.Marshal(some)
		if err != nil {
			return done, fmt.Errorf("encode rows of the history: %w", err)
		}
		if _, err := l.publish(ctx, historySubject, data); err != nil {
			return done, fmt.Errorf("append to the history: %w", err)
		}
		done += len(some)
	}
	return done, nil
}

// History gives the rows of the calls that were received from one time until
// before another, each call once, in the order in which they ended. It reads as
// fast as the rows are taken; the context says how long it may last.
func (l *Log) History(ctx context.Context, from, to time.Time, row func(Row) error) error {
	var last uint64
	settled, held := false, newHeld(row)
	var rows []Row // the same memory for each message
	read := func(data []byte) (more bool, err error) {
		clear(rows)
		rows = rows[:0]
		if err := json.Unmarshal(data, &rows); err != nil {
			return false, err
		}
		for _, r := range rows {
			if r.Seq <= last {
				continue
			}
			last = r.Seq
			settled = settled || !r.Settled.Before(to)
			if err := held.take(r, !r.Received.Before(from) && r.Received.Before(to)); err != nil {
				return false, err
			}
		}
		return !settled || held.any(), nil
	}
	err := l.readSince(ctx, l.history, historySubject, from.Add(-late), read, jetstream.PullMaxBytes(maxAhead))
	if err == nil {
		err = held.giveAll()
	}
	if err != nil {
		return fmt.Errorf("read the history: %w", err)
	}
	return nil
}

// maxAhead bounds what the engine sends before it is taken, in bytes: several
// messages of maxRows rows.
const maxAhead = 2 << 20

// readSince gives the messages of a subject that were appended since a time,
// oldest first, until there are no more or more says no.
func (l *Log) readSince(ctx context.Context, stream jetstream.Stream, subject string, since time.Time, fn func([]byte) (more bool, err error), o ...jetstream.PullMessagesOpt) error {
	consumer, err := stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{subject}, DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &since,
	})
	if err != nil {
		return err
	}
	return drain(ctx, consumer, func(m jetstream.Msg, _ uint64) (bool, error) { return fn(m.Data()) }, o...)
}
