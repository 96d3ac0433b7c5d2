package calllog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	payloadStream = "PAYLOADS"
	payloadPrefix = "payload."
	// keptPayloads is how many payloads of one queue are kept.
	keptPayloads = 50
)

// Payload is a webhook's body as it came, and what became of it. It holds the
// customer's words and perhaps the session link: it is for administrators only.
type Payload struct {
	ID          uint64    `json:"id"`
	At          time.Time `json:"at"`
	ContentType string    `json:"content_type"`
	Body        string    `json:"body"`
	Call        string    `json:"call,omitempty"` // the call it made or belongs to
	Duplicate   bool      `json:"duplicate,omitempty"`
	Code        string    `json:"code,omitempty"` // why it was refused
	Detail      string    `json:"detail,omitempty"`
	Warnings    []string  `json:"warnings,omitempty"`
}

// openPayloads makes the stream of payloads if it is not there.
func (l *Log) openPayloads(ctx context.Context) (err error) {
	l.payloads, err = l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:              payloadStream,
		Subjects:          []string{payloadPrefix + "*"},
		Storage:           jetstream.FileStorage,
		MaxAge:            keepCalls,
		MaxMsgsPerSubject: keptPayloads,
	})
	return err
}

// AppendPayload keeps a queue's payload, and forgets the oldest of too many.
func (l *Log) AppendPayload(ctx context.Context, queue string, p Payload) error {
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode a payload of queue %s: %w", queue, err)
	}
	if _, err := l.publish(ctx, payloadPrefix+queue, data); err != nil {
		return fmt.Errorf("keep a payload of queue %s: %w", queue, err)
	}
	return nil
}

// Payloads reads a queue's kept payloads, newest first.
func (l *Log) Payloads(ctx context.Context, queue string) ([]Payload, error) {
	payloads := []Payload{}
	err := read(ctx, l.payloads, payloadPrefix+queue, func(m *jetstream.RawStreamMsg) error {
		var p Payload
		err := json.Unmarshal(m.Data, &p)
		p.ID = m.Sequence
		payloads = append(payloads, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the payloads of queue %s: %w", queue, err)
	}
	slices.Reverse(payloads)
	return payloads, nil
}

// read calls fn for each message of one subject, oldest first.
func read(ctx context.Context, stream jetstream.Stream, subject string, fn func(*jetstream.RawStreamMsg) error) error {
	ctx, cancel := context.WithTimeout(ctx, appendTimeout)
	defer cancel()
	for seq := uint64(1); ; {
		m, err := stream.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := fn(m); err != nil {
			return err
		}
		seq = m.Sequence + 1
	}
}
