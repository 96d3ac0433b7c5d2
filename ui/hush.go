package ui

import (
	"context"
	"errors"
	"time"

	"github.com/deskbell/deskbell/notify"
)

// hushPatience is how long a ring waits with its tone for the system to say
// whether it hides notifications.
const hushPatience = time.Second

// hush is whether the bell keeps silent because the system hides notifications:
// the person has asked for quiet there already.
type hush struct {
	on     bool // the person wants it
	round  int  // counts the rings that began
	asking bool // the system, about the ring that began last
	hidden bool // it hides notifications
}

// hushed is the system's answer.
type hushed struct {
	round  int
	hidden bool
}

// holds tells whether the tone is held back.
func (h hush) holds() bool { return h.on && (h.asking || h.hidden) }

// askHidden asks the system as a ring begins. It may take its time, so the bell
// goes on meanwhile; where nobody knows, the bell sounds.
func (b *Bell) askHidden(ctx context.Context) {
	b.hush.round++
	b.hush.asking, b.hush.hidden = false, false
	if !b.hush.on || b.opts.Hidden == nil {
		return
	}
	b.hush.asking = true
	round := b.hush.round
	b.asking.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, hushPatience)
		defer cancel()
		hidden, err := b.opts.Hidden(ctx)
		if err != nil {
			b.opts.Logger.Info("not known whether notifications are hidden", "err", err)
		}
		b.opts.Logger.Debug("do-not-disturb", "hides", hidden)
		post(b, b.hushes, hushed{round, hidden && err == nil})
	})
}

// heardHush takes the answer, unless another ring has begun since.
func (b *Bell) heardHush(h hushed) {
	if h.round == b.hush.round {
		b.hush.asking, b.hush.hidden = false, h.hidden
	}
}

var errNoHider = errors.New("this system does not say whether it hides notifications")

// notificationsHidden asks the system whether it hides notifications.
func (a *App) notificationsHidden(ctx context.Context) (bool, error) {
	if h, ok := a.native.(notify.Hider); ok {
		return h.Hidden(ctx)
	}
	return false, errNoHider
}
