package ui_test

import (
	"context"
	"image"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/ui"
)

// heldSetting is a setting of the app: how the person changes it, and what is
// otherwise after the next start.
type heldSetting struct {
	name   string
	keys   []string // what is kept of it; empty where the system keeps it
	change func(*appTest)
	effect func(*appTest) bool
}

func tap(box string) func(*appTest) {
	return func(a *appTest) { test.Tap(check(a.T, a.main(), box)) }
}

func choice(now, then string) func(*appTest) {
	return func(a *appTest) { selectOf(a.T, a.main(), now).SetSelected(then) }
}

// heldSettings are all settings of the app.
func heldSettings(file string) []heldSetting {
	return []heldSetting{
		{"who signs in", []string{"hub", "user", "stay-signed-in"}, func(*appTest) {}, func(a *appTest) bool {
			tokens := a.hub.tokens()
			return len(tokens) == 2 && tokens[1] == "token of anna" && a.hub.last().Hub == "https://bell.example"
		}},
		{"bell", []string{"tone"}, tap("Sound the bell"), func(a *appTest) bool {
			a.rings(aCall("c1", "Maria"))
			return a.popup().visible && !a.ringer.rings()
		}},
		{"tone", []string{"tone-name"}, choice("Chime", "Marimba"), func(a *appTest) bool {
			tone, _ := a.ringer.set()
			return tone == notify.ToneMarimba
		}},
		{"volume", []string{"volume"}, func(a *appTest) {
			for _, o := range seen(a.main()) {
				if s, ok := o.(*widget.Slider); ok {
					s.SetValue(35)
				}
			}
		}, func(a *appTest) bool {
			_, volume := a.ringer.set()
			return volume == 0.35
		}},
		{"beep in a call", []string{"soft-in-call"}, tap("Beep softly while I am in a call"), func(a *appTest) bool {
			own := aCall("c1", "Maria")
			a.accepts(sessionLink)
			a.fyne.pass(2 * time.Second)
			a.ringsBehind(own, aCall("c2", "Otto"))
			return len(a.native.Ringing()) == 1 && !a.ringer.rings()
		}},
		{"do-not-disturb", []string{"quiet-when-hidden"}, tap("Be quiet in do-not-disturb"), func(a *appTest) bool {
			a.rings(aCall("c1", "Maria"))
			a.fyne.pass(2 * time.Second)
			return a.popup().visible && !a.ringer.rings()
		}},
		{"place of the pop-up", []string{"popup-place"}, func(a *appTest) {
			a.desk.place = &image.Point{X: 420, Y: 200}
			a.rings(aCall("c1", "Maria"))
			a.fyne.pass(time.Second)
			a.desk.place = &image.Point{X: 10, Y: 20}
			a.fyne.pass(time.Second)
		}, func(a *appTest) bool {
			a.rings(aCall("c2", "Otto"))
			return len(a.desk.put) > 0 && a.desk.put[0] == image.Pt(10, 20)
		}},
		{"open at once", []string{"open-at-once"}, tap("Open the session at once"), func(a *appTest) bool {
			a.accepts(sessionLink)
			return len(a.desk.addresses()) == 0
		}},
		{"browser", []string{"browser-command"}, func(a *appTest) {
			entryWith(a.T, a.main(), "the system's browser").SetText("firefox --new-window")
		}, func(a *appTest) bool {
			a.accepts(sessionLink)
			return slices.Equal(a.desk.addresses(), []string{"firefox --new-window " + sessionLink})
		}},
		{"pause on lock", []string{"pause-on-lock"}, tap("Pause me when the screen is locked"), func(a *appTest) bool {
			a.lock(true)
			return slices.Equal(a.session.asked(), []string{pauseAsked})
		}},
		{"pause when idle", []string{"pause-after-idle-minutes"}, choice("Never", "After 15 minutes"), func(a *appTest) bool {
			a.leaves(14 * time.Minute)
			early := len(a.session.asked())
			a.leaves(16 * time.Minute)
			return early == 0 && slices.Equal(a.session.asked(), []string{pauseAsked})
		}},
		{"start at login", nil, tap("Start at login"), func(a *appTest) bool {
			a.choose("Settings…")
			return check(a.T, a.main(), "Start at login").Checked && a.autostart.(*fakeAutostart).on
		}},
		{"look", []string{"look"}, choice("As the system", "Dark"), func(a *appTest) bool {
			now := a.fyne.Settings().Theme().Color(theme.ColorNameBackground, theme.VariantLight)
			return now == ui.Theme{}.Color(theme.ColorNameBackground, theme.VariantDark)
		}},
		{"language", []string{"language"}, func(a *appTest) { languageOf(a.T, a.main()).SetSelected("Italiano") }, func(a *appTest) bool {
			return strings.Contains(words(a.main()), lang.For("it").T("No calls"))
		}},
		{"network", []string{"ca-file", "proxy"}, func(a *appTest) {
			entryWith(a.T, a.main(), caField).SetText(file)
			entryWith(a.T, a.main(), proxyField).SetText(goodProxy)
			a.press("Apply")
		}, func(a *appTest) bool {
			return a.hub.last().Network == agent.Network{CAFile: file, Proxy: goodProxy}
		}},
		{"detailed log", []string{"detailed-log"}, tap("Write a detailed log"), func(a *appTest) bool {
			return a.level.Level() == slog.LevelDebug
		}},
	}
}

// supervises has the one who is signed in be a supervisor.
func supervises(do func(*appTest)) func(*appTest) {
	return func(a *appTest) {
		a.floor(func(*agent.Floor) {})
		do(a)
	}
}

// inSettings changes a setting that only supervisors have.
func inSettings(change func(*appTest)) func(*appTest) {
	return supervises(func(a *appTest) {
		a.choose("Settings…")
		change(a)
	})
}

// untold tells whether an alert comes as no notice.
func untold(kind wire.AlertKind) func(*appTest) bool {
	return func(a *appTest) bool {
		a.alert(kind)
		return len(a.native.Notices()) == 0
	}
}

func (a *appTest) alert(kind wire.AlertKind) {
	a.hears(agent.Event{Kind: agent.Alerted, State: supervising(), Alert: wire.Alert{Kind: kind, Queue: "web"}})
}

// supervisorSettings are those that only supervisors have.
func supervisorSettings() []heldSetting {
	return []heldSetting{
		{"notice of a long wait", []string{"notice-waiting"}, inSettings(tap("When a call waits too long")), untold(wire.AlertWaiting)},
		{"notice of nobody", []string{"notice-nobody"}, inSettings(tap("When somebody waits and nobody is ready")), untold(wire.AlertNobody)},
		{"notice of a webhook", []string{"notice-payload"}, inSettings(tap("When a webhook could not be used")), untold(wire.AlertPayload)},
		{"quiet time", []string{"notice-quiet-minutes"}, inSettings(choice("5 minutes", "1 minute")), func(a *appTest) bool {
			a.alert(wire.AlertNobody)
			a.fyne.pass(2 * time.Minute)
			a.alert(wire.AlertNobody)
			return len(a.native.Notices()) == 2
		}},
		{"queue window", []string{"queue-size", "queue-filter-queue", "queue-filter-state", "queue-sorted-by", "queue-sorted-up"}, supervises(func(a *appTest) {
			a.choose("Queue…")
			a.queueWindow().Resize(fyne.NewSize(900, 640))
			a.filterQueue("web", "Waiting")
			a.pressQueue("Customer")
			a.pressQueue("Customer")
			a.fyne.pass(2 * time.Second)
		}), func(a *appTest) bool {
			a.floor(func(*agent.Floor) {})
			a.choose("Queue…")
			w := a.queueWindow()
			return w.Canvas().Size() == fyne.NewSize(900, 640) && strings.Contains(words(w), "2 of 4") &&
				slices.Equal(order(w, "Maria", "Maximiliane"), []string{"Maximiliane", "Maria"})
		}},
	}
}

// TestSettingsHold goes over every setting: what the person changes does what it
// says after the next start of the program, too, and is otherwise before.
func TestSettingsHold(t *testing.T) {
	all := append(heldSettings(authorityFile(t)), supervisorSettings()...)
	for _, s := range all {
		for _, changed := range []bool{false, true} {
			if s.name == "who signs in" && !changed {
				continue // is changed by who begins the test
			}
			t.Run(s.name, func(t *testing.T) {
				withApp(t, func(a *appTest) {
					a.hides = func(context.Context) (bool, error) { return true, nil }
					a.autostart = &fakeAutostart{}
					a.stop()
					a.start()
					a.signedIn()
					a.choose("Settings…")
					if changed {
						s.change(a)
						a.fyne.settle()
					}
					a.press(lang.T("Close"))
					a.restartAfresh()
					if got := s.effect(a); got != changed {
						t.Errorf("changed: %v, and the effect is there: %v", changed, got)
					}
				})
			})
		}
	}
	wantEveryKey(t, all)
}

// restartAfresh starts the program anew, with nothing left of the last run but
// what is kept.
func (a *appTest) restartAfresh() {
	a.ringer, a.desk = &fakeRinger{}, &fakeDesktop{tray: true}
	a.level = new(slog.LevelVar)
	if s := a.fyne.Settings(); s.Theme() != (ui.Theme{}) {
		s.SetTheme(ui.Theme{})
	}
	a.restart()
}

// wantEveryKey checks that the table has all that the app keeps.
func wantEveryKey(t *testing.T, all []heldSetting) {
	t.Helper()
	source, err := os.ReadFile("settings.go")
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, s := range all {
		have = append(have, s.keys...)
	}
	keys := regexp.MustCompile(`(?m)^\tkey\w+ += "([^"]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(keys) != len(have) {
		t.Errorf("the app keeps %d values and the table has %d", len(keys), len(have))
	}
	for _, key := range keys {
		if !slices.Contains(have, key[1]) {
			t.Errorf("the setting %q is not in the table", key[1])
		}
	}
}
