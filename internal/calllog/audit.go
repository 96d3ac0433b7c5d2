package calllog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	auditStream  = "AUDIT"
	auditSubject = "audit"
)

// Audit is a change by administration, or by a supervisor: who asked for what,
// when. It holds no password, token, secret, link or word of a caller's.
type Audit struct {
	ID      uint64         `json:"id"`
	At      time.Time      `json:"at"`
	User    string         `json:"user"`   // the username, or "local"
	Action  string         `json:"action"` // such as "queue.set"
	Target  string         `json:"target"` // a queue, a username, a call's id …
	Options map[string]any `json:"options,omitempty"`
	// Made is the id of what the change made: a token's, a call's.
	Made string `json:"made,omitempty"`
	// Refused is the code with which it was refused; empty: it was done.
	Refused string `json:"refused,omitempty"`
	// Of has an entry say of an earlier one what came of it.
	Of uint64 `json:"of,omitempty"`
}

func (l *Log) openAudit(ctx context.Context) (err error) {
	l.audit, err = l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:     auditStream,
		Subjects: []string{auditSubject},
		Storage:  jetstream.FileStorage,
		MaxAge:   l.keep.Audit,
	})
	return err
}

// AppendAudit appends an entry and returns its id once it is on disk.
func (l *Log) AppendAudit(ctx context.Context, a Audit) (id uint64, err error) {
	data, err := json.Marshal(a)
	if err != nil {
		return 0, fmt.Errorf("encode %s for the audit log: %w", a.Action, err)
	}
	ack, err := l.publish(ctx, auditSubject, data)
	if err != nil {
		return 0, fmt.Errorf("write %s to the audit log: %w", a.Action, err)
	}
	return ack.Sequence, nil
}

// Audits gives the changes since a time, the oldest first, with what came of
// each.
func (l *Log) Audits(ctx context.Context, since time.Time) ([]Audit, error) {
	all, place := []Audit{}, map[uint64]int{}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	consumer, err := l.audit.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &since,
	})
	if err == nil {
		err = drain(ctx, consumer, func(m jetstream.Msg, seq uint64) (more bool, err error) {
			var a Audit
			if err := json.Unmarshal(m.Data(), &a); err != nil {
				return false, err
			}
			if a.Of == 0 {
				a.ID = seq
				place[seq] = len(all)
				all = append(all, a)
			} else if i, known := place[a.Of]; known {
				all[i].Made, all[i].Refused = a.Made, a.Refused
				for name, value := range a.Options { // what came of work that took long
					if all[i].Options == nil {
						all[i].Options = map[string]any{}
					}
					all[i].Options[name] = value
				}
			}
			return true, nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	return all, nil
}
