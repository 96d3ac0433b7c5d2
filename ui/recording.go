package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/deskbell/deskbell/assets"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// The pictures of what a recording's button does.
var (
	recordIcon        = theme.NewThemedResource(fyne.NewStaticResource("record.svg", assets.RecordSign()))
	stopRecordingIcon = theme.NewThemedResource(fyne.NewStaticResource("stop-recording.svg", assets.StopRecordingSign()))
)

// recordingOf is the recording of a call that is on. None is after the end of
// the call, whatever the hub has not noted yet.
func recordingOf(c wire.Call) (r wire.Recording, on bool) {
	last := len(c.Recordings) - 1
	if last < 0 || c.State == call.Ended || !c.Recordings[last].Stopped.IsZero() {
		return wire.Recording{}, false
	}
	return c.Recordings[last], true
}

// mayRecord tells whether the hub would record a call.
func mayRecord(c wire.Call) bool { return c.MayRecord && !c.Test }

// recordingWords say that a call is being recorded, and for how long; empty if
// it is not.
func recordingWords(c wire.Call, now time.Time) string {
	r, on := recordingOf(c)
	if !on {
		return ""
	}
	return lang.T("Recording %s", clock(now.Sub(r.Started.Time)))
}

// recorded is how much of a call was recorded, as far as that is known.
type recorded struct {
	is  bool
	all time.Duration
}

func recordedOf(c wire.Call) recorded {
	sum := recorded{is: len(c.Recordings) > 0}
	for _, r := range c.Recordings {
		end := r.Stopped
		if end.IsZero() {
			end = c.Ended // it can't go on
		}
		if !end.IsZero() {
			sum.all += max(0, end.Sub(r.Started.Time))
		}
	}
	return sum
}

// words say that a call was recorded; empty if it was not.
func (r recorded) words() string {
	switch {
	case !r.is:
		return ""
	case r.all == 0:
		return lang.T("Recorded")
	default:
		return lang.T("Recorded, %s", clock(r.all))
	}
}

// recordingSign shows how it stands with the recording of a call: while one is
// on, a red dot, which does not blink, and words whose clock runs. It has its
// place wherever one could be on, or the buttons below would move away under the
// pointer that presses them.
type recordingSign struct {
	root      *fyne.Container
	ground    *panel
	dot, ring *panel // one of them is shown
	words     *text
	on        bool
}

func newRecordingSign() *recordingSign {
	const dot = 10
	s := &recordingSign{
		ground: newPanel(theme.ColorNameBackground, "", 12), words: newText("", textStyle{color: colorMuted, whole: true}),
		dot: newPanel(theme.ColorNameError, "", dot/2), ring: newPanel(colorNone, colorMuted, dot/2),
	}
	s.dot.Hide()
	mark := container.New(fixedSquare(dot), container.NewStack(s.dot, s.ring))
	s.root = row(0, container.NewStack(s.ground, inset(11, 4, row(8, centerY(mark), s.words))))
	s.root.Hide()
	return s
}

// show makes the sign agree with the call.
func (s *recordingSign) show(c wire.Call, now time.Time) {
	words := recordingWords(c, now)
	on := words != ""
	switch {
	case on:
	case c.State == call.Ended || !mayRecord(c):
		s.root.Hide()
		return
	case len(c.Recordings) > 0:
		words = recordedOf(c).words()
	default:
		words = lang.T("Not being recorded")
	}
	s.paint(on)
	if words != s.words.words {
		s.words.SetText(words)
		s.root.Refresh() // it may be wider now
	}
	s.root.Show()
}

// paint has the sign look as it should.
func (s *recordingSign) paint(on bool) {
	if s.on == on {
		return
	}
	s.on = on
	s.dot.Hidden, s.ring.Hidden = !on, on
	s.ground.fill, s.words.style.color, s.words.style.bold = theme.ColorNameBackground, colorMuted, on
	if on {
		s.ground.fill, s.words.style.color = colorAlert, theme.ColorNameForeground
	}
	s.root.Refresh()
}
