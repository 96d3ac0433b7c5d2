package ui

import "strings"

// hasTray is true: the taskbar always has one.
func hasTray() bool { return true }

// escapeMnemonic doubles the mark of an access key in Windows' menus.
func escapeMnemonic(label string) string { return strings.ReplaceAll(label, "&", "&&") }
