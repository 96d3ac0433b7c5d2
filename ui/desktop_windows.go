package ui

import (
	"strings"

	"fyne.io/fyne/v2"
)

// nameTray does nothing: icons have no name here.
func nameTray(fyne.App) {}

// hasTray is true: the taskbar always has one.
func hasTray() bool { return true }

// escapeMnemonic doubles the mark of an access key in Windows' menus.
func escapeMnemonic(label string) string { return strings.ReplaceAll(label, "&", "&&") }
