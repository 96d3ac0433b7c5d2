package ui

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
)

// Screen knows whether the screen is locked and whether somebody sits before it.
// Its methods return at once.
type Screen interface {
	Locked() bool
	// Err says why nobody knows; nil if somebody does.
	Err() error
	// Idle is for how long nobody has touched keyboard or mouse; false if nobody
	// knows.
	Idle() (time.Duration, bool)
}

// locked tells whether the screen is locked, as far as anybody knows.
func (a *App) locked() bool { return a.opts.Screen != nil && a.opts.Screen.Locked() }

// ScreenLocked takes a change of the screen's lock: what rings hides or shows
// who calls, and the agent is paused if that is so set. Nobody is made ready by
// it: whoever unlocks the screen may have come for something else. It is for
// the main goroutine.
func (a *App) ScreenLocked(locked bool) {
	in := a.inside
	if in == nil {
		return
	}
	in.bell.ScreenChanged()
	switch {
	case locked && a.settings.PauseOnLock() && in.mayPause():
		in.screen = true
		a.ask(func(ctx context.Context, s Session) error { return s.SetPresence(ctx, call.Paused, "") }, func(err error) {
			if err != nil {
				in.screen = false
				a.opts.Logger.Warn("not paused when the screen was locked", "err", err)
			}
		})
	case !locked && in.screen:
		in.screen = false
		if in.state.Presence.State == call.Paused {
			a.sayPaused(lang.T("You were paused when your screen was locked. Press Ready when you are back."))
		}
	}
}

// mayPause tells whether the computer may pause the agent: one who is ready and
// talks to nobody. A pause that the person chose is left as it is.
func (in *signedIn) mayPause() bool {
	return in.state.Connection == agent.Online && in.state.Presence.State == call.Ready && len(in.state.Calls) == 0
}
