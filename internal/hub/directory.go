package hub

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// User is an agent, supervisor or admin.
type User struct {
	Username string    `json:"username"`
	Name     string    `json:"name"` // display name
	Role     call.Role `json:"role"`
	Queues   []string  `json:"queues"`             // sorted
	Password string    `json:"password,omitempty"` // argon2id hash; empty: signs in by token only
}

// Queue is a queue with its Receive URL's secret.
type Queue struct {
	Name     string           `json:"name"`
	Number   int              `json:"number"` // for the Motion-shaped Receive URL
	Secret   string           `json:"secret"`
	Strategy routing.Strategy `json:"strategy"`
	Ring     time.Duration    `json:"ring"`
	Patience time.Duration    `json:"patience"`
}

// signIn is what the hub keeps of a token; the token itself only as a hash.
type signIn struct {
	Hash    string    `json:"hash"`
	User    string    `json:"user"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

// chosen is the presence an agent chose last.
type chosen struct {
	User   string             `json:"user"`
	State  call.PresenceState `json:"state"` // ready or paused
	Reason string             `json:"reason,omitempty"`
	Since  time.Time          `json:"since"`
}

// Limits and defaults of the directory.
const (
	DefaultRing     = 20 * time.Second
	DefaultPatience = 5 * time.Minute
	tokenLife       = 90 * 24 * time.Hour
	maxName         = 80 // runes of a display name
	minPassword     = 8
)

// argon2 follows OWASP's first choice for argon2id: 19 MiB, two passes.
var argon2 = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Directory knows users, queues, tokens and chosen presence.
type Directory struct {
	users    *bucket[User]
	queues   *bucket[Queue]
	tokens   *bucket[signIn]
	presence *bucket[chosen]
	// adding serialises the choice of a queue's number.
	adding sync.Mutex
	// nobody is a hash that no password fits: comparing with it makes an
	// unknown user cost as much time as a known one.
	nobody string

	members membership
}

// membership remembers who serves which queue, as of one version of the users:
// routing asks for it at every turn.
type membership struct {
	mu      sync.Mutex
	version uint64
	byQueue map[string][]string
}

func openDirectory(ctx context.Context, log *calllog.Log) (d *Directory, err error) {
	d = &Directory{}
	if d.users, err = openBucket[User](ctx, log, "users"); err != nil {
		return nil, err
	}
	if d.queues, err = openBucket[Queue](ctx, log, "queues"); err != nil {
		return nil, err
	}
	if d.tokens, err = openBucket[signIn](ctx, log, "tokens"); err != nil {
		return nil, err
	}
	if d.presence, err = openBucket[chosen](ctx, log, "presence"); err != nil {
		return nil, err
	}
	d.nobody, err = argon2id.CreateHash(rand.Text(), argon2)
	return d, err
}

var (
	queueName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)
	userName  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$`)
)

// userKey spells a username in the letters a bucket's key may have.
func userKey(username string) string {
	return strings.NewReplacer("@", "=40", "+", "=2B", ".", "=2E").Replace(username)
}

func badRequest(format string, args ...any) error {
	return &call.Error{Code: call.BadRequest, Message: fmt.Sprintf(format, args...)}
}

func exists(format string, args ...any) error {
	return &call.Error{Code: wire.CodeExists, Message: fmt.Sprintf(format, args...)}
}

// AddQueue makes a queue with a fresh secret. Zero durations and an empty
// strategy take the defaults.
func (d *Directory) AddQueue(ctx context.Context, q Queue) (Queue, error) {
	q.Strategy = cmp.Or(q.Strategy, routing.BeepAll)
	q.Ring, q.Patience = cmp.Or(q.Ring, DefaultRing), cmp.Or(q.Patience, DefaultPatience)
	switch {
	case !queueName.MatchString(q.Name):
		return q, badRequest("A queue's name is 1 to 40 letters, digits, - and _, beginning with a letter or digit: %q is not.", q.Name)
	case !slices.Contains(routing.Strategies, q.Strategy):
		return q, badRequest("Unknown strategy %q: use %s.", q.Strategy, orList(routing.Strategies))
	case q.Ring < time.Second || q.Ring > time.Hour:
		return q, badRequest("The ring time is 1s to 1h: %v is not.", q.Ring)
	case q.Patience < q.Ring || q.Patience > 24*time.Hour:
		return q, badRequest("The patience is at least the ring time (%v) and at most 24h: %v is not.", q.Ring, q.Patience)
	}
	d.adding.Lock()
	defer d.adding.Unlock()
	for _, other := range d.queues.all() {
		if strings.EqualFold(other.Name, q.Name) {
			return q, exists("There is a queue %s already: 'queue show %s' shows it.", other.Name, other.Name)
		}
		q.Number = max(q.Number, other.Number)
	}
	q.Number++
	q.Secret = secret()
	return q, d.queues.create(ctx, q.Name, q)
}

// Queue finds a queue by name.
func (d *Directory) Queue(name string) (Queue, bool) { return d.queues.get(name) }

// Queues lists the queues by name.
func (d *Directory) Queues() []Queue {
	all := d.queues.all()
	slices.SortFunc(all, func(a, b Queue) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// AddUser makes a user; an empty password means sign-in by token only.
func (d *Directory) AddUser(ctx context.Context, u User, password string) (User, error) {
	u.Role = cmp.Or(u.Role, call.RoleAgent)
	u.Name = cmp.Or(clean.Text(u.Name, maxName), u.Username)
	u.Queues = slices.Compact(slices.Sorted(slices.Values(u.Queues)))
	if !userName.MatchString(u.Username) {
		return u, badRequest("A username is 1 to 64 letters, digits and . _ @ + -, beginning with a letter or digit: %q is not.", u.Username)
	}
	if !slices.Contains(call.Roles, u.Role) {
		return u, badRequest("Unknown role %q: use %s.", u.Role, orList(call.Roles))
	}
	for _, q := range u.Queues {
		if _, ok := d.queues.get(q); !ok {
			return u, badRequest("There is no queue %q: make it with 'queue add %s' first.", q, q)
		}
	}
	if password != "" {
		if len(password) < minPassword {
			return u, badRequest("A password has at least %d characters.", minPassword)
		}
		hash, err := argon2id.CreateHash(password, argon2)
		if err != nil {
			return u, fmt.Errorf("hash the password of %s: %w", u.Username, err)
		}
		u.Password = hash
	}
	err := d.users.create(ctx, userKey(u.Username), u)
	if errors.Is(err, errExists) {
		return u, exists("There is a user %s already: 'user list' shows it.", u.Username)
	}
	return u, err
}

// User finds a user by name. A name that nobody can have finds nobody: it could
// be another spelling of a key.
func (d *Directory) User(name string) (User, bool) {
	if !userName.MatchString(name) {
		return User{}, false
	}
	return d.users.get(userKey(name))
}

// Users lists the users by name.
func (d *Directory) Users() []User {
	all := d.users.all()
	slices.SortFunc(all, func(a, b User) int { return cmp.Compare(a.Username, b.Username) })
	return all
}

// Members lists the usernames of a queue's members, sorted. The caller must not
// change the list.
func (d *Directory) Members(queue string) []string {
	d.members.mu.Lock()
	defer d.members.mu.Unlock()
	if version := d.users.changes(); d.members.byQueue == nil || d.members.version != version {
		byQueue := map[string][]string{}
		for _, u := range d.Users() {
			for _, q := range u.Queues {
				byQueue[q] = append(byQueue[q], u.Username)
			}
		}
		d.members.byQueue, d.members.version = byQueue, version
	}
	return d.members.byQueue[queue]
}

// DisplayName is a user's display name; the username of one who is gone.
func (d *Directory) DisplayName(username string) string {
	if u, ok := d.User(username); ok {
		return u.Name
	}
	return username
}

// CheckPassword finds the user whose password this is. It takes the same time
// whether or not there is such a user.
func (d *Directory) CheckPassword(username, password string) (User, bool) {
	u, known := d.User(username)
	hash := u.Password
	if hash == "" {
		hash = d.nobody
	}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	return u, known && u.Password != "" && match && err == nil
}

// IssueToken makes a sign-in for a user and returns the bare token, which is
// kept nowhere.
func (d *Directory) IssueToken(ctx context.Context, username string, now time.Time) (token string, expires time.Time, err error) {
	if _, ok := d.User(username); !ok {
		return "", time.Time{}, &call.Error{Code: call.NotFound, Message: fmt.Sprintf("There is no user %q: 'user list' shows them.", username)}
	}
	token, expires = secret(), now.Add(tokenLife)
	s := signIn{Hash: hashToken(token), User: username, Created: now, Expires: expires}
	return token, expires, d.tokens.create(ctx, s.Hash, s)
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

func (d *Directory) revoke(ctx context.Context, s signIn) error { return d.tokens.remove(ctx, s.Hash) }

// secret is 256 random bits in letters that a URL can hold.
func secret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// orList writes choices for a sentence: "a, b or c".
func orList[T ~string](choices []T) string {
	words := make([]string, len(choices))
	for i, c := range choices {
		words[i] = string(c)
	}
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
