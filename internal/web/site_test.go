package web_test

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/web"
)

func TestMain(m *testing.M) {
	status := m.Run()
	if chromium.end != nil {
		chromium.end()
	}
	if err := goleak.Find(); status == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

const password = "correct horse battery"

// place is a hub with its pages, at an address that stays over restarts.
type place struct {
	dir     string
	address string
	URL     string
	hub     *hub.Hub
	pages   *web.Site
	server  *http.Server
	done    chan error
	ahead   atomic.Int64                    // of the system's clock
	api     func(http.Handler) http.Handler // put around the hub's
	log     *slog.Logger                    // nil: nothing is logged
	meets   hub.Meetings                    // of the web button; nil: there is no key
	account hub.Vidaoo                      // nil: the hub keeps no key
}

func (p *place) now() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }

func (p *place) setClock(t time.Time) { p.ahead.Store(int64(time.Until(t))) }

// app is what package hubtest needs to speak to the hub.
func (p *place) app() *hubtest.Server { return &hubtest.Server{Hub: p.hub, URL: p.URL} }

// mustOpen runs a hub with its pages until the test ends.
func mustOpen(tb testing.TB) *place {
	tb.Helper()
	return mustOpenAt(tb, time.Now())
}

// mustOpenAt has the hub's clock begin at a time.
func mustOpenAt(tb testing.TB, begin time.Time) *place {
	tb.Helper()
	return mustOpenPlace(tb, begin, nil)
}

// mustOpenWith runs a hub whose web button makes meetings.
func mustOpenWith(tb testing.TB, meetings hub.Meetings) *place {
	tb.Helper()
	return mustOpenPlace(tb, time.Now(), meetings)
}

func mustOpenPlace(tb testing.TB, begin time.Time, meetings hub.Meetings) *place {
	tb.Helper()
	p := &place{meets: meetings, dir: tb.TempDir(), address: "127.0.0.1:0", api: func(h http.Handler) http.Handler { return h }}
	p.setClock(begin)
	p.mustStart(tb)
	tb.Cleanup(func() { p.stop(tb) })
	for name, role := range map[string]call.Role{"anna": call.RoleAgent, "sara": call.RoleSupervisor, "ada": call.RoleAdmin} {
		if _, err := p.hub.Directory().AddUser(tb.Context(), hub.User{Username: name, Name: strings.ToUpper(name[:1]) + name[1:], Role: role}, password); err != nil {
			tb.Fatal(err)
		}
	}
	return p
}

func (p *place) mustStart(tb testing.TB) {
	tb.Helper()
	l, err := net.Listen("tcp", p.address)
	if err != nil {
		tb.Fatal(err)
	}
	p.address = l.Addr().String()
	p.URL = "http://" + p.address
	if p.hub, err = hub.Open(tb.Context(), hub.Config{Dir: p.dir, PublicURL: p.URL, Now: p.now, Logger: p.log, Meetings: p.meets, Vidaoo: p.account}); err != nil {
		tb.Fatal(err)
	}
	if p.pages, err = web.New(web.Config{API: p.api(p.hub.Handler()), PublicURL: p.URL, Now: p.now, Logger: p.log}); err != nil {
		tb.Fatal(err)
	}
	p.server, p.done = &http.Server{Handler: p.pages.Handler(), ReadHeaderTimeout: time.Minute}, make(chan error, 1)
	go func() { p.done <- p.server.Serve(l) }()
}

// stop ends the hub; a second one does nothing.
func (p *place) stop(tb testing.TB) {
	tb.Helper()
	if p.server == nil {
		return
	}
	p.pages.Close()
	p.server.Close()
	<-p.done
	if err := p.hub.Close(); err != nil {
		tb.Error(err)
	}
	p.server = nil
}

// browser is a reader without a screen: it keeps cookies and follows nothing.
type browser struct {
	tb testing.TB
	p  *place
	*http.Client
}

func (p *place) browser(tb testing.TB) *browser {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	transport := &http.Transport{}
	tb.Cleanup(transport.CloseIdleConnections)
	return &browser{tb, p, &http.Client{Jar: jar, Timeout: hubtest.Patience, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}
}

// answered is what came back, with its body read.
type answered struct {
	*http.Response
	body string
}

func (b *browser) do(method, path string, form url.Values, headers ...string) answered {
	b.tb.Helper()
	r, err := http.NewRequestWithContext(b.tb.Context(), method, b.p.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.tb.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got, err := b.Do(r)
	if err != nil {
		b.tb.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		b.tb.Fatal(err)
	}
	return answered{got, string(body)}
}

func (b *browser) get(path string, headers ...string) answered {
	b.tb.Helper()
	return b.do(http.MethodGet, path, nil, headers...)
}

// signIn signs in and returns where that leads.
func (b *browser) signIn(username string) (to string) {
	b.tb.Helper()
	got := b.do(http.MethodPost, "/sign-in", url.Values{"username": {username}, "password": {password}})
	if got.StatusCode != http.StatusSeeOther {
		b.tb.Fatalf("sign in as %s: %d %s", username, got.StatusCode, got.body)
	}
	return got.Header.Get("Location")
}
