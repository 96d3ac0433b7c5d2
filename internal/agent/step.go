package agent

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"syscall"
	"time"

	"github.com/gorilla/websocket"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// readAddress is about everything that was typed.
func (d *diagnosis) readAddress(context.Context) Step {
	hub, err := NormalizeHub(d.hub)
	if err != nil {
		return failed(err)
	}
	if err := d.network.Check(); err != nil { // of a file or proxy that this hub may not need
		return failed(err)
	}
	if d.route, err = d.network.route(hub); err != nil {
		return failed(err)
	}
	if d.route.proxy != nil {
		return found(lang.T("The hub is %s, reached through the proxy %s.", printable(hub), printable(d.route.proxy.Host)))
	}
	return found(lang.T("The hub is %s.", printable(hub)))
}

// lookUp finds the address of what is connected to: the hub, or the proxy,
// which then looks for the hub.
func (d *diagnosis) lookUp(ctx context.Context) Step {
	host, then := d.route.hub.Hostname(), ""
	number, unknown := lang.T("The hub's address is a number: there is no name to look up."), lang.Mark("The hub's name %s is not known here. Check its spelling; if it is right, this computer may be in the wrong network, or need its VPN.")
	if d.route.proxy != nil {
		host, then = d.route.proxy.Hostname(), " "+lang.T("The proxy looks up the hub's name.")
		number, unknown = lang.T("The proxy's address is a number: there is no name to look up."), lang.Mark("The proxy's name %s is not known here. Check its spelling; if it is right, this computer may be in the wrong network, or need its VPN.")
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return skipped(number + then)
	}
	addresses, err := net.DefaultResolver.LookupHost(ctx, host)
	var dns *net.DNSError
	switch {
	case err == nil && len(addresses) > 1:
		return found(lang.T("%s has the address %s and %d more.", printable(host), addresses[0], len(addresses)-1) + then)
	case err == nil && len(addresses) == 1:
		return found(lang.T("%s has the address %s.", printable(host), addresses[0]) + then)
	case errors.As(err, &dns) && !dns.IsNotFound:
		return failedBy(lang.T("The network does not answer when it is asked for %s. Check this computer's network connection.", printable(host)), err)
	default:
		return failedBy(lang.T(unknown, printable(host)), err)
	}
}

// connect opens the connection that the handshake goes over.
func (d *diagnosis) connect(ctx context.Context) Step {
	address := d.route.address()
	conn, err := d.route.dial(ctx, address)
	var said *Error
	switch {
	case errors.As(err, &said):
		return failed(said)
	case err != nil:
		return failedBy(connectionTrouble(d.route, err), err)
	}
	d.conn = conn
	if d.route.proxy != nil {
		return found(lang.T("The proxy connects to %s.", printable(address)))
	}
	return found(lang.T("Something listens at %s.", printable(address)))
}

func connectionTrouble(r *route, err error) string {
	host, port, _ := net.SplitHostPort(r.address())
	host = printable(host)
	switch {
	case timedOut(err):
		return lang.T("%s does not answer at port %s. Check the address; if it is right, a firewall may be in the way, or the hub's machine be off: ask your administrator.", host, port)
	case turnedAway(err):
		return lang.T("Nothing listens at port %s of %s. Check the port in the address; if it is right, the hub is not running: tell your administrator.", port, host)
	default:
		return lang.T("There is no way to %s from this network. Check this computer's network connection and its VPN.", host)
	}
}

// turnedAway tells a closed port from a silent one. Go knows the number that
// Windows has for it under no name of its own.
func turnedAway(err error) bool {
	const connectionRefused = 10061
	var number syscall.Errno
	return errors.As(err, &number) && (number == syscall.ECONNREFUSED || runtime.GOOS == "windows" && number == connectionRefused)
}

// shakeHands is the handshake. The certificate is checked in it as always;
// what is wrong with it is for the next step to tell.
func (d *diagnosis) shakeHands(ctx context.Context) Step {
	defer d.hangUp()
	if d.route.hub.Scheme == "http" {
		return skipped(lang.T("The hub is on this computer and speaks without TLS."))
	}
	secure, err := d.route.shakeHands(ctx, d.conn, d.route.hub.Hostname())
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		d.untrusted = err
		return found(lang.T("The hub speaks TLS."))
	case err != nil:
		return failedBy(handshakeTrouble(d.route, err), err)
	}
	d.conn, d.secure = secure, secure.ConnectionState()
	return found(lang.T("The hub speaks %s.", tls.VersionName(d.secure.Version)))
}

func handshakeTrouble(r *route, err error) string {
	address := printable(r.address())
	var noTLS tls.RecordHeaderError
	var network *net.OpError
	switch {
	case timedOut(err):
		return lang.T("What listens at %s says nothing. Check the port in the address; if it is right, the hub or a firewall hangs: tell your administrator.", address)
	case errors.As(err, &noTLS):
		return lang.T("What listens at %s does not speak TLS. Check the port in the address, or ask your administrator for the hub's https address.", address)
	case errors.As(err, &network) && network.Op == "remote error":
		return lang.T("The hub refuses the secure connection: it has no certificate for %s, or wants another version of TLS. Check the address; if it is right, tell your administrator.", printable(r.hub.Hostname()))
	default:
		return lang.T("The secure connection was cut while it began. A firewall on the way may not allow it, or the hub is not set up right: ask your administrator.")
	}
}

func (d *diagnosis) checkCertificate(ctx context.Context) Step {
	switch {
	case d.route.hub.Scheme == "http":
		return skipped(lang.T("Without TLS there is no certificate."))
	case d.untrusted == nil:
		return found(certificateFound(d.secure.PeerCertificates[0]))
	}
	now := time.Now()
	var invalid x509.CertificateInvalidError
	if errors.As(d.untrusted, &invalid) && invalid.Reason == x509.Expired {
		if trouble := d.clockOfHub(ctx); trouble != "" {
			return failedBy(lang.T("The hub's certificate seems to be out of date, because this computer's clock is wrong.")+" "+trouble, d.untrusted)
		}
	}
	sentence, _ := certificateTrouble(d.untrusted, hubCertificate(), now)
	return failedBy(sentence, d.untrusted)
}

// clockOfHub finds out whether this computer's clock is to blame for a
// certificate out of date, by how far it is off the hub's. The hub is asked,
// without a token, with the certificate checked as of a moment at which it is
// valid. If anything else is wrong with it, or it would be out of date by the
// hub's clock too, there is nothing to say.
func (d *diagnosis) clockOfHub(ctx context.Context) string {
	from, to := validity(d.untrusted)
	r := *d.route
	r.tls = r.tls.Clone()
	r.tls.Time = func() time.Time { return from.Add(to.Sub(from) / 2) }
	answer, _ := r.request(ctx, "", http.MethodGet, "/healthz", nil, nil)
	if answer == nil {
		return ""
	}
	now := time.Now()
	ahead, known := hubAhead(answer, now)
	if at := now.Add(ahead); !known || at.Before(from) || at.After(to) {
		return ""
	}
	return clockTrouble(ahead)
}

// validity is when all certificates of a chain are valid.
func validity(untrusted error) (from, to time.Time) {
	var e *tls.CertificateVerificationError
	var invalid x509.CertificateInvalidError
	errors.As(untrusted, &e)
	errors.As(untrusted, &invalid)
	from, to = invalid.Cert.NotBefore, invalid.Cert.NotAfter
	for _, c := range e.UnverifiedCertificates {
		if c.NotBefore.After(from) {
			from = c.NotBefore
		}
		if c.NotAfter.Before(to) {
			to = c.NotAfter
		}
	}
	return from, to
}

// greet asks whether this is a Deskbell hub, and what time it has.
func (d *diagnosis) greet(ctx context.Context) Step {
	var health struct {
		Status string `json:"status"`
	}
	answer, err := d.route.request(ctx, "", http.MethodGet, "/healthz", nil, &health)
	switch {
	case err != nil:
		return failed(err)
	case health.Status != "ok":
		return failed(notAHub(errors.New("the state of health is missing")))
	}
	sentence := lang.T("A Deskbell hub answers.")
	if ahead, known := hubAhead(answer, time.Now()); known {
		if trouble := clockTrouble(ahead); trouble != "" {
			sentence += " " + trouble
		}
	}
	return found(sentence)
}

func (d *diagnosis) checkToken(ctx context.Context) Step {
	if d.token == "" {
		return skipped(lang.T("Nobody is signed in."))
	}
	var me wire.Me
	switch _, err := d.route.request(ctx, d.token, http.MethodGet, "/api/v1/me", nil, &me); {
	case errors.Is(err, ErrSignInAgain):
		return failedBy(lang.T("The hub does not take this sign-in any more: it has expired, or was ended on another device or by an administrator. Sign in again."), err)
	case err != nil:
		return failed(err)
	}
	return found(lang.T("You are signed in as %s.", printable(me.User.Name)))
}

// openSocket opens the WebSocket and waits for the hub's welcome.
func (d *diagnosis) openSocket(ctx context.Context) Step {
	if d.token == "" {
		return skipped(lang.T("The hub opens it to those who are signed in."))
	}
	ws, answer, err := d.route.openSocket(ctx, d.token)
	if err != nil {
		return failed(d.route.socketTrouble(answer, err))
	}
	defer ws.Close()
	defer context.AfterFunc(ctx, func() { ws.Close() })()
	if ws.Subprotocol() != wire.Protocol {
		return failed(d.route.noWebSockets(answer, errors.New("the subprotocol was not agreed on")))
	}
	ws.SetReadLimit(maxFrame)
	_, data, err := ws.ReadMessage()
	switch {
	case websocket.IsCloseError(err, wire.CloseSignIn, wire.CloseSignedOut, wire.CloseRestart, wire.CloseTooSlow): // the hub's own words
		return failed(lost(err))
	case err != nil:
		return failed(d.route.noWebSockets(answer, fmt.Errorf("no welcome: %w", err)))
	}
	if m, err := wire.Decode(data); err != nil {
		return failed(notAHub(err))
	} else if _, is := m.(wire.Welcome); !is {
		return failed(notAHub(errors.New("the first message is no welcome")))
	}
	// The close is told, so that the hub need not find out; if that fails, it
	// will.
	_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	return found(lang.T("The WebSocket is open and the hub sends through it: calls can reach you."))
}
