package hub_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
	"github.com/deskbell/deskbell/internal/wire"
)

// logs is what a hub has logged.
type logs struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// gated is a client of Vidaoo whose recordings start when the gate opens.
type gated struct {
	*vidaoo.Client
	missing atomic.Bool // there is no key
	gate    chan struct{}
	begun   chan struct{}
	named   string         // what recordings are called; "": as Vidaoo does
	until   chan time.Time // the deadlines of those who stop one
	opening chan struct{}  // who opens one says so, and waits for the gate
}

func (g *gated) Ready() error {
	if g.missing.Load() {
		return errors.New("there is no API key of Vidaoo")
	}
	return nil
}

func (g *gated) StartRecording(ctx context.Context, session string) (vidaoo.Recording, error) {
	r, err := g.Client.StartRecording(ctx, session)
	if g.gate != nil {
		g.begun <- struct{}{}
		<-g.gate
	}
	if g.named != "" {
		r.ID = g.named
	}
	return r, err
}

func (g *gated) OpenRecording(ctx context.Context, id string) (*vidaoo.Media, error) {
	if g.opening != nil {
		g.opening <- struct{}{}
		<-g.gate
	}
	return g.Client.OpenRecording(ctx, id)
}

func (g *gated) StopRecording(ctx context.Context, id string) (json.RawMessage, error) {
	if g.until != nil {
		deadline, _ := ctx.Deadline()
		g.until <- deadline
	}
	return g.Client.StopRecording(ctx, id)
}

// studio is a hub whose agents may record, with a fake Vidaoo and a clock that
// can be put forward.
type studio struct {
	*hubtest.Server
	t       *testing.T
	fake    *vidaootest.Server
	client  *gated
	c       hub.Config
	log     *logs
	later   atomic.Int64
	receive string
	tokens  map[string]string
	apps    map[string]*hubtest.App
}

func mustStudio(t *testing.T, o vidaootest.Options) *studio {
	t.Helper()
	s := &studio{t: t, fake: vidaootest.New(o), log: &logs{}, tokens: map[string]string{}, apps: map[string]*hubtest.App{}}
	api := httptest.NewServer(s.fake.Handler())
	client, err := vidaoo.NewClient(vidaoo.Config{Key: "test-key", Settings: vidaoo.Settings{
		vidaoo.SettingBaseURL: api.URL + "/api/v1", vidaoo.SettingTimeout: "1s", vidaoo.SettingAttempts: "1",
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		s.fake.Close()
		api.Close()
		if strings.Contains(s.log.String(), "test-key") {
			t.Errorf("the key is in the log: %s", s.log)
		}
		for name, app := range s.apps {
			if strings.Contains(strings.Join(app.Frames(), "\n"), "test-key") {
				t.Errorf("the key is in a frame to %s", name)
			}
		}
	})
	s.client = &gated{Client: client}
	s.c = hub.Config{
		Dir: t.TempDir(), Meetings: s.client, Logger: slog.New(slog.NewTextHandler(s.log, nil)),
		Now: func() time.Time { return time.Now().Add(time.Duration(s.later.Load())) },
	}
	s.Server = hubtest.MustStartWith(t, s.c)
	s.receive = s.MustQueue(t, hub.Queue{Name: "web", Recording: true, DeleteMeeting: true})
	s.MustQueue(t, hub.Queue{Name: "sales"})
	for _, name := range []string{"anna", "ben"} {
		s.tokens[name] = s.MustUser(t, name, call.RoleAgent, "web")
	}
	s.tokens["sara"], s.tokens["eva"] = s.MustUser(t, "sara", call.RoleSupervisor), s.MustUser(t, "eva", call.RoleAdmin)
	if _, err := s.Hub.Directory().AddUser(t.Context(), hub.User{Username: "otto", Role: call.RoleSupervisor, Supervises: []string{"sales"}}, ""); err != nil {
		t.Fatal(err)
	}
	s.tokens["otto"] = s.MustToken(t, "otto")
	s.dial()
	return s
}

func (s *studio) dial() {
	for _, name := range []string{"anna", "ben", "sara"} {
		s.apps[name], _ = s.MustDial(s.t, s.tokens[name])
	}
}

// restart ends the hub and starts it again on what it wrote.
func (s *studio) restart() {
	s.t.Helper()
	s.Stop(s.t)
	before := s.URL
	s.Server = hubtest.MustStartWith(s.t, s.c)
	s.receive = strings.Replace(s.receive, before, s.URL, 1)
	s.dial()
}

// incall is a call of a meeting at the fake that anna has.
func (s *studio) incall() (id, session string) {
	s.t.Helper()
	m, err := s.client.CreateMeeting(s.t.Context(), vidaoo.NewMeeting{Topic: "web"})
	if err != nil {
		s.t.Fatal(err)
	}
	id = hubtest.MustPost(s.t, s.receive, m.ID)
	s.apps["anna"].Offered(id)
	s.apps["anna"].MustAsk(accept(id))
	return id, m.ID
}

func record(id string, on bool) wire.Request {
	return wire.Request{Type: wire.ActRecord, Call: id, On: on}
}

// call is a call as administration shows it.
func (s *studio) call(id string) (c hub.AdminCall) {
	s.t.Helper()
	status, answer := hubtest.Do(s.t, "GET", s.URL+"/api/v1/admin/calls/"+id, s.tokens["eva"], "", "")
	if err := json.Unmarshal([]byte(answer), &c); status != http.StatusOK || err != nil {
		s.t.Fatalf("call %s: %d %s", id, status, answer)
	}
	if strings.Contains(answer, "test-key") {
		s.t.Errorf("the key is in a call: %s", answer)
	}
	return c
}

// became is what became of what was to be done at Vidaoo.
func (s *studio) became(id string) string {
	var all []string
	for _, d := range s.call(id).Deliveries {
		if d.Kind == "vidaoo" {
			all = append(all, d.What+" "+d.State)
		}
	}
	return strings.Join(all, "; ")
}

func (s *studio) becomes(id, want string) {
	s.t.Helper()
	got := ""
	defer func() {
		if s.t.Failed() {
			s.t.Logf("it became %q, want %q", got, want)
		}
	}()
	hubtest.Eventually(s.t, "what waits is "+want, func() bool { got = s.became(id); return got == want })
}

// asked are the operations of some kind that the fake was asked for.
func (s *studio) asked(operation string) (ids []string) {
	for _, a := range s.fake.Asked() {
		if a.Operation == operation {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

func (s *studio) set(change func(*hub.Queue)) {
	s.t.Helper()
	if _, err := s.Hub.Directory().SetQueue(s.t.Context(), "web", func(q *hub.Queue) error { change(q); return nil }); err != nil {
		s.t.Fatal(err)
	}
}

// stopped tells whether the last recording of a call has stopped.
func stopped(c wire.Call) bool {
	n := len(c.Recordings)
	return n > 0 && !c.Recordings[n-1].Stopped.IsZero()
}

// incallOver is a call that anna has finished.
func (s *studio) incallOver() (id, session string) {
	s.t.Helper()
	s.set(func(q *hub.Queue) { q.Capacity, q.DeleteMeeting = 5, false })
	id, session = s.incall()
	s.apps["anna"].MustAsk(wire.Request{Type: wire.ActFinish, Call: id})
	s.set(func(q *hub.Queue) { q.DeleteMeeting = true })
	return id, session
}
