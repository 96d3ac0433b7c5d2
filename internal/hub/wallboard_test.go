package hub_test

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// board reads the wallboard.
func board(t *testing.T, s *hubtest.Server, token string) (b wire.Wallboard, raw string) {
	t.Helper()
	status, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/wallboard", token, "", "")
	if err := json.Unmarshal([]byte(answer), &b); err != nil || status != 200 {
		t.Fatalf("%d %s", status, answer)
	}
	return b, answer
}

func mustWallboard(t *testing.T, s *hubtest.Server, name string, queues ...string) (token string) {
	t.Helper()
	_, token, err := s.Hub.Directory().AddWallboard(t.Context(), name, queues, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestWallboard: the numbers of now and of today, by queue and together, before
// and after a restart, without a word of a customer's.
func TestWallboard(t *testing.T) {
	// Noon, so that no midnight comes between.
	began := time.Now()
	noon := time.Date(began.Year(), began.Month(), began.Day(), 12, 0, 0, 0, time.UTC)
	var later atomic.Int64
	c := hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler), Now: func() time.Time {
		return noon.Add(time.Duration(later.Load()))
	}}
	s := hubtest.MustStartWith(t, c)
	long := routing.Options{Patience: time.Hour, Ring: time.Hour, AlertAfter: 30 * time.Second, TimeZone: "UTC"}
	web := s.MustQueue(t, hub.Queue{Name: "web", Options: long})
	sales := s.MustQueue(t, hub.Queue{Name: "sales", Options: long})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "web", "sales"))
	s.MustUser(t, "carla", call.RoleAgent, "web") // offline
	all, some := mustWallboard(t, s, "foyer"), mustWallboard(t, s, "desk", "sales")
	ben.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Paused, Reason: "dentist"})

	inTime := hubtest.MustPost(t, web, "s1")
	anna.Offered(inTime)
	anna.MustAsk(accept(inTime))
	anna.MustAsk(finish(inTime))
	late := hubtest.MustPost(t, web, "s2")
	anna.Offered(late)
	later.Add(int64(time.Minute))
	anna.MustAsk(accept(late))
	left := hubtest.MustPost(t, sales, "s3")
	later.Add(int64(time.Minute))
	hubtest.Post(t, sales+"?event=ended", "application/json", `{"session_id":"s3","link":"`+hubtest.Link("s3")+`"}`)
	waits := hubtest.MustPost(t, sales, "s4")
	later.Add(int64(90 * time.Second))

	check := func(s *hubtest.Server) {
		t.Helper()
		b, raw := board(t, s, all)
		if n := b.Total; n.Waiting != 1 || n.LongestWait != 90 || n.InCall != 1 || n.Answered != 2 || n.Missed != 0 || n.Abandoned != 1 {
			t.Errorf("the total: %+v", n)
		}
		if l := b.Total.ServiceLevel; l == nil || *l != (wire.ServiceLevel{Percent: 33.3, Answered: 1, Of: 3}) {
			t.Errorf("the service level: %+v", l)
		}
		if len(b.Queues) != 2 || b.Queues[0].Name != "sales" || b.Queues[0].Waiting != 1 || b.Queues[0].Abandoned != 1 ||
			b.Queues[1].Answered != 2 || b.Queues[1].ServiceLevel.Percent != 50 || b.Queues[1].InCall != 1 {
			t.Errorf("the queues: %+v", b.Queues)
		}
		for _, secret := range []string{inTime, left, waits, "MY_WEBSITE", "vidaoo.example", "dentist", `"anna"`} {
			if strings.Contains(raw, secret) {
				t.Errorf("the wallboard tells %q: %s", secret, raw)
			}
		}
		if b, _ := board(t, s, some); len(b.Queues) != 1 || b.Total.Answered != 0 || b.Total.Waiting != 1 {
			t.Errorf("the wallboard of sales: %+v", b)
		}
	}
	check(s)
	b, _ := board(t, s, all)
	if n := b.Total; n.Busy != 1 || n.Paused != 1 || n.Ready != 0 || b.Queues[0].Paused != 1 || b.Queues[0].Busy != 0 {
		t.Errorf("the agents' states: %+v", b)
	}
	var names []string
	for _, a := range b.Agents {
		names = append(names, a.Name)
	}
	if !slices.Equal(names, []string{"Desk anna", "Desk ben"}) {
		t.Errorf("the agents: %v", names)
	}
	s.Stop(t)
	s = hubtest.MustStartWith(t, c)
	check(s)
	later.Add(int64(24 * time.Hour))
	if b, _ := board(t, s, all); b.Total.Answered != 0 || b.Total.ServiceLevel != nil {
		t.Errorf("tomorrow: %+v", b.Total)
	}
}

// TestWallboardEnds: a removed wallboard's token is worthless, and one of a
// removed queue shows nothing.
func TestWallboardEnds(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	s.MustQueue(t, hub.Queue{Name: "web"})
	s.MustQueue(t, hub.Queue{Name: "sales"})
	token := mustWallboard(t, s, "foyer", "web")
	if _, _, err := s.Hub.Directory().AddWallboard(t.Context(), "foyer", nil, time.Now()); call.CodeOf(err) != wire.CodeExists {
		t.Errorf("the same name again: %v", err)
	}
	if err := s.Hub.Directory().RemoveQueue(t.Context(), "web"); err != nil {
		t.Fatal(err)
	}
	if b, _ := board(t, s, token); len(b.Queues) != 0 {
		t.Errorf("of a removed queue: %+v", b)
	}
	if err := s.Hub.Directory().RemoveWallboard(t.Context(), "foyer"); err != nil {
		t.Fatal(err)
	}
	if status, _ := hubtest.Do(t, "GET", s.URL+"/api/v1/wallboard", token, "", ""); status != 401 {
		t.Errorf("a removed wallboard: %d", status)
	}
}
