package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// showHeader shows who is signed in and what may be chosen.
func (v *homeView) showHeader(s agent.State, now time.Time) {
	v.name.SetText(clean.Text(s.User.Name, maxName))
	v.showPresence(s, now)
	v.reasons = s.Reasons
	v.wants = call.Paused
	v.toggle.Text, v.toggle.Importance = pauseButton(s), widget.MediumImportance
	if s.Presence.State == call.Paused || s.Presence.State == call.WrapUp {
		v.wants = call.Ready
		v.toggle.Text, v.toggle.Importance = readyButton(s), widget.SuccessImportance
	}
	if s.Connection == agent.Online {
		v.toggle.Enable()
	} else {
		v.toggle.Disable()
	}
	v.toggle.Refresh()
}

// inCall tells whether the agent talks to somebody. What is chosen then counts
// once the call is over: the hub rings nobody who has paused, and takes no call
// away.
func inCall(s agent.State) bool { return len(s.Calls) > 0 }

func pauseButton(s agent.State) string {
	if inCall(s) {
		return lang.T("Pause after this call")
	}
	return lang.T("Pause")
}

func readyButton(s agent.State) string {
	if inCall(s) {
		return lang.T("Ready after this call")
	}
	return lang.T("Ready")
}

// showPresence shows the state, with a clock that runs.
func (v *homeView) showPresence(s agent.State, now time.Time) {
	words, colour := presenceWords(s, now)
	v.presence.SetText(words)
	if v.dot.fill != colour {
		v.dot.fill = colour
		v.dot.Refresh()
	}
}

// choosePresence asks for the other state; for a pause with one of the hub's
// reasons, if it has any.
func (v *homeView) choosePresence() {
	if v.wants != call.Paused || len(v.reasons) == 0 {
		v.do.setPresence(v.wants, "")
		return
	}
	var items []*fyne.MenuItem
	for _, reason := range v.reasons {
		items = append(items, fyne.NewMenuItem(clean.Text(reason, maxName), func() { v.do.setPresence(call.Paused, reason) }))
	}
	items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(lang.T("No reason"), func() { v.do.setPresence(call.Paused, "") }))
	v.do.showChoice(fyne.NewMenu("", items...), v.toggle)
}

// presenceWords is the agent's state with its clock and queues, and the colour
// of its dot.
func presenceWords(s agent.State, now time.Time) (string, fyne.ThemeColorName) {
	if s.Connection == agent.Connecting {
		return lang.T("Connecting…"), colorMuted
	}
	if s.Connection != agent.Online {
		return lang.T("Offline"), theme.ColorNameError
	}
	words, colour := lang.T("Ready"), theme.ColorNameSuccess
	switch {
	case s.Presence.State == call.Paused && inCall(s):
		words, colour = afterwards(s.Presence), theme.ColorNamePrimary
	case s.Presence.State == call.Paused:
		words, colour = pauseWords(s.Presence), theme.ColorNameWarning
		if since := s.Presence.Since; !since.IsZero() {
			words += between + clock(now.Sub(since.Time))
		}
	case s.Presence.State == call.Busy:
		words, colour = lang.T("In a call"), theme.ColorNamePrimary
	case s.Presence.State == call.WrapUp:
		words, colour = lang.T("Wrapping up"), theme.ColorNameWarning
		if until := s.Presence.Until; !until.IsZero() {
			words += between + lang.T("%s left", clock(until.Sub(now)))
		}
	}
	if queues := queueNames(s); len(queues) > 0 {
		words += between + strings.Join(queues, ", ")
	}
	return words, colour
}

// afterwards says what comes after the call of an agent who has paused in it.
func afterwards(p wire.Presence) string {
	reason := clean.Text(p.Reason, maxName)
	switch {
	case p.Cause == call.CauseSupervisor:
		return lang.T("In a call · paused afterwards by a supervisor")
	case p.Cause == "" && reason != "":
		return lang.T("In a call · paused afterwards: %s", reason)
	default:
		return lang.T("In a call · paused afterwards")
	}
}

// pauseWords say why an agent is paused.
func pauseWords(p wire.Presence) string {
	reason := clean.Text(p.Reason, maxName)
	switch {
	case p.Cause == call.CauseMissed:
		return lang.T("Paused for missed calls")
	case p.Cause == call.CauseSupervisor && reason != "":
		return lang.T("Paused by a supervisor: %s", reason)
	case p.Cause == call.CauseSupervisor:
		return lang.T("Paused by a supervisor")
	case reason != "":
		return lang.T("Paused: %s", reason)
	default:
		return lang.T("Paused")
	}
}

// pausedWords say what to do about a pause that the agent did not choose.
func pausedWords(s agent.State) string {
	ready := lang.T("Press Ready when you want to take calls from %s.", either(queueNames(s)))
	switch s.Presence.Cause {
	case call.CauseMissed:
		return lang.T("You let too many calls ring, so your bell is silent. Are you there?") + " " + ready
	case call.CauseSupervisor:
		return lang.T("A supervisor paused you.") + " " + ready
	case call.CauseSignIn:
		return lang.T("You start the day paused.") + " " + ready
	default:
		return lang.T("Your bell stays silent.") + " " + ready
	}
}
