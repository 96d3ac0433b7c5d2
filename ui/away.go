package ui

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
)

// idleLimits are the times after which an agent who touches nothing may be
// paused, in the order of the choice; 0 is never.
var idleLimits = []time.Duration{0, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute}

// awayAgain is how long a pause that failed waits for its next try.
const awayAgain = time.Minute

// away is what is known of an agent who has left the desk.
type away struct {
	paused bool      // by this computer, until somebody is back
	again  time.Time // the pause failed and is not tried before
}

// watchDesk pauses an agent who has left the desk, if that is so set, so that
// calls ring where somebody is, and says so to who comes back. It makes nobody
// ready: whoever touches the mouse may have come for something else.
func (a *App) watchDesk(now time.Time) {
	in, limit := a.inside, a.settings.PauseWhenIdle()
	if a.opts.Screen == nil {
		return
	}
	idle, known := a.opts.Screen.Idle()
	switch {
	case !known:
	case in.away.paused && (limit == 0 || idle < limit):
		in.away = away{}
		if in.state.Presence.State == call.Paused {
			a.sayPaused(lang.T("You were paused because you were away. Are you there? Press Ready when you want to take calls."))
		}
	case limit > 0 && idle >= limit && !in.away.paused && in.mayPause() && !now.Before(in.away.again):
		a.pauseAway(in)
	}
}

// sayPaused tells somebody who is back at the desk of a pause: also by a notice
// where the main window is not seen.
func (a *App) sayPaused(words string) {
	a.say(words)
	if a.hidden {
		a.surfaces.Notice(lang.T("You are paused"), words)
	}
}

func (a *App) pauseAway(in *signedIn) {
	in.away.paused = true
	a.ask(func(ctx context.Context, s Session) error { return s.SetPresence(ctx, call.Paused, "") }, func(err error) {
		if err != nil {
			in.away = away{again: time.Now().Add(awayAgain)}
			a.opts.Logger.Warn("not paused although nobody is at the desk", "err", err)
		}
	})
}

// PauseWhenIdle is how long nobody may touch anything before the agent is
// paused; 0 is for ever.
func (s Settings) PauseWhenIdle() time.Duration {
	minutes := time.Duration(s.prefs.Int(keyIdle)) * time.Minute
	for _, limit := range idleLimits {
		if minutes == limit {
			return limit
		}
	}
	return 0
}

// SetPauseWhenIdle changes it.
func (s Settings) SetPauseWhenIdle(limit time.Duration) {
	s.prefs.SetInt(keyIdle, int(limit/time.Minute))
}
