package ui_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/ui"
)

// languageOf finds the choice of the language.
func languageOf(t *testing.T, w fyne.Window) *widget.Select {
	t.Helper()
	for _, o := range seen(w) {
		if s, ok := o.(*widget.Select); ok && slices.Contains(s.Options, "Italiano") {
			return s
		}
	}
	t.Fatalf("no language to choose in:\n%s", words(w))
	return nil
}

// TestLanguageOfTheSystem: without a choice the app speaks as the system does.
func TestLanguageOfTheSystem(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.locale = "de-AT"
		a.restart()
		wantWords(t, a.main(), lang.For("de").T("No calls"), lang.For("de").T("Last 24 hours"))
		a.locale = "ja-JP"
		a.restart()
		wantWords(t, a.main(), "No calls")
	})
}

// TestLanguage: the language that is chosen holds at once, in the window, the
// tray and the pop-up, and over a restart. A note that is being written stays.
func TestLanguage(t *testing.T) {
	italian := lang.For("it")
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.accepts(sessionLink)
		a.press("Finish")
		entryWith(t, a.main(), "Note (optional)").SetText("calls back")

		a.choose("Settings…")
		languageOf(t, a.main()).SetSelected("Italiano")
		a.fyne.settle()
		wantWords(t, a.main(), italian.T("Settings"), italian.T("Sound the bell"), "Italiano")
		press(t, a.main(), italian.T("Close"))
		a.fyne.settle()
		wantWords(t, a.main(), italian.T("In a call"), italian.T("Finish call"))
		if got := entryWith(t, a.main(), italian.T("Note (optional)")).Text; got != "calls back" {
			t.Errorf("the note is %q", got)
		}
		if menu := a.menuText(); !strings.Contains(menu, italian.T("In a call")+" · Anna Rossi") || !strings.Contains(menu, italian.T("Quit")) {
			t.Errorf("the tray says\n%s", menu)
		}

		a.restart()
		wantWords(t, a.main(), italian.T("No calls"))
		a.rings(aCall("c2", "Maria Bianchi"))
		wantWords(t, a.popup(), italian.T("Accept"), italian.T("Decline"))
		a.choose(italian.T("Settings…"))
		languageOf(t, a.main()).SetSelected("English")
		a.fyne.settle()
		wantWords(t, a.popup(), "Accept", "Decline", "Maria Bianchi")
	})
}

// TestLanguageWhileSigningIn: what was typed stays.
func TestLanguageWhileSigningIn(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.begin(ui.Start{})
		entries(a.main())[0].SetText("bell.example")
		a.choose("Settings…")
		languageOf(t, a.main()).SetSelected("Français")
		a.fyne.settle()
		wantWords(t, a.main(), lang.For("fr").T("Sign in to Deskbell"))
		if got := entries(a.main())[0].Text; got != "bell.example" {
			t.Errorf("the hub is %q", got)
		}
	})
}
