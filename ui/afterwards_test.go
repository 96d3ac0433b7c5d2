package ui_test

import (
	"slices"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestWhatComesAfterThisCall: in a call the agent chooses what comes after it,
// sees it, and takes it back.
func TestWhatComesAfterThisCall(t *testing.T) {
	withApp(t, func(a *appTest) {
		own := a.inACall()
		s := busy(own)
		s.Reasons = []string{"lunch", "coffee"}
		a.hears(agent.Event{Kind: agent.Changed, State: s})
		a.press("Pause after this call")
		wantWords(t, a.main(), "lunch", "coffee", "No reason")
		a.choose("Pause after this call: lunch")
		s.Presence = wire.Presence{State: call.Paused, Reason: "lunch", Since: wire.At(time.Now())}
		a.hears(agent.Event{Kind: agent.Changed, State: s})
		wantWords(t, a.main(), "In a call · paused afterwards: lunch", "Maria Bianchi", sessionLink)
		a.press("Ready after this call")
		want := []string{"accept c1", `presence paused "lunch"`, `presence ready ""`}
		if got := a.session.asked(); !slices.Equal(got, want) {
			t.Errorf("the hub was asked %q, want %q", got, want)
		}
		a.hears(agent.Event{Kind: agent.Changed, State: busy(own)})
		wantNoWords(t, a.main(), "afterwards")

		over := online()
		over.Presence = s.Presence
		a.hears(agent.Event{Kind: agent.Changed, State: s})
		a.hears(agent.Event{Kind: agent.Ended, Call: own, State: over})
		wantWords(t, a.main(), "Paused: lunch", "Ready")
	})
}

func TestWhoPausesAfterThisCall(t *testing.T) {
	tests := []struct {
		presence wire.Presence
		want     string
	}{
		{wire.Presence{State: call.Paused}, "In a call · paused afterwards"},
		{wire.Presence{State: call.Paused, Reason: "missed calls", Cause: call.CauseMissed}, "In a call · paused afterwards"},
		{wire.Presence{State: call.Paused, Cause: call.CauseSupervisor}, "In a call · paused afterwards by a supervisor"},
	}
	for _, test := range tests {
		withApp(t, func(a *appTest) {
			s := busy(a.inACall())
			s.Presence = test.presence
			a.hears(agent.Event{Kind: agent.Changed, State: s})
			wantWords(t, a.main(), test.want)
		})
	}
}
