package ui

import (
	"context"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
)

const (
	// keyGuard is how long a key must have been at rest before one counts as
	// an answer, and how long a call must have been on the screen: the pop-up
	// takes the keyboard from somebody who may be typing.
	keyGuard = 700 * time.Millisecond
	// lingering is how long the pop-up says how a call ended.
	lingering = 4 * time.Second

	// onceMore is how long a second press of D belongs to the first.
	onceMore = 3 * time.Second

	popupTick = 200 * time.Millisecond

	maxEarlier = 30 // characters of the caller before, under the one that rings
)

// Popup is the pop-up window that rings: one window, made once and reused, that
// stays above the others. It is the surface "window".
//
// Its state belongs to Fyne's main goroutine; the methods of the surface hand
// their work over and return.
type Popup struct {
	emit   func(notify.Event)
	rouse  func() // wakes the main goroutine, which may take a nap
	window fyne.Window
	view   *popupView
	place  popupPlace
	gone   atomic.Bool
	stop   context.CancelFunc // of the ticker; nil while nothing is shown
	made   bool               // the window has been on the screen

	call     *notify.Call // that rings; nil for none
	asked    notify.Kind  // the answer that is on its way; empty for none
	problem  string       // why the last answer did not count
	silenced bool         // by Esc
	again    time.Time    // D was pressed once, and once more until then declines

	since   time.Time // the call is on the screen
	lastKey time.Time
	swapped bool      // the call took the place of another one under the pointer
	last    string    // id of the call that was on the screen last
	ended   string    // how it ended, for a while
	until   time.Time // ended is shown
}

// NewPopup makes the window and keeps it hidden. Emit is told what happens on
// it, from the main goroutine.
func NewPopup(app fyne.App, desk Desktop, emit func(notify.Event)) *Popup {
	p := &Popup{emit: emit, rouse: func() {}, window: app.NewWindow(popupTitle())}
	p.view = newPopupView(p.press, p.typed)
	p.window.SetPadded(false)
	p.window.SetFixedSize(true)
	p.window.SetContent(p.view.root)
	p.place = popupPlace{desk: desk, window: p.window, settings: Settings{app.Preferences()}}
	if _, ok := p.place.settings.PopupPlace(); !ok {
		p.window.CenterOnScreen() // the first time; later it is where it was
	}
	p.window.SetCloseIntercept(p.close)
	p.window.Canvas().SetOnTypedKey(p.typed)
	desk.KeepAbove(p.window)
	return p
}

// popupTitle is the title of the window.
func popupTitle() string { return lang.T("Incoming call") + " · Deskbell" }

// reword shows the pop-up in the language that is set now.
func (p *Popup) reword() {
	whole := p.view.of
	p.view = newPopupView(p.press, p.typed)
	p.window.SetTitle(popupTitle())
	p.window.SetContent(p.view.root)
	switch {
	case p.call != nil:
		p.view.showCall(*p.call, whole)
		p.refresh()
		p.fitWindow()
	case p.shown(): // how a call ended
		p.hide()
	}
}

// Name is "window".
func (p *Popup) Name() string { return wire.SurfaceWindow }

// Present rings for a call, in place of the one before. One that is to stay
// aside is kept for when it is asked for.
func (p *Popup) Present(c notify.Call) {
	p.do(func() {
		if p.call == nil || p.call.ID != c.ID || !p.call.Until.Equal(c.Until) {
			p.begin(c)
		}
		p.call = &c
		if c.Aside {
			p.hide()
			return
		}
		p.show()
		p.tell(notify.Shown)
	})
}

// Update changes the words of the call that rings.
func (p *Popup) Update(c notify.Call) {
	p.do(func() {
		if p.rings(c.ID) {
			p.call = &c
			p.refresh()
		}
	})
}

// Dismiss ends the ringing. Unless the person has closed the window, it says
// for a while how the call ended.
func (p *Popup) Dismiss(id string, why notify.Why) {
	p.do(func() {
		if !p.rings(id) {
			return
		}
		title := ending(why)
		call := *p.call
		p.call = nil
		if title == "" || !p.shown() {
			p.hide()
			return
		}
		p.ended, p.until = title+" · "+clean.Text(caller(call), maxEarlier), time.Now().Add(lingering)
		p.view.showEnding(title, whose(call), why.Reason)
		p.fitWindow()
	})
}

// Notice shows nothing here: the main window and the native surface do.
func (p *Popup) Notice(string, string) {}

// Close ends the surface. The window is left as it is: it goes with the app,
// which may be gone already.
func (p *Popup) Close() error {
	if !p.gone.Swap(true) && p.shown() {
		p.stop()
	}
	return nil
}

// do runs f on the main goroutine as long as the surface is open.
func (p *Popup) do(f func()) {
	fyne.Do(func() {
		if !p.gone.Load() {
			f()
		}
	})
	p.rouse()
}

// Answering says that the hub is being asked.
func (p *Popup) Answering(id string, answer notify.Kind) {
	p.do(func() {
		if p.rings(id) {
			p.asked, p.problem = answer, ""
			p.refresh()
		}
	})
}

// Refused says why the answer did not count, and takes the next one. It comes
// back for somebody who had closed it and answered in the notification: that is
// gone, too.
func (p *Popup) Refused(id, sentence string) {
	p.do(func() {
		if !p.rings(id) {
			return
		}
		p.asked, p.problem = "", sentence
		if !p.shown() {
			p.show()
			return
		}
		p.refresh()
		p.fitWindow()
	})
}

// Center has the window come up in the middle again; it is for the main
// goroutine.
func (p *Popup) Center() { p.place.center() }

// shown tells whether the window is on the screen.
func (p *Popup) shown() bool { return p.stop != nil }

func (p *Popup) rings(id string) bool { return p.call != nil && p.call.ID == id }

// begin forgets what was said of the call before.
func (p *Popup) begin(c notify.Call) {
	now := time.Now()
	again := p.last == c.ID // with a new deadline
	if again {
		p.ended = ""
	}
	p.swapped = p.shown() && !again
	p.last = c.ID
	p.since, p.asked, p.problem, p.silenced, p.again = now, "", "", false, time.Time{}
	p.view.showCall(c, c.Until.Sub(now))
	p.window.Canvas().Unfocus()
}

// show brings the window up, in the right size before it is seen.
func (p *Popup) show() {
	p.refresh()
	p.fitWindow()
	if p.shown() {
		p.window.Show()
		return
	}
	p.since = time.Now()
	p.place.put()
	p.window.Show()
	if !p.made {
		p.made = true
		p.place.put() // only now is it known how large the window is
	}
	p.stop = every(popupTick, p.tick)
}

func (p *Popup) hide() {
	if p.shown() {
		p.place.leave()
		p.stop()
		p.stop = nil
	}
	p.ended, p.swapped = "", false
	p.window.Hide()
}

// fitWindow gives the window the height of what it shows.
func (p *Popup) fitWindow() {
	p.window.Resize(fyne.NewSize(popupWidth, p.view.root.MinSize().Height))
}

// tick moves the clocks and ends what was shown for a while.
func (p *Popup) tick() {
	p.place.look()
	if p.ended != "" && !time.Now().Before(p.until) {
		p.ended = ""
		if p.call == nil {
			p.hide()
			return
		}
		p.refresh()
		p.fitWindow()
		return
	}
	p.refresh()
}

// refresh shows the state as it is.
func (p *Popup) refresh() {
	if p.call == nil {
		return
	}
	now := time.Now()
	p.view.refresh(popupState{
		call:     *p.call,
		now:      now,
		asked:    p.asked,
		problem:  p.problem,
		silenced: p.silenced,
		again:    now.Before(p.again),
		earlier:  p.ended,
		held:     p.swapped && now.Sub(p.since) < keyGuard,
	})
}

// press takes a button.
func (p *Popup) press(kind notify.Kind) {
	if p.call == nil || p.asked != "" || p.swapped && time.Since(p.since) < keyGuard {
		return
	}
	p.tell(kind)
}

// typed takes a key, wherever the focus is. Esc only silences.
func (p *Popup) typed(key *fyne.KeyEvent) {
	if p.call == nil {
		return
	}
	now := time.Now()
	calm := now.Sub(p.since) >= keyGuard && now.Sub(p.lastKey) >= keyGuard
	p.lastKey = now
	if key.Name != fyne.KeyD && !p.again.IsZero() {
		p.again = time.Time{}
		p.refresh()
	}
	switch key.Name {
	case fyne.KeyEscape:
		p.silenced = true
		p.refresh()
		p.tell(notify.Closed)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyA:
		if calm {
			p.press(notify.PressedAccept)
		}
	case fyne.KeyD:
		p.pressD(now, calm)
	case fyne.KeySpace:
		if calm {
			p.press(p.view.focused(p.window.Canvas().Focused()))
		}
	}
}

// pressD declines at the second press: a call that one slip of a finger declines
// rings elsewhere and does not come back.
func (p *Popup) pressD(now time.Time, calm bool) {
	switch {
	case now.Before(p.again):
		p.again = time.Time{}
		p.press(notify.PressedDecline)
	case calm && p.asked == "":
		p.again = now.Add(onceMore)
		p.refresh()
	}
}

// close is the window's close button: silence, not an answer.
func (p *Popup) close() {
	if p.call != nil {
		p.tell(notify.Closed)
	}
	p.hide()
}

func (p *Popup) tell(kind notify.Kind) {
	if kind == "" {
		return
	}
	p.emit(notify.Event{Kind: kind, Surface: p.Name(), Call: p.call.ID})
}

// takenBy names the agent who was faster, if the hub said who.
func takenBy(name string) string {
	if name == "" {
		return lang.T("Taken by another agent")
	}
	return lang.T("Taken by %s", name)
}

// ending is the headline of how a call ended, or empty where there is nothing
// to say to the one who ended it.
func ending(why notify.Why) string {
	switch why.Reason {
	case notify.Answered:
		return takenBy(why.By)
	case notify.Lapsed:
		return lang.T("Not answered in time")
	case notify.Canceled:
		return lang.T("The call was canceled")
	default:
		return ""
	}
}
