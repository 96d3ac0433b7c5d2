package ui_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
)

const hushBox = "Be quiet in do-not-disturb"

// TestQuietInDoNotDisturb: while the system hides notifications a call makes no
// sound if that is so set, and shows all the same.
func TestQuietInDoNotDisturb(t *testing.T) {
	later := func(hidden bool, err error) func(context.Context) (bool, error) {
		return func(ctx context.Context) (bool, error) {
			select {
			case <-time.After(300 * time.Millisecond):
				return hidden, err
			case <-ctx.Done():
				return false, ctx.Err()
			}
		}
	}
	never := func(ctx context.Context) (bool, error) {
		<-ctx.Done()
		return true, ctx.Err()
	}
	tests := []struct {
		name   string
		chosen bool
		hides  func(context.Context) (bool, error)
		sounds bool
	}{
		{"hidden", true, later(true, nil), false},
		{"not hidden", true, later(false, nil), true},
		{"not known", true, later(false, errors.New("no service")), true},
		{"no answer", true, never, true},
		{"nobody to ask", true, nil, true},
		{"not chosen", false, later(true, nil), true},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			withApp(t, func(a *appTest) {
				a.hides = c.hides
				a.signedIn()
				a.choose("Settings…")
				if c.chosen {
					test.Tap(check(t, a.main(), hushBox))
				}
				a.press("Close")
				a.restart()
				a.rings(aCall("c1", "Maria"))
				if !a.popup().visible || len(a.native.Ringing()) != 1 {
					t.Error("the call waits for the answer to show")
				}
				if asks := c.chosen && c.hides != nil; a.ringer.rings() == asks {
					t.Errorf("it sounds before the system has answered: %v", a.ringer.rings())
				}
				a.fyne.pass(1200 * time.Millisecond)
				if a.ringer.rings() != c.sounds {
					t.Errorf("it sounds: %v, want %v", a.ringer.rings(), c.sounds)
				}
			})
		})
	}
}

// TestDoNotDisturbIsAskedForEachRing: what was so at the last ring may not be so
// now.
func TestDoNotDisturbIsAskedForEachRing(t *testing.T) {
	withApp(t, func(a *appTest) {
		hidden := true
		a.hides = func(context.Context) (bool, error) { return hidden, nil }
		a.signedIn()
		a.choose("Settings…")
		test.Tap(check(t, a.main(), hushBox))
		a.press("Close")
		a.restart()
		a.rings(aCall("c1", "Maria"))
		if a.ringer.rings() {
			t.Error("it sounds although notifications are hidden")
		}
		a.hears(stopped(aCall("c1", "Maria")))
		hidden = false
		a.rings(aCall("c2", "Otto"))
		if !a.ringer.rings() {
			t.Error("it is silent although notifications are shown again")
		}
	})
}

// TestTestRingInDoNotDisturb says why there is no sound.
func TestTestRingInDoNotDisturb(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.hides = func(context.Context) (bool, error) { return true, nil }
		a.signedIn()
		a.choose("Settings…")
		test.Tap(check(t, a.main(), hushBox))
		a.press("Close")
		a.restart()
		a.choose("Test ring")
		a.fyne.pass(4 * time.Second)
		wantWords(t, a.main(), "The bell is silent while the system hides notifications", "The system hides notifications now")
	})
}
