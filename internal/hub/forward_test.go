package hub_test

import (
	"encoding/json"
	"fmt"
	"io"
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
	"github.com/deskbell/deskbell/internal/outbound"
	"github.com/deskbell/deskbell/internal/outbox"
	"github.com/deskbell/deskbell/internal/wire"
)

// got is a request that a place got.
type got struct {
	method, path, query, body string
	header                    http.Header
}

// place is a server outside: Motion, or a hook's.
type place struct {
	*httptest.Server
	mu     sync.Mutex
	all    []got
	answer http.HandlerFunc
}

// answersMotion is what Motion's Receive URL answers.
func answersMotion(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, `{"interaction":{"id":4711}}`) // the hub may be gone
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func mustPlace(t *testing.T, answer http.HandlerFunc) *place {
	t.Helper()
	p := &place{answer: answer}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // one that is cut is not what the test waits for
		p.mu.Lock()
		p.all = append(p.all, got{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header})
		answer := p.answer
		p.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *place) answers(with http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = with
}

func (p *place) got() []got {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]got{}, p.all...)
}

// awaits waits until a place got so many requests.
func (p *place) awaits(t *testing.T, n int) []got {
	t.Helper()
	hubtest.Eventually(t, fmt.Sprintf("%d requests came", n), func() bool { return len(p.got()) >= n })
	return p.got()
}

// outside is a hub whose clock can be put forward.
type outside struct {
	*hubtest.Server
	t     *testing.T
	admin string
	dir   string
	later *atomic.Int64
	c     hub.Config
}

// restart ends the hub and starts it again on what it wrote.
func (o *outside) restart() {
	o.t.Helper()
	o.Stop(o.t)
	o.Server = hubtest.MustStartWith(o.t, o.c)
}

func mustOutside(t *testing.T, c hub.Config) *outside {
	t.Helper()
	o := &outside{t: t, later: new(atomic.Int64)}
	c.Dir, c.Now = t.TempDir(), func() time.Time { return time.Now().Add(time.Duration(o.later.Load())) }
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	o.dir, o.c = c.Dir, c
	o.Server = hubtest.MustStartWith(t, c)
	o.admin = o.MustUser(t, "eva", call.RoleAdmin)
	return o
}

func (o *outside) pass(d time.Duration) { o.later.Add(int64(d)) }

func (o *outside) forwarding(name string, p *place) (receive string) {
	return o.MustQueue(o.t, hub.Queue{Name: name, Forward: outbound.Target{URL: p.URL + "/api/openchannel/accounts/3/notify?apikey=k3y", Private: true}})
}

// ask asks administration for something that has to succeed.
func (o *outside) ask(method, path, body string, into any) {
	o.t.Helper()
	code, answer := hubtest.Do(o.t, method, o.URL+"/api/v1/admin"+path, o.admin, "application/json", body)
	if code >= 300 || json.Unmarshal([]byte(answer), into) != nil {
		o.t.Fatalf("%s %s: %d %s", method, path, code, answer)
	}
}

func (o *outside) forward(queue string) hub.AdminForward {
	o.t.Helper()
	var q hub.AdminQueue
	o.ask("GET", "/queues/"+queue, "", &q)
	if q.Forward == nil {
		o.t.Fatalf("queue %s forwards nothing", queue)
	}
	return *q.Forward
}

func (o *outside) deliveries(id string) []hub.AdminDelivery {
	o.t.Helper()
	var c hub.AdminCall
	o.ask("GET", "/calls/"+id, "", &c)
	return c.Deliveries
}

// settled waits until deliveries of a call are settled, and tells how.
func (o *outside) settled(id string, n int) string {
	o.t.Helper()
	var words []string
	hubtest.Eventually(o.t, fmt.Sprintf("%d deliveries of call %s are settled", n, id), func() bool {
		words = nil
		for _, d := range o.deliveries(id) {
			if d.State != "waiting" {
				words = append(words, strings.Join(strings.Fields(strings.Join([]string{d.What, d.State, d.Interaction, d.Error}, " ")), " "))
			}
		}
		return len(words) >= n
	})
	return strings.Join(words, "; ")
}

// TestForward: Motion gets what came as it came, once, and the call tells so.
func TestForward(t *testing.T) {
	motion := mustPlace(t, answersMotion)
	o := mustOutside(t, hub.Config{})
	receive := o.forwarding("web", motion)
	body := "session_id=s1&link=https%3A%2F%2Fvidaoo.example%2Fs1&from=%C3%A8"
	_, answer := hubtest.Post(t, receive, "application/x-www-form-urlencoded; charset=utf-8", body)
	var first wire.Received
	if err := json.Unmarshal([]byte(answer), &first); err != nil {
		t.Fatal(answer)
	}
	g := motion.awaits(t, 1)[0]
	if g.method != "POST" || g.path != "/api/openchannel/accounts/3/notify" || g.query != "apikey=k3y" || g.body != body ||
		g.header.Get("Content-Type") != "application/x-www-form-urlencoded; charset=utf-8" {
		t.Errorf("Motion got %+v", g)
	}
	if said := o.settled(first.Call.ID, 1); said != "created delivered 4711" {
		t.Error(said)
	}
	// The same webhook once more, and what is no new meeting, ring in Motion no more.
	hubtest.Post(t, receive, "application/x-www-form-urlencoded; charset=utf-8", body)
	hubtest.Post(t, receive+"?event=joined", "application/json", `{"session_id":"s1"}`)
	hubtest.Post(t, receive, "application/json", `{"session_id":"s2"}`) // no link
	second := hubtest.MustPost(t, receive, "s3")
	o.settled(second, 1)
	if all := motion.got(); len(all) != 2 || !strings.Contains(all[1].body, "s3") {
		t.Errorf("Motion got %+v", all)
	}
	hubtest.Eventually(t, "the queue tells", func() bool { return o.forward("web").Delivered == 2 })
	if f := o.forward("web"); f.Waiting != 0 || f.LastError != "" || strings.Contains(f.URL, "k3y") {
		t.Errorf("%+v", f)
	}
}

// TestForwardFaults: what each answer of Motion's comes to.
func TestForwardFaults(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		final  string
		error  string
	}{
		"server error": {status(500), "", "it answered 500 Internal Server Error"},
		"busy":         {status(429), "", "it answered 429 Too Many Requests"},
		"too late":     {status(408), "", "it answered 408 Request Timeout"},
		"wrong key":    {status(401), "refused", "it answered 401 Unauthorized: check the address and its key"},
		"redirect":     {status(302), "", "it answered 302 Found, and redirects are not followed: name the address it leads to"},
		"another page": {status(200), "", "it answered 200 without an interaction.id, as Motion's Receive URL does not: check the address"},
		"wrong JSON": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"interaction":{"id":null}}`) }, "",
			"it answered 200 without an interaction.id, as Motion's Receive URL does not: check the address"},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"interaction":`)
		}, "", outbound.ErrBroken.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			motion := mustPlace(t, test.answer)
			o := mustOutside(t, hub.Config{})
			id := hubtest.MustPost(t, o.forwarding("web", motion), "s1")
			if test.final != "" {
				if said := o.settled(id, 1); said != "created "+test.final+" "+test.error {
					t.Error(said)
				}
				hubtest.Eventually(t, "the queue tells", func() bool { return o.forward("web").LastError == test.error })
				return
			}
			hubtest.Eventually(t, "the queue tells", func() bool { return o.forward("web").LastError == test.error })
			if f := o.forward("web"); f.FailingSince.IsZero() || f.Waiting != 1 {
				t.Errorf("%+v", f)
			}
			motion.answers(answersMotion)
			o.pass(outbox.For / 2)
			if said := o.settled(id, 1); said != "created delivered 4711" {
				t.Error(said)
			}
			if f := o.forward("web"); !f.FailingSince.IsZero() {
				t.Errorf("%+v", f)
			}
		})
	}
}

// TestForwardRetryAfter: Motion is left in peace for as long as it asks.
func TestForwardRetryAfter(t *testing.T) {
	motion := mustPlace(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(503)
	})
	o := mustOutside(t, hub.Config{})
	receive := o.forwarding("web", motion)
	first := hubtest.MustPost(t, receive, "s1")
	hubtest.Eventually(t, "it fails", func() bool { return o.forward("web").LastError != "" })
	motion.answers(answersMotion)
	second := hubtest.MustPost(t, receive, "s2")
	o.pass(time.Hour)
	other := mustPlace(t, answersMotion) // which is not held up
	o.settled(hubtest.MustPost(t, o.forwarding("sales", other), "s3"), 1)
	if n := len(motion.got()); n != 1 {
		t.Errorf("%d requests within the time Motion asked for", n)
	}
	o.pass(2 * time.Hour)
	o.settled(first, 1)
	o.settled(second, 1)
}

// TestForwardExpires: after a day it is given up, and told.
func TestForwardExpires(t *testing.T) {
	motion := mustPlace(t, status(500))
	o := mustOutside(t, hub.Config{})
	id := hubtest.MustPost(t, o.forwarding("web", motion), "s1")
	motion.awaits(t, 1)
	o.pass(outbox.For)
	if said := o.settled(id, 1); said != "created expired it answered 500 Internal Server Error" {
		t.Error(said)
	}
}

// TestForwardNeverBlocks: while Motion answers nothing, calls are answered and
// ring, and another queue's go on.
func TestForwardNeverBlocks(t *testing.T) {
	release := make(chan struct{})
	motion := mustPlace(t, func(w http.ResponseWriter, r *http.Request) { <-release; answersMotion(w, r) })
	defer close(release)
	o := mustOutside(t, hub.Config{})
	receive := o.forwarding("web", motion)
	ben, _ := o.MustDial(t, o.MustUser(t, "ben", call.RoleAgent, "web"))
	for i := range 10 {
		id := hubtest.MustPost(t, receive, fmt.Sprint("s", i))
		ben.Offered(id)
	}
	other := mustPlace(t, answersMotion)
	o.settled(hubtest.MustPost(t, o.forwarding("sales", other), "other"), 1)
}

// TestForwardOff: a queue that forwards no more, or is gone, lets go what waits;
// one whose address was corrected sends it at once.
func TestForwardOff(t *testing.T) {
	broken, motion := mustPlace(t, status(500)), mustPlace(t, answersMotion)
	o := mustOutside(t, hub.Config{})
	receive := o.forwarding("web", broken)
	id := hubtest.MustPost(t, receive, "s1")
	broken.awaits(t, 1)
	var q hub.AdminQueue
	o.ask("PATCH", "/queues/web", fmt.Sprintf(`{"forward":%q}`, motion.URL+"/api/openchannel/accounts/3/notify?apikey=k3y"), &q)
	if said := o.settled(id, 1); said != "created delivered 4711" {
		t.Error(said)
	}
	motion.answers(status(500))
	id = hubtest.MustPost(t, receive, "s2")
	motion.awaits(t, 2)
	o.ask("PATCH", "/queues/web", `{"forward":""}`, &q)
	if said := o.settled(id, 1); said != "created dropped the queue forwards its calls no more" || q.Forward != nil {
		t.Error(said, q.Forward)
	}
	for body, why := range map[string]string{
		`{"forward":"http://motion.example/x"}`:                         "begins with http://",
		`{"forward":"https://10.0.0.1/x","forward_private":false}`:      "private network",
		`{"forward":"https://169.254.169.254/","forward_private":true}`: "no server has",
	} {
		code, answer := hubtest.Do(t, "PATCH", o.URL+"/api/v1/admin/queues/web", o.admin, "application/json", body)
		if code != 400 || !strings.Contains(answer, why) {
			t.Errorf("%s: %d %s", body, code, answer)
		}
	}
	_, raw := hubtest.Do(t, "GET", o.URL+"/api/v1/admin/audit", o.admin, "", "")
	if strings.Contains(raw, "k3y") || !strings.Contains(raw, "/api/openchannel/accounts/3/notify?…") {
		t.Errorf("the audit log: %s", raw)
	}
}

// TestForwardAfterErase: what was erased is not sent.
func TestForwardAfterErase(t *testing.T) {
	motion := mustPlace(t, status(500))
	o := mustOutside(t, hub.Config{})
	receive := o.forwarding("web", motion)
	id := hubtest.MustPost(t, receive, "s1")
	motion.awaits(t, 1)
	var c wire.Call
	o.ask("POST", "/calls/"+id+"/cancel", "", &c)
	o.ask("DELETE", "/calls/"+id, "", &struct{}{})
	motion.answers(answersMotion)
	o.pass(time.Hour)
	hubtest.Eventually(t, "it waits no more", func() bool { return o.forward("web").Waiting == 0 })
	for _, g := range motion.got()[1:] {
		t.Errorf("Motion got %+v", g)
	}
}
