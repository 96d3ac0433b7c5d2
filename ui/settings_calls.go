package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
)

func (v *settingsView) layoutCalls() fyne.CanvasObject {
	open := widget.NewCheck(lang.T("Open the session at once"), v.s.SetOpenAtOnce)
	open.Checked = v.s.OpenAtOnce()
	browser := widget.NewEntry()
	browser.SetPlaceHolder(lang.T("the system's browser"))
	browser.SetText(v.s.Browser())
	browser.OnChanged = func(command string) { v.s.SetBrowser(strings.TrimSpace(command)) }
	return column(settingsGap,
		checked(open, lang.T("When you accept a call, its session opens in your browser. Otherwise you press Open.")),
		column(4, labelled(lang.T("Browser"), browser),
			under(fieldIndent, lang.T("A command such as firefox --new-window. The session's address comes last, or where you write {link}."))))
}
