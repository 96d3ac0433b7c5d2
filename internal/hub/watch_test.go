package hub_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/trail"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestNumbersAreTold: supervisors are told the numbers of their queues and of
// their agents' days, with the welcome and when they change.
func TestNumbersAreTold(t *testing.T) {
	f := mustFloor(t, hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	sara, seen := f.MustDial(t, f.MustToken(t, "sara"))
	otto, _ := f.MustDial(t, f.MustToken(t, "otto"))
	if n := seen.Numbers; n == nil || len(n.Queues) != 1 || n.Queues[0].Name != "web" || n.Total.Waiting != 0 || n.Total.Ready != 1 {
		t.Fatalf("the welcome's numbers: %+v", n)
	}
	if anna, w := f.MustDial(t, f.MustToken(t, "anna")); w.Numbers != nil {
		t.Errorf("an agent is told numbers: %+v", anna.Frames())
	}
	id := f.newCall()
	hubtest.Await(sara, func(n wire.Numbers) bool { return n.Total.Waiting == 1 && !n.Total.WaitingSince.IsZero() })
	c := hubtest.Await(sara, func(c wire.CallChanged) bool { return c.Call.State == call.Ringing }).Call
	if c.RingsFor != 1 || len(c.Rings) != 1 || c.Rings[0] != "ben" || c.Since.IsZero() {
		t.Errorf("the call as its supervisor sees it: %+v", c)
	}
	f.ben.MustAsk(accept(id))
	hubtest.Await(sara, func(n wire.Numbers) bool {
		return n.Total.InCall == 1 && n.Total.Answered == 1 && len(n.Agents) == 1 && n.Agents[0] == wire.AgentNumbers{Username: "ben", Answered: 1}
	})
	f.ben.MustAsk(finish(id))
	hubtest.Await(sara, func(n wire.Numbers) bool { return n.Total.InCall == 0 && n.Total.Ready == 1 && n.Total.Answered == 1 })
	for _, frame := range otto.Frames() {
		if strings.Contains(frame, `"ben"`) || strings.Contains(frame, `"name":"web"`) || strings.Contains(frame, `"answered":1`) {
			t.Errorf("the supervisor of sales was told: %s", frame)
		}
	}
}

// TestManyChangesAreTold: whatever is told together, each call's last state
// comes, without its link.
func TestManyChangesAreTold(t *testing.T) {
	f := mustFloor(t, hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	eva, _ := f.MustDial(t, f.MustToken(t, "eva"))
	var ids []string
	for range 40 {
		ids = append(ids, f.newCall())
	}
	for _, id := range ids {
		eva.Send(fmt.Sprintf(`{"type":"cancel","id":%q,"call":%q}`, id, id))
	}
	for _, id := range ids {
		hubtest.Await(eva, func(r wire.Reply) bool { return string(r.To) == `"`+id+`"` })
	}
	ended := map[string]bool{}
	for _, frame := range eva.Frames() { // all came before the last reply
		if strings.Contains(frame, "vidaoo.example") {
			t.Fatalf("a supervisor was told a link: %s", frame)
		}
		var m struct {
			Call  wire.Call
			Calls []wire.Call
		}
		if err := json.Unmarshal([]byte(frame), &m); err != nil {
			continue // a withdrawn names its call
		}
		for _, c := range append(m.Calls, m.Call) {
			ended[c.ID] = c.State == call.Ended
		}
	}
	for _, id := range ids {
		if !ended[id] {
			t.Errorf("the end of %s was not told before the last reply", id)
		}
	}
}

// TestOwnerKeepsTheLink: a supervisor who takes a call itself is told the link,
// and never of the call without.
func TestOwnerKeepsTheLink(t *testing.T) {
	f := mustFloor(t, hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	eva, _ := f.MustDial(t, f.MustToken(t, "eva"))
	sara, _ := f.MustDial(t, f.MustToken(t, "sara"))
	id := f.newCall()
	eva.MustAsk(wire.Request{Type: wire.ActAssign, Call: id, Agent: "eva"})
	eva.Offered(id)
	eva.MustAsk(accept(id))
	inState(sara, id, call.Accepted)
	f.newCall() // told after it
	hubtest.Await(eva, func(c wire.CallChanged) bool { return c.Call.ID != id })
	for _, frame := range eva.Frames() {
		if strings.Contains(frame, id) && strings.Contains(frame, `"accepted"`) && !strings.Contains(frame, hubtest.Link("s1")) {
			t.Errorf("the owner was told of its call without the link: %s", frame)
		}
	}
}

// TestAgentsDay: what each agent took and missed today is the same after a
// restart, and nothing on the next day.
func TestAgentsDay(t *testing.T) {
	began := time.Now()
	var later atomic.Int64
	noon := time.Date(began.Year(), began.Month(), began.Day(), 12, 0, 0, 0, time.Local) // no midnight comes between
	c := hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon.Add(time.Duration(later.Load())) }}
	s := hubtest.MustStartWith(t, c)
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Patience: time.Hour, Ring: 10 * time.Second}})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "web"))
	token := s.MustUser(t, "eva", call.RoleAdmin)

	missed := hubtest.MustPost(t, receive, "s1")
	anna.Offered(missed)
	ben.MustAsk(wire.Request{Type: wire.ActDecline, Call: missed})
	later.Add(int64(11 * time.Second))
	hubtest.Await(anna, func(w wire.Withdrawn) bool { return w.Reason == wire.ReasonLapsed })
	if status, answer := hubtest.Do(t, "POST", s.URL+"/api/v1/calls/"+missed+"/cancel", token, "", ""); status != 200 {
		t.Fatalf("cancel: %d %s", status, answer)
	}
	back := hubtest.MustPost(t, receive, "s2")
	anna.Offered(back)
	anna.MustAsk(accept(back))
	anna.MustAsk(wire.Request{Type: wire.ActReturn, Call: back})
	ben.OfferedSince(ben.OfferedSince(0, back), back)
	ben.MustAsk(accept(back))
	ben.MustAsk(finish(back))

	check := func(s *hubtest.Server, want map[string]wire.AgentNumbers) {
		t.Helper()
		_, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/agents", token, "", "")
		var agents []wire.Agent
		if err := json.Unmarshal([]byte(answer), &agents); err != nil {
			t.Fatal(err)
		}
		for _, a := range agents {
			if got := (wire.AgentNumbers{Username: a.Username, Answered: a.Answered, Missed: a.Missed}); got != want[a.Username] {
				t.Errorf("%+v, want %+v", got, want[a.Username])
			}
		}
	}
	want := map[string]wire.AgentNumbers{
		"anna": {Username: "anna", Missed: 1}, "ben": {Username: "ben", Answered: 1}, "eva": {Username: "eva"},
	}
	check(s, want)
	s.Stop(t)
	s = hubtest.MustStartWith(t, c)
	check(s, want)
	later.Add(int64(24 * time.Hour))
	if _, w := s.MustDial(t, token); w.Numbers.Total.Answered != 0 {
		t.Errorf("tomorrow's numbers: %+v", w.Numbers)
	}
	hubtest.Eventually(t, "the new day has begun", func() bool {
		_, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/agents", token, "", "")
		return !strings.Contains(answer, `"missed":1`) && !strings.Contains(answer, `"answered":1`)
	})
}

// TestNobodyIsReady: supervisors are told, once, that somebody waits where nobody
// is ready.
func TestNobodyIsReady(t *testing.T) {
	var later atomic.Int64
	f := mustFloor(t, hub.Config{
		Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) },
	})
	sara, _ := f.MustDial(t, f.MustToken(t, "sara"))
	otto, _ := f.MustDial(t, f.MustToken(t, "otto"))
	f.ben.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Paused})
	hubtest.MustPost(t, f.receive, "s1")
	hubtest.Await(sara, func(n wire.Numbers) bool { return n.Total.Waiting == 1 })
	later.Add(int64(6 * time.Second))
	a := hubtest.Await(sara, func(a wire.Alerted) bool { return a.Alert.Kind == wire.AlertNobody }).Alert
	if a.Queue != "web" || a.Call != "" || !strings.Contains(a.Message, "nobody who serves it is ready") {
		t.Errorf("the alert: %+v", a)
	}
	later.Add(int64(6 * time.Second))
	f.ben.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Ready})
	hubtest.Await(sara, func(n wire.Numbers) bool { return n.Total.Ready == 1 && n.Total.Waiting == 1 })
	alerts := 0
	for _, frame := range sara.Frames() {
		if strings.Contains(frame, `"kind":"nobody"`) {
			alerts++
		}
	}
	if alerts != 1 {
		t.Errorf("%d alerts, want one", alerts)
	}
	for _, frame := range otto.Frames() {
		if strings.Contains(frame, `"nobody"`) {
			t.Errorf("the supervisor of sales was told: %s", frame)
		}
	}
}

// TestTrailOverHTTP: a supervisor reads why a call rang here and not there, and
// no link.
func TestTrailOverHTTP(t *testing.T) {
	f := mustFloor(t, hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	f.MustUser(t, "carla", call.RoleAgent, "web") // offline
	id := f.newCall()
	f.ben.MustAsk(accept(id))
	status, answer := hubtest.Do(t, "GET", f.URL+"/api/v1/calls/"+id+"/trail", f.MustToken(t, "sara"), "", "")
	var story trail.Story
	if err := json.Unmarshal([]byte(answer), &story); err != nil || status != 200 {
		t.Fatalf("%d %s", status, answer)
	}
	story.Zone = time.Local
	got := trail.Tell(story)
	if story.Call.ID != id || !strings.HasPrefix(got.Summary, "Desk ben accepted it at ") || len(got.Agents) != 2 ||
		!got.Agents[0].Rang || got.Agents[0].Agent != "ben" || got.Agents[1].Rang || len(got.Agents[1].Words) == 0 {
		t.Errorf("the trail: %s", answer)
	}
	if strings.Contains(answer, hubtest.Link("s1")) {
		t.Errorf("the trail has the link: %s", answer)
	}
}
