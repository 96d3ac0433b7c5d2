package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tab is one of several views to choose from: quieter than a button that does
// something. The chosen one is underlined and bold.
type tab struct {
	root   fyne.CanvasObject
	button *widget.Button
	line   *panel
}

const (
	tabLine    = 3
	tabPadding = 8 // between the edge of a button and its words
)

func newTab(words string, chosen func()) *tab {
	t := &tab{button: widget.NewButton(words, chosen), line: newPanel(theme.ColorNamePrimary, "", tabLine/2)}
	t.button.Importance = widget.LowImportance
	line := container.NewStack(space(0, tabLine), t.line)
	t.root = container.NewBorder(nil, inset(tabPadding, 0, line), nil, nil, t.button)
	return t
}

// choose marks the tab as the one that is shown, or not.
func (t *tab) choose(on bool) {
	t.line.Hidden = !on
	t.line.Refresh()
}

// say changes the tab's words.
func (t *tab) say(words string) {
	if t.button.Text != words {
		t.button.SetText(words)
	}
}
