package ui_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// chooses opens the settings, chooses another of the values of a setting, and
// closes them.
func (a *appTest) chooses(now, then string) {
	a.Helper()
	a.choose("Settings…")
	selectOf(a.T, a.main(), now).SetSelected(then)
	a.fyne.settle()
	a.press("Close")
}

// leaves lets the person touch nothing for that long.
func (a *appTest) leaves(d time.Duration) {
	a.screen.idle = d
	a.fyne.pass(2 * time.Second)
}

const (
	pauseAsked = `presence paused ""`
	wasAway    = "You were paused because you were away. Are you there? Press Ready"
)

func paused(p wire.Presence) agent.Event {
	s := online()
	s.Presence = p
	return agent.Event{Kind: agent.Changed, State: s}
}

// TestPauseWhenIdle: who has left the desk is paused, once, and told so when
// somebody is back; nobody is made ready by it.
func TestPauseWhenIdle(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.leaves(time.Hour)
		if got := a.session.asked(); len(got) != 0 {
			t.Fatalf("without the setting the hub was asked %q", got)
		}
		a.leaves(0)
		a.chooses("Never", "After 10 minutes")
		a.restart()
		a.leaves(10*time.Minute - time.Second)
		if got := a.session.asked(); len(got) != 0 {
			t.Fatalf("too early the hub was asked %q", got)
		}
		a.leaves(10 * time.Minute)
		a.leaves(11 * time.Minute)
		a.hears(paused(wire.Presence{State: call.Paused, Since: wire.At(time.Now())}))
		a.leaves(20 * time.Minute)
		if got := a.session.asked(); !slices.Equal(got, []string{pauseAsked}) {
			t.Fatalf("the hub was asked %q", got)
		}
		wantNoWords(t, a.main(), wasAway)
		a.leaves(time.Second)
		wantWords(t, a.main(), wasAway)
		if got := a.native.Notices(); len(got) != 0 {
			t.Errorf("notices %v of what stands in the window", got)
		}
		a.press("Ready")
		wantNoWords(t, a.main(), wasAway)
		if got := a.session.asked(); !slices.Equal(got, []string{pauseAsked, `presence ready ""`}) {
			t.Errorf("the hub was asked %q", got)
		}
	})
}

// TestBackAtTheDeskWithoutAWindow: who has Deskbell in the tray is told, too.
func TestBackAtTheDeskWithoutAWindow(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.chooses("Never", "After 5 minutes")
		a.main().close()
		a.fyne.settle()
		a.leaves(6 * time.Minute)
		a.hears(paused(wire.Presence{State: call.Paused}))
		a.leaves(0)
		if got := a.native.Notices(); len(got) != 1 || got[0].Title != "You are paused" || !strings.HasPrefix(got[0].Text, wasAway) {
			t.Errorf("notices %v", got)
		}
	})
}

// TestNoPauseWhenIdle: a call, a pause of the person's own and a lost hub are
// left as they are, and so is an agent of whom nobody knows.
func TestNoPauseWhenIdle(t *testing.T) {
	lunch := paused(wire.Presence{State: call.Paused, Reason: "lunch", Since: wire.At(time.Now())})
	lost := agent.Event{Kind: agent.Changed, State: online()}
	lost.State.Connection = agent.Offline
	tests := []struct {
		name  string
		state agent.Event
		idle  time.Duration
	}{
		{"in a call", agent.Event{Kind: agent.Changed, State: busy(aCall("c1", "Maria"))}, time.Hour},
		{"a pause of one's own", lunch, time.Hour},
		{"no hub", lost, time.Hour},
		{"not known", agent.Event{Kind: agent.Changed, State: online()}, -1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			withApp(t, func(a *appTest) {
				a.signedIn()
				a.chooses("Never", "After 5 minutes")
				a.hears(test.state)
				a.leaves(test.idle)
				a.leaves(0)
				if got := a.session.asked(); len(got) != 0 {
					t.Errorf("the hub was asked %q", got)
				}
				wantNoWords(t, a.main(), wasAway)
			})
		})
	}
}

// TestPauseWhenIdleThatFails is tried again, not each second.
func TestPauseWhenIdleThatFails(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.chooses("Never", "After 5 minutes")
		a.session.refuse(&agent.Error{Sentence: "The hub can't do that now."})
		a.screen.idle = 6 * time.Minute
		a.fyne.pass(30 * time.Second)
		if got := a.session.asked(); len(got) != 1 {
			t.Errorf("in half a minute the hub was asked %q", got)
		}
		a.fyne.pass(40 * time.Second)
		if got := a.session.asked(); len(got) != 2 {
			t.Errorf("in a minute the hub was asked %q", got)
		}
	})
}

// TestPauseWhenIdleThatEnded: who was made ready meanwhile has nothing to be told.
func TestPauseWhenIdleThatEnded(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.chooses("Never", "After 5 minutes")
		a.leaves(6 * time.Minute)
		a.hears(paused(wire.Presence{State: call.Paused}))
		a.hears(agent.Event{Kind: agent.Changed, State: online()})
		a.leaves(0)
		wantNoWords(t, a.main(), wasAway)
	})
}

// TestIdleThatNobodyKnows can't be chosen.
func TestIdleThatNobodyKnows(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.screen.idle = -1
		a.signedIn()
		a.choose("Settings…")
		if !selectOf(t, a.main(), "Never").Disabled() {
			t.Error("it can be chosen")
		}
		wantWords(t, a.main(), "This desktop does not tell for how long nobody has touched it.")
	})
}
