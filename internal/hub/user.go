package hub

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/alexedwards/argon2id"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/routing"
)

// User is an agent, supervisor or admin.
type User struct {
	Username string    `json:"username"`
	Name     string    `json:"name"` // display name
	Role     call.Role `json:"role"`
	Queues   []string  `json:"queues"` // sorted
	// Supervises are the queues to which a supervisor is limited, sorted; none:
	// all. A queue that is removed stays here, or who was limited to it would
	// see everything.
	Supervises []string `json:"supervises,omitempty"`
	Password   string   `json:"password,omitempty"` // argon2id hash; empty: signs in by token only
	// Revision is that of the bucket: another one after each change.
	Revision uint64 `json:"-"`
}

const (
	maxName     = 80 // runes of a display name
	minPassword = 8
)

// argon2 follows OWASP's first choice for argon2id: 19 MiB, two passes.
var argon2 = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

var userName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$`)

func noUser(name string) error {
	return notFound("There is no user %q: 'user list' shows them.", clean.Text(name, maxName))
}

// userKey spells a username in the letters a bucket's key may have.
func userKey(username string) string {
	return strings.NewReplacer("@", "=40", "+", "=2B", ".", "=2E").Replace(username)
}

// userOfKey is the username that userKey spells.
func userOfKey(key string) string {
	return strings.NewReplacer("=40", "@", "=2B", "+", "=2E", ".").Replace(key)
}

// AddUser makes a user; an empty password means sign-in by token only.
func (d *Directory) AddUser(ctx context.Context, u User, password string) (User, error) {
	u.Role = cmp.Or(u.Role, call.RoleAgent)
	u.Name = cmp.Or(u.Name, u.Username)
	var name error
	if !userName.MatchString(u.Username) {
		name = badField("username", "A username is 1 to 64 letters, digits and . _ @ + -, beginning with a letter or digit: %q is not.", clean.Text(u.Username, maxName))
	}
	if u.Username == localUser {
		name = badField("username", "The audit log calls %q whoever administers on the hub's machine: choose another username.", localUser)
	}
	d.adding.Lock()
	defer d.adding.Unlock()
	if err := together(name, d.checkUser(User{}, &u, password)); err != nil {
		return u, err
	}
	err := d.users.create(ctx, userKey(u.Username), &u)
	if errors.Is(err, errExists) {
		return u, exists("username", "There is a user %s already: 'user list' shows it, 'user set %s' changes it.", u.Username, u.Username)
	}
	return u, err
}

// SetUser changes a user; an empty password leaves the old one.
func (d *Directory) SetUser(ctx context.Context, name, password string, change func(*User) error) (User, error) {
	if _, ok := d.User(name); !ok {
		return User{}, noUser(name)
	}
	d.adding.Lock()
	defer d.adding.Unlock()
	return d.users.update(ctx, userKey(name), func(u *User) error {
		was := *u
		if err := change(u); err != nil {
			return err
		}
		if was.Role == call.RoleAdmin && u.Role != call.RoleAdmin && d.lastAdmin(u.Username) {
			return errLastAdmin
		}
		return d.checkUser(was, u, password)
	})
}

var errLastAdmin = &call.Error{Code: call.BadRequest, Field: "role", Message: "That is the last admin: make another one first."}

// lastAdmin tells whether a user is the only admin.
func (d *Directory) lastAdmin(username string) bool {
	return !slices.ContainsFunc(d.users.all(), func(u User) bool { return u.Role == call.RoleAdmin && u.Username != username })
}

// RemoveUser removes a user and its tokens.
func (d *Directory) RemoveUser(ctx context.Context, name string) error {
	d.adding.Lock()
	defer d.adding.Unlock()
	u, ok := d.User(name)
	if !ok {
		return noUser(name)
	}
	if u.Role == call.RoleAdmin && d.lastAdmin(name) {
		return errLastAdmin
	}
	if err := d.revokeAll(ctx, name); err != nil {
		return err
	}
	if err := d.chosen.remove(ctx, userKey(name)); err != nil {
		return err
	}
	return d.users.remove(ctx, userKey(name))
}

// checkUser tells what is wrong with what a user is to be, tidies it and hashes
// its password.
func (d *Directory) checkUser(was User, u *User, password string) error {
	u.Name = cmp.Or(clean.Text(u.Name, maxName), u.Username)
	u.Queues = slices.Compact(slices.Sorted(slices.Values(u.Queues)))
	var wrong []error
	if !slices.Contains(call.Roles, u.Role) {
		wrong = append(wrong, badField("role", "Unknown role %q: use %s.", u.Role, routing.OneOf(call.Roles)))
	}
	for _, q := range u.Queues {
		if _, ok := d.queues.get(q); !ok {
			wrong = append(wrong, badField("queues", "There is no queue %q: make it with 'queue add %s' first.", q, q))
		}
	}
	wrong = append(wrong, d.checkSupervises(was, u))
	if password != "" && len(password) < minPassword {
		wrong = append(wrong, badField("password", "A password has at least %d characters.", minPassword))
	}
	if err := together(wrong...); err != nil || password == "" {
		return err
	}
	hash, err := argon2id.CreateHash(password, argon2)
	if err != nil {
		return fmt.Errorf("hash the password of %s: %w", u.Username, err)
	}
	u.Password = hash
	return nil
}

// checkSupervises looks at the queues to which a supervisor is newly limited.
// Those of one who is no supervisor any more are kept: made a supervisor again,
// it sees no more than before.
func (d *Directory) checkSupervises(was User, u *User) error {
	u.Supervises = slices.Compact(slices.Sorted(slices.Values(u.Supervises)))
	for _, q := range u.Supervises {
		if slices.Contains(was.Supervises, q) {
			continue
		}
		if u.Role != call.RoleSupervisor {
			return badField("supervises", "Only supervisors are limited to queues: give %s the role supervisor, or leave the queues out.", u.Username)
		}
		if _, ok := d.queues.get(q); !ok {
			return badField("supervises", "There is no queue %q: make it with 'queue add %s' first.", q, q)
		}
	}
	return nil
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
	return sorted(d.users.all(), func(u User) string { return u.Username })
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
