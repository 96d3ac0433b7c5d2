package hub

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

// Meetings is what the hub asks of Vidaoo with its API key: meetings for the web
// button, their end, and recordings.
type Meetings interface {
	// Ready tells why nothing can be asked: mostly there is no key.
	Ready() error
	CreateMeeting(ctx context.Context, m vidaoo.NewMeeting) (vidaoo.Meeting, error)
	DeleteMeeting(ctx context.Context, id string) (json.RawMessage, error)
	StartRecording(ctx context.Context, session string) (vidaoo.Recording, error)
	StopRecording(ctx context.Context, id string) (json.RawMessage, error)
	OpenRecording(ctx context.Context, id string) (*vidaoo.Media, error)
}

// keyEvery is how often the hub looks whether it has a key: one may be stored
// while it runs.
const keyEvery = 5 * time.Second

// keyKnown is whether there was a key when it was looked for last.
type keyKnown struct {
	mu     sync.Mutex
	there  bool
	warned bool // that there is none; each time once
}

// lookForKey looks whether there is a key. If that is another than before, who
// may record now, or may no more, is welcomed again.
func (h *Hub) lookForKey() {
	there := h.meetings != nil && h.meetings.Ready() == nil
	h.key.mu.Lock()
	changed := there != h.key.there
	h.key.there = there
	if there {
		h.key.warned = false
	}
	h.key.mu.Unlock()
	if changed {
		h.live.welcomeAgain(h.records)
	}
}

// records tells whether a user serves a queue whose calls may be recorded.
func (h *Hub) records(username string) bool {
	return slices.ContainsFunc(h.directory.Serves(username), func(name string) bool {
		q, ok := h.directory.Queue(name)
		return ok && q.Recording
	})
}

// hasKey tells whether there was a key a moment ago. It never blocks.
func (h *Hub) hasKey() bool {
	h.key.mu.Lock()
	defer h.key.mu.Unlock()
	return h.key.there
}

// noKey tells administrators, once, what can't be done for want of a key.
func (h *Hub) noKey(queue string) {
	h.key.mu.Lock()
	warned := h.key.warned
	h.key.warned = true
	h.key.mu.Unlock()
	if warned {
		return
	}
	why := "the hub was started without"
	if h.meetings != nil {
		if err := h.meetings.Ready(); err != nil {
			why = err.Error()
		}
	}
	h.log.Warn("recordings are not made or stopped, and meetings not deleted: the hub has no API key of Vidaoo; run 'deskbell-hub vidaoo connect'", "queue", queue, "err", why)
}
