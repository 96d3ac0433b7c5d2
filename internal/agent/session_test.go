package agent_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// app is a running session whose events a test can wait for.
type app struct {
	*agent.Session
	t     *testing.T
	stop  context.CancelFunc
	ended chan error

	mu   sync.Mutex
	more chan struct{}
	all  []agent.Event
}

func start(t *testing.T, hubURL, token string) *app {
	t.Helper()
	return startOn(t, agent.Network{}, hubURL, token)
}

func startOn(t *testing.T, n agent.Network, hubURL, token string) *app {
	t.Helper()
	return startBy(t, nil, n, hubURL, token)
}

// startBy is startOn with a clock on the wall of the test's own.
func startBy(t *testing.T, wall func() time.Time, n agent.Network, hubURL, token string) *app {
	t.Helper()
	a := &app{t: t, ended: make(chan error, 1), more: make(chan struct{})}
	a.Session = agent.New(agent.Options{Hub: hubURL, Token: token, Network: n, Emit: a.emit, Logger: slog.New(slog.DiscardHandler)})
	if wall != nil {
		a.Sleeping(wall)
	}
	var ctx context.Context
	ctx, a.stop = context.WithCancel(context.Background())
	go func() { a.ended <- a.Run(ctx) }()
	t.Cleanup(func() {
		a.stop()
		<-a.ended
	})
	return a
}

func (a *app) emit(e agent.Event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all = append(a.all, e)
	close(a.more)
	a.more = make(chan struct{})
}

// await waits for the first event, from the from'th on, for which ok says yes,
// and returns the index behind it.
func (a *app) await(what string, from int, ok func(agent.Event) bool) (agent.Event, int) {
	a.t.Helper()
	deadline := time.After(hubtest.Patience)
	for i := from; ; {
		a.mu.Lock()
		all, more := a.all, a.more
		a.mu.Unlock()
		for ; i < len(all); i++ {
			if ok(all[i]) {
				return all[i], i + 1
			}
		}
		select {
		case <-more:
		case <-deadline:
			a.t.Fatalf("waiting for %s; got %+v", what, all)
		}
	}
}

func kind(k agent.Kind) func(agent.Event) bool {
	return func(e agent.Event) bool { return e.Kind == k }
}

func online(e agent.Event) bool { return e.State.Connection == agent.Online }

func offline(e agent.Event) bool { return e.State.Connection == agent.Offline }

func TestRingAcceptFinish(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna := start(t, s.URL, s.MustUser(t, "anna", call.RoleAgent, "web"))
	ben := start(t, s.URL, s.MustUser(t, "ben", call.RoleAgent, "web"))
	anna.await("online", 0, online)
	ben.await("online", 0, online)

	id := hubtest.MustPost(t, receive, "s1")
	rang, at := anna.await("the ring", 0, kind(agent.Rang))
	if rang.Offer.Call.ID != id || rang.Offer.Call.Link != "" || len(rang.State.Offers) != 1 {
		t.Errorf("rang %+v", rang)
	}
	// The clocks are compared by one message, whose way takes a moment.
	if left := time.Until(rang.Offer.Until); left < routing.Defaults().Ring-10*time.Second || left > routing.Defaults().Ring+time.Second {
		t.Errorf("rings for %v more, want about %v", left, routing.Defaults().Ring)
	}
	ben.await("the ring", 0, kind(agent.Rang))
	anna.Shown(id, wire.SurfaceNative, 12*time.Millisecond)
	if err := ben.Accept(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	taken, _ := ben.await("the call", 0, kind(agent.Taken))
	if taken.Call.Link != hubtest.Link("s1") || len(taken.State.Calls) != 1 || len(taken.State.Offers) != 0 {
		t.Errorf("taken %+v", taken)
	}
	stopped, _ := anna.await("the end of the ring", at, kind(agent.Stopped))
	if stopped.Call.ID != id || stopped.Reason != wire.ReasonAnswered || stopped.By != "Desk ben" {
		t.Errorf("stopped %+v", stopped)
	}
	var e *agent.Error
	if err := anna.Accept(t.Context(), id); !errors.As(err, &e) || e.Code != string(call.Taken) || !strings.Contains(e.Sentence, "Desk ben") {
		t.Errorf("the loser's accept: %v", err)
	}
	if err := ben.Finish(t.Context(), id, "sold", "two"); err != nil {
		t.Fatal(err)
	}
	if ended, _ := ben.await("the end", 0, kind(agent.Ended)); len(ended.State.Calls) != 0 {
		t.Errorf("ended %+v", ended)
	}
}

// TestTwoDevices: an accept on one device stops the ring on the other.
func TestTwoDevices(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	token := s.MustUser(t, "anna", call.RoleAgent, "web")
	desk, home := start(t, s.URL, token), start(t, s.URL, token)
	desk.await("online", 0, online)
	home.await("online", 0, online)
	id := hubtest.MustPost(t, receive, "s1")
	desk.await("the ring", 0, kind(agent.Rang))
	home.await("the ring", 0, kind(agent.Rang))
	if err := desk.Accept(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	_, at := home.await("the end of the ring", 0, kind(agent.Stopped))
	home.await("the call", at, kind(agent.Taken))
}

// TestAfterAGap: what changed while the app was away is told when it is back.
func TestAfterAGap(t *testing.T) {
	dir := t.TempDir()
	s := hubtest.MustStart(t, dir)
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Minute}})
	token := s.MustUser(t, "anna", call.RoleAgent, "web")
	ben := s.MustUser(t, "ben", call.RoleAgent, "web")
	proxy := newProxy(t, s)
	anna := start(t, proxy.url, token)
	anna.await("online", 0, online)
	gone, stays := hubtest.MustPost(t, receive, "s1"), hubtest.MustPost(t, receive, "s2")
	_, at := anna.await("both rings", 0, func(e agent.Event) bool { return len(e.State.Offers) == 2 })

	proxy.cut()
	lost, at := anna.await("offline", at, func(e agent.Event) bool { return e.State.Connection == agent.Offline })
	if lost.State.Problem == "" || lost.State.Retry.IsZero() {
		t.Errorf("offline without a reason or a next try: %+v", lost.State)
	}
	var e *agent.Error
	if err := anna.Accept(t.Context(), gone); !errors.As(err, &e) || e.Sentence == "" {
		t.Errorf("accept while offline: %v", err)
	}
	other, _ := s.MustDial(t, ben)
	other.Offered(gone)
	other.MustAsk(wire.Request{Type: wire.ActAccept, Call: gone})
	fresh := hubtest.MustPost(t, receive, "s3")
	proxy.mend()

	stopped, _ := anna.await("the end of the first", at, kind(agent.Stopped))
	if stopped.Call.ID != gone {
		t.Errorf("stopped %+v", stopped)
	}
	back, _ := anna.await("the new ring", at, func(e agent.Event) bool { return e.Kind == agent.Rang && e.Offer.Call.ID == fresh })
	if len(back.State.Offers) != 2 || back.State.Offers[0].Call.ID != stays || back.State.Connection != agent.Online {
		t.Errorf("back online: %+v", back.State)
	}
}

// TestSleep: a computer that wakes gives up the connection of before at once, says
// that it slept, and connects anew.
func TestSleep(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Minute}})
	var slept atomic.Int64
	wall := func() time.Time { return time.Now().Round(0).Add(time.Duration(slept.Load())) }
	anna := startBy(t, wall, agent.Network{}, s.URL, s.MustUser(t, "anna", call.RoleAgent, "web"))
	_, at := anna.await("online", 0, online)

	slept.Store(int64(time.Hour))
	lost, at := anna.await("offline", at, offline)
	if want := "This computer was asleep, and no call could ring. Deskbell connects again."; lost.State.Problem != want {
		t.Errorf("says %q, want %q", lost.State.Problem, want)
	}
	_, at = anna.await("online again", at, online)
	id := hubtest.MustPost(t, receive, "s1")
	rang, _ := anna.await("the ring", at, kind(agent.Rang))
	if rang.Offer.Call.ID != id {
		t.Errorf("rang %+v", rang.Offer)
	}
}

func TestPresence(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	anna := start(t, s.URL, s.MustUser(t, "anna", call.RoleAgent))
	anna.await("online", 0, online)
	if err := anna.SetPresence(t.Context(), call.Paused, "lunch"); err != nil {
		t.Fatal(err)
	}
	anna.await("paused", 0, func(e agent.Event) bool {
		return e.State.Presence.State == call.Paused && e.State.Presence.Reason == "lunch"
	})
}

// TestPresenceOfACall: what is chosen during a call leaves the call alone and
// holds when it is over.
func TestPresenceOfACall(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	anna := start(t, s.URL, s.MustUser(t, "anna", call.RoleAgent, "web"))
	anna.await("online", 0, online)
	presence := func(state call.PresenceState, calls int) func(agent.Event) bool {
		return func(e agent.Event) bool { return e.State.Presence.State == state && len(e.State.Calls) == calls }
	}
	id := hubtest.MustPost(t, receive, "s1")
	_, at := anna.await("the ring", 0, kind(agent.Rang))
	if err := anna.Accept(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	_, at = anna.await("busy", at, presence(call.Busy, 1))
	for _, choice := range []struct{ chosen, now call.PresenceState }{{call.Paused, call.Paused}, {call.Ready, call.Busy}, {call.Paused, call.Paused}} {
		if err := anna.SetPresence(t.Context(), choice.chosen, ""); err != nil {
			t.Fatal(err)
		}
		_, at = anna.await("the choice in the call", at, presence(choice.now, 1))
	}
	if err := anna.Finish(t.Context(), id, "", ""); err != nil {
		t.Fatal(err)
	}
	anna.await("the pause after the call", at, presence(call.Paused, 0))
}

func TestSignInAndOut(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	if _, err := s.Hub.Directory().AddUser(t.Context(), hub.User{Username: "anna"}, "right horse"); err != nil {
		t.Fatal(err)
	}
	var e *agent.Error
	if _, err := agent.SignIn(t.Context(), s.URL, "anna", "wrong horse"); !errors.As(err, &e) || e.Sentence != "Wrong username or password." {
		t.Errorf("wrong password: %v", err)
	}
	in, err := agent.SignIn(t.Context(), s.URL, "anna", "right horse")
	if err != nil {
		t.Fatal(err)
	}
	anna := start(t, s.URL, in.Token)
	anna.await("online", 0, online)
	if err := anna.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = <-anna.ended
	anna.ended <- err // for the cleanup
	if !errors.Is(err, agent.ErrSignedOut) && !errors.Is(err, agent.ErrSignInAgain) {
		t.Errorf("after signing out Run ended with %v", err)
	}
}

func TestBadToken(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	anna := start(t, s.URL, "nonsense")
	err := <-anna.ended
	anna.ended <- err
	if !errors.Is(err, agent.ErrSignInAgain) {
		t.Errorf("Run ended with %v", err)
	}
}

// TestUnreachable: what a person reads is a sentence, not a Go error.
func TestUnreachable(t *testing.T) {
	for _, tc := range []struct{ hub, says string }{
		{"http://127.0.0.1:1", "can't be reached"},
		{"https://127.0.0.1:1", "can't be reached"},
		{"http://no-such-host.invalid", "not found"},
		{newStranger(t, 200), "no Deskbell hub"},
		{newStranger(t, 401), "no Deskbell hub"},
		{newStranger(t, 502), "not ready"},
	} {
		_, err := agent.SignIn(t.Context(), tc.hub, "anna", "x")
		var e *agent.Error
		if !errors.As(err, &e) || !strings.Contains(e.Sentence, tc.says) {
			t.Errorf("%s: %v", tc.hub, err)
			continue
		}
		for _, raw := range []string{"dial", "lookup", "tcp", "json", "EOF"} {
			if strings.Contains(e.Sentence, raw) {
				t.Errorf("%s: a raw error is shown: %s", tc.hub, e.Sentence)
			}
		}
	}
}

// TestStrangerOnTheWay: what a proxy answers while the hub restarts does not
// end the session.
func TestStrangerOnTheWay(t *testing.T) {
	for _, tc := range []struct {
		status int
		says   string
	}{{401, "no Deskbell hub"}, {404, "no Deskbell hub"}, {502, "not ready"}, {503, "not ready"}} {
		a := start(t, newStranger(t, tc.status), "token")
		e, _ := a.await("offline", 0, func(e agent.Event) bool { return e.State.Connection == agent.Offline })
		if !strings.Contains(e.State.Problem, tc.says) || e.State.Retry.IsZero() {
			t.Errorf("%d: %q, next try %v", tc.status, e.State.Problem, e.State.Retry)
		}
	}
}

func TestNormalizeHub(t *testing.T) {
	for _, tc := range []struct{ raw, want string }{
		{"hub.example.com", "https://hub.example.com"},
		{" https://hub.example.com/ ", "https://hub.example.com"},
		{"hub.example.com:8443", "https://hub.example.com:8443"},
		{"https://example.com/deskbell/", "https://example.com/deskbell"},
		{"localhost:8480", "http://localhost:8480"},
		{"127.0.0.1:8480", "http://127.0.0.1:8480"},
		{"http://[::1]:8480", "http://[::1]:8480"},
		{"https://hub.example.com?x=1#y", "https://hub.example.com"},
		{"", ""},
		{"http://hub.example.com", ""},
		{"ftp://hub.example.com", ""},
		{"https://user:pass@hub.example.com", ""},
		{"https://", ""},
		{"hub example", ""},
	} {
		got, err := agent.NormalizeHub(tc.raw)
		var e *agent.Error
		if got != tc.want || (tc.want == "") != errors.As(err, &e) {
			t.Errorf("%q: %q, %v; want %q", tc.raw, got, err, tc.want)
		}
	}
}

func FuzzNormalizeHub(f *testing.F) {
	for _, s := range []string{"hub.example.com", "http://x", "https://[::1", "://", "a b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := agent.NormalizeHub(raw)
		if err == nil && !strings.HasPrefix(got, "https://") && !strings.HasPrefix(got, "http://") {
			t.Fatalf("%q became %q", raw, got)
		}
	})
}
