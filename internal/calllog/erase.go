package calllog

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Erase removes a call with its trail, its receipts and the payloads that made
// it, and overwrites them on the disk. Its row in the history stays: it names
// no customer.
func (l *Log) Erase(ctx context.Context, queue, id string) error {
	for _, subject := range []string{callSubject(queue, id), receiptSubject(queue, id)} {
		if err := erase(ctx, l.stream, subject, func(*jetstream.RawStreamMsg) (bool, error) { return true, nil }); err != nil {
			return fmt.Errorf("erase call %s: %w", id, err)
		}
	}
	err := erase(ctx, l.payloads, payloadPrefix+queue, func(m *jetstream.RawStreamMsg) (bool, error) {
		p, err := decodePayload(m)
		return p.Call == id, err
	})
	if err != nil {
		return fmt.Errorf("erase the payloads of call %s: %w", id, err)
	}
	return nil
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
