package hubtest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/deskbell/deskbell/internal/wire"
)

// App speaks the bare protocol and keeps every frame it ever got.
type App struct {
	tb testing.TB
	ws *websocket.Conn

	done chan struct{}
	mu   sync.Mutex
	more chan struct{} // closed and renewed at each frame
	raw  []string
	msgs []any
	err  error
	last int
}

// MustDial connects an app and waits for its welcome.
func (s *Server) MustDial(tb testing.TB, token string) (*App, wire.Welcome) {
	tb.Helper()
	a := s.MustDialWith(tb, token, websocket.DefaultDialer)
	return a, Await(a, func(wire.Welcome) bool { return true })
}

// MustDialWith connects an app by a dialer and reads nothing of it yet but
// what Await asks for.
func (s *Server) MustDialWith(tb testing.TB, token string, d *websocket.Dialer) *App {
	tb.Helper()
	a := &App{tb: tb, ws: s.MustOpen(tb, token, d), done: make(chan struct{}), more: make(chan struct{})}
	go a.read()
	tb.Cleanup(a.Close)
	return a
}

// MustOpen opens the WebSocket and leaves reading it to the caller.
func (s *Server) MustOpen(tb testing.TB, token string, d *websocket.Dialer) *websocket.Conn {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), Patience)
	defer cancel()
	dialer := *d
	dialer.Subprotocols = []string{wire.Protocol}
	ws, answer, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(s.URL, "http")+"/api/v1/connect", http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		tb.Fatalf("connect: %v (%v)", err, answer)
	}
	return ws
}

func (a *App) read() {
	defer close(a.done)
	for {
		_, data, err := a.ws.ReadMessage()
		var m any
		if err == nil {
			m, err = wire.Decode(data)
		}
		a.mu.Lock()
		if err != nil {
			a.err = err
		} else {
			a.raw, a.msgs = append(a.raw, string(data)), append(a.msgs, single(m)...)
		}
		close(a.more)
		a.more = make(chan struct{})
		a.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// single are the messages of several changes at once, one by one.
func single(m any) (all []any) {
	several, is := m.(wire.Changes)
	if !is {
		return []any{m}
	}
	for _, c := range several.Calls {
		all = append(all, wire.CallChanged{Call: c})
	}
	for _, a := range several.Agents {
		all = append(all, wire.AgentChanged{Agent: a})
	}
	return all
}

// Close ends the connection.
func (a *App) Close() {
	a.ws.Close()
	<-a.done
}

// Frames are all frames that came, as they came.
func (a *App) Frames() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.raw)
}

// CloseCode waits for the end of the connection and returns its close code.
func (a *App) CloseCode() int {
	a.tb.Helper()
	select {
	case <-a.done:
	case <-time.After(Patience):
		a.tb.Fatal("the connection does not end")
	}
	var closed *websocket.CloseError
	if errors.As(a.err, &closed) {
		return closed.Code
	}
	a.tb.Fatalf("the connection ended without a close code: %v", a.err)
	return 0
}

// Cursor is a place among the frames of a connection.
type Cursor int

// Await waits for the first message of a type for which ok says yes, counted
// from the beginning of the connection.
func Await[T any](a *App, ok func(T) bool) T {
	a.tb.Helper()
	m, _ := awaitSince(a, 0, ok)
	return m
}

// awaitSince waits for the first such message from a place on, and returns the
// place behind it.
func awaitSince[T any](a *App, since Cursor, ok func(T) bool) (T, Cursor) {
	a.tb.Helper()
	deadline := time.After(Patience)
	for i := int(since); ; {
		a.mu.Lock()
		msgs, more, err := a.msgs, a.more, a.err
		a.mu.Unlock()
		for ; i < len(msgs); i++ {
			if m, is := msgs[i].(T); is && ok(m) {
				return m, Cursor(i + 1)
			}
		}
		if err != nil {
			a.tb.Fatalf("waiting for %T: %v; got %s", *new(T), err, strings.Join(a.Frames(), "\n"))
		}
		select {
		case <-more:
		case <-deadline:
			a.tb.Fatalf("no %T came; got %s", *new(T), strings.Join(a.Frames(), "\n"))
		}
	}
}

// Offered waits for the offer of a call.
func (a *App) Offered(id string) wire.Offer {
	a.tb.Helper()
	return Await(a, func(o wire.Offer) bool { return o.Call.ID == id })
}

// OfferedSince waits for the offer of a call from a place on.
func (a *App) OfferedSince(since Cursor, id string) Cursor {
	a.tb.Helper()
	_, after := awaitSince(a, since, func(o wire.Offer) bool { return o.Call.ID == id })
	return after
}

// Ask sends a request and waits for its reply.
func (a *App) Ask(r wire.Request) wire.Reply {
	a.tb.Helper()
	a.mu.Lock()
	a.last++
	r.ID = json.RawMessage(strconv.Quote("r" + strconv.Itoa(a.last)))
	err := a.ws.WriteJSON(r)
	a.mu.Unlock()
	if err != nil {
		a.tb.Fatalf("send %s: %v", r.Type, err)
	}
	return Await(a, func(got wire.Reply) bool { return string(got.To) == string(r.ID) })
}

// MustAsk sends a request that has to succeed.
func (a *App) MustAsk(r wire.Request) {
	a.tb.Helper()
	if reply := a.Ask(r); reply.Error != nil {
		a.tb.Fatalf("%s: %+v", r.Type, *reply.Error)
	}
}

// Send writes a frame as it is.
func (a *App) Send(frame string) {
	a.tb.Helper()
	if err := a.TrySend(frame); err != nil {
		a.tb.Fatal(err)
	}
}

// TrySend writes a frame to a hub that may have ended.
func (a *App) TrySend(frame string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ws.WriteMessage(websocket.TextMessage, []byte(frame))
}
