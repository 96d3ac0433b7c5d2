package calllog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Erase removes a call with its trail, its receipts, the payloads that made it
// and what of it waits to be sent, and overwrites them on the disk. Its row in the history stays: it names
// no customer.
func (l *Log) Erase(ctx context.Context, queue, id string) error {
	for _, subject := range []string{callSubject(queue, id), receiptSubject(queue, id)} {
		if err := erase(ctx, l.stream, subject, func(*jetstream.RawStreamMsg) (bool, error) { return true, nil }); err != nil {
			return fmt.Errorf("erase call %s: %w", id, err)
		}
	}
	if err := l.eraseDeliveries(ctx, id); err != nil {
		return fmt.Errorf("erase the deliveries of call %s: %w", id, err)
	}
	made, err := l.payloadsOf(ctx, queue, id)
	if err != nil {
		return fmt.Errorf("erase the payloads of call %s: %w", id, err)
	}
	err = erase(ctx, l.payloads, payloadPrefix+queue, func(m *jetstream.RawStreamMsg) (bool, error) { return made[m.Sequence], nil })
	if err != nil {
		return fmt.Errorf("erase the payloads of call %s: %w", id, err)
	}
	return nil
}

// payloadsOf finds the payloads that made a call or belong to it, and those
// that were replayed to make it.
func (l *Log) payloadsOf(ctx context.Context, queue, id string) (map[uint64]bool, error) {
	made := map[uint64]bool{}
	err := read(ctx, l.payloads, payloadPrefix+queue, func(m *jetstream.RawStreamMsg) error {
		p, err := decodePayload(m)
		if p.Call == id {
			made[p.ID] = true
			if p.Replays != 0 {
				made[p.Replays] = true
			}
		}
		return err
	})
	return made, err
}

// erase overwrites the messages of one subject for which which says yes. They
// are found first: what is read must not change meanwhile.
func erase(ctx context.Context, stream jetstream.Stream, subject string, which func(*jetstream.RawStreamMsg) (bool, error)) error {
	var found []uint64
	err := read(ctx, stream, subject, func(m *jetstream.RawStreamMsg) error {
		yes, err := which(m)
		if yes {
			found = append(found, m.Sequence)
		}
		return err
	})
	if err != nil {
		return err
	}
	// The newest go last: a call that is half erased is still found by its id.
	for _, seq := range found {
		if err := stream.SecureDeleteMsg(ctx, seq); err != nil {
			return err
		}
	}
	return nil
}

// Sweep removes calls that ended before a time, whole, and returns how many.
// Open calls stay, however old they are.
func (l *Log) Sweep(ctx context.Context, before time.Time) (removed int, err error) {
	for seq := uint64(1); ; {
		m, err := getMsg(ctx, l.stream, seq, callPrefix+">")
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return removed, nil
		}
		if err != nil {
			return removed, fmt.Errorf("sweep the log: %w", err)
		}
		if !m.Time.Before(before) { // the log is in the order of time
			return removed, nil
		}
		seq = m.Sequence + 1
		queue, id, _ := strings.Cut(strings.TrimPrefix(m.Subject, callPrefix), ".")
		e, err := l.Last(ctx, queue, id)
		if err != nil {
			return removed, fmt.Errorf("sweep the log: %w", err)
		}
		if e.Call.Open() || !e.Call.Ended.Before(before) {
			continue
		}
		for _, subject := range []string{callSubject(queue, id), receiptSubject(queue, id)} {
			if err := l.stream.Purge(ctx, jetstream.WithPurgeSubject(subject)); err != nil {
				return removed, fmt.Errorf("sweep call %s: %w", id, err)
			}
		}
		removed++
	}
}
