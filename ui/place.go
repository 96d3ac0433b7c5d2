package ui

import (
	"fmt"
	"image"

	"fyne.io/fyne/v2"
)

// titleBar is how far below the edge of a screen a window is put that has to be
// moved there: its frame must be within reach.
const titleBar = 32

// popupPlace has the pop-up come up where the person moved it last.
type popupPlace struct {
	desk     Desktop
	window   fyne.Window
	settings Settings

	rest    image.Point // where it came to rest, unless the person moves it
	last    image.Point // at the last look
	looks   int         // since it came up
	resting bool        // rest is known
}

// put is for a window that is about to be shown.
func (p *popupPlace) put() {
	p.looks, p.resting = 0, false
	if at, ok := p.settings.PopupPlace(); ok {
		p.desk.Put(p.window, at)
	}
}

// center puts the window into the middle, whatever was remembered.
func (p *popupPlace) center() {
	p.looks, p.resting = 0, false
	p.window.CenterOnScreen()
}

// look is for a window on the screen, several times a second. A window manager
// takes a moment to place a window, so what it does until the window rests is
// not the person's doing; and a window that is being dragged is not there yet.
func (p *popupPlace) look() {
	at, ok := p.desk.Place(p.window)
	if !ok {
		return
	}
	p.looks++
	still := p.looks > 1 && at == p.last
	p.last = at
	switch {
	case !still:
	case !p.resting:
		p.rest, p.resting = at, true
	case at != p.rest:
		p.keep(at)
	}
}

// leave is for a window that is about to be hidden, where it may not rest.
func (p *popupPlace) leave() {
	if at, ok := p.desk.Place(p.window); ok && p.resting && at != p.rest {
		p.keep(at)
	}
}

func (p *popupPlace) keep(at image.Point) {
	p.rest = at
	p.settings.SetPopupPlace(at)
}

// PopupPlace is where the person moved the pop-up, in the desktop's own units;
// false before that.
func (s Settings) PopupPlace() (at image.Point, ok bool) {
	n, err := fmt.Sscanf(s.prefs.String(keyPopupPlace), "%d,%d", &at.X, &at.Y)
	return at, err == nil && n == 2
}

// SetPopupPlace changes it.
func (s Settings) SetPopupPlace(at image.Point) {
	s.prefs.SetString(keyPopupPlace, fmt.Sprintf("%d,%d", at.X, at.Y))
}

// ForgetPopupPlace has the pop-up come up in the middle again.
func (s Settings) ForgetPopupPlace() { s.prefs.RemoveValue(keyPopupPlace) }

// onScreen is where a window goes that was at a place: there if all of it is on
// one screen, else to the nearest place of the screen that has most of it or is
// nearest. A screen may be gone since, or smaller.
func onScreen(screens []image.Rectangle, window image.Rectangle) image.Point {
	if len(screens) == 0 {
		return window.Min
	}
	best := screens[0]
	for _, s := range screens {
		if window.In(s) {
			return window.Min
		}
		if area, most := area(s, window), area(best, window); area > most || area == 0 && most == 0 && distance(s, window) < distance(best, window) {
			best = s
		}
	}
	top := min(best.Min.Y+titleBar, best.Max.Y)
	return image.Pt(
		max(best.Min.X, min(window.Min.X, best.Max.X-window.Dx())),
		max(top, min(window.Min.Y, best.Max.Y-window.Dy())))
}

// area is how much of a window is on a screen.
func area(screen, window image.Rectangle) int {
	both := screen.Intersect(window)
	return both.Dx() * both.Dy()
}

// distance is how far the middle of a window is from that of a screen, squared.
func distance(screen, window image.Rectangle) int {
	d := screen.Min.Add(screen.Max).Sub(window.Min.Add(window.Max))
	return d.X*d.X + d.Y*d.Y
}
