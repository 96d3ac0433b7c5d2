package agent

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/deskbell/deskbell/internal/wire"
)

// link is one connection: it sends requests and hands their replies back.
type link struct {
	ws    *websocket.Conn
	ahead atomic.Int64  // the hub's clock before ours, a time.Duration; set by each welcome
	gone  chan struct{} // closed with the connection
	heard *atomic.Int64 // when the hub was heard of last, in Unix nanoseconds

	closing sync.Once
	writing sync.Mutex

	mu      sync.Mutex
	last    int
	waiting map[string]chan wire.Reply
}

var errGone = errors.New("the connection is gone")

func newLink(ws *websocket.Conn, heard *atomic.Int64) *link {
	l := &link{ws: ws, heard: heard, gone: make(chan struct{}), waiting: map[string]chan wire.Reply{}}
	ws.SetPingHandler(func(data string) error {
		heard.Store(time.Now().UnixNano())
		if err := ws.SetReadDeadline(time.Now().Add(silentAfter)); err != nil {
			return err
		}
		err := ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeTimeout))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		return err
	})
	return l
}

func (l *link) close() {
	l.closing.Do(func() {
		close(l.gone)
		l.ws.Close()
	})
}

// read waits for the next frame; the hub's silence ends it.
func (l *link) read() ([]byte, error) {
	if err := l.ws.SetReadDeadline(time.Now().Add(silentAfter)); err != nil {
		return nil, err
	}
	_, data, err := l.ws.ReadMessage()
	if err == nil {
		l.heard.Store(time.Now().UnixNano())
	}
	return data, err
}

// ours is a time of the hub's clock on this machine's.
func (l *link) ours(t time.Time) time.Time { return t.Add(-time.Duration(l.ahead.Load())) }

// shift puts times of the hub's clock on this machine's, where there are any.
func (l *link) shift(times ...*wire.Time) {
	for _, t := range times {
		if !t.IsZero() {
			*t = wire.At(l.ours(t.Time))
		}
	}
}

// call puts a call's times on this machine's clock. Its recordings are copied,
// for the floor has the same call.
func (l *link) call(c wire.Call) wire.Call {
	l.shift(&c.Received, &c.Offered, &c.Accepted, &c.Ended, &c.Alerted, &c.Since)
	c.Recordings = slices.Clone(c.Recordings)
	for i := range c.Recordings {
		l.shift(&c.Recordings[i].Started, &c.Recordings[i].Stopped)
	}
	return c
}

// offer puts an offer's times on this machine's clock.
func (l *link) offer(r wire.Ring, now time.Time) Offer {
	return Offer{
		Call:     r.Call,
		Received: l.ours(r.Call.Received.Time),
		Until:    l.ours(r.Until.Time),
		Came:     now,
	}
}

// presence puts a presence's times on this machine's clock.
func (l *link) presence(p wire.Presence) wire.Presence {
	p.Since = wire.At(l.ours(p.Since.Time))
	if !p.Until.IsZero() {
		p.Until = wire.At(l.ours(p.Until.Time))
	}
	return p
}

// post sends a request without waiting for its reply.
func (l *link) post(r wire.Request) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.ws.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	return l.ws.WriteMessage(websocket.TextMessage, data)
}

// ask sends a request and waits for its reply.
func (l *link) ask(ctx context.Context, r wire.Request) (wire.Reply, error) {
	answer := make(chan wire.Reply, 1)
	l.mu.Lock()
	l.last++
	id := strconv.Itoa(l.last)
	l.waiting[id] = answer
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		delete(l.waiting, id)
		l.mu.Unlock()
	}()
	r.ID = json.RawMessage(id)
	if err := l.post(r); err != nil {
		return wire.Reply{}, err
	}
	select {
	case reply := <-answer:
		return reply, nil
	case <-l.gone:
		return wire.Reply{}, errGone
	case <-ctx.Done():
		return wire.Reply{}, ctx.Err()
	}
}

// replied hands a reply to who waits for it.
func (l *link) replied(r wire.Reply) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if answer := l.waiting[string(r.To)]; answer != nil {
		delete(l.waiting, string(r.To))
		answer <- r
	}
}
