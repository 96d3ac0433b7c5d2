package hub

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/outbound"
	"github.com/deskbell/deskbell/internal/routing"
)

// Hook is an address outside that is told of calls.
type Hook struct {
	Name   string          `json:"name"`
	Target outbound.Target `json:"target"`
	Secret string          `json:"secret"`           // with which its messages are signed
	Queues []string        `json:"queues,omitempty"` // none: all
	Events []string        `json:"events"`
	// Customer has the customer's name told too.
	Customer bool      `json:"customer,omitempty"`
	Created  time.Time `json:"created"`
}

// hookEvents are what hooks can be told.
var hookEvents = []string{whatMissed, whatWaiting}

const maxHooks = 50

// wants tells whether a hook is told of something.
func (k Hook) wants(n tiding) bool {
	return !n.at.Before(k.Created) && slices.Contains(k.Events, n.what) && (len(k.Queues) == 0 || slices.Contains(k.Queues, n.call.Queue))
}

func noHook(name string) error { return notFound("There is no hook %q: 'hook list' shows them.", name) }

// AddHook makes a hook with a fresh secret.
func (d *Directory) AddHook(ctx context.Context, k Hook) (Hook, error) {
	if !queueName.MatchString(k.Name) {
		return k, badField("name", "A hook's name is 1 to 40 letters, digits, - and _, beginning with a letter or digit: %q is not.", k.Name)
	}
	d.adding.Lock()
	defer d.adding.Unlock()
	if _, ok := d.hooks.get(k.Name); ok {
		return k, exists("name", "There is a hook %s already: 'hook remove %s' ends it.", k.Name, k.Name)
	}
	if len(d.hooks.all()) >= maxHooks {
		return k, badRequest("There are %d hooks already: remove one first.", maxHooks)
	}
	if err := d.checkHook(&k); err != nil {
		return k, err
	}
	k.Secret = outbound.NewSecret()
	return k, d.hooks.create(ctx, k.Name, &k)
}

// checkHook tells what is wrong with a hook, and tidies its lists.
func (d *Directory) checkHook(k *Hook) error {
	if err := k.Target.Check(); err != nil {
		return badField("url", "A hook can't send there: %v.", err)
	}
	tidy := func(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(withoutEmpty(list)))) }
	k.Queues, k.Events = tidy(k.Queues), tidy(k.Events)
	if len(k.Events) == 0 {
		k.Events = slices.Clone(hookEvents)
	}
	for _, q := range k.Queues {
		if _, ok := d.queues.get(q); !ok {
			return badField("queues", "There is no queue %q: make it with 'queue add %s' first.", q, q)
		}
	}
	for _, e := range k.Events {
		if !slices.Contains(hookEvents, e) {
			return badField("events", "There is no event %q for hooks: use %s.", e, routing.OneOf(hookEvents))
		}
	}
	return nil
}

// RemoveHook removes a hook. What waits for it is let go.
func (d *Directory) RemoveHook(ctx context.Context, name string) error {
	d.adding.Lock()
	defer d.adding.Unlock()
	if _, ok := d.hooks.get(name); !ok {
		return noHook(name)
	}
	if err := d.hooks.remove(ctx, name); err != nil {
		return fmt.Errorf("remove hook %s: %w", name, err)
	}
	return nil
}

// Hooks lists the hooks by name.
func (d *Directory) Hooks() []Hook {
	return sorted(d.hooks.all(), func(k Hook) string { return k.Name })
}
