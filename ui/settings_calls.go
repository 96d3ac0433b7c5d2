package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

func (v *settingsView) layoutCalls() fyne.CanvasObject {
	open := widget.NewCheck("Open the session at once", v.s.SetOpenAtOnce)
	open.Checked = v.s.OpenAtOnce()
	browser := widget.NewEntry()
	browser.SetPlaceHolder("the system's browser")
	browser.SetText(v.s.Browser())
	browser.OnChanged = func(command string) { v.s.SetBrowser(strings.TrimSpace(command)) }
	return column(settingsGap,
		checked(open, "When you accept a call, its session opens in your browser. Otherwise you press Open."),
		column(4, labelled("Browser", browser),
			under(fieldIndent, "A command such as firefox --new-window. The session's address comes last, or where you write {link}.")))
}
