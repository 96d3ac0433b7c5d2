// Package hubtest runs a real hub, with its engine on disk and its HTTP on
// loopback, inside a test, and apps that speak the bare protocol to it.
package hubtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/wire"
)

// Patience is how long a test waits for something that will come.
const Patience = 20 * time.Second

// Server is a running hub.
type Server struct {
	Hub *hub.Hub
	URL string // "http://127.0.0.1:port"

	http *httptest.Server
}

// MustStart runs a hub on a folder until the test ends or Stop.
func MustStart(tb testing.TB, dir string) *Server {
	tb.Helper()
	return MustStartWith(tb, hub.Config{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
}

// MustStartWith runs a hub with another configuration.
func MustStartWith(tb testing.TB, c hub.Config) *Server {
	tb.Helper()
	s := &Server{http: httptest.NewUnstartedServer(nil)}
	s.http.Listener = smallBuffers{s.http.Listener}
	s.URL = "http://" + s.http.Listener.Addr().String()
	c.PublicURL = s.URL
	h, err := hub.Open(tb.Context(), c)
	if err != nil {
		tb.Fatal(err)
	}
	s.Hub = h
	s.http.Config.Handler = h.Handler()
	s.http.Start()
	tb.Cleanup(func() { s.Stop(tb) })
	return s
}

// smallBuffers keeps the system from hiding a slow reader behind megabytes of
// socket buffers.
type smallBuffers struct{ net.Listener }

func (l smallBuffers) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		err = c.(*net.TCPConn).SetWriteBuffer(64 << 10)
	}
	return c, err
}

// Stop ends the hub. A second Stop does nothing.
func (s *Server) Stop(tb testing.TB) {
	tb.Helper()
	if s.Hub == nil {
		return
	}
	if err := s.Hub.Close(); err != nil {
		tb.Error(err)
	}
	s.http.Close()
	s.Hub = nil
}

// MustQueue makes a queue and returns its Receive URL.
func (s *Server) MustQueue(tb testing.TB, q hub.Queue) (receiveURL string) {
	tb.Helper()
	q.Options = q.WithDefaults()
	q, err := s.Hub.Directory().AddQueue(tb.Context(), q)
	if err != nil {
		tb.Fatal(err)
	}
	return s.URL + "/receive/" + q.Name + "/" + q.Secret
}

// MustUser makes a user and returns a token.
func (s *Server) MustUser(tb testing.TB, username string, role call.Role, queues ...string) (token string) {
	tb.Helper()
	if _, err := s.Hub.Directory().AddUser(tb.Context(), hub.User{Username: username, Name: "Desk " + username, Role: role, Queues: queues}, ""); err != nil {
		tb.Fatal(err)
	}
	return s.MustToken(tb, username)
}

// MustToken makes another token for a user.
func (s *Server) MustToken(tb testing.TB, username string) (token string) {
	tb.Helper()
	token, _, err := s.Hub.Directory().IssueToken(tb.Context(), username, time.Now())
	if err != nil {
		tb.Fatal(err)
	}
	return token
}

// Link is the session link of a session id in these tests.
func Link(session string) string { return "https://vidaoo.example/" + session }

// MustPost sends the webhook of a session and returns the call's id.
func MustPost(tb testing.TB, receiveURL, session string) (id string) {
	tb.Helper()
	body := fmt.Sprintf(`{"session_id":%q,"topic":"MY_WEBSITE","link":%q,"metadata":{"language":"it"}}`, session, Link(session))
	status, answer := Post(tb, receiveURL, "application/json", body)
	var got wire.Received
	if err := json.Unmarshal([]byte(answer), &got); err != nil || status != http.StatusOK {
		tb.Fatalf("webhook answered %d %s", status, answer)
	}
	return got.Call.ID
}

// Post sends a body and returns the answer.
func Post(tb testing.TB, url, contentType, body string) (status int, answer string) {
	tb.Helper()
	return Do(tb, http.MethodPost, url, "", contentType, body)
}

// Do sends any request and returns the answer.
func Do(tb testing.TB, method, url, token, contentType, body string) (status int, answer string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), Patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer got.Body.Close()
	data, err := io.ReadAll(got.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return got.StatusCode, string(data)
}

// Eventually waits until something holds that nothing tells of.
func Eventually(tb testing.TB, what string, holds func() bool) {
	tb.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(Patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			tb.Fatalf("it never came about that %s", what)
		}
	}
}
