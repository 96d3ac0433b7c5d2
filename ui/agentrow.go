package ui

import (
	"cmp"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// agentRow is an agent as the Queue window shows it. All words of it are cleaned.
type agentRow struct {
	username, name   string
	state            call.PresenceState
	words            string // the state in words, with its clock
	wall             string // the same without the caller's name
	day              string // the calls of today in words
	answered, missed int
}

// agentOrder is the order of the states in the list.
var agentOrder = []call.PresenceState{call.Ready, call.Busy, call.WrapUp, call.Paused, call.Offline}

// agentRows are those who serve a queue, or that queue: the ready ones first.
func agentRows(floor agent.Floor, queue string, now time.Time) []agentRow {
	has := map[string]wire.Call{}
	for _, c := range floor.Calls {
		if c.Agent != "" {
			has[c.Agent] = c
		}
	}
	rows := make([]agentRow, 0, len(floor.Agents))
	for _, a := range floor.Agents {
		if len(a.Queues) == 0 || queue != "" && !slices.Contains(a.Queues, queue) {
			continue
		}
		c, busy := has[a.Username]
		r := agentRow{username: a.Username, name: clean.Text(a.Name, maxName), state: a.State, answered: a.Answered, missed: a.Missed}
		r.words, r.wall = agentWords(a, c, busy, now), timed(stateOf(a.Presence), a, now)
		r.day = agentDay(a)
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b agentRow) int {
		return cmp.Compare(slices.Index(agentOrder, a.state), slices.Index(agentOrder, b.state))
	})
	return rows
}

// agentWords say what an agent does, and for how long.
func agentWords(a wire.Agent, c wire.Call, busy bool, now time.Time) string {
	words := ""
	switch {
	case busy && a.State == call.Paused:
		words = lang.T("In a call · paused afterwards")
	case busy:
		words = lang.T("In a call with %s", callerOf(c))
	default:
		words = stateOf(a.Presence)
	}
	return timed(words, a, now)
}

// timed adds for how long an agent's state lasts.
func timed(words string, a wire.Agent, now time.Time) string {
	if a.State == call.Offline || a.Since.IsZero() {
		return words
	}
	return words + between + clock(now.Sub(a.Since.Time))
}

func callerOf(c wire.Call) string {
	if name := clean.Text(c.Customer.Label(), maxCustomer); name != "" {
		return name
	}
	return lang.T("Unknown caller")
}

// stateOf is a presence in words.
func stateOf(p wire.Presence) string {
	switch p.State {
	case call.Ready:
		return lang.T("Ready")
	case call.Busy:
		return lang.T("In a call")
	case call.WrapUp:
		return lang.T("Wrapping up")
	case call.Paused:
		return pauseWords(p)
	default:
		return lang.T("Offline")
	}
}

// agentDay says how many calls an agent took and missed today.
func agentDay(a wire.Agent) string {
	if a.Missed == 0 {
		return lang.N(a.Answered, "%d call", "%d calls", a.Answered)
	}
	return lang.N(a.Answered, "%d call", "%d calls", a.Answered) + between + lang.N(a.Missed, "%d missed", "%d missed", a.Missed)
}

// presenceSign is the picture and the colour of a state.
func presenceSign(s call.PresenceState) (fyne.Resource, fyne.ThemeColorName) {
	switch s {
	case call.Ready:
		return theme.ConfirmIcon(), theme.ColorNameSuccess
	case call.Busy:
		return theme.MediaVideoIcon(), theme.ColorNamePrimary
	case call.WrapUp:
		return theme.DocumentCreateIcon(), theme.ColorNameWarning
	case call.Paused:
		return theme.MediaPauseIcon(), theme.ColorNameWarning
	default:
		return theme.CancelIcon(), colorMuted
	}
}
