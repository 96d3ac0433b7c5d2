package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/credential"
)

// The keys of the preferences. Fyne writes them in plain text and not
// atomically, so nothing secret and nothing precious is among them.
const (
	keyHub        = "hub"
	keyUser       = "user"
	keyStay       = "stay-signed-in"
	keyOpenAtOnce = "open-at-once"
	keyTone       = "tone"
)

// Settings are what the app remembers on this computer.
type Settings struct{ prefs fyne.Preferences }

// Account is whose sign-in was the last; empty before the first.
func (s Settings) Account() credential.Account {
	return credential.Account{Hub: s.prefs.String(keyHub), User: s.prefs.String(keyUser)}
}

// StaySignedIn tells whether the account's token is in the keyring.
func (s Settings) StaySignedIn() bool { return s.prefs.Bool(keyStay) }

// Remember keeps the account for the next start.
func (s Settings) Remember(account credential.Account, stay bool) {
	s.prefs.SetString(keyHub, account.Hub)
	s.prefs.SetString(keyUser, account.User)
	s.prefs.SetBool(keyStay, stay)
}

// OpenAtOnce tells whether the session opens by itself once a call is accepted.
func (s Settings) OpenAtOnce() bool { return s.prefs.BoolWithFallback(keyOpenAtOnce, true) }

// SetOpenAtOnce changes it.
func (s Settings) SetOpenAtOnce(on bool) { s.prefs.SetBool(keyOpenAtOnce, on) }

// Tone tells whether the bell sounds.
func (s Settings) Tone() bool { return s.prefs.BoolWithFallback(keyTone, true) }

// SetTone changes it.
func (s Settings) SetTone(on bool) { s.prefs.SetBool(keyTone, on) }

// settingsForm is the content of the settings dialog. What is changed holds at
// once.
func settingsForm(s Settings, toneChanged func(bool)) fyne.CanvasObject {
	open := widget.NewCheck("Open the session at once", s.SetOpenAtOnce)
	open.Checked = s.OpenAtOnce()
	tone := widget.NewCheck("Sound the bell", func(on bool) {
		s.SetTone(on)
		toneChanged(on)
	})
	tone.Checked = s.Tone()
	return column(0,
		open, under("When you accept a call, its session opens in your browser. Otherwise you press Open."),
		space(0, 12),
		tone, under("Calls still show on the screen when the bell is off."))
}

// under is the explanation below a check.
func under(words string) fyne.CanvasObject {
	const width = 300
	explanation := newText(words, textStyle{size: sizeCaption, color: colorMuted, lines: 3, width: width})
	return container.NewHBox(space(28, 0), container.New(fixedWidth(width), explanation))
}

// newSettingsDialog is the settings over a window.
func newSettingsDialog(s Settings, toneChanged func(bool), window fyne.Window) dialog.Dialog {
	return dialog.NewCustom("Settings", "Close", inset(4, 10, settingsForm(s, toneChanged)), window)
}
