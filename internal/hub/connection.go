package hub

import (
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/deskbell/deskbell/internal/wire"
)

// The bounds of what waits for one app. An app that does not keep up is closed
// (4008) and finds everything in its next welcome; it never delays another.
const (
	maxWaiting   = 256     // frames
	maxBytes     = 1 << 20 // of them together
	writeTimeout = 10 * time.Second
	closeTimeout = 2 * time.Second
)

// frame is one encoded message, shared by all who get it.
type frame struct {
	prepared *websocket.PreparedMessage
	size     int
}

// newFrame encodes a message. The types of package wire always can be.
func newFrame(m any) *frame {
	data, err := wire.Encode(m)
	if err != nil {
		panic(fmt.Sprintf("hub: %v", err))
	}
	prepared, err := websocket.NewPreparedMessage(websocket.TextMessage, data)
	if err != nil {
		panic(fmt.Sprintf("hub: %v", err))
	}
	return &frame{prepared, len(data)}
}

// connection is one app's WebSocket. Whoever has something for it calls send,
// which never blocks; a goroutine writes while there is something to write.
type connection struct {
	ws    *websocket.Conn
	user  string
	token string // hash
	log   *slog.Logger
	// heard is when the app was last heard of, in Unix nanoseconds.
	heard atomic.Int64
	aside atomic.Int32 // requests that wait for somebody outside

	mu      sync.Mutex
	waiting []*frame
	bytes   int
	writing bool
	pinging bool
	closing int // the close code to send; 0 while open
}

// send queues a frame.
func (c *connection) send(f *frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing != 0 {
		return
	}
	// With nothing waiting any size is taken: a welcome can be larger than the
	// bound, and an app refused its welcome would never come to rest.
	if len(c.waiting) >= maxWaiting || len(c.waiting) > 0 && c.bytes+f.size > maxBytes {
		c.log.Warn("an app does not keep up; it is closed", "agent", c.user, "waiting", len(c.waiting))
		c.closeLocked(wire.CloseTooSlow)
		return
	}
	c.waiting = append(c.waiting, f)
	c.bytes += f.size
	c.writeLocked()
}

// sendAny queues a frame if there is one.
func (c *connection) sendAny(f *frame) {
	if f != nil {
		c.send(f)
	}
}

// close ends the connection with a code, ahead of all that waits.
func (c *connection) close(code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing == 0 {
		c.closeLocked(code)
	}
}

func (c *connection) closeLocked(code int) {
	c.closing, c.waiting, c.bytes = code, nil, 0
	c.writeLocked()
}

// ping asks the app to show that it is there.
func (c *connection) ping() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing == 0 {
		c.pinging = true
		c.writeLocked()
	}
}

func (c *connection) writeLocked() {
	if !c.writing {
		c.writing = true
		go c.write()
	}
}

// write sends what waits and ends when there is nothing more: an idle
// connection has no writer.
func (c *connection) write() {
	for {
		f, ping, closing, more := c.next()
		deadline := time.Now().Add(writeTimeout)
		var err error
		switch {
		case closing != 0:
			c.sayClose(closing)
			return
		case ping:
			err = c.ws.WriteControl(websocket.PingMessage, nil, deadline)
		case more:
			if err = c.ws.SetWriteDeadline(deadline); err == nil {
				err = c.ws.WritePreparedMessage(f.prepared)
			}
		default:
			return
		}
		if err != nil { // the reader notices too, and disconnects
			c.ws.Close()
			return
		}
	}
}

// next takes what is to be written next; with nothing left the writer has ended.
func (c *connection) next() (f *frame, ping bool, closing int, more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closing != 0:
		return nil, false, c.closing, false
	case c.pinging:
		c.pinging = false
		return nil, true, 0, false
	case len(c.waiting) > 0:
		f = c.waiting[0]
		c.waiting[0] = nil
		c.waiting = c.waiting[1:]
		c.bytes -= f.size
		return f, false, 0, true
	default:
		c.waiting, c.writing = nil, false
		return nil, false, 0, false
	}
}

var closeReasons = map[int]string{
	wire.CloseSignIn:    "sign in again",
	wire.CloseSignedOut: "signed out",
	wire.CloseTooSlow:   "too slow",
	wire.CloseRestart:   "restarting",
}

// sayClose writes the close frame and gives the app a moment to answer it; then
// the reader's deadline ends the connection.
func (c *connection) sayClose(code int) {
	deadline := time.Now().Add(closeTimeout)
	message := websocket.FormatCloseMessage(code, closeReasons[code])
	if c.ws.WriteControl(websocket.CloseMessage, message, deadline) != nil || c.ws.SetReadDeadline(deadline) != nil {
		c.ws.Close()
	}
}

// signedOut tells whether the hub closed the connection because its token is no
// good any more: such an app does not come back in a moment.
func (c *connection) signedOut() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing == wire.CloseSignedOut || c.closing == wire.CloseSignIn
}
