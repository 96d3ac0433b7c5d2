package calllog

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/deskbell/deskbell/internal/call"
)

const (
	streamName    = "CALLS"
	callPrefix    = "call."
	receiptPrefix = "receipt."

	// maxEntry is the largest entry, in bytes: an offer to some 40,000 agents
	// whom it rang for before.
	maxEntry = 8 << 20

	startTimeout  = 30 * time.Second
	readTimeout   = 2 * time.Minute // of the whole log's last entries
	appendTimeout = 5 * time.Second
)

// ErrConflict means that the call has changed since the writer read it: read
// again and decide again.
var ErrConflict = errors.New("the call has changed meanwhile: read it again")

// Entry is one line of the log.
type Entry struct {
	Event call.Event `json:"event"`
	Call  call.Call  `json:"call"` // as it is after the event
	// Seq is the entry's place in the stream; the log sets it.
	Seq uint64 `json:"-"`
}

// Log is an open log. Its methods may be called from any goroutine.
type Log struct {
	engine     *server.Server
	conn       *nats.Conn
	js         jetstream.JetStream
	stream     jetstream.Stream // of calls and receipts
	payloads   jetstream.Stream
	history    jetstream.Stream
	presence   jetstream.Stream
	audit      jetstream.Stream
	deliveries jetstream.Stream
	keep       Keep
	log        *slog.Logger
	// doubt is set when an append failed for no reason of its own: perhaps
	// nothing can be written any more.
	doubt atomic.Bool
}

// Keep is how long the log keeps what happened. Zero takes the default.
type Keep struct {
	Calls   time.Duration // ended calls whole, payloads and presence: 30 days
	History time.Duration // a row for each ended call, without personal data: 400 days
	Audit   time.Duration // what administration changed: 400 days
}

const day = 24 * time.Hour

// WithDefaults fills in what is zero.
func (k Keep) WithDefaults() Keep {
	return Keep{Calls: cmp.Or(k.Calls, 30*day), History: cmp.Or(k.History, 400*day), Audit: cmp.Or(k.Audit, 400*day)}
}

// Open starts the engine on a folder that it owns alone, and makes the streams
// if they are not there.
func Open(ctx context.Context, dir string, keep Keep, logger *slog.Logger) (*Log, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the log: make its folder: %w", err)
	}
	l := &Log{log: logger, keep: keep.WithDefaults()}
	if err := l.open(ctx, dir); err != nil {
		return nil, errors.Join(fmt.Errorf("open the log in %s: %w", dir, err), l.Close())
	}
	return l, nil
}

func (l *Log) open(ctx context.Context, dir string) (err error) {
	l.engine, err = server.NewServer(&server.Options{
		ServerName: "deskbell-hub",
		JetStream:  true,
		StoreDir:   dir,
		DontListen: true,
		NoSigs:     true,
		NoLog:      true,
		SyncAlways: true,
		MaxPayload: maxEntry,
	})
	if err != nil {
		return err
	}
	l.engine.SetLoggerV2(engineLog{l.log}, false, false, false)
	l.engine.Start()
	if !l.engine.ReadyForConnections(startTimeout) {
		return fmt.Errorf("the engine did not start within %v", startTimeout)
	}
	l.conn, err = nats.Connect("", nats.InProcessServer(l.engine), nats.Name("deskbell-hub"))
	if err != nil {
		return err
	}
	l.js, err = jetstream.New(l.conn)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	l.stream, err = l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:     streamName,
		Subjects: []string{callPrefix + "*.*", receiptPrefix + "*.*"},
		Storage:  jetstream.FileStorage,
		// No MaxAge: an open call must not age out. See Sweep.
		// The stream refuses rather than forgets when the disk is full.
		Discard: jetstream.DiscardNew,
	})
	if err != nil {
		return err
	}
	if err := l.openPayloads(ctx); err != nil {
		return err
	}
	if err := l.openHistory(ctx); err != nil {
		return err
	}
	if err := l.openPresence(ctx); err != nil {
		return err
	}
	if err := l.openDeliveries(ctx); err != nil {
		return err
	}
	return l.openAudit(ctx)
}

// Bucket opens a key-value bucket, and makes it if it is not there. A value
// keeps no history.
func (l *Log) Bucket(ctx context.Context, name string) (jetstream.KeyValue, error) {
	kv, err := l.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: name, Storage: jetstream.FileStorage, History: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", name, err)
	}
	return kv, nil
}

// Append writes an entry if the last entry of its call is still the one at
// sequence last (0 for a new call), and returns its sequence once it is on
// disk. ErrConflict means that it was not written because another was; any
// other error leaves open whether it was written: read again.
func (l *Log) Append(ctx context.Context, e Entry, last uint64) (uint64, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return 0, fmt.Errorf("encode %s of call %s: %w", e.Event.Kind, e.Call.ID, err)
	}
	ack, err := l.publish(ctx, callSubject(e.Call.Queue, e.Call.ID), data,
		jetstream.WithExpectLastSequencePerSubject(last), jetstream.WithRetryAttempts(0))
	if err != nil {
		if isConflict(err) {
			return 0, ErrConflict
		}
		return 0, fmt.Errorf("append %s of call %s: %w", e.Event.Kind, e.Call.ID, err)
	}
	return ack.Sequence, nil
}

// publish writes one message and waits until it is on disk.
func (l *Log) publish(ctx context.Context, subject string, data []byte, o ...jetstream.PublishOpt) (*jetstream.PubAck, error) {
	limited, cancel := context.WithTimeout(ctx, appendTimeout)
	defer cancel()
	ack, err := l.js.Publish(limited, subject, data, o...)
	if err != nil && !isConflict(err) && ctx.Err() == nil {
		l.doubt.Store(true)
	}
	return ack, err
}

// isConflict tells whether an append failed because another was first: 10071
// is the plain answer, 10164 that of a server which is still about to write
// another append to the same subject.
func isConflict(err error) bool {
	var api *jetstream.APIError
	if !errors.As(err, &api) {
		return false
	}
	return api.ErrorCode == 10071 || api.ErrorCode == 10164
}

// Last reads the last entry of a call. No such call is a call.Error (NotFound).
func (l *Log) Last(ctx context.Context, queue, id string) (Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, appendTimeout)
	defer cancel()
	m, err := l.stream.GetLastMsgForSubject(ctx, callSubject(queue, id))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return Entry{}, &call.Error{Code: call.NotFound, Message: "There is no such call."}
	}
	if err != nil {
		return Entry{}, fmt.Errorf("read call %s: %w", id, err)
	}
	return decode(m.Data, m.Sequence)
}

// AppendReceipts writes the receipts of one call as one message.
func (l *Log) AppendReceipts(ctx context.Context, queue, id string, receipts []call.Receipt) error {
	data, err := json.Marshal(receipts)
	if err != nil {
		return fmt.Errorf("encode receipts of call %s: %w", id, err)
	}
	if _, err := l.publish(ctx, receiptSubject(queue, id), data); err != nil {
		return fmt.Errorf("append receipts of call %s: %w", id, err)
	}
	return nil
}

func callSubject(queue, id string) string    { return callPrefix + queue + "." + id }
func receiptSubject(queue, id string) string { return receiptPrefix + queue + "." + id }

func decode(data []byte, seq uint64) (Entry, error) {
	var e Entry
	if err := json.Unmarshal(data, &e); err != nil {
		return Entry{}, fmt.Errorf("read log entry %d: %w", seq, err)
	}
	e.Seq = seq
	return e, nil
}

// Close ends the connection and the engine. What was acknowledged is on disk.
func (l *Log) Close() error {
	if l.conn != nil {
		l.conn.Close()
	}
	if l.engine != nil {
		l.engine.Shutdown()
		l.engine.WaitForShutdown()
	}
	return nil
}
