package agent_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
)

const password = "right horse"

// newAnna makes a hub with a user who has a password and a token.
func newAnna(t *testing.T) (s *hubtest.Server, token string) {
	t.Helper()
	s = hubtest.MustStart(t, t.TempDir())
	if _, err := s.Hub.Directory().AddUser(t.Context(), hub.User{Username: "anna", Name: "Anna Bianchi", Role: call.RoleAgent}, password); err != nil {
		t.Fatal(err)
	}
	return s, s.MustToken(t, "anna")
}

// says checks that an error is a sentence with a part in it, and holds no raw
// error.
func says(t *testing.T, err error, part string) {
	t.Helper()
	var e *agent.Error
	if !errors.As(err, &e) || !strings.Contains(e.Sentence, part) {
		t.Errorf("want %q, got %v", part, err)
		return
	}
	isSentence(t, e.Sentence)
}

func isSentence(t *testing.T, s string) {
	t.Helper()
	for _, raw := range []string{"dial", "lookup ", "tcp", "json", "EOF", "x509", "tls:", "i/o", "context", "websocket:", "CONNECT ", "net/http", "%!"} {
		if strings.Contains(s, raw) {
			t.Errorf("a raw error %q is shown: %s", raw, s)
		}
	}
	if s == "" || !strings.HasSuffix(s, ".") {
		t.Errorf("no sentence: %q", s)
	}
}

func TestNetworkCheck(t *testing.T) {
	ca := newAuthority(t, "Example Corp CA")
	write := func(name, text string) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for _, tc := range []struct {
		name string
		n    agent.Network
		says string
	}{
		{"nothing", agent.Network{}, ""},
		{"an authority", agent.Network{CAFile: ca.file}, ""},
		{"two", agent.Network{CAFile: writePEM(t, ca.certificate, newAuthority(t, "Another").certificate)}, ""},
		{"missing", agent.Network{CAFile: filepath.Join(t.TempDir(), "ca.pem")}, "is not there any more"},
		{"a folder", agent.Network{CAFile: t.TempDir()}, "can't be read"},
		{"endless", agent.Network{CAFile: "/dev/zero"}, "can't be read"},
		{"empty", agent.Network{CAFile: write("ca.pem", "")}, "no certificate in it"},
		{"a picture", agent.Network{CAFile: write("ca.png", "\x89PNG\r\n")}, "no certificate in it"},
		{"a key", agent.Network{CAFile: write("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")}, "no certificate in it"},
		{"damaged", agent.Network{CAFile: write("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")}, "is damaged"},

		{"direct", agent.Network{Proxy: "Direct "}, ""},
		{"http", agent.Network{Proxy: "http://proxy.example:3128"}, ""},
		{"a slash", agent.Network{Proxy: "http://proxy.example:3128/"}, ""},
		{"https", agent.Network{Proxy: "https://proxy.example"}, ""},
		{"socks5", agent.Network{Proxy: "socks5://[::1]:1080"}, ""},
		{"no scheme", agent.Network{Proxy: "proxy.example:3128"}, ""},
		{"another scheme", agent.Network{Proxy: "ftp://proxy.example"}, "not usable"},
		{"no host", agent.Network{Proxy: "http://:3128"}, "not usable"},
		{"a path", agent.Network{Proxy: "http://proxy.example/proxy.pac"}, "not usable"},
		{"no port", agent.Network{Proxy: "http://proxy.example:"}, "not usable"},
		{"port zero", agent.Network{Proxy: "http://proxy.example:0"}, "not usable"},
		{"a high port", agent.Network{Proxy: "http://proxy.example:70000"}, "not usable"},
		{"words", agent.Network{Proxy: "ask Ben"}, "not usable"},
		{"a password", agent.Network{Proxy: "http://desk:sesame@proxy.example"}, "keeps no password"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := tc.n.Check()
			if tc.says == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			says(t, err, tc.says)
			if strings.Contains(err.Error(), "sesame") {
				t.Errorf("the password is shown: %v", err)
			}
		})
	}
}

// TestExtraAuthority: sign-in, connection and sign-out trust the file, and
// nothing does without it.
func TestExtraAuthority(t *testing.T) {
	t.Log("real: TLS on loopback with an authority of its own, checked by sign-in, WebSocket and sign-out")
	s, token := newAnna(t)
	ca := newAuthority(t, "Example Corp CA")
	url := newFront(t, ca.good(t, "127.0.0.1"), s.Hub.Handler())
	n := agent.Network{CAFile: ca.file}

	if _, err := n.SignIn(t.Context(), url, "anna", password); err != nil {
		t.Fatal(err)
	}
	anna := startOn(t, n, url, token)
	anna.await("online", 0, online)
	if err := anna.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := <-anna.ended
	anna.ended <- err // for the cleanup
	if !errors.Is(err, agent.ErrSignedOut) && !errors.Is(err, agent.ErrSignInAgain) {
		t.Errorf("after signing out Run ended with %v", err)
	}

	const untrusted = "issued by “Example Corp CA”, which this computer does not trust"
	_, err = agent.SignIn(t.Context(), url, "anna", password)
	says(t, err, untrusted)
	other := agent.Network{CAFile: newAuthority(t, "Another").file}
	_, err = other.SignIn(t.Context(), url, "anna", password)
	says(t, err, untrusted)
	lost, _ := startOn(t, agent.Network{}, url, token).await("offline", 0, offline)
	if !strings.Contains(lost.State.Problem, untrusted) || lost.State.Retry.IsZero() {
		t.Errorf("offline: %+v", lost.State)
	}
	says(t, startOn(t, agent.Network{}, url, token).SignOut(t.Context()), untrusted)
}

// TestWrongCertificate: each kind of trouble has its own sentence.
func TestWrongCertificate(t *testing.T) {
	ca := newAuthority(t, "Example Corp CA")
	n := agent.Network{CAFile: ca.file}
	for _, tc := range []struct {
		name        string
		from, until time.Duration
		hosts       []string
		says        []string
	}{
		{"expired", -48 * time.Hour, -24 * time.Hour, []string{"127.0.0.1"}, []string{"expired on", "On this computer it is", "renew"}},
		{"not yet valid", 24 * time.Hour, 48 * time.Hour, []string{"127.0.0.1"}, []string{"is not valid before", "On this computer it is", "replace"}},
		{"another host", -time.Hour, time.Hour, []string{"a.test", "b.test", "c.test", "d.test"}, []string{"is for a.test, b.test, c.test and 1 more and not for 127.0.0.1"}},
		{"no host", -time.Hour, time.Hour, nil, []string{"is for no host and not for 127.0.0.1"}},
		{"a long name", -time.Hour, time.Hour, []string{strings.Repeat("x", 70) + ".test"}, []string{"xxx… and not for"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			url := newFront(t, ca.issue(t, tc.from, tc.until, tc.hosts...), http.NotFoundHandler())
			_, err := n.SignIn(t.Context(), url, "anna", password)
			lost, _ := startOn(t, n, url, "token").await("offline", 0, offline)
			for _, part := range tc.says {
				says(t, err, part)
				if !strings.Contains(lost.State.Problem, part) {
					t.Errorf("want %q, the session says %q", part, lost.State.Problem)
				}
			}
		})
	}
}

// TestHostileCertificate: whoever sits on the way wrote the issuer's name.
func TestHostileCertificate(t *testing.T) {
	ca := newAuthority(t, "\u202eEvil\n"+strings.Repeat("x", 100))
	_, err := agent.SignIn(t.Context(), newFront(t, ca.good(t, "127.0.0.1"), http.NotFoundHandler()), "anna", password)
	says(t, err, "issued by “Evil"+strings.Repeat("x", 59)+"…”, which")
}

// TestProxies: whatever goes to the hub goes through the proxy, which alone
// knows the hub's name.
func TestProxies(t *testing.T) {
	t.Log("real: CONNECT (http and https) and SOCKS 5 proxies on loopback between app and hub, TLS inside")
	s, _ := newAnna(t)
	ca := newAuthority(t, "Example Corp CA")
	url := newFront(t, ca.good(t, "hub.test"), s.Hub.Handler())
	target := hostOf(url)
	for _, tc := range []struct {
		scheme string
		proxy  *tunnel
	}{
		{"http://", newCONNECT(t, target, http.StatusOK)},
		{"", newCONNECT(t, target, http.StatusOK)},
		{"https://", newCONNECT(t, target, http.StatusOK, ca.good(t, "127.0.0.1"))},
		{"socks5://", newSOCKS(t, target, 0, "")},
	} {
		t.Run(tc.scheme, func(t *testing.T) {
			n := agent.Network{CAFile: ca.file, Proxy: tc.scheme + tc.proxy.address}
			in, err := n.SignIn(t.Context(), byName(url), "anna", password)
			if err != nil {
				t.Fatal(err)
			}
			anna := startOn(t, n, byName(url), in.Token)
			anna.await("online", 0, online)
			if err := anna.SignOut(t.Context()); err != nil {
				t.Fatal(err)
			}
			if asked, want := tc.proxy.askedFor(), hostOf(byName(url)); !slices.Equal(asked, []string{want, want, want}) {
				t.Errorf("the proxy was asked for %v, want three times %s", asked, want)
			}
		})
	}
}

// TestBadProxies: the sentence is about the proxy, not about the hub.
func TestBadProxies(t *testing.T) {
	ca := newAuthority(t, "Example Corp CA")
	connect := func(status int) string { return "http://" + newCONNECT(t, "", status).address }
	socks := func(code byte, password string) string { return "socks5://" + newSOCKS(t, "", code, password).address }
	for _, tc := range []struct{ name, proxy, says string }{
		{"forbidden", connect(403), "does not let Deskbell through to hub.test"},
		{"password", connect(407), "asks for a user name and password"},
		{"unreachable", connect(502), "can't reach hub.test"},
		{"late", connect(504), "can't reach hub.test"},
		{"web server", "http://" + hostOf(newStranger(t, 404)), "is no proxy of this kind"},
		{"mail server", "http://" + newGreeter(t, "220 mail.test\r\n"), "is no proxy of this kind"},
		{"hangs up", "http://" + listen(t, hangUp), "closed the connection"},
		{"silent", "http://" + newSilent(t, nil), "no answer through the proxy"},
		{"dead", "http://" + deadAddress(t), "can't be reached"},
		{"unknown", "http://no-such-proxy.invalid", "was not found"},
		{"https untrusted", "https://" + newCONNECT(t, "", 200, newAuthority(t, "Another").good(t, "127.0.0.1")).address, "The proxy's certificate was issued by “Another”"},
		{"https to http", "https://" + newGreeter(t, "220 mail.test\r\n"), "can't be reached"},
		{"socks forbidden", socks(2, ""), "does not let Deskbell through to hub.test"},
		{"socks unreachable", socks(5, ""), "can't reach hub.test"},
		{"socks unsupported", socks(7, ""), "is no proxy of this kind"},
		{"socks password", socks(0, "sesame"), "asks for a user name and password"},
		{"socks to http", "socks5://" + newGreeter(t, "HTTP/1.1 400 Bad Request\r\n\r\n"), "is no proxy of this kind"},
		{"socks silent", "socks5://" + newSilent(t, nil), "no answer through the proxy"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			patience := hubtest.Patience
			if strings.Contains(tc.name, "silent") {
				patience = 200 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			n := agent.Network{CAFile: ca.file, Proxy: tc.proxy}
			_, err := n.SignIn(ctx, "https://hub.test", "anna", password)
			says(t, err, tc.says)
			says(t, err, "roxy")
		})
	}
}

// TestNoProxyToThisComputer: a token for a hub on this computer goes to no
// other machine.
func TestNoProxyToThisComputer(t *testing.T) {
	s, _ := newAnna(t)
	proxy := newCONNECT(t, hostOf(s.URL), http.StatusOK)
	for _, url := range []string{s.URL, strings.Replace(s.URL, "127.0.0.1", "localhost", 1)} {
		n := agent.Network{Proxy: "http://" + proxy.address}
		if _, err := n.SignIn(t.Context(), url, "anna", password); err != nil {
			t.Error(err)
		}
	}
	if asked := proxy.askedFor(); len(asked) > 0 {
		t.Errorf("the proxy was asked for %v", asked)
	}
}

// TestGivenUp: a session that is ended while nothing answers ends at once, and
// leaves nothing behind (goleak sees to that).
func TestGivenUp(t *testing.T) {
	came := make(chan struct{}, 8)
	silent := newSilent(t, func() { came <- struct{}{} })
	for name, tc := range map[string]struct {
		n   agent.Network
		url string
	}{
		"hub":       {agent.Network{}, "http://" + silent},
		"handshake": {agent.Network{}, "https://" + silent},
		"proxy":     {agent.Network{Proxy: "http://" + silent}, "https://hub.test"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			signIn := make(chan error, 1)
			go func() {
				_, err := tc.n.SignIn(ctx, tc.url, "anna", password)
				signIn <- err
			}()
			<-came
			a := startOn(t, tc.n, tc.url, "token")
			<-came
			cancel()
			began := time.Now()
			if err := <-signIn; !errors.Is(err, context.Canceled) {
				t.Errorf("sign-in ended with %v", err)
			}
			a.stop()
			err := <-a.ended
			a.ended <- err
			if !errors.Is(err, context.Canceled) || time.Since(began) > 5*time.Second {
				t.Errorf("Run ended with %v after %v", err, time.Since(began))
			}
		})
	}
}

// TestRedirect: neither password nor token goes anywhere else.
func TestRedirect(t *testing.T) {
	elsewhere := newPlainFront(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("Deskbell followed") }))
	url := newPlainFront(t, http.RedirectHandler(elsewhere, http.StatusTemporaryRedirect))
	_, err := agent.SignIn(t.Context(), url, "anna", password)
	says(t, err, "leads on to another one")
}

// TestUpgradeLost: a session says what a connection test would.
func TestUpgradeLost(t *testing.T) {
	s, token := newAnna(t)
	lost, _ := start(t, newPlainFront(t, stripping(s.Hub.Handler())), token).await("offline", 0, offline)
	if !strings.Contains(lost.State.Problem, "the web server “nginx/1.22.1” in front of it seems to block them") {
		t.Errorf("offline: %q", lost.State.Problem)
	}
}

// TestClockOff: the session works on, and says so.
func TestClockOff(t *testing.T) {
	for _, tc := range []struct {
		ahead time.Duration
		says  string
	}{
		{time.Hour, "This computer's clock is 1 hour behind the hub's."},
		{-90 * time.Minute, "This computer's clock is 1 hour and 30 minutes ahead of the hub's."},
		{72 * time.Hour, "This computer's clock is 3 days behind the hub's."},
		{10 * time.Minute, "This computer's clock is 10 minutes behind the hub's."},
		{time.Minute, ""},
	} {
		s := hubtest.MustStartWith(t, hub.Config{Dir: t.TempDir(), Now: func() time.Time { return time.Now().Add(tc.ahead) }})
		back, _ := start(t, s.URL, s.MustUser(t, "anna", call.RoleAgent)).await("online", 0, online)
		if got := back.State.Notice; !strings.HasPrefix(got, tc.says) || (got == "") != (tc.says == "") {
			t.Errorf("%v: %q", tc.ahead, got)
		}
		s.Stop(t)
	}
}
