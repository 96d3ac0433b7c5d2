package hub

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"sync"

	"github.com/alexedwards/argon2id"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// Directory knows users, queues, tokens, chosen presence and its rules. It is a
// routing.Directory.
type Directory struct {
	users      *bucket[User]
	queues     *bucket[Queue]
	tokens     *bucket[signIn]
	wallboards *bucket[Wallboard] // by the token's hash
	hooks      *bucket[Hook]
	chosen     *bucket[call.Presence] // by userKey
	rules      *bucket[routing.Rules]
	secrets    *bucket[string] // the hub's own, which nobody is ever told
	// adding serialises the choice of a queue's number, and what concerns more
	// than one user or queue.
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
	if d.users, err = openBucket(ctx, log, "users", func(u *User, revision uint64) { u.Revision = revision }); err != nil {
		return nil, err
	}
	if d.queues, err = openBucket(ctx, log, "queues", func(q *Queue, revision uint64) { q.Revision = revision }); err != nil {
		return nil, err
	}
	if d.tokens, err = openBucket[signIn](ctx, log, "tokens", nil); err != nil {
		return nil, err
	}
	if d.wallboards, err = openBucket[Wallboard](ctx, log, "wallboards", nil); err != nil {
		return nil, err
	}
	if d.hooks, err = openBucket[Hook](ctx, log, "hooks", nil); err != nil {
		return nil, err
	}
	if d.chosen, err = openBucket[call.Presence](ctx, log, "presence", nil); err != nil {
		return nil, err
	}
	if d.rules, err = openBucket[routing.Rules](ctx, log, "rules", nil); err != nil {
		return nil, err
	}
	if d.secrets, err = openBucket[string](ctx, log, "secrets", nil); err != nil {
		return nil, err
	}
	if err = d.makeSecret(ctx, ticketSecret); err != nil {
		return nil, err
	}
	if d.nobody, err = argon2id.CreateHash(rand.Text(), argon2); err != nil {
		return nil, err
	}
	return d, d.tidy(ctx)
}

// tidy takes queues that are gone off the users and queues that name them: a hub
// may have been killed while it removed one.
func (d *Directory) tidy(ctx context.Context) error {
	gone := func(queue string) bool {
		_, ok := d.queues.get(queue)
		return !ok
	}
	for _, q := range d.queues.all() {
		if q.Overflow == "" || !gone(q.Overflow) {
			continue
		}
		if _, err := d.setQueue(ctx, q.Name, func(q *Queue) error { q.Overflow = ""; return nil }); err != nil {
			return err
		}
	}
	for _, u := range d.users.all() {
		if !slices.ContainsFunc(u.Queues, gone) {
			continue
		}
		if _, err := d.users.update(ctx, userKey(u.Username), func(u *User) error {
			u.Queues = slices.DeleteFunc(slices.Clone(u.Queues), gone)
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// onChange has functions called after each change of what routing goes by: of one
// user, or of something that concerns many.
func (d *Directory) onChange(user func(username string), many func()) {
	d.users.onChange(func(key string) { user(userOfKey(key)) })
	d.queues.onChange(func(string) { many() })
	d.rules.onChange(func(string) { many() })
}

// Options are how a queue rings.
func (d *Directory) Options(queue string) (routing.Options, bool) {
	q, ok := d.Queue(queue)
	return q.Options, ok
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

// Serves lists the queues that a user serves. The caller must not change the
// list.
func (d *Directory) Serves(username string) []string {
	u, _ := d.User(username)
	return u.Queues
}

// Known tells whether there is such a user.
func (d *Directory) Known(username string) bool {
	_, ok := d.User(username)
	return ok
}

// Chosen is the presence that a user chose last.
func (d *Directory) Chosen(username string) (call.Presence, bool) {
	return d.chosen.get(userKey(username))
}

// rulesKey is the one key of their bucket.
const rulesKey = "presence"

const maxReasons = 50

// Rules are the rules of presence.
func (d *Directory) Rules() routing.Rules {
	r, _ := d.rules.get(rulesKey)
	return r
}

// SetRules changes the rules of presence.
func (d *Directory) SetRules(ctx context.Context, change func(*routing.Rules)) (routing.Rules, error) {
	d.adding.Lock()
	defer d.adding.Unlock()
	r := d.Rules()
	change(&r)
	var err error
	if r.Reasons, err = words("reason for a pause", r.Reasons, maxReason, maxReasons); err != nil {
		err = ofField("reasons", err)
	}
	if r.PauseAfterMissed < 0 || r.PauseAfterMissed > 100 {
		err = together(err, badField("pause_after_missed", "An agent is paused after 1 to 100 missed offers, or 0 for never: %d is not.", r.PauseAfterMissed))
	}
	if err != nil {
		return r, err
	}
	return r, d.rules.put(ctx, rulesKey, r)
}

func badRequest(format string, args ...any) error {
	return &call.Error{Code: call.BadRequest, Message: fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) error {
	return &call.Error{Code: call.NotFound, Message: fmt.Sprintf(format, args...)}
}

// exists refuses what is there already, for the field that names it.
func exists(field, format string, args ...any) error {
	return &call.Error{Code: wire.CodeExists, Field: field, Message: fmt.Sprintf(format, args...)}
}

// makeSecret makes a secret of the hub's own, unless there is one from an earlier
// start: what it signed has to be good still.
func (d *Directory) makeSecret(ctx context.Context, key string) error {
	if _, there := d.secrets.get(key); there {
		return nil
	}
	made := secret()
	return d.secrets.create(ctx, key, &made)
}

// secret is 256 random bits in letters that a URL can hold.
func secret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// sorted lists values by a key.
func sorted[T any](values []T, key func(T) string) []T {
	slices.SortFunc(values, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return values
}
