package calllog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/deskbell/deskbell/internal/call"
)

const (
	presenceStream  = "PRESENCE"
	presenceSubject = "presence"
	// WholeEvery is how often the presence of all agents has to be appended at
	// least: who asks for a moment reads on from the last one before it.
	WholeEvery = time.Hour
	// late is how much later than it happened something may be appended.
	late = time.Minute
)

// Presences are changes of presence, by username; with Whole the presence of
// every agent.
type Presences struct {
	Whole  bool                     `json:"whole,omitempty"`
	Agents map[string]call.Presence `json:"agents"`
}

func (l *Log) openPresence(ctx context.Context) (err error) {
	l.presence, err = l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:     presenceStream,
		Subjects: []string{presenceSubject},
		Storage:  jetstream.FileStorage,
		MaxAge:   l.keep.Calls,
	})
	return err
}

// AppendPresences notes changes of presence.
func (l *Log) AppendPresences(ctx context.Context, p Presences) error {
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode presence: %w", err)
	}
	if _, err := l.publish(ctx, presenceSubject, data); err != nil {
		return fmt.Errorf("append presence: %w", err)
	}
	return nil
}

// PresenceBetween gives the presence of all agents at a time, as far as it is
// known, and then each change until another.
func (l *Log) PresenceBetween(ctx context.Context, from, to time.Time, fn func(username string, p call.Presence)) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	err := l.readSince(ctx, l.presence, presenceSubject, from.Add(-WholeEvery-late), func(data []byte) (bool, error) {
		var p Presences
		if err := json.Unmarshal(data, &p); err != nil {
			return false, err
		}
		over := len(p.Agents) > 0
		for name, presence := range p.Agents {
			if presence.Since.After(to) {
				continue
			}
			over = false
			fn(name, presence)
		}
		return !over || p.Whole, nil
	})
	if err != nil {
		return fmt.Errorf("read presence: %w", err)
	}
	return nil
}
