package agent_test

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// tunnel is a proxy of an organisation. It knows one host, "hub.test", which
// nobody else knows, and keeps what it was asked for.
type tunnel struct {
	address string
	target  string // what hub.test is

	mu    sync.Mutex
	asked []string
}

// log notes what was asked for.
func (p *tunnel) log(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, what)
}

func (p *tunnel) askedFor() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// newCONNECT is an HTTP proxy that answers with a status: 200 connects. With a
// certificate it is an https proxy.
func newCONNECT(t *testing.T, target string, status int, certificate ...tls.Certificate) *tunnel {
	t.Helper()
	p := &tunnel{target: target}
	p.address = listen(t, func(c net.Conn) {
		if len(certificate) > 0 {
			c = tls.Server(c, &tls.Config{Certificates: certificate})
		}
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil || r.Method != http.MethodConnect {
			return
		}
		p.log(r.Host)
		_, _ = io.WriteString(c, "HTTP/1.1 "+strconv.Itoa(status)+" "+http.StatusText(status)+"\r\n\r\n")
		if status == http.StatusOK {
			p.join(c)
		}
	})
	return p
}

// join carries bytes both ways until one side ends.
func (p *tunnel) join(c net.Conn) {
	far, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = io.Copy(far, c)
		far.Close()
	})
	_, _ = io.Copy(c, far)
	c.Close()
	far.Close()
	wg.Wait()
}

// newSOCKS is a SOCKS 5 proxy that answers with a code: 0 connects. With a
// password it wants "desk" and that.
func newSOCKS(t *testing.T, target string, code byte, password string) *tunnel {
	t.Helper()
	p := &tunnel{target: target}
	p.address = listen(t, func(c net.Conn) {
		if !greetSOCKS(c, password) {
			return
		}
		head := readN(c, 5) // version, connect, 0, kind, length of the name
		if head == nil || head[3] != 3 {
			return
		}
		name, port := readN(c, int(head[4])), readN(c, 2)
		if port == nil {
			return
		}
		p.log(net.JoinHostPort(string(name), strconv.Itoa(int(binary.BigEndian.Uint16(port)))))
		_, _ = c.Write([]byte{5, code, 0, 1, 127, 0, 0, 1, 0, 0})
		if code == 0 {
			p.join(c)
		}
	})
	return p
}

// greetSOCKS is the beginning of SOCKS: the way to sign in, and signing in.
func greetSOCKS(c net.Conn, password string) bool {
	hello := readN(c, 2)
	if hello == nil {
		return false
	}
	ways := readN(c, int(hello[1]))
	if password == "" {
		_, _ = c.Write([]byte{5, 0})
		return true
	}
	if !slices.Contains(ways, 2) {
		_, _ = c.Write([]byte{5, 0xff})
		return false
	}
	_, _ = c.Write([]byte{5, 2})
	want := "\x01\x04desk" + string(rune(len(password))) + password
	if got := readN(c, len(want)); string(got) != want {
		_, _ = c.Write([]byte{1, 1})
		return false
	}
	_, _ = c.Write([]byte{1, 0})
	return true
}

func readN(c net.Conn, n int) []byte {
	data := make([]byte, n)
	if _, err := io.ReadFull(c, data); err != nil {
		return nil
	}
	return data
}

// byName is a front's address under the name that only a tunnel knows.
func byName(url string) string { return strings.Replace(url, "127.0.0.1", "hub.test", 1) }

// hostOf is a url without its scheme.
func hostOf(url string) string {
	_, host, _ := strings.Cut(url, "://")
	return host
}
