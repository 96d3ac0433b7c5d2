package outbound_test

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/outbound"
)

var t0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func mustClient(t *testing.T, roots *x509.CertPool) *outbound.Client {
	t.Helper()
	c := outbound.New(roots, func() time.Time { return t0 })
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, tls bool, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = nil
	if tls {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

func TestDo(t *testing.T) {
	t.Log("real: HTTP servers on loopback")
	after := map[string]string{"/seconds": "120", "/date": t0.Add(time.Minute).Format(http.TimeFormat), "/past": t0.Add(-time.Minute).Format(http.TimeFormat), "/words": "soon"}
	var followed bool
	s := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/followed", http.StatusFound)
		case "/followed":
			followed = true
		case "/large":
			_, _ = w.Write([]byte(strings.Repeat("x", 1<<20))) // the client leaves
		case "/cut":
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("half"))
		case "/gone":
			panic(http.ErrAbortHandler)
		default:
			w.Header().Set("Retry-After", after[r.URL.Path])
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	c := mustClient(t, nil)
	do := func(path string) (outbound.Reply, error) {
		return c.Do(t.Context(), outbound.Target{URL: s.URL + path, Private: true}, outbound.Request{Method: http.MethodPost})
	}
	for path, want := range map[string]time.Duration{"/seconds": 2 * time.Minute, "/date": time.Minute, "/past": 0, "/words": 0, "/none": 0} {
		if got, err := do(path); err != nil || got.RetryAfter != want || got.Status != http.StatusTooManyRequests {
			t.Errorf("%s: %+v, %v", path, got, err)
		}
	}
	if got, err := do("/redirect"); err != nil || got.Status != http.StatusFound || followed {
		t.Errorf("a redirect: %+v, %v, followed %v", got, err, followed)
	}
	if got, err := do("/large"); err != nil || len(got.Body) != 64<<10 {
		t.Errorf("a large answer: %d bytes, %v", len(got.Body), err)
	}
	for _, path := range []string{"/cut", "/gone"} {
		if _, err := do(path); !is(err, outbound.ErrBroken) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestFailures: each has words, and none has the address.
func TestFailures(t *testing.T) {
	never := make(chan struct{})
	slow := serve(t, false, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-never:
		case <-r.Context().Done():
		}
	})
	secure := serve(t, true, func(http.ResponseWriter, *http.Request) {})
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	at, err := url.Parse(secure.URL)
	if err != nil {
		t.Fatal(err)
	}
	byName := "https://localhost:" + at.Port() + "/secret"
	late, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	c := mustClient(t, nil)
	for name, test := range map[string]struct {
		ctx    context.Context
		target outbound.Target
		want   error
	}{
		"late":                        {late, outbound.Target{URL: slow.URL + "/secret", Private: true}, outbound.ErrLate},
		"stopped":                     {stopped, outbound.Target{URL: slow.URL + "/secret", Private: true}, outbound.ErrStopped},
		"nothing there":               {t.Context(), outbound.Target{URL: closed.URL + "/secret", Private: true}, outbound.ErrNothing},
		"unknown certificate":         {t.Context(), outbound.Target{URL: secure.URL + "/secret", Private: true}, outbound.ErrCertificate},
		"not private":                 {t.Context(), outbound.Target{URL: secure.URL}, outbound.ErrPrivate},
		"a name that leads to itself": {t.Context(), outbound.Target{URL: byName}, outbound.ErrPrivate},
	} {
		_, err := c.Do(test.ctx, test.target, outbound.Request{Method: http.MethodPost})
		if !is(err, test.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// TestNames: what a name server says.
func TestNames(t *testing.T) {
	for err, want := range map[*net.DNSError]error{
		{Name: "secret.example", Err: "no such host", IsNotFound: true}: outbound.ErrUnknownHost,
		{Name: "secret.example", Err: "server misbehaving"}:             outbound.ErrUnknownHost,
		{Name: "secret.example", Err: "i/o timeout", IsTimeout: true}:   outbound.ErrLate,
	} {
		if got := outbound.Failure(&net.OpError{Op: "dial", Err: err}); !is(got, want) || strings.Contains(got.Error(), "secret") {
			t.Errorf("%v: %v, want %v", err, got, want)
		}
	}
}

// TestResolvedAddress: what a name leads to is looked at when the connection is
// made, whatever was thought of it before; and a connection that one target may
// have serves no other.
func TestResolvedAddress(t *testing.T) {
	s := serve(t, true, func(http.ResponseWriter, *http.Request) {})
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c := mustClient(t, roots)
	good := outbound.Target{URL: s.URL, Private: true}
	if got, err := c.Do(t.Context(), good, outbound.Request{Method: http.MethodPost}); err != nil || got.Status != http.StatusOK {
		t.Fatalf("%+v, %v", got, err)
	}
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "localhost"} {
		if err := c.Connect(t.Context(), outbound.Target{URL: "https://" + host + ":" + at.Port()}); !is(err, outbound.ErrPrivate) {
			t.Errorf("%s, unchecked before: %v", host, err)
		}
	}
}
