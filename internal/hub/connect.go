package hub

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	pingEvery   = 15 * time.Second
	silentAfter = 45 * time.Second // no sign of life: the connection is lost

	requestBurst = 500                   // requests at once
	requestPause = 10 * time.Millisecond // one more each
)

// connect is GET /api/v1/connect: it upgrades and returns, so that the server's
// buffers and stack for the request are free while the connection lives on.
func (h *Hub) connect(w http.ResponseWriter, r *http.Request, by caller) {
	if !slices.Contains(websocket.Subprotocols(r), wire.Protocol) {
		writeProblem(w, badRequest("This address speaks the WebSocket subprotocol %s: ask for it in Sec-WebSocket-Protocol.", wire.Protocol))
		return
	}
	ws, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil { // the upgrader has answered
		h.log.Info("no WebSocket made", "agent", by.Username, "err", err)
		return
	}
	c := &connection{ws: ws, user: by.Username, token: by.token.Hash, log: h.log}
	c.heard.Store(h.now().UnixNano())
	ws.SetReadLimit(wire.MaxRequest)
	ws.SetPongHandler(func(string) error { c.heard.Store(h.now().UnixNano()); return nil })
	if !h.reading.begin() {
		ws.Close()
		return
	}
	u := by.User
	if now, ok := h.directory.User(u.Username); ok { // perhaps changed while the socket was made
		u = now
	}
	h.live.connect(c, u)
	if h.reading.refusing() { // the hub began to close meanwhile, and may not have seen this one
		c.close(wire.CloseRestart)
	}
	go h.read(c)
}

// read takes an app's requests until the connection ends.
func (h *Hub) read(c *connection) {
	defer h.reading.end()
	defer func() {
		c.ws.Close()
		h.live.disconnect(c)
	}()
	pace := pace{burst: requestBurst, pause: requestPause}
	for {
		kind, data, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		now := h.now()
		c.heard.Store(now.UnixNano())
		var request wire.Request
		switch {
		case !pace.allow(now):
			request.ID = wire.IDOf(data)
			err = &call.Error{Code: call.TooMany, Message: "Too many requests: wait a moment."}
		case kind != websocket.TextMessage:
			err = badRequest("Frames are JSON texts, not bytes.")
		default:
			request, err = wire.DecodeRequest(data)
		}
		if err == nil && request.Type == wire.ActRecord {
			h.requestAside(c, request)
			continue
		}
		if err == nil {
			err = h.request(c, request)
		}
		c.reply(request, err)
	}
}

// maxAside is how many requests of one connection may wait for somebody outside.
const maxAside = 8

// requestAside carries out what waits for somebody outside, while the app's next
// requests are read.
func (h *Hub) requestAside(c *connection, r wire.Request) {
	if c.aside.Add(1) > maxAside {
		c.aside.Add(-1)
		c.reply(r, &call.Error{Code: call.TooMany, Message: "Too many requests wait for Vidaoo: wait for their answers."})
		return
	}
	h.running.Go(func() {
		defer c.aside.Add(-1)
		c.reply(r, h.request(c, r))
	})
}

// reply answers a request.
func (c *connection) reply(r wire.Request, err error) {
	c.send(newFrame(wire.Reply{To: r.ID, Error: failure(err)}))
}

// request carries out what an app asks for on its socket.
func (h *Hub) request(c *connection, r wire.Request) error {
	if r.Call != "" && h.isTest(c.user, r.Call) {
		if r.Type != wire.ActShown { // any answer ends it
			h.endTest(c.user, r.Call, wire.ReasonReassigned)
		}
		return nil
	}
	by, err := h.callerOn(c)
	if err != nil {
		return err
	}
	ctx, cancel := h.requestContext()
	defer cancel()
	err = h.act(ctx, by, r)
	if by.Role.Supervises() { // what follows from a request is told before its reply
		h.live.tellNews()
	}
	return err
}

// failure is an error as a reply tells it; nil for none.
func failure(err error) *wire.Failure {
	if err == nil {
		return nil
	}
	var e *call.Error
	if errors.As(err, &e) {
		return &wire.Failure{Code: e.Code, Message: e.Message, By: e.By}
	}
	return &wire.Failure{Code: call.Unavailable, Message: unavailable}
}

const unavailable = "The hub can't write its log at the moment. Try again."

// sweep pings every connection and lets those go that have been silent.
func (h *Hub) sweep() {
	now := h.now()
	for _, c := range h.live.connected("") {
		if now.Sub(time.Unix(0, c.heard.Load())) >= silentAfter {
			c.ws.Close()
			continue
		}
		c.ping()
		switch s, ok := h.directory.tokens.get(c.token); {
		case !ok:
			c.close(wire.CloseSignedOut)
		case !now.Before(s.Expires):
			c.close(wire.CloseSignIn)
		}
	}
}

// pace allows a burst of requests and then one every pause.
type pace struct {
	burst int
	pause time.Duration
	free  time.Time // when the burst is whole again
}

func (p *pace) allow(now time.Time) bool {
	if p.free.Before(now) {
		p.free = now
	}
	if p.free.Sub(now) >= time.Duration(p.burst)*p.pause {
		return false
	}
	p.free = p.free.Add(p.pause)
	return true
}

// newUpgrader sizes buffers for many idle connections (design: at most 9 KiB
// each): small reads, and write buffers that are only held while writing.
func newUpgrader() *websocket.Upgrader {
	return &websocket.Upgrader{
		HandshakeTimeout: 10 * time.Second,
		ReadBufferSize:   1024,
		WriteBufferSize:  1024,
		WriteBufferPool:  &bufferPool,
		Subprotocols:     []string{wire.Protocol},
		CheckOrigin:      sameOrigin,
	}
}

// sameOrigin keeps other sites' pages from connecting; apps send no Origin.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || strings.EqualFold(strings.TrimPrefix(strings.TrimPrefix(origin, "https://"), "http://"), r.Host)
}
