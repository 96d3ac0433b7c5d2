package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
)

func (v *settingsView) layoutComputer(k known) fyne.CanvasObject {
	v.autostart = widget.NewCheck(lang.T("Start at login"), nil)
	v.autostart.Checked = k.startsAtLogin
	v.autostart.OnChanged = func(on bool) {
		v.problem.say("")
		v.do.autostart(on, func(sentence string) {
			v.problem.say(sentence)
			v.autostart.Checked = !on
			v.autostart.Refresh()
		})
	}
	atLogin := lang.T("Deskbell starts in the tray when you log in.")
	if k.noAutostart != "" {
		v.autostart.Disable()
		atLogin = k.noAutostart
	}
	looks := map[string]Look{lang.T("As the system"): LookSystem, lang.T("Light"): LookLight, lang.T("Dark"): LookDark}
	look := widget.NewSelect([]string{lang.T("As the system"), lang.T("Light"), lang.T("Dark")}, nil)
	for name, l := range looks {
		if l == v.s.Look() {
			look.SetSelected(name)
		}
	}
	look.OnChanged = func(chosen string) {
		v.s.SetLook(looks[chosen])
		v.do.look(looks[chosen])
	}
	login := checked(v.autostart, atLogin)
	login.Add(container.New(above(4), v.problem.root))
	return column(settingsGap, login, labelled(lang.T("Look"), look), labelled(lang.T("Language"), languageChoice(v.s, v.do.language)))
}
