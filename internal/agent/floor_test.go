package agent_test

import (
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/trail"
)

// TestFloor: a supervisor's session knows the open calls, the agents and the
// numbers, and an agent's nothing of it.
func TestFloor(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	ben := start(t, s.URL, s.MustUser(t, "ben", call.RoleAgent, "web"))
	ben.await("online", 0, online)
	first := hubtest.MustPost(t, receive, "s1")
	ben.await("the ring", 0, kind(agent.Rang))
	eva := start(t, s.URL, s.MustUser(t, "eva", call.RoleSupervisor))
	_, at := eva.await("the first look", 0, kind(agent.Watched))

	f := eva.Floor()
	if len(f.Calls) != 1 || f.Calls[0].ID != first || f.Calls[0].RingsFor != 1 || f.Calls[0].Rings[0] != "ben" || f.Numbers.Total.Waiting != 1 {
		t.Fatalf("the floor of the welcome: %+v", f)
	}
	if len(f.Agents) != 2 || f.Agents[0].Username != "ben" || f.Agents[0].State != call.Ready {
		t.Errorf("the agents: %+v", f.Agents)
	}
	if f.Heard.IsZero() || time.Since(f.Heard) > hubtest.Patience {
		t.Errorf("the hub was heard at %v", f.Heard)
	}
	until := func(what string, ok func(agent.Floor) bool) {
		t.Helper()
		_, at = eva.await(what, at, func(agent.Event) bool { return ok(eva.Floor()) })
	}
	if err := ben.Accept(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	until("ben in the call, and counted", func(f agent.Floor) bool {
		return len(f.Calls) == 1 && f.Calls[0].Agent == "ben" && f.Agents[0].State == call.Busy && f.Agents[0].Answered == 1 && f.Numbers.Total.InCall == 1
	})
	second := hubtest.MustPost(t, receive, "s2")
	until("the second call", func(f agent.Floor) bool { return len(f.Calls) == 2 && f.Calls[1].ID == second })
	if err := ben.Finish(t.Context(), first, "", "a note"); err != nil {
		t.Fatal(err)
	}
	until("the first is over", func(f agent.Floor) bool {
		return len(f.Calls) == 1 && len(f.Ended) == 1 && f.Ended[0].ID == first && f.Ended[0].Outcome == call.Completed
	})
	if f := ben.Floor(); len(f.Calls)+len(f.Agents)+len(f.Ended) != 0 {
		t.Errorf("an agent watches %+v", f)
	}
	story, err := eva.Trail(t.Context(), first)
	story.Zone = time.Local
	if told := trail.Tell(story); err != nil || story.Call.ID != first || !strings.Contains(told.Summary, "Desk ben accepted it") || len(told.Agents) != 1 {
		t.Errorf("the trail: %+v, %v", told, err)
	}
	if _, err := eva.Trail(t.Context(), "no/such call"); err == nil || err.Error() != "There is no such call." {
		t.Errorf("the trail of no call: %v", err)
	}
	if _, err := ben.Trail(t.Context(), first); err == nil || err.Error() != "Only supervisors may do that." {
		t.Errorf("the trail for an agent: %v", err)
	}

	// What is there after a break is the truth of the hub.
	s.Stop(t)
	eva.await("offline", at, offline)
	if f := eva.Floor(); len(f.Calls) != 1 {
		t.Errorf("offline it knows %+v", f.Calls)
	}
}

// TestFloorOfALimitedSupervisor: a call of another queue is seen while it is the
// supervisor's own.
func TestFloorOfALimitedSupervisor(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	s.MustQueue(t, hub.Queue{Name: "web"})
	sales := s.MustQueue(t, hub.Queue{Name: "sales"})
	if _, err := s.Hub.Directory().AddUser(t.Context(), hub.User{Username: "otto", Role: call.RoleSupervisor, Queues: []string{"sales"}, Supervises: []string{"web"}}, ""); err != nil {
		t.Fatal(err)
	}
	otto := start(t, s.URL, s.MustToken(t, "otto"))
	otto.await("online", 0, online)
	id := hubtest.MustPost(t, sales, "s1")
	otto.await("the ring", 0, kind(agent.Rang))
	if f := otto.Floor(); len(f.Calls) != 0 || len(f.Numbers.Queues) != 1 {
		t.Errorf("what rings here but is not supervised: %+v", f)
	}
	if err := otto.Accept(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	_, at := otto.await("the call", 0, kind(agent.Taken))
	if f := otto.Floor(); len(f.Calls) != 1 || f.Calls[0].Link != "" {
		t.Errorf("an own call: %+v", f.Calls)
	}
	if err := otto.Return(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	otto.await("the end", at, func(e agent.Event) bool { return e.Kind == agent.Ended && e.Call.State != call.Accepted })
	if f := otto.Floor(); len(f.Calls) != 0 {
		t.Errorf("a call that was given back and is out of sight: %+v", f.Calls)
	}
}
