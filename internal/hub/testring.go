package hub

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// testTime is how long a test ring rings.
const testTime = 10 * time.Second

// testRings are calls that ring one agent's apps without a customer. They are
// in no log, and each agent has one at a time.
type testRings struct {
	mu     sync.Mutex
	byUser map[string]testRing
}

type testRing struct {
	id  string
	end *time.Timer
}

// testRing rings an agent's apps until it is answered, or for a while.
func (h *Hub) testRing(username string) error {
	var random [10]byte
	rand.Read(random[:]) // never fails
	now := h.now()
	c := wire.FromCall(call.Call{
		ID:    strings.ToLower(base32.StdEncoding.EncodeToString(random[:])),
		Queue: "test", State: call.Ringing, Topic: "Nobody waits: this is a test.",
		Customer: call.Customer{Name: "Test ring"}, Received: now, Since: now, Offered: now,
	})
	c.Test = true
	t := &h.tests
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, rings := t.byUser[username]; rings {
		return &call.Error{Code: call.BadRequest, Message: "A test rings already."}
	}
	if t.byUser == nil {
		t.byUser = map[string]testRing{}
	}
	t.byUser[username] = testRing{c.ID, time.AfterFunc(testTime, func() { h.endTest(username, c.ID, wire.ReasonLapsed) })}
	h.live.tell(username, wire.Offer{Ring: wire.Ring{Call: c, Until: wire.At(now.Add(testTime))}})
	return nil
}

// isTest tells whether a call is the agent's test ring.
func (h *Hub) isTest(username, id string) bool {
	h.tests.mu.Lock()
	defer h.tests.mu.Unlock()
	return h.tests.byUser[username].id == id && id != ""
}

// endTest ends a test ring on all of the agent's apps.
func (h *Hub) endTest(username, id string, why wire.WithdrawnReason) {
	h.tests.mu.Lock()
	t, rings := h.tests.byUser[username]
	if !rings || t.id != id {
		h.tests.mu.Unlock()
		return
	}
	t.end.Stop()
	delete(h.tests.byUser, username)
	h.tests.mu.Unlock()
	h.live.tell(username, wire.Withdrawn{Call: id, Reason: why})
}

// stopTests ends the timers of all test rings: the hub closes.
func (h *Hub) stopTests() {
	h.tests.mu.Lock()
	defer h.tests.mu.Unlock()
	for _, t := range h.tests.byUser {
		t.end.Stop()
	}
	clear(h.tests.byUser)
}
