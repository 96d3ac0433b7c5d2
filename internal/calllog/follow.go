package calllog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/deskbell/deskbell/internal/call"
)

// Follow reads the log with one consumer until the context ends: apply gets
// the last entry of each call, then ready is called once, then apply gets
// every new entry. All calls come from one goroutine, in the log's order.
// Follow returns when the first part is done and the rest runs on; stop ends it
// and waits for its goroutine.
func (l *Log) Follow(ctx context.Context, apply func(Entry)) (stop func(), err error) {
	consumer, err := l.lastOfEach(ctx)
	if err != nil {
		return nil, fmt.Errorf("follow the log: %w", err)
	}
	caughtUp := make(chan struct{})
	ready := func() { close(caughtUp) }
	if consumer.CachedInfo().NumPending == 0 {
		ready()
		ready = nil
	}
	consuming, err := consumer.Consume(func(m jetstream.Msg) {
		meta, err := m.Metadata()
		if err != nil {
			l.log.Error("log entry without a place", "err", err)
			return
		}
		if e, err := decode(m.Data(), meta.Sequence.Stream); err != nil {
			l.log.Error("log entry can't be read", "seq", meta.Sequence.Stream, "err", err)
		} else {
			apply(e)
		}
		if ready != nil && meta.NumPending == 0 {
			ready()
			ready = nil
		}
	}, jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
		l.log.Warn("following the log", "err", err)
	}))
	if err != nil {
		return nil, fmt.Errorf("follow the log: %w", err)
	}
	stop = func() {
		consuming.Stop()
		<-consuming.Closed()
	}
	select {
	case <-caughtUp:
		return stop, nil
	case <-ctx.Done():
		stop()
		return nil, fmt.Errorf("follow the log: %w", ctx.Err())
	case <-time.After(readTimeout):
		stop()
		return nil, fmt.Errorf("follow the log: it was not read within %v: start the hub again", readTimeout)
	}
}

// Calls reads the last entry of every call that the log still has, the ended
// ones too, by the call's last change.
func (l *Log) Calls(ctx context.Context) ([]Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	consumer, err := l.lastOfEach(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the calls: %w", err)
	}
	entries := []Entry{}
	err = drain(ctx, consumer, func(m jetstream.Msg, seq uint64) (bool, error) {
		e, err := decode(m.Data(), seq)
		entries = append(entries, e)
		return true, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the calls: %w", err)
	}
	return entries, nil
}

// drain gives what a consumer has pending, until there is no more or more says
// no.
func drain(ctx context.Context, consumer jetstream.Consumer, fn func(m jetstream.Msg, seq uint64) (more bool, err error), o ...jetstream.PullMessagesOpt) error {
	pending := consumer.CachedInfo().NumPending
	if pending == 0 {
		return nil
	}
	messages, err := consumer.Messages(o...)
	if err != nil {
		return err
	}
	defer messages.Stop()
	for pending > 0 {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		meta, err := m.Metadata()
		if err != nil {
			return err
		}
		if more, err := fn(m, meta.Sequence.Stream); err != nil || !more {
			return err
		}
		pending = meta.NumPending
	}
	return nil
}

// lastOfEach starts with the last entry of each call and goes on with new ones.
func (l *Log) lastOfEach(ctx context.Context) (jetstream.Consumer, error) {
	return l.stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{callPrefix + ">"},
		DeliverPolicy:  jetstream.DeliverLastPerSubjectPolicy,
	})
}

// Trail reads all entries of one call, oldest first.
func (l *Log) Trail(ctx context.Context, queue, id string) ([]Entry, error) {
	var trail []Entry
	err := read(ctx, l.stream, callSubject(queue, id), func(m *jetstream.RawStreamMsg) error {
		e, err := decode(m.Data, m.Sequence)
		trail = append(trail, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the trail of call %s: %w", id, err)
	}
	return trail, nil
}

// Receipts reads the delivery receipts of one call, oldest first.
func (l *Log) Receipts(ctx context.Context, queue, id string) ([]call.Receipt, error) {
	var all []call.Receipt
	err := read(ctx, l.stream, receiptSubject(queue, id), func(m *jetstream.RawStreamMsg) error {
		var some []call.Receipt
		err := json.Unmarshal(m.Data, &some)
		all = append(all, some...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the receipts of call %s: %w", id, err)
	}
	return all, nil
}
