package ui

import (
	"image"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/systray"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// Desktop is what Deskbell asks of the desktop beyond windows. Fyne's test app
// has none of it, so tests bring their own. All methods but HasTray and Open are
// for the main goroutine.
type Desktop interface {
	// SetTray puts the icon and the menu into the tray of an app with that main
	// window. Opened is called, from any goroutine, when the icon itself is
	// clicked, where the system knows that.
	SetTray(icon fyne.Resource, menu *fyne.Menu, window fyne.Window, opened func())
	// HasTray tells whether something shows tray icons. It may take a second,
	// so call it off the main goroutine.
	HasTray() bool
	// KeepAbove asks that a window stays above others; call it before the
	// window is shown.
	KeepAbove(fyne.Window)
	// Raise shows a window and brings it to the front.
	Raise(fyne.Window)
	// Place tells where a window is, in the desktop's own units; false where the
	// system does not tell, and for a window that was never shown.
	Place(fyne.Window) (image.Point, bool)
	// Put asks that a window is or comes up at a place that Place has told once,
	// or as near to it as the screens allow. Where windows can't be put it comes
	// up in the middle.
	Put(fyne.Window, image.Point)
	// FillScreen has a window fill a screen, the second one where there is one, or
	// be a window again.
	FillScreen(w fyne.Window, on bool)
	// Open hands an address to the browser. Check it with link.Check first. It
	// may take seconds, so call it off the main goroutine.
	Open(*url.URL) error
	// OpenWith hands an address to a command of the person's; like Open.
	OpenWith(command string, address *url.URL) error
}

// FyneDesktop is the desktop that Fyne's app runs on.
type FyneDesktop struct {
	App fyne.App

	ready bool
}

// SetTray puts the icon and the menu into the tray. Fyne makes the menu anew
// each time and leaves the old one's goroutines behind, so call it for changes
// only.
func (d *FyneDesktop) SetTray(icon fyne.Resource, menu *fyne.Menu, window fyne.Window, opened func()) {
	tray, ok := d.App.(desktop.App)
	if !ok {
		return
	}
	for _, item := range menu.Items {
		item.Label = escapeMnemonic(item.Label)
	}
	// Before the tray starts: it begins with the icon that it has, or else with
	// the app's, and on Windows does so whenever it gets to it.
	tray.SetSystemTrayIcon(icon)
	if !d.ready {
		d.ready = true
		nameTray(d.App)
		tray.SetSystemTrayWindow(window)
		systray.SetOnTapped(opened) // Fyne would show the window and tell nobody
	}
	tray.SetSystemTrayMenu(menu)
}

// HasTray tells whether something shows tray icons.
func (d *FyneDesktop) HasTray() bool { return hasTray() }

// KeepAbove asks that the window stays above others. On native Wayland it does
// nothing.
func (d *FyneDesktop) KeepAbove(w fyne.Window) {
	if w, ok := w.(desktop.Window); ok {
		w.RequestAlwaysOnTop()
	}
}

// Raise shows the window and brings it to the front.
func (d *FyneDesktop) Raise(w fyne.Window) {
	w.Show()
	w.RequestFocus()
}

// FillScreen fills the second screen with the window, or the only one.
func (d *FyneDesktop) FillScreen(w fyne.Window, on bool) {
	driver, knows := d.App.Driver().(desktop.Driver)
	placed, can := w.(desktop.Window)
	if on && knows && can && driver.HasSecondaryDisplay() {
		placed.RequestFullScreenSecondary()
		return
	}
	w.SetFullScreen(on)
}

// Place asks the system where the window is.
func (d *FyneDesktop) Place(w fyne.Window) (at image.Point, ok bool) {
	if w, is := w.(driver.NativeWindow); is {
		w.RunNative(func(native any) { at, ok = placeOf(native) })
	}
	return at, ok
}

// Put moves the window.
func (d *FyneDesktop) Put(w fyne.Window, at image.Point) {
	can := false
	if native, is := w.(driver.NativeWindow); is {
		native.RunNative(func(native any) { can = movable(native) })
	}
	placed, is := w.(desktop.Window)
	if !can || !is {
		w.CenterOnScreen()
		return
	}
	size, scale := w.Canvas().Size(), w.Canvas().Scale()
	window := image.Rect(0, 0, int(size.Width*scale), int(size.Height*scale)).Add(at)
	to := onScreen(screens(), window)
	placed.RequestPosition(to.X, to.Y)
}

// screens are the parts of the screens that no panel covers, in the units of
// places. The toolkit has begun to know them when it made its first window.
func screens() (all []image.Rectangle) {
	for _, m := range glfw.GetMonitors() {
		x, y, width, height := m.GetWorkarea()
		all = append(all, image.Rect(x, y, x+width, y+height))
	}
	return all
}

// Open hands the address to the browser.
func (d *FyneDesktop) Open(address *url.URL) error { return openURL(d.App, address) }

// OpenWith hands the address to a command of the person's.
func (d *FyneDesktop) OpenWith(command string, address *url.URL) error {
	return openWith(command, address, openerPatience)
}
