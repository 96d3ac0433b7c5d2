package hub

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"
)

const (
	// usesEvery is how often it is written when sign-ins were used last, and how
	// exactly that is known after a restart: to the hour will do for a list of
	// devices, and thousands of apps that come back write nothing.
	usesEvery = time.Hour
	// usesPause is left between two writes, so that calls go first.
	usesPause = 10 * time.Millisecond
)

// uses remembers when sign-ins were used last.
type uses struct {
	mu   sync.Mutex
	seen map[string]time.Time // by the token's hash
}

func newUses() *uses { return &uses{seen: map[string]time.Time{}} }

func (u *uses) note(s signIn, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.seen[s.Hash] = now
}

// last is when a sign-in was used last; the zero time if never.
func (u *uses) last(s signIn) time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	if at := u.seen[s.Hash]; at.After(s.Used) {
		return at
	}
	return s.Used
}

// keepUses writes what is new since the last time.
func (h *Hub) keepUses() {
	h.uses.mu.Lock()
	seen := maps.Clone(h.uses.seen)
	h.uses.mu.Unlock()
	for hash, at := range seen {
		if s, ok := h.directory.tokens.get(hash); ok && at.Sub(s.Used) < usesEvery {
			continue // it is written already, as exactly as it is kept
		}
		err := h.directory.noteUse(h.ctx, hash, at)
		if h.ctx.Err() != nil {
			return
		}
		if err != nil {
			h.log.Warn("the last use of a sign-in was not written; it is tried again", "err", err)
			continue
		}
		h.uses.forget(hash, at)
		select {
		case <-h.ctx.Done():
			return
		case <-time.After(usesPause):
		}
	}
}

// forget drops what is written.
func (u *uses) forget(hash string, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.seen[hash].Equal(at) {
		delete(u.seen, hash)
	}
}

// noteUse writes when a sign-in was used last. One that was revoked meanwhile
// stays so.
func (d *Directory) noteUse(ctx context.Context, hash string, at time.Time) error {
	_, err := d.tokens.update(ctx, hash, func(s *signIn) error {
		s.Used = at
		return nil
	})
	if errors.Is(err, errMissing) {
		return nil
	}
	return err
}
