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

// recordingSign shows that a call is being recorded: a red dot, which does not
// blink, and words whose clock runs. It is hidden while no recording is on.
type recordingSign struct {
	root  *fyne.Container
	words *text
}

func newRecordingSign() *recordingSign {
	const dot = 10
	s := &recordingSign{words: newText("", textStyle{bold: true, whole: true})}
	mark := container.New(fixedSquare(dot), newPanel(theme.ColorNameError, "", dot/2))
	s.root = row(0, container.NewStack(newPanel(colorAlert, "", 12), inset(11, 4, row(8, centerY(mark), s.words))))
	s.root.Hide()
	return s
}

// show makes the sign agree with the call.
func (s *recordingSign) show(c wire.Call, now time.Time) {
	words := recordingWords(c, now)
	switch {
	case words == "":
		s.root.Hide()
		return
	case words != s.words.words:
		s.words.SetText(words)
		s.root.Refresh() // it may be wider now
	}
	s.root.Show()
}
