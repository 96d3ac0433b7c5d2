package web_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/web"
	"github.com/deskbell/deskbell/internal/wire"
)

// hold has the browser keep a token as if it had signed in.
func (b *browser) hold(token string) {
	b.tb.Helper()
	r, err := http.NewRequest(http.MethodGet, b.p.URL, nil)
	if err != nil {
		b.tb.Fatal(err)
	}
	b.Jar.SetCookies(r.URL, []*http.Cookie{{Name: "deskbell", Value: token, Path: "/"}})
}

// events opens the wallboard's stream; next gives its events of a kind, and
// false when it has ended.
func (b *browser) events() (next func(kind string) (data string, more bool)) {
	b.tb.Helper()
	r, err := http.NewRequestWithContext(b.tb.Context(), http.MethodGet, b.p.URL+"/wallboard/live", nil)
	if err != nil {
		b.tb.Fatal(err)
	}
	got, err := b.Transport.RoundTrip(b.withCookies(r))
	if err != nil {
		b.tb.Fatal(err)
	}
	b.tb.Cleanup(func() { got.Body.Close() })
	if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "text/event-stream" {
		b.tb.Fatalf("the stream answered %d %s", got.StatusCode, got.Header)
	}
	lines := bufio.NewScanner(got.Body)
	lines.Buffer(nil, 1<<20)
	return func(kind string) (string, bool) {
		of := ""
		for lines.Scan() {
			if k, is := strings.CutPrefix(lines.Text(), "event: "); is {
				of = k
			}
			if data, is := strings.CutPrefix(lines.Text(), "data: "); is && of == kind {
				return data, true
			}
		}
		return "", false
	}
}

func (b *browser) withCookies(r *http.Request) *http.Request {
	for _, c := range b.Jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	return r
}

// awaitBoard reads events until the numbers are so.
func awaitBoard(tb testing.TB, next func(string) (string, bool), so func(wire.Wallboard) bool) wire.Wallboard {
	tb.Helper()
	for {
		data, more := next("board")
		if !more {
			tb.Fatal("the stream has ended")
		}
		var b wire.Wallboard
		if err := json.Unmarshal([]byte(data), &b); err != nil {
			tb.Fatal(err)
		}
		if so(b) {
			return b
		}
	}
}

// Two supervisors of different queues, and an admin, are told of what each may
// see: at once, and of each change.
func TestStream(t *testing.T) {
	p := mustOpen(t)
	p.pages.Hurry(100 * time.Millisecond)
	web, sales := p.wallQueue(t, "web", time.Minute), p.wallQueue(t, "sales", time.Minute)
	limited, err := p.hub.Directory().AddUser(t.Context(), hub.User{Username: "lea", Role: call.RoleSupervisor, Supervises: []string{"sales"}}, "")
	if err != nil {
		t.Fatal(err)
	}
	all, some := p.browser(t), p.browser(t)
	all.hold(p.app().MustToken(t, "ada"))
	some.hold(p.app().MustToken(t, limited.Username))
	nextAll, nextSome := all.events(), some.events()

	hubtest.MustPost(t, web, "w1")
	hubtest.MustPost(t, sales, "s1")
	awaitBoard(t, nextAll, func(b wire.Wallboard) bool { return b.Total.Waiting == 2 && len(b.Queues) == 2 })
	awaitBoard(t, nextSome, func(b wire.Wallboard) bool {
		if len(b.Queues) != 1 || b.Queues[0].Name != "sales" {
			t.Fatalf("a supervisor of sales sees %+v", b.Queues)
		}
		return b.Total.Waiting == 1
	})
	charts, _ := nextSome("charts")
	if strings.Contains(charts, `"web"`) {
		t.Errorf("a supervisor of sales sees %s", charts)
	}
	if got := some.get("/wallboard?queue=web"); !strings.Contains(got.body, "There is no queue") || strings.Contains(got.body, "<option>web") {
		t.Errorf("the page for another queue is %s", got.body)
	}

	// From now on it sees everything: the stream that showed less ends.
	if _, err := p.hub.Directory().SetUser(t.Context(), limited.Username, "", func(u *hub.User) error { u.Supervises = nil; return nil }); err != nil {
		t.Fatal(err)
	}
	for more := true; more; _, more = nextSome("board") {
	}
	awaitBoard(t, some.events(), func(b wire.Wallboard) bool { return len(b.Queues) == 2 })
}

func TestStreamIsForTheOwnPage(t *testing.T) {
	p := mustOpen(t)
	b := p.browser(t)
	if got := b.get("/wallboard/live"); got.StatusCode != http.StatusSeeOther {
		t.Errorf("a stranger is answered %d", got.StatusCode)
	}
	b.hold(p.app().MustToken(t, "sara"))
	for name, headers := range map[string][]string{
		"another site's":  {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
		"a sister host's": {"Sec-Fetch-Site", "same-site"},
		"an old browser":  {"Origin", "https://evil.example"},
		"a hidden origin": {"Origin", "null"},
	} {
		if got := b.get("/wallboard/live", headers...); got.StatusCode != http.StatusForbidden {
			t.Errorf("%s stream answered %d", name, got.StatusCode)
		}
	}
	anna := p.browser(t)
	anna.hold(p.app().MustToken(t, "anna"))
	if got := anna.get("/wallboard/live"); got.StatusCode != http.StatusForbidden {
		t.Errorf("an agent is answered %d", got.StatusCode)
	}
}

// A stream ends when its token is worth nothing any more, and so does it when
// the hub shuts down.
func TestStreamEnds(t *testing.T) {
	p := mustOpen(t)
	p.pages.Hurry(5 * time.Millisecond)
	b := p.browser(t)
	b.hold(p.app().MustToken(t, "sara"))
	next := b.events()
	next("board")
	if _, err := p.hub.Directory().SetUser(t.Context(), "sara", "", func(u *hub.User) error { u.Role = call.RoleAgent; return nil }); err != nil {
		t.Fatal(err)
	}
	for more := true; more; _, more = next("board") {
	}

	ada := p.browser(t)
	ada.hold(p.app().MustToken(t, "ada"))
	next = ada.events()
	next("board")
	p.pages.Close()
	for more := true; more; _, more = next("board") {
	}
	if got := ada.get("/wallboard/live"); got.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a closed site answered %d", got.StatusCode)
	}
}

// stuck is a reader who has stopped reading.
type stuck struct {
	*httptest.ResponseRecorder
	free chan struct{}
	in   chan struct{}
	once sync.Once
}

func (s *stuck) SetReadDeadline(time.Time) error  { return nil }
func (s *stuck) SetWriteDeadline(time.Time) error { return nil }

func (s *stuck) Write(b []byte) (int, error) {
	if strings.HasPrefix(string(b), "event: board") {
		s.once.Do(func() { close(s.in) })
		<-s.free
	}
	return len(b), nil
}

// A screen that does not keep up is dropped, and the others never wait for it.
func TestSlowScreen(t *testing.T) {
	p := mustOpen(t)
	receive := p.wallQueue(t, "web", time.Minute)
	p.pages.Hurry(2 * time.Millisecond)
	token := p.app().MustToken(t, "ada")
	slow := &stuck{ResponseRecorder: httptest.NewRecorder(), free: make(chan struct{}), in: make(chan struct{})}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/wallboard/live", nil)
	r.AddCookie(&http.Cookie{Name: "deskbell", Value: token})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.pages.Handler().ServeHTTP(slow, r)
	}()
	<-slow.in
	b := p.browser(t)
	b.hold(token)
	next := b.events()
	hubtest.MustPost(t, receive, "s1")
	awaitBoard(t, next, func(b wire.Wallboard) bool { return b.Total.Waiting == 1 })
	for range 50 { // more than may wait for one
		next("board")
	}
	close(slow.free)
	select {
	case <-ended:
	case <-time.After(hubtest.Patience):
		t.Error("the slow screen's stream does not end")
	}
}

// A wallboard's token is exchanged for a cookie, shows the wallboard and nothing
// else, and stays in no address.
func TestWallboardToken(t *testing.T) {
	p := mustOpen(t)
	p.wallQueue(t, "web", time.Minute)
	p.wallQueue(t, "sales", time.Minute)
	_, token, err := p.hub.Directory().AddWallboard(t.Context(), "hall", []string{"web"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b := p.browser(t)
	got := b.get("/wallboard?look=dark&token=" + token)
	if got.StatusCode != http.StatusOK || strings.Contains(got.body, token) || !strings.Contains(got.body, `content="0;url=/wallboard?look=dark"`) {
		t.Fatalf("the link answered %d %s", got.StatusCode, got.body)
	}
	got = b.get("/wallboard?look=dark")
	if got.StatusCode != http.StatusOK || !strings.Contains(got.body, "<option>web") || strings.Contains(got.body, "sales") || strings.Contains(got.body, "/reports") {
		t.Errorf("the wallboard is %d %s", got.StatusCode, got.body)
	}
	awaitBoard(t, b.events(), func(b wire.Wallboard) bool { return len(b.Queues) == 1 })
	if got := b.get("/"); got.Header.Get("Location") != "/wallboard" {
		t.Errorf("a wallboard is led to %q", got.Header.Get("Location"))
	}
	if got := p.browser(t).get("/wallboard?token=wrong"); got.StatusCode != http.StatusUnauthorized || len(got.Cookies()) > 0 || !strings.Contains(got.body, "not good any more") {
		t.Errorf("a wrong token answered %d %s", got.StatusCode, got.body)
	}
	if err := p.hub.Directory().RemoveWallboard(t.Context(), "hall"); err != nil {
		t.Fatal(err)
	}
	if got := b.get("/wallboard"); got.StatusCode != http.StatusSeeOther {
		t.Errorf("a removed wallboard is answered %d", got.StatusCode)
	}
}

// What the pages log names no token.
func TestTokensAreNotLogged(t *testing.T) {
	log := &journal{}
	s, err := web.New(web.Config{PublicURL: "http://127.0.0.1", Logger: log.logger(), API: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
	})})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, path := range []string{"/wallboard?token=TOPSECRET", "/wallboard", "/wallboard/live?token=TOPSECRET"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.AddCookie(&http.Cookie{Name: "deskbell", Value: "TOPSECRET"})
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s answered %d", path, w.Code)
		}
	}
	if said := log.String(); strings.Contains(said, "TOPSECRET") || !strings.Contains(said, "page not made") {
		t.Errorf("the log says %s", said)
	}
}
