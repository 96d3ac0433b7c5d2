package agent

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
)

const maxProxyAnswer = 64 << 10

// dialThrough connects to an address through the proxy. Its errors are of type
// *Error: only here it is known which of the two, proxy or hub, has failed.
func (r *route) dialThrough(ctx context.Context, address string) (net.Conn, error) {
	conn, err := r.dialProxy(ctx)
	if err != nil {
		return nil, err
	}
	// The talk with the proxy heeds the context: its end is a deadline that
	// has passed.
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	switch r.proxy.Scheme {
	case "socks5", "socks5h":
		err = askSOCKS(conn, r.proxy.User, address)
	default:
		err = askCONNECT(conn, r.proxy.User, address)
	}
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		conn.Close()
		return nil, r.proxyRefused(err)
	}
	return conn, nil
}

// dialProxy connects to the proxy itself.
func (r *route) dialProxy(ctx context.Context) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", hostPort(r.proxy, proxyPorts[r.proxy.Scheme]))
	if err != nil {
		return nil, r.proxyUnreachable(err)
	}
	if r.proxy.Scheme != "https" {
		return conn, nil
	}
	secure, err := r.shakeHands(ctx, conn, r.proxy.Hostname())
	if err != nil {
		return nil, r.proxyUnreachable(err)
	}
	return secure, nil
}

// refusal is a proxy's no.
type refusal struct {
	kind refusalKind
	said string // for the log
}

type refusalKind int

const (
	wantsPassword refusalKind = iota
	forbids
	cantReach
	noProxy // what answers is no proxy of this kind
)

func (e refusal) Error() string { return "the proxy answered " + e.said }

// askCONNECT has an HTTP proxy open a tunnel.
func askCONNECT(conn net.Conn, user *url.Userinfo, address string) error {
	request := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if user != nil {
		password, _ := user.Password()
		request.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)))
	}
	if err := request.Write(conn); err != nil {
		return err
	}
	// The hub says nothing before it is spoken to, so nothing of it is lost in
	// this buffer.
	answer, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, maxProxyAnswer)), request)
	if err != nil {
		var network net.Error
		if errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		return refusal{noProxy, fmt.Sprintf("no HTTP: %v", err)}
	}
	switch status := answer.StatusCode; {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusProxyAuthRequired:
		return refusal{wantsPassword, answer.Status}
	case status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout:
		return refusal{cantReach, answer.Status}
	case slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}, status):
		return refusal{noProxy, answer.Status}
	default:
		return refusal{forbids, answer.Status}
	}
}

// proxyUnreachable says why there is no connection to the proxy.
func (r *route) proxyUnreachable(cause error) error {
	var dns *net.DNSError
	trouble, untrusted := certificateTrouble(cause, proxyCertificate(), time.Now())
	host, place := r.proxy.Host, r.proxyPlace()
	switch {
	case untrusted:
	case errors.As(cause, &dns):
		trouble = lang.T("The proxy %s was not found. Check the spelling of its name %s.", host, place)
	case timedOut(cause):
		trouble = lang.T("The proxy %s does not answer. Check its address and port %s.", host, place)
	default:
		trouble = lang.T("The proxy %s can't be reached. Check its address and port %s.", host, place)
	}
	return &Error{Sentence: trouble, Cause: cause}
}

// proxyRefused says why the proxy leads to no hub.
func (r *route) proxyRefused(cause error) error {
	var no refusal
	proxy, hub, place := r.proxy.Host, r.hub.Hostname(), r.proxyPlace()
	said := lang.T("The proxy %s closed the connection. Check its address, and whether it begins with http, https or socks5, %s.", proxy, place)
	switch {
	case timedOut(cause):
		said = lang.T("The proxy %s does not answer. Check its address, and whether it begins with http, https or socks5, %s.", proxy, place)
	case !errors.As(cause, &no):
	case no.kind == wantsPassword:
		said = lang.T("The proxy %s asks for a user name and password. Ask your administrator to let Deskbell pass without, or to set HTTPS_PROXY on this computer with them.", proxy)
	case no.kind == forbids:
		said = lang.T("The proxy %s does not let Deskbell through to %s. Ask your administrator to allow it.", proxy, hub)
	case no.kind == cantReach:
		said = lang.T("The proxy %s can't reach %s. Check the hub's address; if it is right, ask your administrator.", proxy, hub)
	case no.kind == noProxy:
		said = lang.T("The proxy %s is no proxy of this kind. Check its address, and whether it begins with http, https or socks5, %s.", proxy, place)
	}
	return &Error{Sentence: said, Cause: cause}
}

// proxyPlace is where the proxy's address can be corrected.
func (r *route) proxyPlace() string {
	if r.own {
		return lang.T("in the settings")
	}
	return lang.T("in what is set on this computer (HTTPS_PROXY)")
}
