package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/lang"
)

const (
	settingsWidth  = 400
	settingsHeight = 460
	settingsInner  = settingsWidth - 24
	settingsGap    = 12             // between two settings
	labelWidth     = 84             // of a setting's name
	fieldIndent    = labelWidth + 4 // where what is beside a name begins
	checkInset     = 8              // the room to the left of a check box
	checkIndent    = 22             // where its words begin, without that room
)

// settingsActions are what the settings do besides keeping what was chosen.
type settingsActions struct {
	bell        func() // when it rings has changed
	sound       func() // tone or volume have changed
	hear        func() // lets the bell be heard for a moment
	look        func(Look)
	language    func()
	autostart   func(on bool, failed func(sentence string))
	testRing    func()
	testConnect func(agent.Network, func(agent.Step), func())
	network     func(n agent.Network, done func(problem string)) // uses it, if it can be used
	logging     func()                                           // how much is logged has changed
	say         func(problem string)                             // in the main window
	copy        func()
	centerPopup func()
}

// known is what the settings need to know of the moment.
type known struct {
	signedIn      bool
	supervises    bool
	startsAtLogin bool
	noAutostart   string // why that can't be changed; empty if it can
	noScreen      string // why nobody knows whether the screen is locked
	noIdle        string // why nobody knows whether somebody sits before it
}

// settingsView is the content of the settings dialog. What is changed holds at
// once, unless it says otherwise.
type settingsView struct {
	root fyne.CanvasObject
	s    Settings
	do   settingsActions

	autostart *widget.Check
	problem   *strip // of autostart

	caFile, proxy  *widget.Entry
	networkProblem *strip
	apply, test    *widget.Button
	applied        *text
	steps          *fyne.Container
}

func newSettingsView(s Settings, do settingsActions, k known) *settingsView {
	v := &settingsView{s: s, do: do, steps: column(6),
		problem:        newStrip(colorAlert, theme.ColorNameError, theme.ErrorIcon(), settingsInner),
		networkProblem: newStrip(colorAlert, theme.ColorNameError, theme.ErrorIcon(), settingsInner)}
	parts := []fyne.CanvasObject{
		heading(lang.T("Incoming calls")), v.layoutRinging(k.signedIn), space(0, 18),
	}
	if k.supervises {
		parts = append(parts, heading(lang.T("Queue notices")), v.layoutNotices(), space(0, 18))
	}
	parts = append(parts,
		heading(lang.T("Calls")), v.layoutCalls(), space(0, 18),
		heading(lang.T("Presence")), v.layoutPresence(k), space(0, 18),
		heading(lang.T("This computer")), v.layoutComputer(k), space(0, 18),
		heading(lang.T("Connection")), v.layoutNetwork(), space(0, 18),
		heading(lang.T("Help")), v.layoutHelp())
	scroll := container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 8, 8, 16), column(0, parts...)))
	scroll.SetMinSize(fyne.NewSize(settingsWidth, settingsHeight))
	v.root = scroll
	return v
}

// heading is the title of a group of settings.
func heading(words string) fyne.CanvasObject {
	return inset(0, 6, newText(words, textStyle{size: sizeTitle, bold: true}))
}

// checked is a check box in line with what stands above and below it, and its
// explanation in line with its words.
func checked(check *widget.Check, words string) *fyne.Container {
	box := container.New(layout.NewCustomPaddedLayout(0, 0, -checkInset, 0), check)
	return column(0, box, under(checkIndent, words))
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
	d := dialog.NewCustom(lang.T("Settings"), lang.T("Close"), v.root, window)
	d.SetOnClosed(v.closed)
	return d
}
