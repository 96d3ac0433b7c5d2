package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
)

func (v *settingsView) layoutHelp() fyne.CanvasObject {
	diagnostics := widget.NewButtonWithIcon(lang.T("Copy diagnostics"), theme.ContentCopyIcon(), v.do.copy)
	detailed := widget.NewCheck(lang.T("Write a detailed log"), func(on bool) {
		v.s.SetDetailedLog(on)
		v.do.logging()
	})
	detailed.Checked = v.s.DetailedLog()
	return column(settingsGap,
		column(4, row(0, roomy(diagnostics), layout.NewSpacer()),
			under(0, lang.T("What your administrator needs to help: versions, settings, the state of the connection. No password, token or link."))),
		checked(detailed, lang.T("Every step of a call, while something is being looked into. No password, token, link or word of a caller.")))
}
