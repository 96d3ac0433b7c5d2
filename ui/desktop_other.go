//go:build !linux && !windows

package ui

import "fyne.io/fyne/v2"

// nameTray does nothing: icons have no name here.
func nameTray(fyne.App) {}

// hasTray is true: the menu bar of macOS takes the icon.
func hasTray() bool { return true }

// escapeMnemonic leaves the label as it is: there are no access keys.
func escapeMnemonic(label string) string { return label }
