package link

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/deskbell/deskbell/internal/lang"
)

// MaxLength is the longest link that is opened, in bytes. Browsers and the shells of all systems that
// Deskbell runs on pass on that much unharmed.
const MaxLength = 2048

// The reasons for which [Check] refuses a link.
var (
	ErrEmpty     = lang.Errorf("the link is empty: the sender must fill it in")
	ErrTooLong   = lang.Errorf("the link is longer than 2,048 bytes: send a shorter one")
	ErrCharacter = lang.Errorf("the link has a character that cannot stand in a web address " +
		"(a space, a control character, a backslash, a quote or a bracket): percent-encode it")
	ErrMalformed = lang.Errorf("the link is not a web address: send one that begins with https://")
	ErrScheme    = lang.Errorf("the link does not begin with https://: only such links are opened")
	ErrUserInfo  = lang.Errorf("the link holds a user name or password before the host: send it without")
	ErrHost      = lang.Errorf("the link has no host, or one that is not a plain ASCII host name or " +
		"address: send it as https://host/path")
	ErrPort      = lang.Errorf("the link's port is not between 1 and 65535: correct it")
	ErrNotSecure = lang.Errorf("the link begins with http:// and its host is not this machine: send it with https://")
)

// hostName allows ASCII only: a host in other letters may look like another one, and browsers fold
// some of its characters into dots and slashes. Such hosts have an xn-- form that passes.
var hostName = regexp.MustCompile(`^[0-9A-Za-z_-]{1,63}(\.[0-9A-Za-z_-]{1,63})*\.?$`)

const maxHostName = 253 // bytes, RFC 1035

// Check tells whether Deskbell may open raw: an absolute https URL with a host and without user
// information, or the same with http when the host is a loopback address or "localhost". The error is
// one of this package's reasons.
func Check(raw string) error {
	switch {
	case raw == "":
		return ErrEmpty
	case len(raw) > MaxLength:
		return ErrTooLong
	case strings.ContainsFunc(raw, forbidden):
		return ErrCharacter
	}
	u, err := url.Parse(raw)
	if err != nil {
		return ErrMalformed // and not err: its text quotes the link
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return ErrScheme
	case u.User != nil:
		return ErrUserInfo
	case u.Opaque != "" || !validHost(u):
		return ErrHost
	case !validPort(u.Port()):
		return ErrPort
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return ErrNotSecure
	}
	return nil
}

// forbidden names the characters that RFC 3986 keeps out of an address, and all others that cannot be
// seen. Printable letters of any script pass: browsers encode them in paths and queries.
func forbidden(r rune) bool {
	if r <= unicode.MaxASCII {
		return r <= ' ' || r == 0x7f || strings.ContainsRune("\"<>\\^`{|}", r)
	}
	return r == unicode.ReplacementChar || !unicode.IsPrint(r)
}

func validHost(u *url.URL) bool {
	host := u.Hostname()
	if strings.HasPrefix(u.Host, "[") {
		addr, err := netip.ParseAddr(host)
		return err == nil && addr.Zone() == ""
	}
	return len(host) <= maxHostName && hostName.MatchString(host)
}

func validPort(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// loopback knows addresses in their full form only: what other spellings of 127.0.0.1 mean depends on
// who reads them.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
