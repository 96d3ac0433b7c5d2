package ui

import (
	"encoding/json"

	fynelang "fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
)

// speak has the program speak the language that is set, or the system's.
func (a *App) speak() {
	wanted := a.settings.Language()
	if wanted == "" {
		wanted = a.opts.Locale
	}
	lang.Use(lang.For(wanted))
	a.rewordFyne()
}

// rewordFyne gives Fyne its own few words that our windows show: the menu of a
// text field. Fyne follows the system only, so they go under the system's name.
func (a *App) rewordFyne() {
	words := map[string]string{
		"Cut": lang.T("Cut"), "Copy": lang.T("Copy"), "Paste": lang.T("Paste"), "Select all": lang.T("Select all"),
		"Undo": lang.T("Undo"), "Redo": lang.T("Redo"),
	}
	data, err := json.Marshal(words)
	if err == nil {
		err = fynelang.AddTranslationsForLocale(data, fynelang.SystemLocale())
	}
	if err != nil {
		a.opts.Logger.Warn("the menu of text fields stays in the system's language", "err", err)
	}
}

// reword says everything anew in the language that is set now. What the person
// has typed stays.
func (a *App) reword() {
	a.speak()
	door, home := a.door, a.home
	a.layViews()
	a.door.takeOver(door)
	a.popup.reword()
	defer a.rewordQueue()
	a.tray.face = trayFace{} // so that the menu is made anew
	if a.inside == nil {
		a.showView(a.door.root)
		a.refresh()
		return
	}
	a.refresh()
	for _, k := range a.home.cards {
		if before := home.card(k.call.ID); before != nil {
			k.takeOver(before)
		}
	}
	a.home.showDay(a.atDay)
	a.showView(a.home.root)
}

// languageChoice lets the person choose the language by its own name.
func languageChoice(s Settings, changed func()) *widget.Select {
	names := []string{lang.T("As the system")}
	chosen := names[0]
	for _, l := range lang.Languages {
		names = append(names, l.Name)
		if l.Tag == s.Language() {
			chosen = l.Name
		}
	}
	choice := widget.NewSelect(names, nil)
	choice.SetSelected(chosen)
	choice.OnChanged = func(name string) {
		tag := ""
		for _, l := range lang.Languages {
			if l.Name == name {
				tag = l.Tag
			}
		}
		if tag != s.Language() {
			s.SetLanguage(tag)
			changed()
		}
	}
	return choice
}
