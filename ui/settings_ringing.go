package ui

import (
	"fmt"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/notify"
)

func (v *settingsView) layoutRinging(signedIn bool) fyne.CanvasObject {
	on := v.bellCheck(lang.T("Sound the bell"), v.s.Tone(), v.s.SetTone)
	soft := v.bellCheck(lang.T("Beep softly while I am in a call"), v.s.SoftInCall(), v.s.SetSoftInCall)
	hush := v.bellCheck(lang.T("Be quiet in do-not-disturb"), v.s.QuietWhenHidden(), v.s.SetQuietWhenHidden)
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
	say := func(value float64) { percent.SetText(fmt.Sprintf("%.0f %%", value)) }
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
	return column(settingsGap,
		checked(on, lang.T("Calls still show on the screen when the bell is off.")),
		labelled(lang.T("Tone"), tone),
		labelled(lang.T("Volume"), container.NewBorder(nil, nil, nil, centerY(container.New(fixedWidth(48), percent)), volume)),
		checked(soft, lang.T("Otherwise the bell is silent then. No window opens over your session: press Show to see who calls.")),
		checked(hush, lang.T("While the system hides notifications, calls show in the pop-up and make no sound.")),
		v.layoutPopup(),
		column(4, row(0, roomy(test), layout.NewSpacer()),
			under(0, lang.T("A ring through the hub, without a customer. It tells where it showed and what hides it."))))
}

// bellCheck is a choice of when the bell rings.
func (v *settingsView) bellCheck(words string, now bool, keep func(bool)) *widget.Check {
	check := widget.NewCheck(words, func(on bool) {
		keep(on)
		v.do.bell()
	})
	check.Checked = now
	return check
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

// layoutPopup is for somebody who moved the pop-up and wants it back.
func (v *settingsView) layoutPopup() fyne.CanvasObject {
	center := widget.NewButton(lang.T("Show in the middle"), nil)
	center.OnTapped = func() {
		v.s.ForgetPopupPlace()
		v.do.centerPopup()
		center.Disable()
	}
	if _, moved := v.s.PopupPlace(); !moved {
		center.Disable()
	}
	return column(4, labelled("Pop-up", row(0, roomy(center), layout.NewSpacer())),
		under(fieldIndent, lang.T("It comes up where you moved it last.")))
}
