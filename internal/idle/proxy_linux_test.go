package idle_test

import (
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/internal/idle"
)

// proxy stands between the watcher and a bus, and can freeze.
type proxy struct {
	address string

	mu     sync.Mutex
	thawed chan struct{} // closed unless frozen
}

func newProxy(t *testing.T, busAddress string) *proxy {
	t.Helper()
	dir, err := os.MkdirTemp("", "bus") // t.TempDir is too long a path for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "bus")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{address: "unix:path=" + path, thawed: make(chan struct{})}
	close(p.thawed)
	var running sync.WaitGroup
	t.Cleanup(func() {
		listener.Close()
		running.Wait()
	})
	running.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", busAddress[len("unix:path="):])
			if err != nil {
				near.Close()
				continue
			}
			running.Go(func() { p.copy(far, near) })
			running.Go(func() { p.copy(near, far) })
		}
	})
	return p
}

// copy passes on what it reads, unless frozen, until one side ends.
func (p *proxy) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		thawed := p.thawed
		p.mu.Unlock()
		<-thawed
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *proxy) freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.thawed = make(chan struct{})
}

func (p *proxy) thaw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.thawed)
}

// A bus that stops reading is left before it fills up, and found again.
func TestBusFreezes(t *testing.T) {
	d := newDesktop(t)
	p := newProxy(t, d.session.Address)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", p.address)
	newGnome(t, d, true)
	w := watch(t, idle.Options{Every: often, Deadline: soon})
	want(t, w, idle.Locked)
	p.freeze()
	want(t, w, idle.Unknown)
	p.thaw()
	want(t, w, idle.Locked)

	p.freeze()
	want(t, w, idle.Unknown)
	w.Close()
	p.thaw() // for the end of the proxy
}
