package agent

import (
	"net"
	"net/url"
	"strings"

	"github.com/deskbell/deskbell/internal/lang"
)

// NormalizeHub makes a hub's address of what a person typed: https unless they
// wrote http, which is taken for loopback only, and nothing behind the host
// but a path. "hub.example" becomes "https://hub.example".
func NormalizeHub(raw string) (string, error) {
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return "", &Error{Sentence: lang.T("Enter the hub's address, such as hub.example.com.")}
	}
	if !strings.Contains(raw, "://") {
		raw = guessScheme(raw) + "://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil || strings.ContainsAny(u.Host, " \t") {
		return "", &Error{Sentence: lang.T("That is no address of a hub. Write it like hub.example.com or https://hub.example.com:8443."), Cause: err}
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && loopback(u.Hostname()):
	case u.Scheme == "http":
		return "", &Error{Sentence: lang.T("Deskbell connects to other machines over https only. Write https:// in front of the address.")}
	default:
		return "", &Error{Sentence: lang.T("The hub's address begins with https://.")}
	}
	u.RawQuery, u.Fragment = "", ""
	return strings.TrimSuffix(u.String(), "/"), nil
}

// guessScheme is http for this machine, where a hub without TLS is usual.
func guessScheme(address string) string {
	if u, err := url.Parse("//" + address); err == nil && loopback(u.Hostname()) {
		return "http"
	}
	return "https"
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
