package agent_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/wire"
)

// short is the patience of a step that is going to be kept waiting.
const short = 1500 * time.Millisecond

var stepNames = []string{agent.StepAddress, agent.StepName, agent.StepConnection, agent.StepTLS,
	agent.StepCertificate, agent.StepHub, agent.StepSignIn, agent.StepWebSocket}

// world is a hub and what can stand before it.
type world struct {
	s     *hubtest.Server
	token string
	ca    *authority
	n     agent.Network // that trusts the authority
}

func newWorld(t *testing.T) world {
	t.Helper()
	s, token := newAnna(t)
	ca := newAuthority(t, "Example Corp CA")
	return world{s, token, ca, agent.Network{CAFile: ca.file}}
}

// front is https before the hub, with a good certificate and a handler.
func (w world) front(t *testing.T, h http.Handler) string {
	t.Helper()
	return newFront(t, w.ca.good(t, "127.0.0.1", "hub.test"), h)
}

// through is a network with a proxy.
func (w world) through(scheme string, proxy *tunnel) agent.Network {
	return agent.Network{CAFile: w.ca.file, Proxy: scheme + proxy.address}
}

// dated is a hub whose clock is ahead.
func dated(h http.Handler, ahead time.Duration) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		h.ServeHTTP(rw, r)
	})
}

// trial is one connection test and what it finds: of each step the first
// letter (o, f, s), and parts of the sentences of some.
type trial struct {
	name     string
	hub      string
	token    string
	network  agent.Network
	patience time.Duration
	outcomes string
	says     map[string]string
}

func (tc trial) run(t *testing.T) {
	t.Parallel()
	var told []agent.Step
	o := agent.DiagnoseOptions{Hub: tc.hub, Token: tc.token, Network: tc.network, Tell: func(s agent.Step) { told = append(told, s) }}
	steps := agent.Diagnose(t.Context(), o.Within(tc.patience))
	if len(told) != len(steps) {
		t.Errorf("%d steps were told, %d returned", len(told), len(steps))
	}
	outcomes, names, report := "", []string{}, ""
	for _, s := range steps {
		outcomes += string(s.Outcome[0])
		names = append(names, s.Name)
		report += fmt.Sprintf("\n%-12s %-8s %s (%v)", s.Name, s.Outcome, s.Sentence, s.Cause)
		isSentence(t, s.Sentence)
		for _, secret := range []string{orNothing(tc.token), "Bearer", "sesame"} {
			if strings.Contains(s.Sentence, secret) || s.Cause != nil && strings.Contains(s.Cause.Error(), secret) {
				t.Errorf("a secret is told: %s (%v)", s.Sentence, s.Cause)
			}
		}
		if part := tc.says[s.Name]; !strings.Contains(s.Sentence, part) {
			t.Errorf("%s: want %q", s.Name, part)
		}
	}
	if outcomes != tc.outcomes || !slices.Equal(names, stepNames) {
		t.Errorf("want %s, found %s", tc.outcomes, outcomes)
	}
	t.Log(report)
}

// orNothing is a token, or what no text holds.
func orNothing(token string) string {
	if token == "" {
		return "\x00"
	}
	return token
}

func TestDiagnoseGood(t *testing.T) {
	t.Log("real: connection tests against a hub on loopback, over TLS and through proxies")
	w := newWorld(t)
	h := w.s.Hub.Handler()
	url := w.front(t, h)
	open := newCONNECT(t, hostOf(url), http.StatusOK)
	for _, tc := range []trial{
		{name: "this computer", hub: w.s.URL, token: w.token, outcomes: "osossooo",
			says: map[string]string{agent.StepTLS: "without TLS", agent.StepSignIn: "signed in as Anna Bianchi", agent.StepWebSocket: "calls can reach you"}},
		{name: "as typed", hub: " " + strings.Replace(hostOf(w.s.URL), "127.0.0.1", "localhost", 1) + "/ ", token: w.token, outcomes: "ooossooo",
			says: map[string]string{agent.StepName: "localhost has the address "}},
		{name: "nobody signed in", hub: url, network: w.n, outcomes: "osooooss",
			says: map[string]string{agent.StepSignIn: "Nobody is signed in", agent.StepName: "is a number"}},
		{name: "extra authority", hub: url, token: w.token, network: w.n, outcomes: "osoooooo",
			says: map[string]string{agent.StepTLS: "TLS 1.3", agent.StepCertificate: "issued by “Example Corp CA” for hub.test, 127.0.0.1 and is good until "}},
		{name: "http proxy", hub: byName(url), token: w.token, network: w.through("http://", open), outcomes: "osoooooo",
			says: map[string]string{agent.StepAddress: "through the proxy 127.0.0.1:", agent.StepName: "looks up the hub's name", agent.StepConnection: "The proxy connects to hub.test:"}},
		{name: "http proxy by name", hub: byName(url), token: w.token, outcomes: "oooooooo",
			network: agent.Network{CAFile: w.ca.file, Proxy: "http://" + strings.Replace(open.address, "127.0.0.1", "localhost", 1)},
			says:    map[string]string{agent.StepName: "localhost has the address "}},
		{name: "https proxy", hub: byName(url), token: w.token, outcomes: "osoooooo",
			network: w.through("https://", newCONNECT(t, hostOf(url), http.StatusOK, w.ca.good(t, "127.0.0.1")))},
		{name: "socks proxy", hub: byName(url), token: w.token, outcomes: "osoooooo",
			network: w.through("socks5://", newSOCKS(t, hostOf(url), 0, ""))},
		{name: "hub's clock ahead", hub: w.front(t, dated(h, time.Hour)), token: w.token, network: w.n, outcomes: "osoooooo",
			says: map[string]string{agent.StepHub: "This computer's clock is 1 hour behind the hub's. Set"}},
		{name: "hub's clock behind", hub: newPlainFront(t, dated(h, -time.Hour)), token: w.token, outcomes: "osossooo",
			says: map[string]string{agent.StepHub: "This computer's clock is 1 hour ahead of the hub's. Set"}},
	} {
		t.Run(tc.name, tc.run)
	}
}

func TestDiagnoseAddress(t *testing.T) {
	w := newWorld(t)
	says := func(s string) map[string]string { return map[string]string{agent.StepAddress: s} }
	for _, tc := range []trial{
		{name: "empty", outcomes: "fsssssss", says: says("Enter the hub's address")},
		{name: "http", hub: "http://hub.example", outcomes: "fsssssss", says: says("over https only")},
		{name: "no file", hub: w.s.URL, network: agent.Network{CAFile: filepath.Join(t.TempDir(), "ca.pem")}, outcomes: "fsssssss", says: says("is not there any more")},
		{name: "no proxy", hub: w.s.URL, network: agent.Network{Proxy: "ask Ben"}, outcomes: "fsssssss", says: says("The proxy's address")},
		{name: "unknown", hub: "no-such-hub.invalid", outcomes: "ofssssss",
			says: map[string]string{agent.StepName: "name no-such-hub.invalid is not known here", agent.StepWebSocket: "the step “Name” failed"}},
		{name: "unknown proxy", hub: "hub.test", network: agent.Network{Proxy: "no-such-proxy.invalid"}, outcomes: "ofssssss",
			says: map[string]string{agent.StepName: "The proxy's name no-such-proxy.invalid is not known here"}},
	} {
		tc.token = w.token
		t.Run(tc.name, tc.run)
	}
}

func TestDiagnoseConnection(t *testing.T) {
	w := newWorld(t)
	says := func(s string) map[string]string { return map[string]string{agent.StepConnection: s} }
	for _, tc := range []trial{
		{name: "dead", hub: "https://" + deadAddress(t), outcomes: "osfsssss", says: says("Nothing listens at port ")},
		{name: "dead proxy", hub: "hub.test", network: agent.Network{Proxy: deadAddress(t)}, outcomes: "osfsssss", says: says("The proxy 127.0.0.1:")},
		{name: "proxy refuses", hub: "hub.test", network: w.through("http://", newCONNECT(t, "", 403)), outcomes: "osfsssss", says: says("does not let Deskbell through to hub.test")},
		{name: "proxy wants a password", hub: "hub.test", network: w.through("http://", newCONNECT(t, "", 407)), outcomes: "osfsssss", says: says("asks for a user name and password")},
		{name: "proxy finds no hub", hub: "hub.test", network: w.through("socks5://", newSOCKS(t, "", 4, "")), outcomes: "osfsssss", says: says("can't reach hub.test")},
		{name: "silent proxy", hub: "hub.test", network: agent.Network{Proxy: newSilent(t, nil)}, patience: short, outcomes: "osfsssss", says: says("does not answer. Check its address, and whether")},
	} {
		tc.token = w.token
		t.Run(tc.name, tc.run)
	}
}

func TestDiagnoseTLS(t *testing.T) {
	w := newWorld(t)
	h := w.s.Hub.Handler()
	tlsSays := func(s string) map[string]string { return map[string]string{agent.StepTLS: s} }
	says := func(s string) map[string]string { return map[string]string{agent.StepCertificate: s} }
	with := func(c tls.Certificate) string { return newFront(t, c, h) }
	const valid = "The hub's certificate seems to be out of date, because this computer's clock is wrong. This computer's clock is "
	expired := w.ca.issue(t, -48*time.Hour, -30*time.Minute, "127.0.0.1")
	tomorrow := w.ca.issue(t, 30*time.Minute, 48*time.Hour, "127.0.0.1")
	stranger := newAuthority(t, "Another")
	for _, tc := range []trial{
		{name: "silent", hub: "https://" + newSilent(t, nil), patience: short, outcomes: "osofssss", says: tlsSays("says nothing")},
		{name: "no TLS", hub: strings.Replace(w.s.URL, "http:", "https:", 1), outcomes: "osofssss", says: tlsSays("does not speak TLS")},
		{name: "mail server", hub: "https://" + newGreeter(t, "220 mail.test\r\n"), outcomes: "osofssss", says: tlsSays("does not speak TLS")},
		{name: "cut", hub: "https://" + listen(t, hangUp), outcomes: "osofssss", says: tlsSays("was cut while it began")},

		{name: "unknown authority", hub: with(stranger.good(t, "127.0.0.1")), network: w.n, outcomes: "osoofsss", says: says("issued by “Another”, which this computer does not trust")},
		{name: "self-made", hub: with(selfMade(t)), network: w.n, outcomes: "osoofsss", says: says("was made by itself")},
		{name: "wrong host", hub: with(w.ca.good(t, "other.test")), network: w.n, outcomes: "osoofsss", says: says("is for other.test and not for 127.0.0.1")},
		{name: "expired", hub: with(expired), network: w.n, outcomes: "osoofsss", says: says("certificate expired on ")},
		{name: "not yet valid", hub: with(tomorrow), network: w.n, outcomes: "osoofsss", says: says("certificate is not valid before ")},
		{name: "clock ahead", hub: newFront(t, expired, dated(h, -time.Hour)), network: w.n, outcomes: "osoofsss", says: says(valid + "1 hour ahead of the hub's")},
		{name: "clock behind", hub: newFront(t, tomorrow, dated(h, time.Hour)), network: w.n, outcomes: "osoofsss", says: says(valid + "1 hour behind the hub's")},
		// Somebody on the way could say anything about the time.
		{name: "clock of a stranger", hub: newFront(t, stranger.issue(t, -48*time.Hour, -30*time.Minute, "127.0.0.1"), dated(h, -time.Hour)),
			network: w.n, outcomes: "osoofsss", says: says("certificate expired on ")},
	} {
		tc.token = w.token
		t.Run(tc.name, tc.run)
	}
}

// selfMade is a certificate that no authority issued.
func selfMade(t *testing.T) tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "the hub"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	c := sign(t, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{c.Raw}, PrivateKey: key}
}

func TestDiagnoseHub(t *testing.T) {
	w := newWorld(t)
	h := w.s.Hub.Handler()
	hubSays := func(s string) map[string]string { return map[string]string{agent.StepHub: s} }
	says := func(s string) map[string]string { return map[string]string{agent.StepWebSocket: s} }
	url := w.front(t, stripping(h))
	revoked := w.s.MustToken(t, "anna")
	if err := agent.New(agent.Options{Hub: w.s.URL, Token: revoked, Logger: slog.New(slog.DiscardHandler)}).SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []trial{
		{name: "web server", hub: newStranger(t, 200), outcomes: "osossfss", says: hubSays("There is no Deskbell hub")},
		{name: "another's health", hub: newPlainFront(t, answering(`{"healthy":true}`)), outcomes: "osossfss", says: hubSays("There is no Deskbell hub")},
		{name: "not found", hub: w.front(t, http.NotFoundHandler()), network: w.n, outcomes: "osooofss", says: hubSays("There is no Deskbell hub")},
		{name: "down", hub: newStranger(t, 502), outcomes: "osossfss", says: hubSays("not ready")},
		{name: "redirect", hub: newPlainFront(t, http.RedirectHandler("https://hub.test", http.StatusMovedPermanently)), outcomes: "osossfss", says: hubSays("leads on to another one")},
		{name: "silent", hub: "http://" + newSilent(t, nil), patience: short, outcomes: "osossfss", says: hubSays("does not answer")},

		{name: "revoked", hub: w.s.URL, token: revoked, outcomes: "osossofs", says: map[string]string{agent.StepSignIn: "it has expired, or was ended on another device"}},
		{name: "nonsense", hub: w.s.URL, token: "nonsense", outcomes: "osossofs", says: map[string]string{agent.StepSignIn: "it has expired, or was ended on another device"}},

		{name: "stripped", hub: url, network: w.n, outcomes: "osooooof", says: says("the web server “nginx/1.22.1” in front of it seems to block them")},
		{name: "stripped by the proxy", hub: byName(url), network: w.through("http://", newCONNECT(t, hostOf(url), http.StatusOK)), outcomes: "osooooof", says: says("the proxy 127.0.0.1:")},
		{name: "refused", hub: w.front(t, refusing(h, 403, "Via", "1.1 gate.test (squid)")), network: w.n, outcomes: "osooooof", says: says("the proxy that calls itself “1.1 gate.test (squid)” seems to block")},
		{name: "not there", hub: w.front(t, refusing(h, 404, "X", "")), network: w.n, outcomes: "osooooof", says: says("a proxy, a firewall or a web server on the way")},
		{name: "cut", hub: w.front(t, cutting(h)), network: w.n, outcomes: "osooooof", says: says("seems to block them")},
		{name: "held back", hub: w.front(t, holding(h, wire.Protocol)), network: w.n, patience: short, outcomes: "osooooof", says: says("seems to block them")},
		{name: "another protocol", hub: w.front(t, holding(h)), network: w.n, outcomes: "osooooof", says: says("seems to block them")},
	} {
		if tc.token == "" {
			tc.token = w.token
		}
		t.Run(tc.name, tc.run)
	}
}

func answering(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
}

// TestDiagnoseStopped: the context ends a step that waits, and those after it
// are not tried.
func TestDiagnoseStopped(t *testing.T) {
	w := newWorld(t)
	h := w.s.Hub.Handler()
	proxied := func(address string) agent.DiagnoseOptions {
		return agent.DiagnoseOptions{Hub: "hub.test", Network: agent.Network{Proxy: address}}
	}
	at := func(url string) agent.DiagnoseOptions { return agent.DiagnoseOptions{Hub: url, Token: w.token} }
	for _, tc := range []struct {
		name     string
		begin    func(t *testing.T, stop func()) agent.DiagnoseOptions
		outcomes string
	}{
		{"at once", func(_ *testing.T, stop func()) agent.DiagnoseOptions { stop(); return at(w.s.URL) }, "ssssssss"},
		{"proxy", func(t *testing.T, stop func()) agent.DiagnoseOptions { return proxied(newListener(t, stop)) }, "osssssss"},
		{"handshake", func(t *testing.T, stop func()) agent.DiagnoseOptions { return at("https://" + newListener(t, stop)) }, "ososssss"},
		{"hub", func(t *testing.T, stop func()) agent.DiagnoseOptions { return at("http://" + newListener(t, stop)) }, "ososssss"},
		{"upgrade", func(t *testing.T, stop func()) agent.DiagnoseOptions {
			return at(newPlainFront(t, stoppedAt(stop, hesitating(h))))
		}, "osossoos"},
		{"welcome", func(t *testing.T, stop func()) agent.DiagnoseOptions {
			return at(newPlainFront(t, stoppedAt(stop, holding(h, wire.Protocol))))
		}, "osossoos"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			o := tc.begin(t, cancel)
			began, outcomes := time.Now(), ""
			var last agent.Step
			for _, last = range agent.Diagnose(ctx, o.Within(time.Minute)) {
				outcomes += string(last.Outcome[0])
			}
			if outcomes != tc.outcomes || last.Sentence != "The test was stopped." || time.Since(began) > hubtest.Patience {
				t.Errorf("want %s, found %s after %v; at last %q", tc.outcomes, outcomes, time.Since(began), last.Sentence)
			}
		})
	}
}

// newListener accepts connections, hears the beginning of what is said to it,
// and says nothing.
func newListener(t *testing.T, heard func()) (address string) {
	t.Helper()
	return listen(t, func(c net.Conn) {
		if readN(c, 1) != nil { // not hung up: the step that only connects says nothing
			heard()
		}
		_, _ = io.Copy(io.Discard, c)
	})
}

// stoppedAt stops the test when the WebSocket is asked for.
func stoppedAt(stop func(), h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isConnect(r) {
			stop()
		}
		h.ServeHTTP(w, r)
	})
}

// hesitating answers a WebSocket only when its client is gone.
func hesitating(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isConnect(r) {
			<-r.Context().Done()
			return
		}
		h.ServeHTTP(w, r)
	})
}
