package ui_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/ui"
)

// fakeAutostart is the system's entry, which may fail.
type fakeAutostart struct {
	on   bool
	fail error
}

func (f *fakeAutostart) Enabled() (bool, error) { return f.on, nil }

func (f *fakeAutostart) Set(on bool) error {
	if f.fail == nil {
		f.on = on
	}
	return f.fail
}

// selectOf finds the choice that shows a text.
func selectOf(t *testing.T, w fyne.Window, shown string) *widget.Select {
	t.Helper()
	for _, o := range seen(w) {
		if s, ok := o.(*widget.Select); ok && s.Selected == shown {
			return s
		}
	}
	t.Fatalf("no choice shows %q in:\n%s", shown, words(w))
	return nil
}

// entryWith finds the text field with a placeholder.
func entryWith(t *testing.T, w fyne.Window, placeholder string) *widget.Entry {
	t.Helper()
	for _, e := range entries(w) {
		if e.PlaceHolder == placeholder {
			return e
		}
	}
	t.Fatalf("there is no field %q", placeholder)
	return nil
}

// restart ends the app and starts it anew, with the settings that were kept.
func (a *appTest) restart() {
	a.stop()
	a.start()
	a.begin(ui.Start{})
	a.hears(agent.Event{Kind: agent.Changed, State: online()})
}

// TestSettingsOfTheSound: tone and volume are heard at once, and hold over a
// restart.
func TestSettingsOfTheSound(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		if tone, volume := a.ringer.set(); tone != notify.ToneChime || volume != 0.8 {
			t.Errorf("at first %s at %v", tone, volume)
		}
		a.choose("Settings…")
		selectOf(t, a.main(), "Chime").SetSelected("Marimba")
		a.fyne.settle()
		if !a.ringer.rings() {
			t.Error("the new tone is not heard")
		}
		a.fyne.pass(2 * time.Second)
		if a.ringer.rings() {
			t.Error("it is heard for ever")
		}
		for _, o := range seen(a.main()) {
			if s, ok := o.(*widget.Slider); ok {
				s.SetValue(35)
			}
		}
		a.fyne.settle()
		wantWords(t, a.main(), "35 %")
		a.restart()
		if tone, volume := a.ringer.set(); tone != notify.ToneMarimba || volume != 0.35 {
			t.Errorf("after a restart %s at %v", tone, volume)
		}
	})
}

func TestSettingsOfTheLook(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.choose("Settings…")
		selectOf(t, a.main(), "As the system").SetSelected("Dark")
		ground := func() any {
			return a.fyne.Settings().Theme().Color(theme.ColorNameBackground, theme.VariantLight)
		}
		dark := ui.Theme{}.Color(theme.ColorNameBackground, theme.VariantDark)
		if ground() != dark {
			t.Error("it is not dark")
		}
		a.restart()
		if ground() != dark {
			t.Error("it is not dark after a restart")
		}
	})
}

func TestSettingsOfTheBrowser(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.choose("Settings…")
		entryWith(t, a.main(), "the system's browser").SetText(" firefox --new-window ")
		a.press("Close")
		a.restart()
		a.accepts(sessionLink)
		if got := a.desk.addresses(); !slices.Equal(got, []string{"firefox --new-window " + sessionLink}) {
			t.Errorf("opened %q", got)
		}
	})
}

func TestSettingsOfTheLogin(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.choose("Settings…")
		if !check(t, a.main(), "Start at login").Disabled() {
			t.Error("it can be chosen where the system has no such thing")
		}
		entry := &fakeAutostart{}
		a.autostart = entry
		a.restart()
		a.choose("Settings…")
		test.Tap(check(t, a.main(), "Start at login"))
		a.fyne.settle()
		if !entry.on {
			t.Error("the system was not told")
		}
		entry.fail = errors.New("start at login stays as it was: the folder is not writable")
		test.Tap(check(t, a.main(), "Start at login"))
		a.fyne.settle()
		wantWords(t, a.main(), "Start at login stays as it was: the folder is not writable.")
		if !check(t, a.main(), "Start at login").Checked {
			t.Error("the box says what is not so")
		}
	})
}

// TestDiagnostics: they have what helps, and no secret.
func TestDiagnostics(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.rings(aCall("c1", "Maria Bianchi"))
		a.choose("Settings…")
		a.press("Copy diagnostics")
		got := a.fyne.Clipboard().Content()
		for _, want := range []string{"hub: https://bell.example", "connection: online", "presence: ready", "tone chime", "calls that ring: 1"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is not in:\n%s", want, got)
			}
		}
		for _, secret := range []string{a.kept(), "Maria", sessionLink} {
			if strings.Contains(got, secret) {
				t.Errorf("%q is in:\n%s", secret, got)
			}
		}
	})
}

// TestTestRing: it goes through the hub and reports each surface.
func TestTestRing(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.ringer.silent = notify.ErrNoDevice
		a.choose("Settings…")
		a.press("Test ring")
		if got := a.session.asked(); !slices.Equal(got, []string{"test ring"}) {
			t.Fatalf("the hub was asked %q", got)
		}
		c := wire.Call{ID: "t1", Queue: "test", State: call.Ringing, Customer: call.Customer{Name: "Test ring"}, Test: true}
		o := offerOf(c, 0)
		a.hears(agent.Event{Kind: agent.Rang, Offer: o, State: online(o)})
		wantWords(t, a.popup(), "Test ring", "Nobody waits: this is a test.")
		a.native.Press("t1", notify.Shown)
		a.fyne.settle()
		a.fyne.pass(4 * time.Second)
		wantWords(t, a.main(), "The hub rang this computer after", "Notification", "Shown after", "Pop-up", "There is no sound device", "Tray")
		a.hears(agent.Event{Kind: agent.Stopped, Call: c, Reason: wire.ReasonLapsed, State: online()})
		wantNoWords(t, a.main(), "missed call")
	})
}

// TestTestRingThatDoesNotCome says so.
func TestTestRingThatDoesNotCome(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.desk.tray = false
		a.choose("Settings…")
		a.press("Test ring")
		a.fyne.pass(4 * time.Second)
		wantWords(t, a.main(), "The hub did not ring", "It was not shown here.", "This desktop shows no tray icons")
		a.press("Close")
		a.session.refuse(&agent.Error{Sentence: "There is no connection to the hub."})
		a.choose("Settings…")
		a.press("Test ring")
		wantWords(t, a.main(), "The test ring failed. There is no connection to the hub.")
	})
}
