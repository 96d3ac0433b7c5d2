package credential

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// service is the name under which the keyring files every secret of ours.
const service = "deskbell"

// Store keeps one secret per account. Its methods may be called from any
// goroutine and may block until their context ends or, for a [Keyring], its
// deadline: call them off the UI goroutine. Every error is an [*Error].
type Store interface {
	// Get returns the account's secret; the error is [ErrNotFound] if none is kept.
	Get(ctx context.Context, account Account) (string, error)
	// Set keeps the secret, in place of the one before.
	Set(ctx context.Context, account Account, secret string) error
	// Delete forgets the secret; the error is [ErrNotFound] if none is kept.
	Delete(ctx context.Context, account Account) error
}

// Account says whose secret it is: a user of a hub.
type Account struct {
	Hub  string // the hub's address, "https://bell.example.org:8443" or only the host
	User string // the name the user signs in with
}

// String is the account as the person sees it in the keyring's own program:
// "anna@bell.example.org:8443". The scheme is left out, the host is in lower
// case. Anything unprintable is percent-encoded: macOS passes the name through
// a line-based command, where a line break would begin a second command.
func (a Account) String() string {
	return printable(a.User) + "@" + printable(hubName(a.Hub))
}

// hubName is the part of a hub's address that tells it from another hub.
func hubName(address string) string {
	address = strings.TrimSpace(address)
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return strings.ToLower(address)
	}
	return strings.ToLower(parsed.Host) + strings.TrimRight(parsed.EscapedPath(), "/")
}

// printable percent-encodes what is not a graphic character, and the percent
// sign itself, so that two different names never become one.
func printable(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r != '%' && r != unicode.ReplacementChar && unicode.IsGraphic(r) {
			b.WriteRune(r)
			continue
		}
		end := i + len(string(r))
		if r == unicode.ReplacementChar && !strings.HasPrefix(name[i:], string(r)) {
			end = i + 1 // one byte that is not UTF-8
		}
		for _, c := range []byte(name[i:end]) {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
