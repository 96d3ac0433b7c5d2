package hub_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestSupervisorSetsPresence: and the agent sees who did it.
func TestSupervisorSetsPresence(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent))
	sara, _ := s.MustDial(t, s.MustUser(t, "sara", call.RoleSupervisor))
	set := wire.Request{Type: wire.ActSetPresence, Agent: "anna", State: call.Paused, Reason: "training"}
	if code := codeOf(anna.Ask(set)); code != call.Forbidden {
		t.Errorf("an agent sets a presence: %s", code)
	}
	sara.MustAsk(set)
	m := hubtest.Await(anna, func(a wire.AgentChanged) bool { return a.Agent.State == call.Paused })
	if m.Agent.Reason != "training" || m.Agent.Cause != call.CauseSupervisor {
		t.Errorf("anna was told %+v", m.Agent)
	}
	set.Agent = "nobody"
	if code := codeOf(sara.Ask(set)); code != call.NotFound {
		t.Errorf("nobody's presence: %s", code)
	}
}

// TestPresenceRules: the reasons for a pause, and agents that start paused.
func TestPresenceRules(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	d := s.Hub.Directory()
	anna, w := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent))
	if len(w.Reasons) != 0 {
		t.Errorf("reasons %v", w.Reasons)
	}
	if _, err := d.SetRules(t.Context(), func(r *routing.Rules) { r.Reasons, r.SignInPaused = []string{"lunch", "coffee", " lunch "}, true }); err != nil {
		t.Fatal(err)
	}
	pause := wire.Request{Type: wire.ActPresence, State: call.Paused, Reason: "holidays"}
	if r := anna.Ask(pause); codeOf(r) != call.BadRequest || !strings.Contains(r.Error.Message, "use lunch or coffee") {
		t.Errorf("an unknown reason: %+v", r.Error)
	}
	pause.Reason = "lunch"
	anna.MustAsk(pause)
	_, w = s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent))
	if w.Presence.State != call.Paused || w.Presence.Cause != call.CauseSignIn || len(w.Reasons) != 2 {
		t.Errorf("the first welcome: %+v", w)
	}
	if _, err := d.AddUser(t.Context(), hub.User{Username: "carla"}, "right horse"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // each sign-in, not each connection
		_, answer := hubtest.Post(t, s.URL+"/api/v1/sessions", "application/json", `{"username":"carla","password":"right horse"}`)
		var in wire.SignedIn
		if err := json.Unmarshal([]byte(answer), &in); err != nil {
			t.Fatal(err)
		}
		carla, w := s.MustDial(t, in.Token)
		if w.Presence.State != call.Paused {
			t.Errorf("signed in: %+v", w.Presence)
		}
		carla.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Ready})
		if _, w := s.MustDial(t, in.Token); w.Presence.State != call.Ready {
			t.Errorf("connected again: %+v", w.Presence)
		}
	}
	if _, err := d.SetRules(t.Context(), func(r *routing.Rules) { r.PauseAfterMissed = -1 }); call.CodeOf(err) != call.BadRequest {
		t.Errorf("paused after -1 missed offers: %v", err)
	}
}

// TestPauseAfterMissed: who lets too many offers lapse is paused and told so,
// and stays it over a restart.
func TestPauseAfterMissed(t *testing.T) {
	dir := t.TempDir()
	s := hubtest.MustStart(t, dir)
	if _, err := s.Hub.Directory().SetRules(t.Context(), func(r *routing.Rules) { r.PauseAfterMissed = 2 }); err != nil {
		t.Fatal(err)
	}
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Second}})
	token := s.MustUser(t, "anna", call.RoleAgent, "web")
	anna, _ := s.MustDial(t, token)
	id := hubtest.MustPost(t, receive, "s1")
	m := hubtest.Await(anna, func(a wire.AgentChanged) bool { return a.Agent.State == call.Paused })
	if m.Agent.Cause != call.CauseMissed {
		t.Errorf("anna was told %+v", m.Agent)
	}
	offers := 0
	for _, f := range anna.Frames() {
		if strings.HasPrefix(f, `{"type":"offer"`) {
			offers++
		}
	}
	if offers != 2 {
		t.Errorf("it rang %d times, want 2", offers)
	}
	s.Stop(t)
	s = hubtest.MustStart(t, dir)
	anna, w := s.MustDial(t, token)
	if w.Presence.State != call.Paused || w.Presence.Cause != call.CauseMissed {
		t.Errorf("after a restart: %+v", w.Presence)
	}
	anna.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Ready})
	anna.Offered(id)
}
