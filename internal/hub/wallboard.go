package hub

import (
	"context"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

// roleWallboard is the role of a wallboard's token: it reads the wallboard's
// numbers and nothing else. No user has it.
const roleWallboard call.Role = "wallboard"

// Wallboard is a screen on a wall. Its token, kept as a hash, is good until the
// wallboard is removed.
type Wallboard struct {
	Name    string    `json:"name"`
	Hash    string    `json:"hash"`
	Queues  []string  `json:"queues,omitempty"` // sorted; none: all
	Created time.Time `json:"created"`
}

// user is the wallboard as the one who asks. No username has a space.
func (b Wallboard) user() User {
	return User{Username: "wallboard " + b.Name, Name: b.Name, Role: roleWallboard, Supervises: b.Queues}
}

func noWallboard(name string) error {
	return notFound("There is no wallboard %q: 'wallboard list' shows them.", name)
}

// AddWallboard makes a wallboard and returns its bare token, which is kept
// nowhere.
func (d *Directory) AddWallboard(ctx context.Context, name string, queues []string, now time.Time) (b Wallboard, token string, err error) {
	if !queueName.MatchString(name) {
		return b, "", badField("name", "A wallboard's name is 1 to 40 letters, digits, - and _, beginning with a letter or digit: %q is not.", name)
	}
	d.adding.Lock()
	defer d.adding.Unlock()
	if _, ok := d.wallboard(name); ok {
		return b, "", exists("name", "There is a wallboard %s already: 'wallboard remove %s' ends it.", name, name)
	}
	queues = slices.Compact(slices.Sorted(slices.Values(withoutEmpty(queues))))
	for _, q := range queues {
		if _, ok := d.queues.get(q); !ok {
			return b, "", badField("queues", "There is no queue %q: make it with 'queue add %s' first.", q, q)
		}
	}
	token = secret()
	b = Wallboard{Name: name, Hash: hashToken(token), Queues: queues, Created: now}
	return b, token, d.wallboards.create(ctx, b.Hash, &b)
}

// RemoveWallboard removes a wallboard: its token is worthless.
func (d *Directory) RemoveWallboard(ctx context.Context, name string) error {
	d.adding.Lock()
	defer d.adding.Unlock()
	b, ok := d.wallboard(name)
	if !ok {
		return noWallboard(name)
	}
	return d.wallboards.remove(ctx, b.Hash)
}

func (d *Directory) wallboard(name string) (Wallboard, bool) {
	for _, b := range d.wallboards.all() {
		if b.Name == name {
			return b, true
		}
	}
	return Wallboard{}, false
}

// Wallboards lists the wallboards by name.
func (d *Directory) Wallboards() []Wallboard {
	return sorted(d.wallboards.all(), func(b Wallboard) string { return b.Name })
}
