package ui

import "fyne.io/fyne/v2"

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
