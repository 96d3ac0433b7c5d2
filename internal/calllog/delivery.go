package calllog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	deliveryStream = "DELIVERIES"
	waitingPrefix  = "delivery.waiting."
	settledPrefix  = "delivery.settled."
)

// Address names a delivery. There is one of each, ever.
type Address struct {
	Kind   string `json:"kind"`   // of target: motion, hook
	Target string `json:"target"` // its name: a queue's, a hook's
	Call   string `json:"call"`
	What   string `json:"what"` // of the call: created, missed …
}

func (a Address) subject(prefix string) string {
	return prefix + strings.Join([]string{a.Kind, a.Target, a.Call, a.What}, ".")
}

// Delivery is something that is to be sent to a target outside. Its body may hold
// the customer's words and the session link.
type Delivery struct {
	Address     `json:"-"`
	At          time.Time `json:"at"` // since when it waits
	ContentType string    `json:"content_type,omitempty"`
	Body        []byte    `json:"body,omitempty"` // as it came, whatever the bytes
	Seq         uint64    `json:"-"`
}

// Settled is what became of a delivery. It holds nothing that was sent.
type Settled struct {
	Address `json:"-"`
	At      time.Time `json:"at"`
	How     string    `json:"how"`
	Detail  string    `json:"detail,omitempty"` // in words
	Tries   int       `json:"tries"`
	From    uint64    `json:"from,omitempty"`
	// Interaction is the target's own id of it.
	Interaction string `json:"interaction,omitempty"`
}

// openDeliveries makes the stream of deliveries if it is not there.
func (l *Log) openDeliveries(ctx context.Context) (err error) {
	l.deliveries, err = l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:              deliveryStream,
		Subjects:          []string{waitingPrefix + "*.*.*.*", settledPrefix + "*.*.*.*"},
		Storage:           jetstream.FileStorage,
		MaxAge:            l.keep.Calls,
		MaxMsgsPerSubject: 1,
	})
	return err
}

// AppendDelivery has a delivery wait, unless it waits or is settled already.
// What came is on disk when it returns.
func (l *Log) AppendDelivery(ctx context.Context, d Delivery) (added bool, err error) {
	data, err := json.Marshal(d)
	if err != nil {
		return false, fmt.Errorf("encode a delivery to %s %s: %w", d.Kind, d.Target, err)
	}
	settled, err := l.settled(ctx, d.Address)
	if err == nil && !settled {
		_, err = l.publish(ctx, d.subject(waitingPrefix), data, jetstream.WithExpectLastSequencePerSubject(0), jetstream.WithRetryAttempts(0))
	}
	if err != nil && !isConflict(err) {
		return false, fmt.Errorf("keep a delivery to %s %s: %w", d.Kind, d.Target, err)
	}
	return err == nil && !settled, nil
}

func (l *Log) settled(ctx context.Context, a Address) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, appendTimeout)
	defer cancel()
	_, err := l.deliveries.GetLastMsgForSubject(ctx, a.subject(settledPrefix))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Delivery reads one that waits. One that is gone is not found.
func (l *Log) Delivery(ctx context.Context, seq uint64) (d Delivery, found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, appendTimeout)
	defer cancel()
	m, err := l.deliveries.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return d, false, nil
	}
	if err != nil {
		return d, false, fmt.Errorf("read delivery %d: %w", seq, err)
	}
	d, err = decodeDelivery(m.Subject, m.Data, m.Sequence)
	return d, err == nil, err
}

// SettleDelivery notes what became of a delivery, and then overwrites what was to
// be sent on the disk. If the hub is killed in between, [Log.FollowDeliveries]
// tells both, and it is settled once more.
func (l *Log) SettleDelivery(ctx context.Context, s Settled, seq uint64) error {
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode what became of a delivery to %s %s: %w", s.Kind, s.Target, err)
	}
	if _, err := l.publish(ctx, s.subject(settledPrefix), data); err != nil {
		return fmt.Errorf("note what became of a delivery to %s %s: %w", s.Kind, s.Target, err)
	}
	return l.DropDelivery(ctx, seq)
}

// DropDelivery overwrites a delivery on the disk; one that is gone is no error.
func (l *Log) DropDelivery(ctx context.Context, seq uint64) error {
	ctx, cancel := context.WithTimeout(ctx, appendTimeout)
	defer cancel()
	err := l.deliveries.SecureDeleteMsg(ctx, seq)
	if err != nil && !errors.Is(err, jetstream.ErrMsgDeleteUnsuccessful) { // it was there no more
		return fmt.Errorf("remove delivery %d: %w", seq, err)
	}
	return nil
}

// FollowDeliveries gives every delivery that waits and what became of the
// others, in the log's order, and then each new one; caughtUp is called once, when
// it has given what was there. All calls come from one goroutine; stop ends it
// and waits for it. A delivery that waits comes without its body.
func (l *Log) FollowDeliveries(ctx context.Context, waiting func(Delivery), settled func(Settled), caughtUp func()) (stop func(), err error) {
	consumer, err := l.deliveries.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy})
	if err != nil {
		return nil, fmt.Errorf("follow the deliveries: %w", err)
	}
	if consumer.CachedInfo().NumPending == 0 {
		caughtUp()
		caughtUp = nil
	}
	consuming, err := consumer.Consume(func(m jetstream.Msg) {
		meta, err := m.Metadata()
		if err == nil {
			err = giveDelivery(m, meta.Sequence.Stream, waiting, settled)
		}
		if err != nil {
			l.log.Error("delivery can't be read", "err", err)
		}
		if caughtUp != nil && meta != nil && meta.NumPending == 0 {
			caughtUp()
			caughtUp = nil
		}
	}, jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
		l.log.Warn("following the deliveries", "err", err)
	}))
	if err != nil {
		return nil, fmt.Errorf("follow the deliveries: %w", err)
	}
	return func() {
		consuming.Stop()
		<-consuming.Closed()
	}, nil
}

func giveDelivery(m jetstream.Msg, seq uint64, waiting func(Delivery), settled func(Settled)) error {
	if !strings.HasPrefix(m.Subject(), settledPrefix) {
		d, err := decodeDelivery(m.Subject(), m.Data(), seq)
		if err == nil {
			d.Body = nil
			waiting(d)
		}
		return err
	}
	s, err := decodeSettled(m.Subject(), m.Data())
	if err == nil {
		settled(s)
	}
	return err
}

func decodeDelivery(subject string, data []byte, seq uint64) (d Delivery, err error) {
	if err := json.Unmarshal(data, &d); err != nil {
		return d, fmt.Errorf("read delivery %d: %w", seq, err)
	}
	d.Seq = seq
	d.Address, err = addressOf(subject, waitingPrefix)
	return d, err
}

func decodeSettled(subject string, data []byte) (s Settled, err error) {
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("read what became of a delivery: %w", err)
	}
	s.Address, err = addressOf(subject, settledPrefix)
	return s, err
}

func addressOf(subject, prefix string) (Address, error) {
	parts := strings.Split(strings.TrimPrefix(subject, prefix), ".")
	if len(parts) != 4 {
		return Address{}, fmt.Errorf("read a delivery: %q names none", subject)
	}
	return Address{Kind: parts[0], Target: parts[1], Call: parts[2], What: parts[3]}, nil
}

// DeliveriesOf reads what of a call waits to be sent, and what became of the
// rest; oldest first.
func (l *Log) DeliveriesOf(ctx context.Context, call string) (waiting []Delivery, settled []Settled, err error) {
	err = read(ctx, l.deliveries, waitingPrefix+"*.*."+call+".*", func(m *jetstream.RawStreamMsg) error {
		d, err := decodeDelivery(m.Subject, m.Data, m.Sequence)
		waiting = append(waiting, d)
		return err
	})
	if err == nil {
		err = read(ctx, l.deliveries, settledPrefix+"*.*."+call+".*", func(m *jetstream.RawStreamMsg) error {
			s, err := decodeSettled(m.Subject, m.Data)
			settled = append(settled, s)
			return err
		})
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the deliveries of call %s: %w", call, err)
	}
	return waiting, settled, nil
}

// eraseDeliveries overwrites what of a call waits to be sent.
func (l *Log) eraseDeliveries(ctx context.Context, call string) error {
	return erase(ctx, l.deliveries, waitingPrefix+"*.*."+call+".*", func(*jetstream.RawStreamMsg) (bool, error) { return true, nil })
}
