package hub

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// signIn is what the hub keeps of a token; the token itself only as a hash.
type signIn struct {
	Hash    string    `json:"hash"`
	User    string    `json:"user"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
	Kind    string    `json:"kind,omitempty"` // what it was made for; empty: not known
	// Used is when it was used last, to the hour; what is newer is in memory.
	Used time.Time `json:"used,omitzero"`
}

// What a sign-in is made for.
const (
	kindApp    = "app"    // on a desk
	kindPages  = "pages"  // in a browser
	kindIssued = "issued" // by an administrator
)

const tokenLife = 90 * 24 * time.Hour

// IssueToken makes a sign-in for a user and returns the bare token, which is
// kept nowhere.
func (d *Directory) IssueToken(ctx context.Context, username string, now time.Time) (token string, expires time.Time, err error) {
	return d.issue(ctx, username, kindIssued, now)
}

func (d *Directory) issue(ctx context.Context, username, kind string, now time.Time) (token string, expires time.Time, err error) {
	if _, ok := d.User(username); !ok {
		return "", time.Time{}, noUser(username)
	}
	token, expires = secret(), now.Add(tokenLife)
	s := signIn{Hash: hashToken(token), User: username, Created: now, Expires: expires, Kind: kind}
	return token, expires, d.tokens.create(ctx, s.Hash, &s)
}

// byHash finds who holds the token with this hash.
func (d *Directory) byHash(hash string, now time.Time) (User, signIn, bool) {
	s, ok := d.tokens.get(hash)
	if !ok || !now.Before(s.Expires) {
		return User{}, signIn{}, false
	}
	u, ok := d.User(s.User)
	return u, s, ok
}

func (d *Directory) removeExpired(ctx context.Context, now time.Time) error {
	for _, s := range d.tokens.all() {
		if now.Before(s.Expires) {
			continue
		}
		if err := d.revoke(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// revokeAll ends all sign-ins of a user.
func (d *Directory) revokeAll(ctx context.Context, username string) error {
	for _, s := range d.tokens.all() {
		if s.User != username {
			continue
		}
		if err := d.revoke(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (d *Directory) revoke(ctx context.Context, s signIn) error { return d.tokens.remove(ctx, s.Hash) }

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// tokensOf lists a user's sign-ins, the oldest first.
func (d *Directory) tokensOf(username string) []signIn {
	var all []signIn
	for _, s := range d.tokens.all() {
		if s.User == username {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b signIn) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Hash, b.Hash)) })
	return all
}

// tokenID names a token without giving it away: the beginning of its hash.
func (s signIn) tokenID() string { return tokenID(s.Hash) }

func tokenID(hash string) string { return hash[:tokenIDLength] }

const tokenIDLength = 12
