package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/lang"
)

func (v *settingsView) layoutNetwork() fyne.CanvasObject {
	n := v.s.Network()
	v.caFile, v.proxy = widget.NewEntry(), widget.NewEntry()
	v.caFile.SetPlaceHolder(lang.T("none"))
	v.caFile.SetText(n.CAFile)
	v.proxy.SetPlaceHolder(lang.T("the system's"))
	v.proxy.SetText(n.Proxy)
	v.apply = widget.NewButton(lang.T("Apply"), v.useNetwork)
	v.apply.Importance = widget.HighImportance
	v.apply.Disable()
	v.caFile.OnChanged, v.proxy.OnChanged = v.networkTyped, v.networkTyped
	v.caFile.OnSubmitted, v.proxy.OnSubmitted = func(string) { v.useNetwork() }, func(string) { v.useNetwork() }
	v.test = widget.NewButtonWithIcon(lang.T("Test connection"), theme.SearchIcon(), v.testConnection)
	v.applied = newText("", textStyle{size: sizeCaption, color: colorMuted})
	v.applied.Hide()
	return column(settingsGap,
		column(4, labelled(lang.T("CA file"), v.caFile),
			under(fieldIndent, lang.T("Certificates (PEM) that your company's network needs, besides the system's."))),
		column(4, labelled(lang.T("Proxy"), v.proxy),
			under(fieldIndent, lang.T("Such as http://proxy.example:3128, or direct for none. Apply connects anew; you stay signed in."))),
		container.New(above(0), v.networkProblem.root),
		column(4, row(8, roomy(v.test), layout.NewSpacer(), roomy(v.apply)), v.applied), v.steps)
}

// networkTyped says whether there is something to apply.
func (v *settingsView) networkTyped(string) {
	v.applied.Hide()
	if v.network() == v.s.Network() {
		v.networkProblem.say("")
		v.apply.Disable()
		return
	}
	v.apply.Enable()
}

// useNetwork has Deskbell go the way of the fields, if it can be gone; otherwise
// it goes on as before.
func (v *settingsView) useNetwork() {
	v.networkProblem.say("")
	v.apply.Disable()
	v.do.network(v.network(), func(problem string) {
		v.networkProblem.say(problem)
		v.networkTyped("")
		if problem == "" {
			v.applied.SetText(lang.T("Deskbell connects this way now."))
			v.applied.Show()
		}
	})
}

// closed applies what was typed: nothing that stands in a field is lost without
// a word.
func (v *settingsView) closed() {
	n := v.network()
	if n == v.s.Network() {
		return
	}
	v.do.network(n, func(problem string) {
		if problem != "" {
			v.do.say(lang.T("The network settings were not changed. %s", problem))
		}
	})
}

func (v *settingsView) network() agent.Network {
	return agent.Network{CAFile: strings.TrimSpace(v.caFile.Text), Proxy: strings.TrimSpace(v.proxy.Text)}
}

// testConnection tries the way to the hub and shows each step as it ends.
func (v *settingsView) testConnection() {
	v.test.Disable()
	v.steps.RemoveAll()
	v.do.testConnect(v.network(), func(s agent.Step) {
		v.steps.Add(stepRow(s))
	}, v.test.Enable)
}

// stepRow shows one step: what was tried, and what was found or is to be done.
func stepRow(s agent.Step) fyne.CanvasObject {
	icon := theme.NewColoredResource(theme.ConfirmIcon(), theme.ColorNameSuccess)
	switch s.Outcome {
	case agent.Failed:
		icon = theme.NewColoredResource(theme.ErrorIcon(), theme.ColorNameError)
	case agent.Skipped:
		icon = theme.NewColoredResource(theme.MediaSkipNextIcon(), colorMuted)
	}
	name := newText(strings.ToUpper(s.Name[:1])+s.Name[1:], textStyle{bold: true})
	words := newText(s.Sentence, textStyle{size: sizeCaption, color: colorMuted, lines: 6, width: settingsInner - 40})
	return container.NewBorder(nil, nil, column(0, newIcon(icon, 18)), nil, inset(6, 0, column(1, name, words)))
}
