package agent

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/websocket"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// route is the way to one hub: the proxy on it and who is trusted at its end.
// Everything that goes to a hub goes through here, so that a sign-in, the
// WebSocket and the connection test can't differ in what they need.
type route struct {
	hub   *url.URL
	proxy *url.URL // nil: straight
	own   bool     // the proxy is that of the settings
	tls   *tls.Config
}

// route works out the way to a hub. The file of certificates is read each
// time: what was put right in it helps at the next try.
func (n Network) route(hub string) (*route, error) {
	u, err := url.Parse(hub)
	if err != nil || u.Hostname() == "" {
		return nil, &Error{Sentence: lang.T("That is no address of a hub."), Cause: err}
	}
	proxy, err := n.proxyTo(u)
	if err != nil {
		return nil, err
	}
	roots, err := n.roots()
	if err != nil {
		return nil, err
	}
	return &route{hub: u, proxy: proxy, own: strings.TrimSpace(n.Proxy) != "", tls: &tls.Config{RootCAs: roots}}, nil
}

// address is the hub's host and port.
func (r *route) address() string {
	if r.hub.Scheme == "http" {
		return hostPort(r.hub, "80")
	}
	return hostPort(r.hub, "443")
}

// dial connects to an address, through the proxy if there is one.
func (r *route) dial(ctx context.Context, address string) (net.Conn, error) {
	if r.proxy != nil {
		return r.dialThrough(ctx, address)
	}
	return new(net.Dialer).DialContext(ctx, "tcp", address)
}

// dialTLS connects to an address and shakes hands.
func (r *route) dialTLS(ctx context.Context, address string) (net.Conn, error) {
	conn, err := r.dial(ctx, address)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return r.shakeHands(ctx, conn, host)
}

// shakeHands begins TLS on a connection and closes it if that fails.
func (r *route) shakeHands(ctx context.Context, conn net.Conn, host string) (*tls.Conn, error) {
	config := r.tls.Clone()
	config.ServerName = host
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return secure, nil
}

// transport is for the requests of one context. (A shared transport would go
// on dialing when its request has long been given up.)
func (r *route) transport(ctx context.Context) *http.Transport {
	return &http.Transport{
		DialContext:            func(_ context.Context, _, address string) (net.Conn, error) { return r.dial(ctx, address) },
		DialTLSContext:         func(_ context.Context, _, address string) (net.Conn, error) { return r.dialTLS(ctx, address) },
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxAnswer,
	}
}

// do makes one request. It follows no redirect: a token goes only to the
// address that the person typed.
func (r *route) do(request *http.Request) (*http.Response, error) {
	client := http.Client{
		Transport:     r.transport(request.Context()),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return client.Do(request)
}

// openSocket opens the WebSocket. If the hub, or something on the way, answers
// otherwise, the answer comes with the error.
func (r *route) openSocket(ctx context.Context, token string) (*websocket.Conn, *http.Response, error) {
	// The dialer heeds only the context's deadline once it is connected.
	heeded := func() bool { return true }
	heeding := func(dial func(context.Context, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
		return func(_ context.Context, _, address string) (net.Conn, error) {
			conn, err := dial(ctx, address)
			if err == nil {
				heeded = context.AfterFunc(ctx, func() { conn.Close() })
			}
			return conn, err
		}
	}
	d := websocket.Dialer{
		NetDialContext:    heeding(r.dial),
		NetDialTLSContext: heeding(r.dialTLS),
		Subprotocols:      []string{wire.Protocol},
	}
	header := http.Header{"Authorization": {"Bearer " + token}}
	ws, answer, err := d.DialContext(ctx, "ws"+strings.TrimPrefix(r.hub.String(), "http")+connectPath, header)
	if !heeded() {
		err = context.Cause(ctx)
	}
	if err != nil && ws != nil {
		ws.Close()
		return nil, nil, err
	}
	return ws, answer, err
}

const connectPath = "/api/v1/connect"
