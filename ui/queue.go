package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/lang"
)

// queueWindow is the window in which a supervisor watches the queues. It is made
// when it is opened first, and hidden when it is closed.
type queueWindow struct {
	window  fyne.Window
	content *fyne.Container // holds the view or the wall
	view    *queueView
	wall    *wallView
	dialog  dialog.Dialog // nil for none
	seen    bool          // it is open
	full    bool          // it fills the screen
}

// mayWatch tells whether the one who is signed in may watch the queues.
func (a *App) mayWatch() bool {
	return a.inside != nil && a.inside.state.User.Role.Supervises()
}

// openQueue brings the Queue window to the front.
func (a *App) openQueue() {
	if !a.mayWatch() {
		return
	}
	q := a.queue
	if q.window == nil {
		q.window = a.opts.App.NewWindow(lang.T("Queue · Deskbell"))
		q.window.SetPadded(false)
		q.content = container.NewStack(newPanel(theme.ColorNameBackground, "", 0), space(0, 0))
		q.window.SetContent(q.content)
		q.window.SetCloseIntercept(a.hideQueue)
		q.window.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { a.queueKey(k) })
		q.window.Resize(a.settings.QueueSize())
	}
	if q.view == nil {
		a.layQueue()
	}
	q.seen = true
	a.watching.Store(true)
	a.showQueue()
	a.opts.Desktop.Raise(q.window)
}

// layQueue makes the widgets of the Queue window.
func (a *App) layQueue() {
	q := a.queue
	filter := a.settings.queueFilter()
	if q.view != nil {
		filter.text = q.view.filter.text
	}
	q.view = newQueueView(a.queueActions(), filter)
	q.wall = newWallView()
	q.window.SetTitle(lang.T("Queue · Deskbell"))
	a.showQueueView()
}

// showQueueView puts the table or the wall into the window.
func (a *App) showQueueView() {
	q := a.queue
	root := q.view.root
	if q.full {
		root = q.wall.root
	}
	q.content.Objects[1] = root
	q.content.Refresh()
}

// showQueue makes the Queue window agree with the state, if it is open. It never
// raises it: whoever works elsewhere goes on.
func (a *App) showQueue() {
	q := a.queue
	switch {
	case !q.seen:
	case !a.mayWatch():
		a.hideQueue()
	case q.full:
		s := a.queueState()
		q.wall.show(s, q.view.filter.queue, q.view.words.rows(s.floor, s.agent.Queues, false, s.at()))
	default:
		q.view.show(a.queueState())
	}
}

func (a *App) queueState() queueState {
	return queueState{agent: a.inside.state, floor: a.inside.session.Floor(), now: time.Now()}
}

// watched takes a change of what a supervisor watches.
func (a *App) watched(in *signedIn) {
	if a.inside == in {
		a.showQueue()
	}
}

// tickQueue moves the clocks of the Queue window.
func (a *App) tickQueue() {
	a.keepQueueSize()
	a.showQueue()
}

// hideQueue closes the Queue window: to the tray, as the main window.
func (a *App) hideQueue() {
	q := a.queue
	if q.window == nil || !q.seen {
		return
	}
	a.closeQueueDialog()
	a.fillScreen(false)
	a.keepQueueSize()
	q.seen = false
	a.watching.Store(false)
	q.window.Hide()
}

// leaveQueue closes the Queue window and forgets what it showed: the next one
// who signs in may not see it.
func (a *App) leaveQueue() {
	a.hideQueue()
	if a.queue.view != nil {
		a.queue.view, a.queue.wall = nil, nil
		a.queue.content.Objects[1] = space(0, 0)
		a.queue.content.Refresh()
	}
}

// keepQueueSize remembers how large the person made the window.
func (a *App) keepQueueSize() {
	q := a.queue
	if q.window == nil || !q.seen || q.full {
		return
	}
	if size := q.window.Canvas().Size(); size != a.settings.QueueSize() && size.Width > 0 {
		a.settings.SetQueueSize(size)
	}
}

// queueKey is a key in the Queue window: F11 fills the screen or leaves it, Esc
// closes a dialog or leaves the full screen.
func (a *App) queueKey(key *fyne.KeyEvent) bool {
	switch {
	case key.Name == fyne.KeyF11:
		a.fillScreen(!a.queue.full)
	case key.Name == fyne.KeyEscape && a.queue.dialog != nil:
		a.closeQueueDialog()
	case key.Name == fyne.KeyEscape && a.queue.full:
		a.fillScreen(false)
	default:
		return false
	}
	return true
}

// fillScreen makes a wallboard of the Queue window, or a window again.
func (a *App) fillScreen(on bool) {
	q := a.queue
	if q.full == on {
		return
	}
	a.closeQueueDialog()
	a.keepQueueSize()
	q.full = on
	q.window.Canvas().Unfocus() // so that the window itself hears the keys
	a.showQueueView()
	a.showQueue()
	a.opts.Desktop.FillScreen(q.window, on)
}

// rewordQueue says the words of the Queue window anew.
func (a *App) rewordQueue() {
	if a.queue.view == nil {
		return
	}
	a.closeQueueDialog()
	a.layQueue()
	a.showQueue()
}

// showQueueDialog shows a dialog over the Queue window, in place of another one.
func (a *App) showQueueDialog(d dialog.Dialog) {
	a.closeQueueDialog()
	a.queue.dialog = d
	d.Show()
}

func (a *App) closeQueueDialog() {
	if a.queue.dialog != nil {
		a.queue.dialog.Hide()
		a.queue.dialog = nil
	}
}

// queueChoice opens a menu above a button of the Queue window, their right sides
// in line: the buttons are at its bottom.
func (a *App) queueChoice(menu *fyne.Menu, above fyne.CanvasObject) {
	canvas := a.queue.window.Canvas()
	choice := widget.NewPopUpMenu(menu, canvas)
	corner := fyne.CurrentApp().Driver().AbsolutePositionForObject(above)
	size := choice.MinSize()
	most := corner.Y - queueMargin
	choice.ShowAtPosition(fyne.NewPos(max(0, corner.X+above.Size().Width-size.Width), max(queueMargin, corner.Y-min(size.Height, most))))
	if size.Height > most {
		choice.Resize(fyne.NewSize(size.Width, most))
	}
	canvas.Focus(choice)
}

// QueueSize is how large the Queue window was last.
func (s Settings) QueueSize() fyne.Size {
	var width, height float32
	if _, err := fmt.Sscanf(s.prefs.String(keyQueueSize), "%gx%g", &width, &height); err != nil || width < 200 || height < 200 {
		return fyne.NewSize(queueWidth, queueHeight)
	}
	return fyne.NewSize(width, height)
}

// SetQueueSize changes it.
func (s Settings) SetQueueSize(size fyne.Size) {
	s.prefs.SetString(keyQueueSize, fmt.Sprintf("%gx%g", size.Width, size.Height))
}

// queueFilter is which calls the Queue window showed last, and in which order.
// What was searched for is not kept: it may be a customer's name.
func (s Settings) queueFilter() queueFilter {
	return queueFilter{
		queue: s.prefs.String(keyQueueQueue), state: s.prefs.String(keyQueueState),
		column: s.prefs.String(keyQueueColumn), up: s.prefs.Bool(keyQueueUp),
	}
}

// setQueueFilter changes it.
func (s Settings) setQueueFilter(f queueFilter) {
	s.prefs.SetString(keyQueueQueue, f.queue)
	s.prefs.SetString(keyQueueState, f.state)
	s.prefs.SetString(keyQueueColumn, f.column)
	s.prefs.SetBool(keyQueueUp, f.up)
}

// emits takes an event of a session. Changes of the floor concern the Queue
// window alone, and wake nobody while it is closed.
func (a *App) emits(in *signedIn, e agent.Event) {
	if e.Kind == agent.Watched {
		if a.watching.Load() {
			a.do(func() { a.watched(in) })
		}
		return
	}
	in.bell.Heard(e)
	a.do(func() { a.heard(in, e) })
}
