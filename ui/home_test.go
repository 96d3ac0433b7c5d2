package ui_test

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/notify/notifytest"
)

func TestHomeSaysWhatToExpect(t *testing.T) {
	with := func(change func(*agent.State)) agent.State {
		s := online()
		change(&s)
		return s
	}
	tests := []struct {
		name  string
		state agent.State
		want  []string
	}{
		{"ready", online(), []string{"Anna Rossi", "Ready  ·  web, sales", "No calls", "when a customer calls web or sales."}},
		{
			"paused with a reason",
			with(func(s *agent.State) { s.Presence = wire.Presence{State: call.Paused, Reason: "lunch"} }),
			[]string{"Paused: lunch", "Your bell stays silent."},
		},
		{
			"paused by the rule for missed calls",
			with(func(s *agent.State) {
				s.Presence = wire.Presence{State: call.Paused, Reason: "missed calls", Cause: call.CauseMissed}
			}),
			[]string{"Paused for missed calls", "Are you there? Press Ready"},
		},
		{
			"paused by a supervisor",
			with(func(s *agent.State) {
				s.Presence = wire.Presence{State: call.Paused, Reason: "training", Cause: call.CauseSupervisor}
			}),
			[]string{"Paused by a supervisor: training", "A supervisor paused you. Press Ready"},
		},
		{
			"one queue",
			with(func(s *agent.State) { s.Queues = s.Queues[:1] }),
			[]string{"when a customer calls web."},
		},
		{
			"three queues",
			with(func(s *agent.State) { s.Queues = append(s.Queues, wire.Queue{Name: "care"}) }),
			[]string{"when a customer calls web, sales or care."},
		},
		{
			"no queue",
			with(func(s *agent.State) { s.Queues = nil }),
			[]string{"No queues", "Ask your administrator"},
		},
		{
			"offline without a reason",
			with(func(s *agent.State) { s.Connection = agent.Offline }),
			[]string{"Offline", "The hub is out of reach. Trying again…", "No call can reach you until the hub is back."},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			withApp(t, func(a *appTest) {
				a.signedIn()
				a.hears(agent.Event{Kind: agent.Changed, State: test.state})
				wantWords(t, a.main(), test.want...)
			})
		})
	}
}

func TestHomeCountsDownToTheNextTry(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		lost := online()
		lost.Connection, lost.Problem, lost.Retry = agent.Offline, "The hub does not answer.", time.Now().Add(8*time.Second)
		a.hears(agent.Event{Kind: agent.Changed, State: lost})
		wantWords(t, a.main(), "The hub does not answer. Trying again in 8 s.")
		a.fyne.pass(3 * time.Second)
		wantWords(t, a.main(), "The hub does not answer. Trying again in 5 s.")
		a.fyne.pass(6 * time.Second)
		wantWords(t, a.main(), "The hub does not answer. Trying again…")
		if !button(t, a.main(), "Pause").Disabled() {
			t.Error("presence can be changed without a hub")
		}
		a.hears(agent.Event{Kind: agent.Changed, State: online()})
		wantNoWords(t, a.main(), "Trying again", "The hub does not answer.")
	})
}

// TestPresenceClocks: a pause counts up, a wrap-up counts down.
func TestPresenceClocks(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		s := online()
		s.Presence = wire.Presence{State: call.Paused, Reason: "lunch", Since: wire.At(time.Now().Add(-90 * time.Second))}
		a.hears(agent.Event{Kind: agent.Changed, State: s})
		wantWords(t, a.main(), "Paused: lunch  ·  1:30  ·  web, sales")
		a.fyne.pass(5 * time.Second)
		wantWords(t, a.main(), "Paused: lunch  ·  1:35")
		s.Presence = wire.Presence{State: call.WrapUp, Until: wire.At(time.Now().Add(20 * time.Second))}
		a.hears(agent.Event{Kind: agent.Changed, State: s})
		wantWords(t, a.main(), "Wrapping up  ·  0:20 left", "Press Ready to take it at once.")
		a.fyne.pass(5 * time.Second)
		wantWords(t, a.main(), "Wrapping up  ·  0:15 left")
		a.press("Ready")
		if got := a.session.asked(); len(got) != 1 || got[0] != `presence ready ""` {
			t.Errorf("the hub was asked %q", got)
		}
	})
}

// TestPauseWithAReason: the hub's reasons are offered, and none.
func TestPauseWithAReason(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		s := online()
		s.Reasons = []string{"lunch", "coffee"}
		a.hears(agent.Event{Kind: agent.Changed, State: s})
		a.press("Pause")
		wantWords(t, a.main(), "lunch", "coffee", "No reason")
		a.choose("Pause: coffee")
		if got := a.session.asked(); len(got) != 1 || got[0] != `presence paused "coffee"` {
			t.Errorf("the hub was asked %q", got)
		}
	})
}

// TestSupervisorIsAlerted: what needs somebody to act comes as a notice.
func TestSupervisorIsAlerted(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.hears(agent.Event{Kind: agent.Alerted, State: online(), Alert: wire.Alert{Kind: wire.AlertWaiting, Queue: "web", Message: "A call of queue web has waited for 30s."}})
		want := notifytest.Notice{Title: "Deskbell: queue web", Text: "A call of queue web waits too long. Assign it, or see who could take it."}
		if got := a.native.Notices(); len(got) != 1 || got[0] != want {
			t.Errorf("notices %+v, want %+v", got, want)
		}
	})
}

func TestHomeShowsEveryOwnCall(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		first, second := aCall("c1", "Maria"), aCall("c2", "")
		first.Link, second.Link = sessionLink, sessionLink
		a.hears(agent.Event{Kind: agent.Changed, State: busy(first, second)})
		wantWords(t, a.main(), "Maria", "Unknown caller")
		a.hears(agent.Event{Kind: agent.Ended, Call: first, State: busy(second)})
		wantNoWords(t, a.main(), "Maria")
		wantWords(t, a.main(), "Unknown caller")
	})
}

func TestHomePutsAProblemAway(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.session.refuse(&agent.Error{Sentence: "The hub can't do that now."})
		a.press("Pause")
		wantWords(t, a.main(), "The hub can't do that now.")
		a.press("Dismiss")
		wantNoWords(t, a.main(), "The hub can't do that now.")
		a.press("Pause")
		a.session.refuse(nil)
		a.press("Pause")
		wantNoWords(t, a.main(), "The hub can't do that now.")
	})
}

func TestHomeMenu(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.press("Menu")
		wantWords(t, a.main(), "Settings…", "Sign out", "Quit Deskbell")
	})
}

func TestHomeSaysWhenASurfaceFailsOnce(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.native.Fail("", notify.ErrNoService)
		a.fyne.settle()
		wantWords(t, a.main(), "No notification service is running")
		a.press("Dismiss")
		a.native.Fail("c1", notify.ErrNoService)
		a.fyne.settle()
		wantNoWords(t, a.main(), "No notification service is running")
	})
}
