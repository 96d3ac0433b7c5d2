package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// tokenVariable holds the token of an admin who administers from afar. It is no
// flag: other users of the machine can read the command line.
const tokenVariable = "DESKBELL_TOKEN"

// remotely gives the commands of administration the flags that have them reach a
// hub elsewhere.
func remotely(groups ...*cobra.Command) []*cobra.Command {
	for _, g := range groups {
		f := g.PersistentFlags()
		f.String("hub", "", "administer the hub at this https address, in the place of the one on --data; an admin's token is taken from "+tokenVariable)
		f.String("ca-file", "", "with --hub: certificates of authorities to trust beside the system's, PEM file")
	}
	return groups
}

// newRemote makes a client for a hub elsewhere.
func newRemote(address, caFile string, timeout time.Duration) (client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return client{}, usageError{fmt.Errorf("--hub %q is no address of a hub: write https://hub.example", address)}
	}
	if u.Scheme == "http" && !loopback(net.JoinHostPort(u.Hostname(), "0")) {
		return client{}, usageError{fmt.Errorf("--hub %s: a token goes to other machines over https only: write https://", address)}
	}
	token := strings.TrimSpace(os.Getenv(tokenVariable))
	if token == "" || strings.ContainsFunc(token, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return client{}, usageError{fmt.Errorf("--hub needs an admin's token in %s: 'deskbell-hub token issue USER' on the hub's machine makes one", tokenVariable)}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	if transport.TLSClientConfig.RootCAs, err = authorities(caFile); err != nil {
		return client{}, err
	}
	where := u.Scheme + "://" + u.Host + strings.TrimSuffix(u.Path, "/")
	return client{
		base: where + "/api/v1/admin", token: token,
		unreachable: func(err error) error { return unreachableAt(where, timeout, err) },
		http: &http.Client{
			Timeout: timeout, Transport: transport,
			// Where a redirect leads is nobody's to whom the token was given.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// authorities are the system's, and those of a file; nil for the system's alone.
func authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read --ca-file: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(data) {
		return nil, usageError{fmt.Errorf("--ca-file %s holds no certificate: give a PEM file", file)}
	}
	return pool, nil
}

// unreachableAt says why a hub elsewhere can't be asked, and what to do.
func unreachableAt(where string, timeout time.Duration, err error) error {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var plain tls.RecordHeaderError
	var dns *net.DNSError
	var network net.Error
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("the certificate of %s is of an authority that this machine does not know: name its certificate with --ca-file", where)
	case errors.As(err, &name):
		return fmt.Errorf("the certificate of %s is for another name: write the name that the hub has in its certificate", where)
	case errors.As(err, &plain), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return fmt.Errorf("what answers at %s does not speak https: check the port", where)
	case errors.As(err, &dns):
		return fmt.Errorf("there is no machine %s, or this one can't find it: check the address", dns.Name)
	case errors.As(err, &network) && network.Timeout():
		return fmt.Errorf("the hub at %s did not answer within %v: check the address, and that the hub runs", where, timeout)
	default:
		var in *url.Error
		if errors.As(err, &in) {
			err = in.Err
		}
		return fmt.Errorf("the hub at %s can't be reached (%w): check the address, and that the hub runs", where, err)
	}
}
