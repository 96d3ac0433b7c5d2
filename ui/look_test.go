package ui_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/ui"
)

// spyApp is Fyne's test app with windows that know whether they are shown, and
// with a main goroutine: the test's. Fyne's own runs fyne.Do where it is called,
// which hides faults and races with the timers of virtual time.
type spyApp struct {
	fyne.App

	driver  *queueDriver
	windows []*spyWindow
	quit    bool
}

func newSpyApp(t *testing.T) *spyApp {
	inner := test.NewTempApp(t)
	a := &spyApp{App: inner, driver: &queueDriver{Driver: inner.Driver()}}
	fyne.SetCurrentApp(a)
	a.App.Settings().SetTheme(ui.Theme{})
	return a
}

func (a *spyApp) Driver() fyne.Driver { return a.driver }

// settle runs what waits for the main goroutine until nothing does any more.
func (a *spyApp) settle() {
	for {
		synctest.Wait()
		waiting := a.driver.take()
		if len(waiting) == 0 {
			return
		}
		for _, f := range waiting {
			f()
		}
	}
}

// pass lets time pass, in steps that are finer than any tick.
func (a *spyApp) pass(d time.Duration) {
	const step = 50 * time.Millisecond
	for ; d > 0; d -= step {
		time.Sleep(min(step, d))
		a.settle()
	}
}

// queueDriver keeps what is to run on the main goroutine.
type queueDriver struct {
	fyne.Driver

	mu    sync.Mutex
	queue []func()
}

func (d *queueDriver) DoFromGoroutine(f func(), _ bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queue = append(d.queue, f)
}

func (d *queueDriver) take() []func() {
	d.mu.Lock()
	defer d.mu.Unlock()
	queue := d.queue
	d.queue = nil
	return queue
}

func (a *spyApp) NewWindow(title string) fyne.Window {
	w := &spyWindow{Window: a.App.NewWindow(title)}
	a.windows = append(a.windows, w)
	return w
}

func (a *spyApp) Quit() { a.quit = true }

type spyWindow struct {
	fyne.Window

	visible bool
	shown   int // how often
	close   func()
}

func (w *spyWindow) Show() {
	w.visible = true
	w.shown++
	w.Window.Show()
}

func (w *spyWindow) Hide() {
	w.visible = false
	w.Window.Hide()
}

func (w *spyWindow) SetCloseIntercept(f func()) { w.close = f }

// seen are the visible objects of a window, what lies over it last.
func seen(w fyne.Window) []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		objects = append(objects, o)
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child)
			}
		}
	}
	walk(w.Content())
	for _, over := range w.Canvas().Overlays().List() {
		walk(over)
	}
	return objects
}

// words are all texts that can be read in a window, one per line.
func words(w fyne.Window) string {
	var lines []string
	for _, o := range seen(w) {
		if e := ui.EntryOf(o); e != nil {
			lines = append(lines, e.Text)
			continue
		}
		switch o := o.(type) {
		case *fyne.Container: // has a label of no meaning
		case *canvas.Text:
			lines = append(lines, o.Text)
		case *widget.Check:
			lines = append(lines, o.Text)
		case fyne.Accessible:
			lines = append(lines, o.AccessibilityLabel())
		}
	}
	return strings.Join(lines, "\n")
}

func wantWords(t *testing.T, w fyne.Window, want ...string) {
	t.Helper()
	all := words(w)
	for _, s := range want {
		if !strings.Contains(all, s) {
			t.Errorf("%q is not to be read in:\n%s", s, all)
		}
	}
}

func wantNoWords(t *testing.T, w fyne.Window, unwanted ...string) {
	t.Helper()
	all := words(w)
	for _, s := range unwanted {
		if strings.Contains(all, s) {
			t.Errorf("%q is to be read in:\n%s", s, all)
		}
	}
}

// pressable is any of our buttons.
type pressable interface {
	fyne.Tappable
	fyne.Focusable
	fyne.Accessible
	Disabled() bool
}

// findButton is the visible button with that text, or nil.
func findButton(w fyne.Window, text string) pressable {
	for _, o := range seen(w) {
		if b, ok := o.(pressable); ok && b.AccessibilityLabel() == text {
			return b
		}
	}
	return nil
}

// button is the visible button with that text.
func button(t *testing.T, w fyne.Window, text string) pressable {
	t.Helper()
	b := findButton(w, text)
	if b == nil {
		t.Fatalf("there is no button %q in:\n%s", text, words(w))
	}
	return b
}

// press taps the button with that text.
func press(t *testing.T, w fyne.Window, text string) {
	t.Helper()
	b := button(t, w, text)
	if b.Disabled() {
		t.Fatalf("the button %q can't be pressed", text)
	}
	test.Tap(b)
}

// entries are the visible text fields in order.
func entries(w fyne.Window) []*widget.Entry {
	var all []*widget.Entry
	for _, o := range seen(w) {
		if e := ui.EntryOf(o); e != nil {
			all = append(all, e)
		}
	}
	return all
}

// check is the visible check box with that text.
func check(t *testing.T, w fyne.Window, text string) *widget.Check {
	t.Helper()
	for _, o := range seen(w) {
		if c, ok := o.(*widget.Check); ok && c.Text == text {
			return c
		}
	}
	t.Fatalf("there is no check box %q in:\n%s", text, words(w))
	return nil
}

// typeKey presses a key where the focus is, as the desktop driver does.
func typeKey(w fyne.Window, name fyne.KeyName) {
	key := &fyne.KeyEvent{Name: name}
	if focused := w.Canvas().Focused(); focused != nil {
		focused.TypedKey(key)
		return
	}
	if typed := w.Canvas().OnTypedKey(); typed != nil {
		typed(key)
	}
}
