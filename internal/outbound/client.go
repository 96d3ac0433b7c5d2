package outbound

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"
)

const (
	// Deadline is how long one request may take, from the name to the last byte of the answer.
	Deadline  = 15 * time.Second
	maxAnswer = 64 << 10 // bytes of an answer that are read
	maxIdle   = 4        // open connections to one host that wait for the next request
)

// Client sends requests to targets.
type Client struct {
	roots      *x509.CertPool
	transports map[kind]*http.Transport
	now        func() time.Time
}

// kind keeps connections apart that were checked differently: one to a private address must not serve a
// target that may not have it.
type kind struct{ private, plain bool }

// New makes a client that trusts certificates of roots; nil: those that the system trusts.
func New(roots *x509.CertPool, now func() time.Time) *Client {
	c := &Client{roots: roots, transports: map[kind]*http.Transport{}, now: now}
	for _, k := range []kind{{false, false}, {true, false}, {true, true}, {false, true}} {
		c.transports[k] = c.transport(k)
	}
	return c
}

func (c *Client) transport(k kind) *http.Transport {
	t := Target{URL: "https:", Private: k.private}
	if k.plain {
		t.URL = "http:"
	}
	d := net.Dialer{Timeout: Deadline, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address) // resolved by now
		if err != nil {
			return ErrNoHost
		}
		return t.admits(at.Addr())
	}}
	return &http.Transport{
		Proxy:                  nil, // it would resolve the name itself
		DialContext:            d.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: c.roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    Deadline,
		ResponseHeaderTimeout:  Deadline,
		MaxResponseHeaderBytes: maxAnswer,
		MaxIdleConnsPerHost:    maxIdle,
		IdleConnTimeout:        30 * time.Second,
		DisableCompression:     true, // a small answer must not become a large one
		ForceAttemptHTTP2:      true,
	}
}

// Request is what is sent.
type Request struct {
	Method string
	Query  string // in the place of the target's own; empty: that
	Header http.Header
	Body   []byte
}

// Reply is what a target answered.
type Reply struct {
	Status     int
	Body       []byte
	RetryAfter time.Duration // what it asks to be left in peace; 0: it does not
}

// Do sends a request. Any answer is a reply, also a redirect; the error says in words why there is none.
func (c *Client) Do(ctx context.Context, t Target, r Request) (Reply, error) {
	if err := t.Check(); err != nil {
		return Reply{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, Deadline)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, r.Method, t.URL, bytes.NewReader(r.Body))
	if err != nil {
		return Reply{}, ErrNoHost // and not err: its text quotes the address
	}
	if r.Query != "" {
		request.URL.RawQuery = r.Query
	}
	if r.Header != nil {
		request.Header = r.Header
	}
	request.Header.Set("User-Agent", "Deskbell")
	answer, err := c.transports[kind{t.Private, t.plain()}].RoundTrip(request)
	if err != nil {
		return Reply{}, failure(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return Reply{}, failure(err)
	}
	return Reply{Status: answer.StatusCode, Body: body, RetryAfter: c.retryAfter(answer.Header.Get("Retry-After"))}, nil
}

// retryAfter reads seconds or a date.
func (c *Client) retryAfter(text string) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(c.now()), 0)
	}
	return 0
}

// Close ends the connections that wait for a next request.
func (c *Client) Close() {
	for _, t := range c.transports {
		t.CloseIdleConnections()
	}
}
