package hub_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestSlowReader: an app that reads nothing is closed with 4008 once it reads
// again, and another app has had every offer meanwhile.
func TestSlowReader(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Minute}})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	slow := s.MustOpen(t, s.MustUser(t, "ben", call.RoleAgent, "web"), &websocket.Dialer{NetDial: smallBuffer})
	defer slow.Close()
	// More than the socket's buffers and the hub's own bound together hold.
	const calls = 250
	filler := strings.Repeat("x", 900)
	for i := range calls {
		session := fmt.Sprint("s", i)
		status, answer := hubtest.Post(t, receive, "application/json", fmt.Sprintf(
			`{"session_id":%q,"link":%q,"a":%q,"b":%q,"c":%q,"d":%q,"e":%q,"f":%q}`,
			session, hubtest.Link(session), filler, filler, filler, filler, filler, filler))
		if status != 200 {
			t.Fatalf("webhook %d: %d %s", i, status, answer)
		}
	}
	last := fmt.Sprint("s", calls-1)
	hubtest.Await(anna, func(o wire.Offer) bool { return o.Call.Session == last })
	if code := readToEnd(t, slow); code != wire.CloseTooSlow {
		t.Errorf("the slow app was closed with %d, want %d", code, wire.CloseTooSlow)
	}
	if _, w := s.MustDial(t, s.MustToken(t, "ben")); len(w.Offers) != calls {
		t.Errorf("back again it finds %d offers, want %d", len(w.Offers), calls)
	}
}

func smallBuffer(network, address string) (net.Conn, error) {
	c, err := net.Dial(network, address)
	if err == nil {
		err = c.(*net.TCPConn).SetReadBuffer(64 << 10)
	}
	return c, err
}

func readToEnd(t *testing.T, ws *websocket.Conn) (code int) {
	t.Helper()
	if err := ws.SetReadDeadline(time.Now().Add(hubtest.Patience)); err != nil {
		t.Fatal(err)
	}
	for {
		if _, _, err := ws.ReadMessage(); err != nil {
			var closed *websocket.CloseError
			if !errors.As(err, &closed) {
				t.Fatalf("ended without a close code: %v", err)
			}
			return closed.Code
		}
	}
}

// TestRestart: what rang before rings after, for the same agents, and can be
// accepted; what was accepted is still its owner's.
func TestRestart(t *testing.T) {
	dir := t.TempDir()
	s := hubtest.MustStart(t, dir)
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Minute}})
	anna, ben := s.MustUser(t, "anna", call.RoleAgent, "web"), s.MustUser(t, "ben", call.RoleAgent, "web")
	before, _ := s.MustDial(t, anna)
	mine := hubtest.MustPost(t, receive, "s1")
	before.Offered(mine)
	before.MustAsk(accept(mine))
	ringing := hubtest.MustPost(t, receive, "s2")
	waits, _ := s.MustDial(t, ben)
	waits.Offered(ringing)
	s.Stop(t)
	if code := waits.CloseCode(); code != wire.CloseRestart {
		t.Errorf("closed with %d, want %d", code, wire.CloseRestart)
	}

	s = hubtest.MustStart(t, dir)
	_, w := s.MustDial(t, anna)
	if len(w.Calls) != 1 || w.Calls[0].ID != mine || w.Calls[0].Link != hubtest.Link("s1") || w.Presence.State != call.Busy {
		t.Errorf("anna's welcome: %+v", w)
	}
	after, w := s.MustDial(t, ben)
	if len(w.Offers) != 1 || w.Offers[0].Call.ID != ringing {
		t.Fatalf("ben's welcome: %+v", w)
	}
	after.MustAsk(accept(ringing))
	inState(after, ringing, call.Accepted)
	queue, _ := s.Hub.Directory().Queue("web")
	if id := hubtest.MustPost(t, s.Hub.ReceiveURL(queue), "s2"); id != ringing {
		t.Error("after a restart the same session made another call")
	}
}

// TestLapse: an unanswered offer lapses and rings again, until the patience ends.
func TestLapse(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Second, Patience: 1500 * time.Millisecond}})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	sara, _ := s.MustDial(t, s.MustUser(t, "sara", call.RoleSupervisor))
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	if w := withdrawn(anna, id); w.Reason != wire.ReasonLapsed {
		t.Errorf("withdrawn %+v", w)
	}
	offers := 0
	hubtest.Await(anna, func(wire.Offer) bool { offers++; return offers == 2 })
	if c := inState(sara, id, call.Ended); c.Outcome != call.Missed {
		t.Errorf("after the patience: %+v", c)
	}
	ends := 0
	hubtest.Await(anna, func(wire.Withdrawn) bool { ends++; return ends == 2 })
}

// clock is a clock that a test can put forward.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// TestGrace: an agent who lost the connection keeps its offer for 15 s, then is
// offline and the offer moves on.
func TestGrace(t *testing.T) {
	var c clock
	s := hubtest.MustStartWith(t, hub.Config{Dir: t.TempDir(), Now: c.now, Logger: slog.New(slog.DiscardHandler)})
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Minute}})
	token := s.MustUser(t, "anna", call.RoleAgent, "web")
	anna, _ := s.MustDial(t, token)
	sara, _ := s.MustDial(t, s.MustUser(t, "sara", call.RoleSupervisor))
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	anna.Close()
	if back, w := s.MustDial(t, token); len(w.Offers) != 1 || w.Presence.State != call.Ready {
		t.Fatalf("back within the grace: %+v", w)
	} else {
		back.Close()
	}
	hubtest.Eventually(t, "anna is disconnected", func() bool { return s.Hub.Connected() == 1 })
	c.ahead.Store(int64(16 * time.Second))
	hubtest.MustPost(t, receive, "s2") // the dispatcher looks at its clock
	hubtest.Await(sara, func(a wire.AgentChanged) bool {
		return a.Agent.Username == "anna" && a.Agent.State == call.Offline
	})
	hubtest.Await(sara, func(m wire.CallChanged) bool {
		return m.Call.ID == id && m.Call.State == call.Waiting && !m.Call.Offered.IsZero()
	})
}

// TestPatienceAfterAnOutage: a hub that was down beyond a call's patience lets
// the apps come back before it gives the call up.
func TestPatienceAfterAnOutage(t *testing.T) {
	dir := t.TempDir()
	var c clock
	config := hub.Config{Dir: dir, Now: c.now, Logger: slog.New(slog.DiscardHandler)}
	s := hubtest.MustStartWith(t, config)
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Patience: time.Minute}})
	token := s.MustUser(t, "anna", call.RoleAgent, "web")
	id := hubtest.MustPost(t, receive, "s1")
	s.Stop(t)
	c.ahead.Store(int64(2 * time.Minute))
	s = hubtest.MustStartWith(t, config)
	anna, _ := s.MustDial(t, token)
	anna.Offered(id)
	anna.MustAsk(accept(id))
}

// TestStorm: a hundred answers at one moment are all taken.
func TestStorm(t *testing.T) {
	const agents = 100
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Minute}})
	apps := make([]*hubtest.App, agents)
	for i := range apps {
		apps[i], _ = s.MustDial(t, s.MustUser(t, fmt.Sprint("agent", i), call.RoleAgent, "web"))
	}
	id := hubtest.MustPost(t, receive, "s1")
	var wg sync.WaitGroup
	for i, app := range apps {
		app.Offered(id)
		wg.Go(func() {
			request := decline(id)
			if i == 0 {
				request = accept(id)
			}
			if r := app.Ask(request); r.Error != nil && r.Error.Code != call.Taken {
				t.Errorf("agent %d, %s: %+v", i, request.Type, r.Error)
			}
		})
	}
	wg.Wait()
	inState(apps[0], id, call.Accepted)
}

// TestRepeatedAnswers: an app that lost a reply and asks again is not told that
// it failed.
func TestRepeatedAnswers(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent, "web"))
	ben, _ := s.MustDial(t, s.MustUser(t, "ben", call.RoleAgent, "web"))
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	ben.Offered(id)
	for range 2 {
		ben.MustAsk(decline(id))
	}
	for range 2 {
		anna.MustAsk(accept(id))
	}
	frames := 0
	hubtest.Await(anna, func(c wire.CallChanged) bool {
		if c.Call.Link == hubtest.Link("s1") {
			frames++
		}
		return frames == 2
	})
	if r := anna.Ask(decline(id)); r.Error == nil || r.Error.Code != call.NotOffered {
		t.Errorf("the owner declines: %+v", r.Error)
	}
	for range 2 {
		anna.MustAsk(finish(id))
	}
	if r := ben.Ask(finish(id)); r.Error == nil || r.Error.Code != call.Gone {
		t.Errorf("another finishes: %+v", r.Error)
	}
}

// TestSignOutAfterHangUp: who signs out is offline at once, also if the app closed its connection first.
func TestSignOutAfterHangUp(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	token := s.MustUser(t, "anna", call.RoleAgent)
	sara, _ := s.MustDial(t, s.MustUser(t, "sara", call.RoleSupervisor))
	anna, _ := s.MustDial(t, token)
	state := func(want call.PresenceState) func(wire.AgentChanged) bool {
		return func(m wire.AgentChanged) bool { return m.Agent.Username == "anna" && m.Agent.State == want }
	}
	hubtest.Await(sara, state(call.Ready))
	anna.Close()
	began := time.Now()
	if status, answer := hubtest.Do(t, "DELETE", s.URL+"/api/v1/sessions/current", token, "", ""); status != 204 {
		t.Fatalf("sign out: %d %s", status, answer)
	}
	hubtest.Await(sara, state(call.Offline))
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("offline %v after the sign-out, want at once", took)
	}
}

// TestSignOutEndsConnections: a revoked token's connections are closed with 4003.
func TestSignOutEndsConnections(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	token := s.MustUser(t, "anna", call.RoleAgent)
	anna, _ := s.MustDial(t, token)
	if status, answer := hubtest.Do(t, "DELETE", s.URL+"/api/v1/sessions/current", token, "", ""); status != 204 {
		t.Fatalf("sign out: %d %s", status, answer)
	}
	if code := anna.CloseCode(); code != wire.CloseSignedOut {
		t.Errorf("closed with %d, want %d", code, wire.CloseSignedOut)
	}
	if status, _ := hubtest.Do(t, "GET", s.URL+"/api/v1/me", token, "", ""); status != 401 {
		t.Errorf("the token still works: %d", status)
	}
}
