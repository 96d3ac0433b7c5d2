package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"syscall"
)

// The failures of a request, in words.
var (
	ErrUnknownHost = errors.New("its host is not known: check the name, and the hub's name server")
	ErrNothing     = errors.New("nothing listens there: check the port, and whether the server runs")
	ErrLate        = errors.New("it did not answer in time")
	ErrCertificate = errors.New("its certificate is not to be trusted: it has expired, is another host's, or nobody known has signed it")
	ErrBroken      = errors.New("the connection broke before the answer was whole")
	ErrStopped     = errors.New("the hub shut down meanwhile")
)

// failure says in words why a request got no answer. The words of Go hold the address.
func failure(err error) error {
	for _, ours := range []error{ErrPlain, ErrPrivate, ErrNoHost} {
		if errors.Is(err, ours) {
			return ours
		}
	}
	var name *net.DNSError
	var wait net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return ErrStopped
	case errors.As(err, &name) && !name.IsTimeout:
		return ErrUnknownHost
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &wait) && wait.Timeout():
		return ErrLate
	case errors.Is(err, syscall.ECONNREFUSED):
		return ErrNothing
	case untrusted(err):
		return ErrCertificate
	default:
		return ErrBroken
	}
}

func untrusted(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		host         x509.HostnameError
		invalid      x509.CertificateInvalidError
	)
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid)
}
