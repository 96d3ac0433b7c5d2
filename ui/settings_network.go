package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
)

func (v *settingsView) layoutNetwork() fyne.CanvasObject {
	n := v.s.Network()
	v.caFile, v.proxy = widget.NewEntry(), widget.NewEntry()
	v.caFile.SetPlaceHolder("none")
	v.caFile.SetText(n.CAFile)
	v.proxy.SetPlaceHolder("the system's")
	v.proxy.SetText(n.Proxy)
	keep := func(string) { v.s.SetNetwork(v.network()) }
	v.caFile.OnChanged, v.proxy.OnChanged = keep, keep
	v.test = widget.NewButtonWithIcon("Test connection", theme.SearchIcon(), v.testConnection)
	return column(8,
		column(4, labelled("CA file", v.caFile),
			under(labelWidth, "Certificates (PEM) that your company's network needs, besides the system's.")),
		column(4, labelled("Proxy", v.proxy),
			under(labelWidth, "Such as http://proxy.example:3128, or direct for none. Both are used from the next sign-in or start on.")),
		row(0, roomy(v.test), layout.NewSpacer()), v.steps)
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
