package ui

import (
	"fmt"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// staleAfter is how long the hub may be silent until its numbers are called old:
// it gives a sign every 15 s.
const staleAfter = 20 * time.Second

// queueState is what the Queue window shows.
type queueState struct {
	agent agent.State
	floor agent.Floor
	now   time.Time
}

// stale tells whether nobody knows what is true now.
func (s queueState) stale() bool {
	return s.agent.Connection != agent.Online || !s.floor.Heard.IsZero() && s.now.Sub(s.floor.Heard) > staleAfter
}

// at is the moment of which what is shown is true: clocks that run on without
// news would claim to know.
func (s queueState) at() time.Time {
	if s.stale() && !s.floor.Heard.IsZero() {
		return s.floor.Heard
	}
	return s.now
}

// stamp says of when the numbers are if they are old; empty if they are not.
func (s queueState) stamp() string {
	switch {
	case !s.stale():
		return ""
	case s.floor.Heard.IsZero():
		return lang.T("No numbers yet")
	case s.agent.Connection != agent.Online:
		return lang.T("Offline: as of %s", s.floor.Heard.Format("15:04:05"))
	default:
		return lang.T("The hub is quiet: as of %s", s.floor.Heard.Format("15:04:05"))
	}
}

// figure is one number with its name.
type figure struct {
	name, value string
	note        string // what else there is to say of it, or what is wrong
	grade       lateness
}

// color is that of the number.
func (f figure) color() fyne.ThemeColorName {
	switch f.grade {
	case late:
		return theme.ColorNameError
	case soon:
		return theme.ColorNameWarning
	default:
		return theme.ColorNameForeground
	}
}

// noFigure stands where there is no number.
const noFigure = "–"

// figures are the numbers on top of the window, of one queue or (empty) of all.
// How many wait, and how long, is counted from the open calls themselves: they
// are told sooner than the numbers, and would not agree with them.
func figures(s queueState, queue string, rows []callRow) []figure {
	n, known := numbersOf(s.floor.Numbers, queue)
	if !known {
		n = wire.WallboardNumbers{}
	}
	waiting, longest := waitingFigures(queueFilter{queue: queue, state: stateWaits}.apply(rows))
	ready := figure{name: lang.T("Ready"), value: strconv.Itoa(n.Ready)}
	if n.Ready == 0 && waiting.value != "0" {
		ready.note, ready.grade = lang.T("nobody is ready"), late
	}
	busy := figure{name: lang.T("In a call"), value: strconv.Itoa(n.Busy)}
	if n.WrapUp > 0 {
		busy.note = lang.T("%d wrapping up", n.WrapUp)
	}
	level := figure{name: lang.T("Service level"), value: noFigure}
	if l := n.ServiceLevel; l != nil {
		level.value = fmt.Sprintf("%.0f %%", l.Percent)
		level.note = lang.T("%d of %d in time", l.Answered, l.Of)
	}
	missed := figure{name: lang.T("Missed today"), value: strconv.Itoa(n.Missed)}
	if n.Abandoned > 0 {
		missed.note = lang.N(n.Abandoned, "%d more gave up", "%d more gave up", n.Abandoned)
	}
	return []figure{
		waiting, longest, ready, busy,
		{name: lang.T("Paused"), value: strconv.Itoa(n.Paused)},
		{name: lang.T("Answered today"), value: strconv.Itoa(n.Answered)},
		missed, level,
	}
}

// waitingFigures tell of the calls that nobody has.
func waitingFigures(rows []callRow) (waiting, longest figure) {
	waiting = figure{name: lang.T("Waiting"), value: strconv.Itoa(len(rows))}
	longest = figure{name: lang.T("Longest wait"), value: noFigure}
	tooLong, most := 0, time.Duration(0)
	for _, r := range rows {
		if r.waited >= most {
			longest.grade, most = r.late, r.waited
		}
		if r.late == late {
			tooLong++
		}
	}
	if tooLong > 0 {
		waiting.note, waiting.grade = lang.N(tooLong, "%d too long", "%d too long", tooLong), late
	}
	if len(rows) > 0 {
		longest.value = clock(most)
	}
	switch longest.grade {
	case late:
		longest.note = lang.T("too long")
	case soon:
		longest.note = lang.T("soon too long")
	}
	return waiting, longest
}

// numbersOf are those of one queue, or (empty) of all.
func numbersOf(n wire.Numbers, queue string) (wire.WallboardNumbers, bool) {
	if queue == "" {
		return n.Total, true
	}
	for _, q := range n.Queues {
		if clean.Text(q.Name, maxQueue) == queue {
			return q.WallboardNumbers, true
		}
	}
	return wire.WallboardNumbers{}, false
}
