package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/deskbell/deskbell/internal/lang"
)

// strip is a sentence on a coloured ground: a failure or a warning. It is
// hidden while there is nothing to say.
type strip struct {
	root     fyne.CanvasObject
	sentence *text
}

const stripIcon = 20

// newStrip makes a hidden strip of about a width.
func newStrip(ground, ink fyne.ThemeColorName, icon fyne.Resource, width float32) *strip {
	s := &strip{sentence: newText("", textStyle{lines: 7, width: width - stripIcon - 34})}
	mark := column(0, newIcon(theme.NewColoredResource(icon, ink), stripIcon))
	s.root = container.NewStack(newPanel(ground, "", 8),
		inset(12, 10, container.NewBorder(nil, nil, container.NewHBox(mark, space(2, 0)), nil, s.sentence)))
	s.root.Hide()
	return s
}

// newClosableStrip is a strip that the person can put away.
func newClosableStrip(ground, ink fyne.ThemeColorName, icon fyne.Resource, width float32, closed func()) *strip {
	s := newStrip(ground, ink, icon, width-40)
	away := newIconButton(lang.T("Dismiss"), theme.CancelIcon(), closed)
	stack := s.root.(*fyne.Container)
	stack.Objects[1] = container.NewBorder(nil, nil, nil, column(0, away), stack.Objects[1])
	return s
}

// say shows a sentence, or hides the strip if it is empty.
func (s *strip) say(sentence string) {
	s.sentence.SetText(sentence)
	if sentence == "" {
		s.root.Hide()
		return
	}
	s.root.Show()
}
