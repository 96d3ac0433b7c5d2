package hub_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
	"github.com/deskbell/deskbell/internal/wire"
)

// day reads an agent's last calls as "session what by".
func day(t *testing.T, s *hubtest.Server, token string) (list []string) {
	t.Helper()
	status, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/me/calls", token, "", "")
	var calls []wire.DayCall
	if err := json.Unmarshal([]byte(answer), &calls); err != nil || status != 200 {
		t.Fatalf("%d %s", status, answer)
	}
	if strings.Contains(answer, "https://") {
		t.Errorf("the list holds a link: %s", answer)
	}
	for _, c := range calls {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %s", c.Call.Session, c.What, c.By)))
	}
	return list
}

// TestMyDay: an agent's list has what it took and what it missed, and after a
// restart what the log tells of it.
func TestMyDay(t *testing.T) {
	dir := t.TempDir()
	s := hubtest.MustStart(t, dir)
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Second}})
	tokenA, tokenB := s.MustUser(t, "anna", call.RoleAgent, "web"), s.MustUser(t, "ben", call.RoleAgent, "web")
	anna, _ := s.MustDial(t, tokenA)
	ben, _ := s.MustDial(t, tokenB)
	if list := day(t, s, tokenA); len(list) != 0 {
		t.Fatalf("at first %q", list)
	}
	taken := hubtest.MustPost(t, receive, "s1")
	anna.Offered(taken)
	ben.Offered(taken)
	ben.MustAsk(accept(taken))
	ben.MustAsk(finish(taken))
	ben.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Paused})
	declined, answered, missed := hubtest.MustPost(t, receive, "s2"), hubtest.MustPost(t, receive, "s3"), hubtest.MustPost(t, receive, "s4")
	for _, id := range []string{declined, answered, missed} {
		anna.Offered(id)
	}
	hubtest.Await(anna, func(w wire.Withdrawn) bool { return w.Call == missed && w.Reason == wire.ReasonLapsed })
	anna.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Ready})
	anna.Ask(decline(declined))
	for anna.Ask(accept(answered)).Error != nil { // it lapses and rings anew each second
	}
	list := day(t, s, tokenA)
	for _, want := range []string{"s1 taken Desk ben", "s2 declined", "s3 answered"} {
		if !slices.Contains(list, want) {
			t.Errorf("%q is not in %q", want, list)
		}
	}
	if list := day(t, s, tokenB); !slices.Equal(list, []string{"s1 answered"}) {
		t.Errorf("ben's: %q", list)
	}
	s.Stop(t)
	s = hubtest.MustStart(t, dir)
	for _, want := range []string{"s2 declined", "s3 answered"} {
		if list := day(t, s, tokenA); !slices.Contains(list, want) {
			t.Errorf("after a restart %q is not in %q", want, list)
		}
	}
	if list := day(t, s, tokenB); !slices.Equal(list, []string{"s1 answered"}) {
		t.Errorf("after a restart ben's: %q", list)
	}
}

// TestMyDayMissed: what nobody took is in the lists of all whom it rang for to the
// end, also after a restart.
func TestMyDayMissed(t *testing.T) {
	dir := t.TempDir()
	s := hubtest.MustStart(t, dir)
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Second, Patience: time.Second}})
	tokens := map[string]string{}
	for _, name := range []string{"anna", "ben"} {
		tokens[name] = s.MustUser(t, name, call.RoleAgent, "web")
		s.MustDial(t, tokens[name])
	}
	hubtest.MustPost(t, receive, "s1")
	missed := func() bool {
		return slices.Equal(day(t, s, tokens["anna"]), []string{"s1 missed"}) && slices.Equal(day(t, s, tokens["ben"]), []string{"s1 missed"})
	}
	hubtest.Eventually(t, "both to have missed it", missed)
	s.Stop(t)
	s = hubtest.MustStart(t, dir)
	if !missed() {
		t.Errorf("after a restart: anna %q, ben %q", day(t, s, tokens["anna"]), day(t, s, tokens["ben"]))
	}
}

// TestMyDayAfterTheEnd: what is noted of a call after its end changes nothing of
// what became of it for an agent.
func TestMyDayAfterTheEnd(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	s.set(func(q *hub.Queue) { q.Ring, q.DeleteMeeting = time.Second, false })
	anna, ben := s.apps["anna"], s.apps["ben"]
	m, err := s.client.CreateMeeting(t.Context(), vidaoo.NewMeeting{Topic: "web"})
	if err != nil {
		t.Fatal(err)
	}
	id := hubtest.MustPost(t, s.receive, m.ID)
	hubtest.Await(ben, func(w wire.Withdrawn) bool { return w.Call == id && w.Reason == wire.ReasonLapsed })
	for anna.Ask(accept(id)).Error != nil { // it lapses and rings anew each second
	}
	anna.MustAsk(record(id, true))
	s.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Broken, On: "recording-stop"})
	anna.MustAsk(finish(id))
	want := []string{m.ID + " taken Desk anna"}
	if got := day(t, s.Server, s.tokens["ben"]); !slices.Equal(got, want) {
		t.Fatalf("ben's: %q, want %q", got, want)
	}
	s.fake.SetFaults()
	s.later.Add(int64(time.Hour))
	hubtest.Eventually(t, "it is stopped", func() bool { return stopped(s.call(id).Call) })
	if got := day(t, s.Server, s.tokens["ben"]); !slices.Equal(got, want) {
		t.Errorf("once its recording has stopped, ben's: %q, want %q", got, want)
	}
	_, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/me/calls", s.tokens["ben"], "", "")
	if got := decoded[[]wire.DayCall](t, answer); len(got) != 1 || !stopped(got[0].Call) {
		t.Errorf("the list does not know that the recording has stopped: %s", answer)
	}
}
