package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
)

// recordButton starts and stops the recording of a call. It can't be pressed
// while its request is on the way.
type recordButton struct {
	widget.Button

	on     bool // a recording is on, so it stops it
	asking bool
	byKey  bool // it was pressed on the keyboard
}

func newRecordButton(ask func(on bool)) *recordButton {
	b := &recordButton{}
	b.Text, b.Icon = lang.T("Record"), recordIcon
	b.OnTapped = func() {
		b.ask()
		ask(!b.on)
	}
	b.ExtendBaseWidget(b)
	return b
}

// show says what the button does now.
func (b *recordButton) show(on bool) {
	if b.on == on {
		return
	}
	b.on = on
	b.Text, b.Icon = lang.T("Record"), recordIcon
	if on {
		b.Text, b.Icon = lang.T("Stop recording"), stopRecordingIcon
	}
	b.Refresh()
}

// ask notes that a request is on the way.
func (b *recordButton) ask() {
	b.asking = true
	b.Disable()
}

// answered lets it be pressed again. Who works by the keyboard finds it where
// it was: a press has taken the focus away.
func (b *recordButton) answered() {
	b.asking = false
	b.Enable()
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(b); b.byKey && canvas != nil && canvas.Focused() == nil {
		canvas.Focus(b)
	}
}

// Tapped is a press with the mouse.
func (b *recordButton) Tapped(at *fyne.PointEvent) {
	b.byKey = false
	b.Button.Tapped(at)
}

// TypedKey presses the button with Space or Enter.
func (b *recordButton) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter {
		key = &fyne.KeyEvent{Name: fyne.KeySpace}
	}
	b.byKey = key.Name == fyne.KeySpace
	b.Button.TypedKey(key)
}
