package agent_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

// newFront is the https in front of a hub, or of anything.
func newFront(t *testing.T, certificate tls.Certificate, h http.Handler) (url string) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that clients break off
	s.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

// newPlainFront is the same without TLS.
func newPlainFront(t *testing.T, h http.Handler) (url string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func isConnect(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/connect") }

// stripping is a web server before the hub that was never told of WebSockets.
func stripping(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", "nginx/1.22.1")
		r.Header.Del("Connection")
		r.Header.Del("Upgrade")
		h.ServeHTTP(w, r)
	})
}

// refusing answers each WebSocket with a status of its own.
func refusing(h http.Handler, status int, header, value string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isConnect(r) {
			w.Header().Set(header, value)
			http.Error(w, "<html>no</html>", status)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// cutting hangs up on each WebSocket.
func cutting(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isConnect(r) {
			panic(http.ErrAbortHandler)
		}
		h.ServeHTTP(w, r)
	})
}

// holding opens each WebSocket itself and lets nothing through.
func holding(h http.Handler, subprotocols ...string) http.Handler {
	u := websocket.Upgrader{Subprotocols: subprotocols}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isConnect(r) {
			h.ServeHTTP(w, r)
			return
		}
		if ws, err := u.Upgrade(w, r, nil); err == nil {
			defer ws.Close()
			_, _, _ = ws.ReadMessage() // until the app gives up
		}
	})
}

// newSilent accepts connections and says nothing. Each that came is told to
// accepted, which may be nil.
func newSilent(t *testing.T, accepted func()) (address string) {
	t.Helper()
	return listen(t, func(c net.Conn) {
		if accepted != nil {
			accepted()
		}
		_, _ = io.Copy(io.Discard, c)
	})
}

// newGreeter accepts connections and says one line to each, like a mail server.
func newGreeter(t *testing.T, line string) (address string) {
	t.Helper()
	return listen(t, func(c net.Conn) {
		_, _ = io.WriteString(c, line)
		_, _ = bufio.NewReader(c).ReadString('\n')
	})
}

// listen serves each connection until the test ends.
func listen(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		open  []net.Conn
		ended bool
	)
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			if ended {
				c.Close()
			}
			mu.Unlock()
			wg.Go(func() {
				defer c.Close()
				serve(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		ended = true
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return l.Addr().String()
}

// deadAddress is one where nothing listens.
func deadAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return l.Addr().String()
}

// hangUp ends a connection after what was asked.
func hangUp(c net.Conn) { _, _ = bufio.NewReader(c).ReadString('\n') }
