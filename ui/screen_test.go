package ui_test

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// fakeScreen is a screen that the test locks.
type fakeScreen struct {
	locked bool
	idle   time.Duration // the person has touched nothing for so long; < 0: nobody knows
}

func (s *fakeScreen) Locked() bool { return s.locked }
func (s *fakeScreen) Err() error   { return nil }

func (s *fakeScreen) Idle() (time.Duration, bool) { return s.idle, s.idle >= 0 }

// lock locks or unlocks the screen.
func (a *appTest) lock(on bool) {
	a.screen.locked = on
	a.app.ScreenLocked(on)
	a.fyne.settle()
}

// TestLockedScreenHidesTheCaller: nobody who passes by reads who calls.
func TestLockedScreenHidesTheCaller(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.lock(true)
		a.rings(aCall("c1", "Maria Bianchi"))
		shown := func() string { return a.native.Ringing()[0].Customer }
		if shown() != "A customer" || a.native.Ringing()[0].Topic != "" || len(a.native.Ringing()[0].Details) != 0 {
			t.Errorf("on the locked screen stands %+v", a.native.Ringing()[0])
		}
		wantNoWords(t, a.popup(), "Maria Bianchi", "MY_WEBSITE")
		a.lock(false)
		if shown() != "Maria Bianchi" {
			t.Errorf("after unlocking: %s", shown())
		}
		a.lock(true)
		if shown() != "A customer" {
			t.Errorf("locked while it rings: %s", shown())
		}
	})
}

// TestPauseOnLock: who locks the screen is paused if that is so set, and made
// ready by nobody else.
func TestPauseOnLock(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.lock(true)
		a.lock(false)
		if got := a.session.asked(); len(got) != 0 {
			t.Fatalf("without the setting the hub was asked %q", got)
		}
		a.choose("Settings…")
		test.Tap(check(t, a.main(), "Pause me when the screen is locked"))
		a.restart()
		a.lock(true)
		if got := a.session.asked(); !slices.Equal(got, []string{`presence paused ""`}) {
			t.Fatalf("the hub was asked %q", got)
		}
		s := online()
		s.Presence = wire.Presence{State: call.Paused, Since: wire.At(time.Now())}
		a.hears(agent.Event{Kind: agent.Changed, State: s})
		a.lock(false)
		wantWords(t, a.main(), "You were paused when your screen was locked. Press Ready when you are back.")
		if got := a.session.asked(); len(got) != 1 {
			t.Errorf("unlocking asked the hub %q", got)
		}
	})
}

// TestNoPauseOnLockInACall: somebody on a call may lock the screen.
func TestNoPauseOnLockInACall(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.choose("Settings…")
		test.Tap(check(t, a.main(), "Pause me when the screen is locked"))
		a.press("Close")
		a.accepts(sessionLink)
		a.lock(true)
		if got := a.session.asked(); !slices.Equal(got, []string{"accept c1"}) {
			t.Errorf("the hub was asked %q", got)
		}
	})
}
