package agent

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/internal/lang"
)

// Network is what the network between this computer and the hub needs. The
// zero value trusts the authorities that the system trusts and takes the proxy
// from the environment (HTTPS_PROXY, NO_PROXY).
type Network struct {
	// CAFile is a PEM file of certificates that are trusted besides the
	// system's. Nothing here makes Deskbell trust less carefully: there is no
	// way to connect without a check.
	CAFile string
	// Proxy is "" for the environment's, "direct" for none, or an address such
	// as http://proxy.example:3128, https://… or socks5://…. A hub on this
	// computer is never asked for through a proxy.
	Proxy string
}

// Direct is the Proxy that is none.
const Direct = "direct"

const maxCAFile = 4 << 20 // the system's own bundle has a twentieth of that

// Check tells whether these options can be used. It reads the file and
// connects to nothing. The error is of type *Error.
func (n Network) Check() error {
	if _, err := n.roots(); err != nil {
		return err
	}
	_, err := n.ownProxy()
	return err
}

// roots are the trusted authorities; nil are the system's alone.
func (n Network) roots() (*x509.CertPool, error) {
	if n.CAFile == "" {
		return nil, nil
	}
	extra, err := readCertificates(n.CAFile)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, &Error{Sentence: lang.T("This computer's own list of trusted authorities can't be read. Ask your administrator."), Cause: err}
	}
	for _, c := range extra {
		pool.AddCert(c)
	}
	return pool, nil
}

// readCertificates reads a file that may have been deleted, moved or mistaken
// for another since it was chosen.
func readCertificates(path string) ([]*x509.Certificate, error) {
	data, err := readSmallFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{Sentence: lang.T("The file of trusted certificates %q is not there any more. Choose it again in the settings, or leave the field empty.", path), Cause: err}
	case err != nil:
		return nil, &Error{Sentence: lang.T("The file of trusted certificates %q can't be read. See that it is a file and that you may open it, or choose another in the settings.", path), Cause: err}
	}
	var all []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, &Error{Sentence: lang.T("The file of trusted certificates %q has a certificate in it that is damaged. Ask your administrator for the file again.", path), Cause: err}
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, &Error{Sentence: lang.T("The file of trusted certificates %q has no certificate in it. Choose a file in PEM form, one that begins with -----BEGIN CERTIFICATE-----.", path)}
	}
	return all, nil
}

// readSmallFile reads regular files only: a pipe or a device could keep the
// app waiting for ever.
func readSmallFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxCAFile {
		return nil, fmt.Errorf("%v, %d bytes: not a file of certificates", info.Mode(), info.Size())
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxCAFile))
}

// proxyPorts are the schemes of proxies, with the port each has by itself.
var proxyPorts = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}

var errProxyAddress error = &Error{Sentence: lang.Mark("The proxy's address in the settings is not usable. Write it like http://proxy.example.com:3128 or socks5://proxy.example.com:1080, or leave the field empty.")}

// ownProxy is the proxy of the settings; nil is none, or the environment's.
func (n Network) ownProxy() (*url.URL, error) {
	raw := strings.TrimSpace(n.Proxy)
	if raw == "" || strings.EqualFold(raw, Direct) {
		return nil, nil
	}
	if !strings.Contains(raw, "://") {
		raw = "http://" + raw
	}
	u, err := url.Parse(raw) // its error quotes the address, and may so quote a password
	switch {
	case err == nil && u.User != nil:
		// The settings are a plain file, which must hold no password.
		return nil, &Error{Sentence: lang.T("Deskbell keeps no password of a proxy. Write the proxy's address without it, or have your administrator set HTTPS_PROXY on this computer and leave the field empty.")}
	case err != nil || proxyPorts[u.Scheme] == "" || u.Hostname() == "" || !slices.Contains([]string{"", "/"}, u.Path) || u.RawQuery != "" || u.Fragment != "":
		return nil, errProxyAddress
	case strings.ContainsAny(u.Host, " \t") || !validPort(u):
		return nil, errProxyAddress
	}
	return u, nil
}

func validPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && port > 0
}

// proxyTo is the proxy on the way to a hub; nil is none. A hub on this
// computer has none: another machine's loopback is another machine, and would
// be handed the token without TLS.
func (n Network) proxyTo(hub *url.URL) (*url.URL, error) {
	own, err := n.ownProxy()
	switch {
	case err != nil:
		return nil, err
	case loopback(hub.Hostname()):
		return nil, nil
	case own != nil || strings.TrimSpace(n.Proxy) != "":
		return own, nil
	}
	u, err := http.ProxyFromEnvironment(&http.Request{URL: hub})
	if err != nil || u != nil && (proxyPorts[u.Scheme] == "" || !validPort(u)) {
		// Without the cause: it quotes the address with its password.
		return nil, &Error{Sentence: lang.T("The proxy that is set on this computer (HTTPS_PROXY) has no usable address. Ask your administrator, or write the proxy into the settings.")}
	}
	return u, nil
}

// hostPort is an address to dial.
func hostPort(u *url.URL, port string) string {
	if u.Port() != "" {
		port = u.Port()
	}
	return net.JoinHostPort(u.Hostname(), port)
}
