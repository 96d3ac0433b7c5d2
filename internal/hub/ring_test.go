package hub_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

func accept(id string) wire.Request  { return wire.Request{Type: wire.ActAccept, Call: id} }
func decline(id string) wire.Request { return wire.Request{Type: wire.ActDecline, Call: id} }
func finish(id string) wire.Request  { return wire.Request{Type: wire.ActFinish, Call: id} }

func withdrawn(a *hubtest.App, id string) wire.Withdrawn {
	return hubtest.Await(a, func(w wire.Withdrawn) bool { return w.Call == id })
}

func inState(a *hubtest.App, id string, s call.State) wire.Call {
	return hubtest.Await(a, func(c wire.CallChanged) bool { return c.Call.ID == id && c.Call.State == s }).Call
}

// TestOnlyTheWinnerSeesTheLink reads all frames of both agents and of a
// supervisor.
func TestOnlyTheWinnerSeesTheLink(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "web"))
	sara, _ := s.MustDial(t, s.MustUser(t, "sara", call.RoleSupervisor))

	id := hubtest.MustPost(t, receive, "s1")
	for _, app := range []*hubtest.App{anna, ben} {
		o := app.Offered(id)
		if o.Call.Topic != "MY_WEBSITE" || o.Call.Metadata["language"] != "it" || o.Call.Session != "s1" || o.Call.State != call.Ringing {
			t.Errorf("offer %+v", o)
		}
		if ring := o.Until.Sub(o.Call.Offered.Time); ring != routing.Defaults().Ring {
			t.Errorf("rings %v, want %v", ring, routing.Defaults().Ring)
		}
	}
	ben.MustAsk(accept(id))
	if c := inState(ben, id, call.Accepted); c.Link != hubtest.Link("s1") || c.Agent != "ben" {
		t.Errorf("the winner got %+v", c)
	}
	if w := withdrawn(anna, id); w.Reason != wire.ReasonAnswered || w.By != "Desk ben" {
		t.Errorf("the loser got %+v", w)
	}
	if r := anna.Ask(accept(id)); r.Error == nil || r.Error.Code != call.Taken || r.Error.Message != "Desk ben has the call." {
		t.Errorf("the loser's accept: %+v", r.Error)
	}
	ben.MustAsk(accept(id)) // a retry of the winner succeeds
	inState(sara, id, call.Accepted)
	ben.MustAsk(finish(id))
	if c := inState(ben, id, call.Ended); c.Outcome != call.Completed || c.Link != "" {
		t.Errorf("after finish %+v", c)
	}
	inState(sara, id, call.Ended)
	if r := anna.Ask(accept(id)); r.Error == nil || r.Error.Code != call.Gone {
		t.Errorf("accept of an ended call: %+v", r.Error)
	}
	for name, app := range map[string]*hubtest.App{"anna": anna, "sara": sara} {
		if all := strings.Join(app.Frames(), "\n"); strings.Contains(all, hubtest.Link("s1")) {
			t.Errorf("%s got the link: %s", name, all)
		}
	}
	for i, f := range ben.Frames() {
		if strings.Contains(f, hubtest.Link("s1")) && !strings.Contains(f, `"state":"accepted"`) {
			t.Errorf("frame %d of the winner holds the link before accept: %s", i, f)
		}
	}
}

// TestRace: 100 agents, 50 rounds, exactly one winner each.
func TestRace(t *testing.T) {
	const agents, rounds = 100, 50
	t.Log("real: HTTP and WebSockets on loopback against a hub with its log on disk; 100 agents race 50 times")
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Minute}})
	apps := make([]*hubtest.App, agents)
	for i := range apps {
		apps[i], _ = s.MustDial(t, s.MustUser(t, fmt.Sprintf("agent%02d", i), call.RoleAgent, "web"))
	}
	for round := range rounds {
		id := hubtest.MustPost(t, receive, fmt.Sprint("s", round))
		start := make(chan struct{})
		replies := make([]*wire.Failure, agents)
		var wg sync.WaitGroup
		for i, app := range apps {
			app.Offered(id)
			wg.Go(func() {
				<-start
				replies[i] = app.Ask(accept(id)).Error
			})
		}
		close(start)
		wg.Wait()
		winner := checkOneWinner(t, apps, replies, id)
		apps[winner].MustAsk(finish(id))
	}
}

func checkOneWinner(t *testing.T, apps []*hubtest.App, replies []*wire.Failure, id string) (winner int) {
	t.Helper()
	winner = -1
	for i, r := range replies {
		switch {
		case r == nil && winner >= 0:
			t.Fatalf("call %s: agents %d and %d both won", id, winner, i)
		case r == nil:
			winner = i
		case r.Code != call.Taken:
			t.Errorf("agent %d: %+v", i, r)
		}
	}
	if winner < 0 {
		t.Fatalf("call %s: nobody won", id)
	}
	by := fmt.Sprintf("Desk agent%02d", winner)
	for i, app := range apps {
		if i == winner {
			inState(app, id, call.Accepted)
			continue
		}
		if w := withdrawn(app, id); w.By != by {
			t.Errorf("agent %d was told %+v, want %s", i, w, by)
		}
		if want := by + " has the call."; replies[i].Message != want {
			t.Errorf("agent %d was answered %q, want %q", i, replies[i].Message, want)
		}
	}
	return winner
}

func TestDuplicates(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	other := s.MustQueue(t, hub.Queue{Name: "sales"})
	const agents = 20
	ids := make([]string, agents)
	var wg sync.WaitGroup
	for i := range ids { // at the same time
		wg.Go(func() { ids[i] = hubtest.MustPost(t, receive, "s1") })
	}
	wg.Wait()
	if len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 1 {
		t.Errorf("one session made several calls: %v", ids)
	}
	if _, answer := hubtest.Post(t, receive, "application/json", `{"session_id":"s1","link":"https://vidaoo.example/elsewhere"}`); !strings.Contains(answer, `"duplicate":true`) || !strings.Contains(answer, ids[0]) {
		t.Errorf("the same session with another link: %s", answer)
	}
	if id := hubtest.MustPost(t, other, "s1"); id == ids[0] {
		t.Error("another queue's session is another call")
	}
	for range 2 {
		if status, answer := hubtest.Post(t, receive, "application/json", `{"link":"https://vidaoo.example/bare"}`); status != http.StatusOK {
			t.Errorf("without a session id: %d %s", status, answer)
		}
	}
	if calls := s.Hub.OpenCalls(); len(calls) != 3 {
		t.Errorf("%d calls, want 3", len(calls))
	}
}

// TestAnsweredIsKnown: once a webhook is answered, whoever asks next finds the
// call, and a customer who leaves at that very moment is understood.
func TestAnsweredIsKnown(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	const senders, each = 8, 25
	var wg sync.WaitGroup
	for n := range senders {
		wg.Go(func() {
			for i := range each {
				session := fmt.Sprintf("s%d-%d", n, i)
				id := hubtest.MustPost(t, receive, session)
				if !slices.ContainsFunc(s.Hub.OpenCalls(), func(c call.Call) bool { return c.ID == id }) {
					t.Errorf("%s was answered and is not among the open calls", session)
				}
				if status, answer := hubtest.Post(t, receive+"?event=ended", "application/json", fmt.Sprintf(`{"session_id":%q}`, session)); status != http.StatusOK {
					t.Errorf("%s ended: %d %s", session, status, answer)
				}
			}
		})
	}
	wg.Wait()
	if calls := s.Hub.OpenCalls(); len(calls) != 0 {
		t.Errorf("%d calls are open after all have ended", len(calls))
	}
}

// TestDeclinedGoesOn: declined by one, it rings on for the other; declined by
// all, it waits.
func TestDeclinedGoesOn(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "web"))
	sara, _ := s.MustDial(t, s.MustUser(t, "sara", call.RoleSupervisor))
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	ben.Offered(id)
	anna.MustAsk(decline(id))
	if r := anna.Ask(accept(id)); r.Error == nil || r.Error.Code != call.NotOffered {
		t.Errorf("accept after decline: %+v", r.Error)
	}
	ben.MustAsk(decline(id))
	// The second "waiting": the first is its arrival.
	hubtest.Await(sara, func(c wire.CallChanged) bool { return c.Call.State == call.Waiting && !c.Call.Offered.IsZero() })
}

// TestPresence: a paused agent's offer is withdrawn; ready again, it rings.
func TestPresence(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	token := s.MustUser(t, "anna", call.RoleAgent, "web")
	anna, w := s.MustDial(t, token)
	if w.Presence.State != call.Ready || w.User.Name != "Desk anna" || len(w.Queues) != 1 || w.Queues[0].Name != "web" {
		t.Fatalf("first welcome %+v", w)
	}
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	anna.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Paused, Reason: "lunch"})
	if w := withdrawn(anna, id); w.Reason != wire.ReasonReassigned {
		t.Errorf("withdrawn %+v", w)
	}
	hubtest.Await(anna, func(a wire.AgentChanged) bool { return a.Agent.State == call.Paused && a.Agent.Reason == "lunch" })
	anna.Close()
	again, w := s.MustDial(t, token)
	if w.Presence.State != call.Paused || w.Presence.Reason != "lunch" || len(w.Offers) != 0 {
		t.Fatalf("the chosen state does not hold: %+v", w)
	}
	again.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Ready})
	again.Offered(id)
}

// TestBusy: who has a call is not rung, and can't take a second.
func TestBusy(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	first, second := hubtest.MustPost(t, receive, "s1"), hubtest.MustPost(t, receive, "s2")
	anna.Offered(first)
	anna.Offered(second)
	anna.MustAsk(accept(first))
	withdrawn(anna, second)
	if r := anna.Ask(accept(second)); r.Error == nil || r.Error.Code != call.NotOffered {
		t.Errorf("a second call: %+v", r.Error)
	}
	anna.MustAsk(finish(first))
	hubtest.Await(anna, func(a wire.AgentChanged) bool { return a.Agent.State == call.Busy })
	offers := 0
	hubtest.Await(anna, func(o wire.Offer) bool {
		if o.Call.ID == second {
			offers++
		}
		return offers == 2
	})
}

// TestCustomer: who comes into the room is told to the owner; who leaves takes
// the bell along, or ends the session.
func TestCustomer(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	tell := func(event, body string, status int) string {
		t.Helper()
		got, answer := hubtest.Post(t, receive+"?event="+event, "application/json", body)
		if got != status {
			t.Fatalf("%s %s: %d %s, want %d", event, body, got, answer, status)
		}
		return answer
	}
	first := hubtest.MustPost(t, receive, "s1")
	anna.Offered(first)
	for range 2 {
		tell("ended", `{"session_id":"s1"}`, http.StatusOK)
	}
	if w := withdrawn(anna, first); w.Reason != wire.ReasonCanceled {
		t.Errorf("withdrawn %+v", w)
	}
	if r := anna.Ask(accept(first)); r.Error == nil || r.Error.Code != call.Gone {
		t.Errorf("accept after the customer left: %+v", r.Error)
	}

	second := hubtest.MustPost(t, receive, "s2")
	anna.Offered(second)
	anna.MustAsk(accept(second))
	if answer := tell("joined", `{"link":"`+hubtest.Link("s2")+`","session_id":"s2"}`, http.StatusOK); !strings.Contains(answer, second) {
		t.Errorf("joined answered %s", answer)
	}
	hubtest.Await(anna, func(c wire.CallChanged) bool { return c.Call.ID == second && c.Call.Joined && c.Call.Link != "" })
	tell("ended", `{"session_id":"s2"}`, http.StatusOK)
	if c := inState(anna, second, call.Ended); c.Outcome != call.Completed {
		t.Errorf("after the customer left: %+v", c)
	}

	tell("joined", `{"session_id":"never seen"}`, http.StatusNotFound)
	tell("joined", `{}`, http.StatusNotFound)
	tell("joined", `{`, http.StatusBadRequest)
	tell("danced", `{"session_id":"s2"}`, http.StatusBadRequest)
}

// TestTwoDevices: a ring on both; an accept on one stops the other.
func TestTwoDevices(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	token := s.MustUser(t, "anna", call.RoleAgent, "web")
	desk, _ := s.MustDial(t, token)
	home, _ := s.MustDial(t, token)
	id := hubtest.MustPost(t, receive, "s1")
	desk.Offered(id)
	home.Offered(id)
	desk.MustAsk(accept(id))
	if c := inState(home, id, call.Accepted); c.Link != hubtest.Link("s1") {
		t.Errorf("the other device got %+v", c)
	}
}
