package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

func (v *settingsView) layoutComputer(k known) fyne.CanvasObject {
	v.autostart = widget.NewCheck("Start at login", nil)
	v.autostart.Checked = k.startsAtLogin
	v.autostart.OnChanged = func(on bool) {
		v.problem.say("")
		v.do.autostart(on, func(sentence string) {
			v.problem.say(sentence)
			v.autostart.Checked = !on
			v.autostart.Refresh()
		})
	}
	atLogin := "Deskbell starts in the tray when you log in."
	if k.noAutostart != "" {
		v.autostart.Disable()
		atLogin = k.noAutostart
	}
	looks := map[string]Look{"As the system": LookSystem, "Light": LookLight, "Dark": LookDark}
	look := widget.NewSelect([]string{"As the system", "Light", "Dark"}, nil)
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
	return column(settingsGap, login, labelled("Look", look))
}
