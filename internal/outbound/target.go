package outbound

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"

	"github.com/deskbell/deskbell/internal/link"
)

// Target is where requests go.
type Target struct {
	URL string `json:"url"`
	// Private lets it be in a private network or on this machine, where it may be
	// plain HTTP too.
	Private bool `json:"private,omitempty"`
}

// The reasons for which [Target.Check] refuses a target, beside those of package link.
var (
	ErrPlain   = errors.New("the address begins with http://: send to https://, or name --private too if it is on this machine")
	ErrPrivate = errors.New("the address is in a private network or on this machine: name --private too if that is meant")
	ErrNoHost  = errors.New("the address is one that no server has")
	ErrTail    = errors.New("the address has a fragment (#…), which is never sent: leave it out")
)

// Check tells what is wrong with a target, as far as its text tells.
func (t Target) Check() error {
	if err := link.Check(t.URL); err != nil {
		return errors.New(strings.Replace(err.Error(), "the link", "the address", 1))
	}
	u, err := url.Parse(t.URL)
	switch {
	case err != nil:
		return ErrNoHost
	case u.Fragment != "":
		return ErrTail
	case u.Scheme == "http" && !t.Private:
		return ErrPlain
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil {
		return t.admits(a)
	}
	if strings.EqualFold(strings.TrimSuffix(u.Hostname(), "."), "localhost") && !t.Private {
		return ErrPrivate
	}
	return nil
}

// plain tells whether the target is plain HTTP, which stays on this machine.
func (t Target) plain() bool { return len(t.URL) >= 5 && strings.EqualFold(t.URL[:5], "http:") }

// Shown is the target for lists and logs: its host, for paths and queries may hold keys. What Motion's
// paths say is no secret.
func (t Target) Shown() string {
	u, err := url.Parse(t.URL)
	switch {
	case t.URL == "":
		return ""
	case err != nil || u.Host == "":
		return "(no address)"
	}
	shown := u.Scheme + "://" + u.Host
	switch {
	case strings.HasPrefix(u.Path, motionPath):
		shown += u.EscapedPath()
	case u.Path != "" && u.Path != "/":
		shown += "/…"
	}
	if u.RawQuery != "" {
		shown += "?…"
	}
	return shown
}

const motionPath = "/api/openchannel/"

// admits tells whether requests may go to an address.
func (t Target) admits(a netip.Addr) error {
	a = a.Unmap()
	switch {
	case a.IsUnspecified() || a.IsMulticast() || a.IsLinkLocalUnicast() || !a.IsValid() || a.Zone() != "":
		return ErrNoHost // nobody runs a server there, and clouds hand out their keys there
	case t.plain() && !a.IsLoopback():
		return ErrPlain
	case t.Private || public(a):
		return nil
	default:
		return ErrPrivate
	}
}

// special are the networks that are no part of the public internet, or lead into others: RFC 6890 and what
// came after it.
var special = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/8", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7",
	"fe80::/10", "fec0::/10", "ff00::/8")

func prefixes(texts ...string) (all []netip.Prefix) {
	for _, t := range texts {
		all = append(all, netip.MustParsePrefix(t))
	}
	return all
}

func public(a netip.Addr) bool {
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return a.IsGlobalUnicast()
}
