//go:build !linux && !windows

package ui

// hasTray is true: the menu bar of macOS takes the icon.
func hasTray() bool { return true }

// escapeMnemonic leaves the label as it is: there are no access keys.
func escapeMnemonic(label string) string { return label }
