package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// What the tests of the drawing look at.
var (
	Fit     = fit
	Clock   = clock
	Seconds = seconds
	HasTray = hasTray // asks the system

	OnScreen = onScreen
)

// OurColors are the names of the colours that Fyne has not.
var OurColors = []fyne.ThemeColorName{
	colorPanel, colorBorder, colorMuted, colorTint, colorAlert, colorCaution, colorTrack,
}

// The grounds that text stands on.
const (
	ColorPanel   = colorPanel
	ColorMuted   = colorMuted
	ColorTint    = colorTint
	ColorAlert   = colorAlert
	ColorCaution = colorCaution
)

// EntryOf is a text field, or nil.
func EntryOf(o fyne.CanvasObject) *widget.Entry {
	switch o := o.(type) {
	case *widget.Entry:
		return o
	case *noteEntry:
		return &o.Entry
	default:
		return nil
	}
}
