package agent_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/internal/hub/hubtest"
)

// proxy is a network between app and hub that can be cut.
type proxy struct {
	url    string
	target string

	mu    sync.Mutex
	broke bool
	conns map[net.Conn]bool
	wg    sync.WaitGroup
}

func newProxy(t *testing.T, s *hubtest.Server) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{url: "http://" + l.Addr().String(), target: strings.TrimPrefix(s.URL, "http://"), conns: map[net.Conn]bool{}}
	p.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.carry(c)
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.cut()
		p.wg.Wait()
	})
	return p
}

func (p *proxy) carry(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	far, err := net.Dial("tcp", p.target)
	if p.broke || err != nil {
		c.Close()
		if err == nil {
			far.Close()
		}
		return
	}
	for _, pair := range [][2]net.Conn{{c, far}, {far, c}} {
		p.conns[pair[0]] = true
		p.wg.Go(func() {
			_, _ = io.Copy(pair[0], pair[1]) // ends when either side is cut
			pair[0].Close()
		})
	}
}

// cut breaks all connections and refuses new ones.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broke = true
	for c := range p.conns {
		c.Close()
	}
	clear(p.conns)
}

func (p *proxy) mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broke = false
}

// newStranger is a web server that is no hub and answers everything alike.
func newStranger(t *testing.T, status int) (url string) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<html>Welcome to nginx!</html>")
	}))
	t.Cleanup(s.Close)
	return s.URL
}
