package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
)

// noteEntry is a text of several lines that the Tab key leaves: in a note nobody
// needs one, and who works by the keyboard has to get on to the button.
type noteEntry struct{ widget.Entry }

func newNoteEntry() *noteEntry {
	n := new(noteEntry)
	n.MultiLine, n.Wrapping = true, fyne.TextWrapWord
	n.ExtendBaseWidget(n)
	n.SetPlaceHolder(lang.T("Note (optional)"))
	n.SetMinRowsVisible(2)
	return n
}

// AcceptsTab is no: Tab goes to what comes next.
func (n *noteEntry) AcceptsTab() bool { return false }
