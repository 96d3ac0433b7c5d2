package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
)

// idleWords are idleLimits for people.
func idleWords() (words []string) {
	for _, limit := range idleLimits {
		if limit == 0 {
			words = append(words, lang.T("Never"))
			continue
		}
		words = append(words, lang.T("After %d minutes", int(limit.Minutes())))
	}
	return words
}

func (v *settingsView) layoutPresence(k known) fyne.CanvasObject {
	lock := widget.NewCheck(lang.T("Pause me when the screen is locked"), v.s.SetPauseOnLock)
	lock.Checked = v.s.PauseOnLock()
	atLock := lang.T("You press Ready when you are back. Who calls is never shown on a locked screen.")
	if k.noScreen != "" {
		lock.Disable()
		atLock = k.noScreen
	}
	return column(settingsGap, checked(lock, atLock), v.layoutIdle(k))
}

func (v *settingsView) layoutIdle(k known) fyne.CanvasObject {
	idle := widget.NewSelect(idleWords(), nil)
	for i, limit := range idleLimits {
		if limit == v.s.PauseWhenIdle() {
			idle.SetSelectedIndex(i)
		}
	}
	idle.OnChanged = func(string) { v.s.SetPauseWhenIdle(idleLimits[idle.SelectedIndex()]) }
	whenIdle := lang.T("Pauses you when nobody has touched mouse and keyboard for so long and you are in no call. You press Ready when you are back.")
	if k.noIdle != "" {
		idle.Disable()
		whenIdle = k.noIdle
	}
	return column(4, labelled(lang.T("When idle"), idle), under(fieldIndent, whenIdle))
}
