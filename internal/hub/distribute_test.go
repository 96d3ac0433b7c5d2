package hub_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

func giveBack(id string) wire.Request { return wire.Request{Type: wire.ActReturn, Call: id} }
func cancel(id string) wire.Request   { return wire.Request{Type: wire.ActCancel, Call: id} }

func assign(id, agent string) wire.Request {
	return wire.Request{Type: wire.ActAssign, Call: id, Agent: agent}
}

// codeOf is the code of a request's failure; empty for none.
func codeOf(r wire.Reply) call.Code {
	if r.Error == nil {
		return ""
	}
	return r.Error.Code
}

// TestReturn: a call that was given back rings for the others, and its agent
// has no link any more.
func TestReturn(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	anna.MustAsk(accept(id))
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "web"))
	if code := codeOf(ben.Ask(giveBack(id))); code != call.Forbidden {
		t.Errorf("another gives it back: %s", code)
	}
	anna.MustAsk(giveBack(id))
	anna.MustAsk(giveBack(id)) // a retry succeeds
	if c := inState(anna, id, call.Waiting); c.Link != "" || c.Agent != "" {
		t.Errorf("after it was given back: %+v", c)
	}
	ben.Offered(id)
	ben.MustAsk(accept(id))
	if c := inState(ben, id, call.Accepted); c.Link != hubtest.Link("s1") {
		t.Errorf("ben got %+v", c)
	}
	sara, _ := s.MustDial(t, s.MustUser(t, "sara", call.RoleSupervisor))
	sara.MustAsk(giveBack(id)) // a supervisor may take it back
	inState(ben, id, call.Waiting)
	if code := codeOf(sara.Ask(giveBack(id))); code != call.BadRequest {
		t.Errorf("nothing to give back: %s", code)
	}
}

// TestAssign: it rings for the chosen agent first and alone.
func TestAssign(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Minute}})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "web"))
	eva, _ := s.MustDial(t, s.MustUser(t, "eva", call.RoleAgent)) // of no queue
	sara, _ := s.MustDial(t, s.MustUser(t, "sara", call.RoleSupervisor))
	s.MustUser(t, "away", call.RoleAgent, "web")
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	ben.Offered(id)
	if code := codeOf(anna.Ask(assign(id, "anna"))); code != call.Forbidden {
		t.Errorf("an agent assigns: %s", code)
	}
	for agent, code := range map[string]call.Code{"nobody": call.NotFound, "away": call.BadRequest} {
		if got := codeOf(sara.Ask(assign(id, agent))); got != code {
			t.Errorf("assigned to %s: %s, want %s", agent, got, code)
		}
	}
	sara.MustAsk(assign(id, "ben"))
	if w := withdrawn(anna, id); w.Reason != wire.ReasonReassigned {
		t.Errorf("anna was told %+v", w)
	}
	sara.MustAsk(assign(id, "eva"))
	withdrawn(ben, id)
	eva.Offered(id)
	eva.MustAsk(decline(id))
	offers := 0
	hubtest.Await(anna, func(o wire.Offer) bool { offers++; return offers == 2 }) // the others again
	anna.MustAsk(accept(id))
	if code := codeOf(sara.Ask(assign(id, "ben"))); code != call.Taken {
		t.Errorf("assigned while anna has it: %s", code)
	}
}

// TestCancel: a supervisor closes a call, on whatever desk it is.
func TestCancel(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	token := s.MustUser(t, "sara", call.RoleSupervisor)
	ringing, accepted := hubtest.MustPost(t, receive, "s1"), hubtest.MustPost(t, receive, "s2")
	anna.Offered(ringing)
	if code := codeOf(anna.Ask(cancel(ringing))); code != call.Forbidden {
		t.Errorf("an agent cancels: %s", code)
	}
	sara, _ := s.MustDial(t, token)
	for range 2 {
		sara.MustAsk(cancel(ringing))
	}
	if w := withdrawn(anna, ringing); w.Reason != wire.ReasonCanceled {
		t.Errorf("anna was told %+v", w)
	}
	anna.Offered(accepted)
	anna.MustAsk(accept(accepted))
	status, answer := hubtest.Do(t, http.MethodPost, s.URL+"/api/v1/calls/"+accepted+"/cancel", token, "", "")
	if status != http.StatusOK || !strings.Contains(answer, `"outcome":"canceled"`) || !strings.Contains(answer, `"reason":"supervisor"`) {
		t.Errorf("over HTTP: %d %s", status, answer)
	}
	if c := inState(anna, accepted, call.Ended); c.Outcome != call.Canceled || c.Link != "" {
		t.Errorf("anna's call: %+v", c)
	}
}

// TestActionsOverHTTP: the same actions, for who has no socket.
func TestRoleActionsOverHTTP(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna, sara := s.MustUser(t, "anna", call.RoleAgent, "web"), s.MustUser(t, "sara", call.RoleSupervisor)
	app, _ := s.MustDial(t, anna)
	id := hubtest.MustPost(t, receive, "s1")
	app.Offered(id)
	for _, tc := range []struct {
		act, token, body string
		status           int
	}{
		{"assign", anna, `{"agent":"anna"}`, 403},
		{"assign", sara, ``, 400},
		{"assign", sara, `{"agent"`, 400},
		{"assign", sara, `{"agent":"anna"}`, 200},
		{"return", anna, ``, 400},
		{"accept", anna, ``, 200},
		{"return", anna, ``, 200},
		{"cancel", anna, ``, 403},
		{"cancel", sara, ``, 200},
		{"cancel", sara, ``, 200},
		{"return", sara, ``, 410},
	} {
		if status, answer := hubtest.Do(t, http.MethodPost, s.URL+"/api/v1/calls/"+id+"/"+tc.act, tc.token, "application/json", tc.body); status != tc.status {
			t.Errorf("%s %s: %d %s, want %d", tc.act, tc.body, status, answer, tc.status)
		}
	}
}

// TestDispositions: finish takes one of the queue's list, or none.
func TestDispositions(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Dispositions: []string{"sold", "not now"}})
	anna, w := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	if d := w.Queues[0].Dispositions; len(d) != 2 || d[0] != "sold" {
		t.Errorf("the welcome's queue has %v", d)
	}
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	anna.MustAsk(accept(id))
	wrong := finish(id)
	wrong.Disposition = "bought"
	if r := anna.Ask(wrong); codeOf(r) != call.BadRequest || !strings.Contains(r.Error.Message, "use sold or not now") {
		t.Errorf("an unknown disposition: %+v", r.Error)
	}
	right := finish(id)
	right.Disposition, right.Note = "not now", "calls back"
	anna.MustAsk(right)
	if c := inState(anna, id, call.Ended); c.Disposition != "not now" || c.Note != "calls back" {
		t.Errorf("%+v", c)
	}
}

// TestCapacity: an agent with room for two gets a second call, and no third.
func TestCapacity(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Capacity: 2}})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	var ids []string
	for i := range 3 {
		ids = append(ids, hubtest.MustPost(t, receive, fmt.Sprint("s", i)))
		anna.Offered(ids[i])
	}
	anna.MustAsk(accept(ids[0]))
	anna.MustAsk(accept(ids[1]))
	withdrawn(anna, ids[2])
	if code := codeOf(anna.Ask(accept(ids[2]))); code != call.NotOffered {
		t.Errorf("a third call: %s", code)
	}
	anna.MustAsk(finish(ids[0]))
	offers := 0
	hubtest.Await(anna, func(o wire.Offer) bool {
		if o.Call.ID == ids[2] {
			offers++
		}
		return offers == 2
	})
}

// TestWrapUp: after a call its agent has time before the next one rings, over a
// restart too, and may be ready before.
func TestWrapUp(t *testing.T) {
	dir := t.TempDir()
	var c clock
	config := hub.Config{Dir: dir, Now: c.now, Logger: slog.New(slog.DiscardHandler)}
	s := hubtest.MustStartWith(t, config)
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{WrapUp: time.Minute, Patience: time.Hour}})
	token := s.MustUser(t, "anna", call.RoleAgent, "web")
	anna, _ := s.MustDial(t, token)
	first := hubtest.MustPost(t, receive, "s1")
	anna.Offered(first)
	anna.MustAsk(accept(first))
	anna.MustAsk(finish(first))
	m := hubtest.Await(anna, func(a wire.AgentChanged) bool { return a.Agent.State == call.WrapUp })
	if left := m.Agent.Until.Sub(m.Agent.Since.Time); left < 59*time.Second || left > time.Minute {
		t.Errorf("wraps up for %v", left)
	}
	s.Stop(t)

	s = hubtest.MustStartWith(t, config)
	receive = s.Hub.ReceiveURL(mustQueue(t, s, "web"))
	anna, w := s.MustDial(t, token)
	if w.Presence.State != call.WrapUp || !w.Presence.Until.Equal(m.Agent.Until.Time) {
		t.Fatalf("after a restart: %+v, want until %v", w.Presence, m.Agent.Until)
	}
	second := hubtest.MustPost(t, receive, "s2")
	anna.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Ready}) // ready now
	anna.Offered(second)
	anna.MustAsk(accept(second))
	anna.MustAsk(finish(second))
	third := hubtest.MustPost(t, receive, "s3")
	c.ahead.Store(int64(time.Minute))  // the time is over
	hubtest.MustPost(t, receive, "s4") // the dispatcher looks at its clock
	anna.Offered(third)
}

func mustQueue(t *testing.T, s *hubtest.Server, name string) hub.Queue {
	t.Helper()
	q, ok := s.Hub.Directory().Queue(name)
	if !ok {
		t.Fatalf("there is no queue %s", name)
	}
	return q
}

// TestAlerts: supervisors are told of a call that waits, and of a payload that
// made none.
func TestAlerts(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{AlertAfter: 300 * time.Millisecond}})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	sara, _ := s.MustDial(t, s.MustUser(t, "sara", call.RoleSupervisor))
	if status, _ := hubtest.Post(t, receive, "application/json", `{"session_id":"SECRET","where":"https://vidaoo.example/SECRET"}`); status != 422 {
		t.Fatalf("no link: %d", status)
	}
	m := hubtest.Await(sara, func(a wire.Alerted) bool { return a.Alert.Kind == wire.AlertPayload })
	if m.Alert.Queue != "web" || m.Alert.Payload == 0 || m.Alert.Code != wire.CodeNoSessionLink || !strings.Contains(m.Alert.Message, "'payload list web'") {
		t.Errorf("%+v", m.Alert)
	}
	id := hubtest.MustPost(t, receive, "s1")
	m = hubtest.Await(sara, func(a wire.Alerted) bool { return a.Alert.Kind == wire.AlertWaiting })
	if m.Alert.Call != id || m.Alert.At.IsZero() {
		t.Errorf("%+v", m.Alert)
	}
	hubtest.Await(sara, func(c wire.CallChanged) bool { return c.Call.ID == id && !c.Call.Alerted.IsZero() })
	anna.MustAsk(accept(id))
	for _, f := range append(anna.Frames(), sara.Frames()...) {
		if strings.Contains(f, "SECRET") {
			t.Errorf("the caller's words went to an app: %s", f)
		}
	}
	for _, f := range anna.Frames() {
		if strings.HasPrefix(f, `{"type":"alert"`) {
			t.Errorf("an agent was alerted: %s", f)
		}
	}
}

// TestMemberRemoved: who leaves a queue loses its offers and is told what it
// serves now.
func TestMemberRemoved(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	if _, err := s.Hub.Directory().SetUser(t.Context(), "anna", "", func(u *hub.User) error { u.Queues = nil; return nil }); err != nil {
		t.Fatal(err)
	}
	if w := withdrawn(anna, id); w.Reason != wire.ReasonReassigned {
		t.Errorf("%+v", w)
	}
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent))
	if _, err := s.Hub.Directory().SetUser(t.Context(), "ben", "", func(u *hub.User) error { u.Queues = []string{"web"}; return nil }); err != nil {
		t.Fatal(err)
	}
	ben.Offered(id) // who joins is rung for what waits
}

// TestStrategyChange: what rings goes on; the next offer goes by the new one.
func TestStrategyChange(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "web"))
	first := hubtest.MustPost(t, receive, "s1")
	anna.Offered(first)
	ben.Offered(first)
	if _, err := s.Hub.Directory().SetQueue(t.Context(), "web", func(q *hub.Queue) error { q.Strategy = routing.RoundRobin; return nil }); err != nil {
		t.Fatal(err)
	}
	second := hubtest.MustPost(t, receive, "s2")
	ben.MustAsk(accept(first)) // it rang there still
	anna.Offered(second)
	for _, f := range ben.Frames() {
		if strings.HasPrefix(f, `{"type":"offer"`) && strings.Contains(f, second) {
			t.Errorf("round-robin rang ben too: %s", f)
		}
	}
}

// TestFinishAfterTheCustomerLeft: what the agent says of the call is kept, though
// it has ended by then.
func TestFinishAfterTheCustomerLeft(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Dispositions: []string{"sold"}})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "web"))
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	anna.MustAsk(accept(id))
	if c := inState(anna, id, call.Accepted); len(c.Dispositions) != 1 {
		t.Errorf("the owner may choose from %v", c.Dispositions)
	}
	if status, answer := hubtest.Post(t, receive+"?event=ended", "application/json", `{"link":"`+hubtest.Link("s1")+`"}`); status != 200 {
		t.Fatalf("ended, by the link alone: %d %s", status, answer)
	}
	inState(anna, id, call.Ended)
	say := finish(id)
	say.Disposition, say.Note = "sold", "calls again"
	if code := codeOf(ben.Ask(say)); code != call.Gone {
		t.Errorf("another says how it went: %s", code)
	}
	anna.MustAsk(say)
	anna.MustAsk(say) // a retry
	hubtest.Await(anna, func(c wire.CallChanged) bool {
		return c.Call.ID == id && c.Call.Disposition == "sold" && c.Call.Note == "calls again"
	})
	anna.MustAsk(finish(id)) // says nothing, changes nothing
}

// TestSignedOutIsGone: who signs out is offline at once, and the call goes on.
func TestSignedOutIsGone(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Strategy: routing.RoundRobin, Ring: time.Minute}})
	token := s.MustUser(t, "anna", call.RoleAgent, "web")
	anna, _ := s.MustDial(t, token)
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "web"))
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	began := time.Now()
	if status, _ := hubtest.Do(t, "DELETE", s.URL+"/api/v1/sessions/current", token, "", ""); status != 204 {
		t.Fatalf("sign out: %d", status)
	}
	ben.Offered(id)
	if waited := time.Since(began); waited > routing.Grace/2 {
		t.Errorf("the call went on after %v", waited)
	}
}

// TestReceiptsOfGuests: who is rung by overflow or by a supervisor's choice may
// say that the call was shown.
func TestReceiptsOfGuests(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	s.MustQueue(t, hub.Queue{Name: "help"})
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Minute, Overflow: "help", OverflowAfter: time.Second}})
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "help"))
	eva, _ := s.MustDial(t, s.MustUser(t, "eva", call.RoleAgent))
	sara, _ := s.MustDial(t, s.MustUser(t, "sara", call.RoleSupervisor))
	id := hubtest.MustPost(t, receive, "s1")
	shown := wire.Request{Type: wire.ActShown, Call: id, Surface: wire.SurfaceNative, Ms: 5}
	ben.Offered(id)
	if code := codeOf(eva.Ask(shown)); code != call.NotOffered {
		t.Errorf("a stranger's receipt: %s", code)
	}
	ben.MustAsk(shown)
	sara.MustAsk(assign(id, "eva"))
	eva.Offered(id)
	eva.MustAsk(shown)
}

// TestUserMadeAnew: a user that is removed and made again starts afresh.
func TestUserMadeAnew(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	d := s.Hub.Directory()
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent))
	anna.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Paused, Reason: "fired"})
	anna.Close()
	hubtest.Eventually(t, "anna is disconnected", func() bool { return s.Hub.Connected() == 0 })
	if err := d.RemoveUser(t.Context(), "anna"); err != nil {
		t.Fatal(err)
	}
	if _, w := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent)); w.Presence.State != call.Ready {
		t.Errorf("the new anna is %+v", w.Presence)
	}
}
