package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// iconButton is a flat button without words, whose name a screen reader says.
type iconButton struct {
	widget.Button

	name string
}

func newIconButton(name string, icon fyne.Resource, tapped func()) *iconButton {
	b := &iconButton{name: name}
	b.Icon, b.OnTapped, b.Importance = icon, tapped, widget.LowImportance
	b.ExtendBaseWidget(b)
	return b
}

// AccessibilityLabel is the button's name.
func (b *iconButton) AccessibilityLabel() string { return b.name }
