package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Fyne gives a key to what has the focus and to nothing else. The widgets of the
// Queue window hand those on that the window knows: F11 and Esc.

// windowKeys is told of a key and says whether it was one of the window's.
type windowKeys func(*fyne.KeyEvent) bool

// keyButton is a button of the Queue window.
type keyButton struct {
	widget.Button

	keys windowKeys
}

func newKeyButton(words string, icon fyne.Resource, keys windowKeys, tapped func()) *keyButton {
	b := &keyButton{keys: keys}
	b.Text, b.Icon, b.OnTapped = words, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

// TypedKey presses the button with Space or Enter.
func (b *keyButton) TypedKey(key *fyne.KeyEvent) {
	if b.keys(key) {
		return
	}
	if key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter {
		key = &fyne.KeyEvent{Name: fyne.KeySpace}
	}
	b.Button.TypedKey(key)
}

// keyEntry is a text field of the Queue window.
type keyEntry struct {
	widget.Entry

	keys windowKeys
}

func newKeyEntry(keys windowKeys) *keyEntry {
	e := &keyEntry{keys: keys}
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey edits the text.
func (e *keyEntry) TypedKey(key *fyne.KeyEvent) {
	if !e.keys(key) {
		e.Entry.TypedKey(key)
	}
}

// keySelect is a choice of the Queue window.
type keySelect struct {
	widget.Select

	keys windowKeys
}

func newKeySelect(options []string, keys windowKeys) *keySelect {
	s := &keySelect{keys: keys}
	s.Options = options
	s.ExtendBaseWidget(s)
	return s
}

// TypedKey chooses.
func (s *keySelect) TypedKey(key *fyne.KeyEvent) {
	if !s.keys(key) {
		s.Select.TypedKey(key)
	}
}

// rowList is a list in which one row is chosen, and stays chosen wherever it
// goes when the rows change: Fyne's own knows numbers of rows only.
type rowList struct {
	widget.List

	keys    windowKeys
	focused bool
	chosen  func() int // the number of the chosen row, -1 for none
	choose  func(int)
	changed func() // the focus has come or gone
}

func newRowList(keys windowKeys, length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject)) *rowList {
	l := &rowList{keys: keys}
	l.Length, l.CreateItem, l.UpdateItem = length, create, update
	l.HideSeparators = true
	l.OnSelected = func(i widget.ListItemID) {
		l.UnselectAll()
		l.choose(i)
	}
	l.ExtendBaseWidget(l)
	return l
}

// FocusGained marks the chosen row.
func (l *rowList) FocusGained() {
	l.focused = true
	if l.chosen() < 0 && l.Length() > 0 {
		l.choose(0)
	}
	l.changed()
}

// FocusLost marks it no more.
func (l *rowList) FocusLost() {
	l.focused = false
	l.changed()
}

// rowsOfAPage is how far Page Up and Page Down go.
const rowsOfAPage = 10

// TypedKey chooses another row.
func (l *rowList) TypedKey(key *fyne.KeyEvent) {
	if l.keys(key) || l.Length() == 0 {
		return
	}
	at, last := l.chosen(), l.Length()-1
	switch key.Name {
	case fyne.KeyUp:
		at--
	case fyne.KeyDown:
		at++
	case fyne.KeyPageUp:
		at -= rowsOfAPage
	case fyne.KeyPageDown:
		at += rowsOfAPage
	case fyne.KeyHome:
		at = 0
	case fyne.KeyEnd:
		at = last
	default:
		return
	}
	at = max(0, min(at, last))
	l.choose(at)
	l.ScrollTo(at)
}
