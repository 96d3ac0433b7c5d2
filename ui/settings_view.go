package ui

import (
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/notify"
)

const (
	settingsWidth  = 400
	settingsHeight = 460
	settingsInner  = settingsWidth - 24
	labelWidth     = 84 // of a setting's name
	checkWidth     = 30 // of a check box without its words
)

// settingsActions are what the settings do besides keeping what was chosen.
type settingsActions struct {
	toneOn      func(bool)
	sound       func() // tone or volume have changed
	hear        func() // lets the bell be heard for a moment
	look        func(Look)
	language    func()
	autostart   func(on bool, failed func(sentence string))
	testRing    func()
	testConnect func(agent.Network, func(agent.Step), func())
	copy        func()
}

// known is what the settings need to know of the moment.
type known struct {
	signedIn      bool
	startsAtLogin bool
	noAutostart   string // why that can't be changed; empty if it can
	noScreen      string // why nobody knows whether the screen is locked
}

// settingsView is the content of the settings dialog. What is changed holds at
// once, unless it says otherwise.
type settingsView struct {
	root fyne.CanvasObject
	s    Settings
	do   settingsActions

	autostart *widget.Check
	problem   *strip
	caFile    *widget.Entry
	proxy     *widget.Entry
	test      *widget.Button
	steps     *fyne.Container
}

func newSettingsView(s Settings, do settingsActions, k known) *settingsView {
	v := &settingsView{s: s, do: do, steps: column(6),
		problem: newStrip(colorAlert, theme.ColorNameError, theme.ErrorIcon(), settingsInner)}
	parts := []fyne.CanvasObject{
		container.New(above(4), v.problem.root),
		heading(lang.T("Ringing")), v.layoutRinging(k.signedIn), space(0, 18),
		heading(lang.T("Calls")), v.layoutCalls(), space(0, 18),
		heading(lang.T("This computer")), v.layoutComputer(k), space(0, 18),
		heading(lang.T("Connection")), v.layoutNetwork(), space(0, 18),
		heading(lang.T("Help")), v.layoutHelp(),
	}
	scroll := container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 8, 8, 16), column(0, parts...)))
	scroll.SetMinSize(fyne.NewSize(settingsWidth, settingsHeight))
	v.root = scroll
	return v
}

func (v *settingsView) layoutRinging(signedIn bool) fyne.CanvasObject {
	on := widget.NewCheck(lang.T("Sound the bell"), func(on bool) {
		v.s.SetTone(on)
		v.do.toneOn(on)
	})
	on.Checked = v.s.Tone()
	tones := make([]string, len(notify.Tones))
	for i, t := range notify.Tones {
		tones[i] = toneName(t)
	}
	tone := widget.NewSelect(tones, nil)
	tone.SetSelected(toneName(v.s.ToneName()))
	tone.OnChanged = func(chosen string) {
		for _, t := range notify.Tones {
			if toneName(t) == chosen {
				v.s.SetToneName(t)
			}
		}
		v.do.sound()
		v.do.hear()
	}
	percent := newText("", textStyle{color: colorMuted, whole: true})
	volume := widget.NewSlider(0, 100)
	volume.Step = 5
	say := func(value float64) { percent.SetText(lang.T("%.0f %%", value)) }
	volume.Value = math.Round(v.s.Volume() * 100)
	say(volume.Value)
	volume.OnChanged = func(value float64) {
		say(value)
		v.s.SetVolume(value / 100)
		v.do.sound()
	}
	volume.OnChangeEnded = func(float64) { v.do.hear() }
	test := widget.NewButtonWithIcon(lang.T("Test ring"), theme.MediaPlayIcon(), v.do.testRing)
	if !signedIn {
		test.Disable() // there is nobody to ring
	}
	return column(8,
		column(0, on, under(checkWidth, lang.T("Calls still show on the screen when the bell is off."))),
		labelled(lang.T("Tone"), tone),
		labelled(lang.T("Volume"), container.NewBorder(nil, nil, nil, centerY(container.New(fixedWidth(48), percent)), volume)),
		column(4, row(0, roomy(test), layout.NewSpacer()),
			under(0, lang.T("A ring through the hub, without a customer. It tells where it showed and what hides it."))))
}

// toneName is a tone for people.
func toneName(t notify.Tone) string {
	switch t {
	case notify.ToneBell:
		return lang.T("Bell")
	case notify.ToneMarimba:
		return lang.T("Marimba")
	default:
		return lang.T("Chime")
	}
}

func (v *settingsView) layoutCalls() fyne.CanvasObject {
	open := widget.NewCheck(lang.T("Open the session at once"), v.s.SetOpenAtOnce)
	open.Checked = v.s.OpenAtOnce()
	browser := widget.NewEntry()
	browser.SetPlaceHolder(lang.T("the system's browser"))
	browser.SetText(v.s.Browser())
	browser.OnChanged = func(command string) { v.s.SetBrowser(strings.TrimSpace(command)) }
	return column(8,
		column(0, open, under(checkWidth, lang.T("When you accept a call, its session opens in your browser. Otherwise you press Open."))),
		column(4, labelled(lang.T("Browser"), browser),
			under(labelWidth, lang.T("A command such as firefox --new-window. The session's address comes last, or where you write {link}."))))
}

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
	lock := widget.NewCheck(lang.T("Pause me when the screen is locked"), v.s.SetPauseOnLock)
	lock.Checked = v.s.PauseOnLock()
	atLock := lang.T("You press Ready when you are back. Who calls is never shown on a locked screen.")
	if k.noScreen != "" {
		lock.Disable()
		atLock = k.noScreen
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
	return column(8, column(0, v.autostart, under(checkWidth, atLogin)), column(0, lock, under(checkWidth, atLock)),
		labelled(lang.T("Look"), look), labelled(lang.T("Language"), languageChoice(v.s, v.do.language)))
}

func (v *settingsView) layoutNetwork() fyne.CanvasObject {
	n := v.s.Network()
	v.caFile, v.proxy = widget.NewEntry(), widget.NewEntry()
	v.caFile.SetPlaceHolder(lang.T("none"))
	v.caFile.SetText(n.CAFile)
	v.proxy.SetPlaceHolder(lang.T("the system's"))
	v.proxy.SetText(n.Proxy)
	keep := func(string) { v.s.SetNetwork(v.network()) }
	v.caFile.OnChanged, v.proxy.OnChanged = keep, keep
	v.test = widget.NewButtonWithIcon(lang.T("Test connection"), theme.SearchIcon(), v.testConnection)
	return column(8,
		column(4, labelled(lang.T("CA file"), v.caFile),
			under(labelWidth, lang.T("Certificates (PEM) that your company's network needs, besides the system's."))),
		column(4, labelled(lang.T("Proxy"), v.proxy),
			under(labelWidth, lang.T("Such as http://proxy.example:3128, or direct for none. Both are used from the next sign-in or start on."))),
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
	name := newText(s.Title(), textStyle{bold: true})
	words := newText(s.Sentence, textStyle{size: sizeCaption, color: colorMuted, lines: 6, width: settingsInner - 40})
	return container.NewBorder(nil, nil, column(0, newIcon(icon, 18)), nil, inset(6, 0, column(1, name, words)))
}

func (v *settingsView) layoutHelp() fyne.CanvasObject {
	diagnostics := widget.NewButtonWithIcon(lang.T("Copy diagnostics"), theme.ContentCopyIcon(), v.do.copy)
	return column(4, row(0, roomy(diagnostics), layout.NewSpacer()),
		under(0, lang.T("What your administrator needs to help: versions, settings, the state of the connection. No password, token or link.")))
}

// heading is the title of a group of settings.
func heading(words string) fyne.CanvasObject {
	return inset(0, 6, newText(words, textStyle{size: sizeTitle, bold: true}))
}

// labelled is a setting with its name at the left.
func labelled(name string, o fyne.CanvasObject) fyne.CanvasObject {
	label := container.New(fixedWidth(labelWidth), newText(name, textStyle{}))
	return container.NewBorder(nil, nil, centerY(label), nil, o)
}

// under is the explanation below a setting, in line with what it explains.
func under(indent float32, words string) fyne.CanvasObject {
	width := settingsInner - indent
	explanation := newText(words, textStyle{size: sizeCaption, color: colorMuted, lines: 4, width: width})
	return container.New(layout.NewCustomPaddedLayout(0, 0, indent, 0), container.New(fixedWidth(width), explanation))
}

// newSettingsDialog is the settings over a window.
func newSettingsDialog(v *settingsView, window fyne.Window) dialog.Dialog {
	return dialog.NewCustom(lang.T("Settings"), lang.T("Close"), v.root, window)
}
