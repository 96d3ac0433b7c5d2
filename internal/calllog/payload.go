package calllog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/deskbell/deskbell/internal/call"
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
	Queue       string    `json:"queue"`
	At          time.Time `json:"at"`
	Event       string    `json:"event,omitempty"` // of the address: joined, ended
	ContentType string    `json:"content_type"`
	Body        string    `json:"body"`
	Call        string    `json:"call,omitempty"` // the call it made or belongs to
	Duplicate   bool      `json:"duplicate,omitempty"`
	Code        string    `json:"code,omitempty"` // why it was refused
	Detail      string    `json:"detail,omitempty"`
	Warnings    []string  `json:"warnings,omitempty"`
	// Found tells at which path of the body each field was found.
	Found map[string]string `json:"found,omitempty"`
	// Replays is the payload that this is a replay of.
	Replays uint64 `json:"replays,omitempty"`
}

// openPayloads makes the stream of payloads if it is not there.
func (l *Log) openPayloads(ctx context.Context) (err error) {
	l.payloads, err = l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:              payloadStream,
		Subjects:          []string{payloadPrefix + "*"},
		Storage:           jetstream.FileStorage,
		MaxAge:            l.keep.Calls,
		MaxMsgsPerSubject: keptPayloads,
	})
	return err
}

// AppendPayload keeps a payload of its queue, and forgets the oldest of too
// many. It returns the payload's id.
func (l *Log) AppendPayload(ctx context.Context, p Payload) (id uint64, err error) {
	data, err := json.Marshal(p)
	if err != nil {
		return 0, fmt.Errorf("encode a payload of queue %s: %w", p.Queue, err)
	}
	ack, err := l.publish(ctx, payloadPrefix+p.Queue, data)
	if err != nil {
		return 0, fmt.Errorf("keep a payload of queue %s: %w", p.Queue, err)
	}
	return ack.Sequence, nil
}

// Payload reads one kept payload. One that is not there is a call.Error
// (NotFound).
func (l *Log) Payload(ctx context.Context, id uint64) (Payload, error) {
	ctx, cancel := context.WithTimeout(ctx, appendTimeout)
	defer cancel()
	m, err := l.payloads.GetMsg(ctx, id)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return Payload{}, &call.Error{Code: call.NotFound, Message: "There is no such payload: 'payload list QUEUE' shows those that are kept."}
	}
	if err != nil {
		return Payload{}, fmt.Errorf("read payload %d: %w", id, err)
	}
	return decodePayload(m)
}

func decodePayload(m *jetstream.RawStreamMsg) (p Payload, err error) {
	if err := json.Unmarshal(m.Data, &p); err != nil {
		return p, fmt.Errorf("read payload %d: %w", m.Sequence, err)
	}
	p.ID, p.Queue = m.Sequence, strings.TrimPrefix(m.Subject, payloadPrefix)
	return p, nil
}

// Payloads reads a queue's kept payloads, newest first.
func (l *Log) Payloads(ctx context.Context, queue string) ([]Payload, error) {
	payloads := []Payload{}
	err := read(ctx, l.payloads, payloadPrefix+queue, func(m *jetstream.RawStreamMsg) error {
		p, err := decodePayload(m)
		payloads = append(payloads, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the payloads of queue %s: %w", queue, err)
	}
	// Those that made a call are written a moment after they came.
	slices.SortStableFunc(payloads, func(a, b Payload) int { return b.At.Compare(a.At) })
	return payloads, nil
}

// read calls fn for each message of one subject, oldest first.
func read(ctx context.Context, stream jetstream.Stream, subject string, fn func(*jetstream.RawStreamMsg) error) error {
	for seq := uint64(1); ; {
		m, err := getMsg(ctx, stream, seq, subject)
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

// getMsg reads the first message of a subject from a place on. The deadline is
// for one message: a trail may be long.
func getMsg(ctx context.Context, stream jetstream.Stream, seq uint64, subject string) (*jetstream.RawStreamMsg, error) {
	ctx, cancel := context.WithTimeout(ctx, appendTimeout)
	defer cancel()
	return stream.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(subject))
}
