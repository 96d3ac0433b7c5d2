package hub_test

import (
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestTestRing: it rings all apps of one agent and nobody else's, leaves nothing
// in the log, and an answer ends it.
func TestTestRing(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	s.MustQueue(t, hub.Queue{Name: "web"})
	token := s.MustUser(t, "anna", call.RoleAgent, "web")
	anna, _ := s.MustDial(t, token)
	home, _ := s.MustDial(t, token)
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "web"))
	anna.MustAsk(wire.Request{Type: wire.ActTest})
	o := hubtest.Await(anna, func(o wire.Offer) bool { return o.Call.Test })
	if o.Call.Customer.Name != "Test ring" || o.Call.Link != "" {
		t.Errorf("%+v", o.Call)
	}
	hubtest.Await(home, func(o wire.Offer) bool { return o.Call.Test })
	if code := codeOf(anna.Ask(wire.Request{Type: wire.ActTest})); code != call.BadRequest {
		t.Errorf("a second test: %s", code)
	}
	anna.MustAsk(wire.Request{Type: wire.ActShown, Call: o.Call.ID, Surface: wire.SurfaceNative, Ms: 5})
	if code := codeOf(ben.Ask(accept(o.Call.ID))); code != call.NotFound {
		t.Errorf("another accepts it: %s", code)
	}
	anna.MustAsk(accept(o.Call.ID))
	withdrawn(home, o.Call.ID)
	if calls := s.Hub.OpenCalls(); len(calls) != 0 {
		t.Errorf("calls %+v", calls)
	}
	anna.MustAsk(wire.Request{Type: wire.ActTest}) // another one
	for _, f := range ben.Frames() {
		if strings.Contains(f, `"test":true`) {
			t.Errorf("ben got %s", f)
		}
	}
}
