package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/notify"
)

// testWait is how long a test ring is watched before its report.
const testWait = 3 * time.Second

// testRing is a test of the whole way of a call under way: what rings, on which
// surfaces, and what hides it.
type testRing struct {
	began time.Time
	call  string // its id, once the hub has sent it
	came  time.Time
	shown map[onSurface]time.Time
	fails map[onSurface]error
	sound agent.Step
	hides agent.Step
	tray  agent.Step
}

// onSurface is a call on a surface. What a surface tells may come before the
// main goroutine knows which call the test ring is.
type onSurface struct{ call, surface string }

// testRing rings this agent through the hub and reports what came of it.
func (a *App) testRing() {
	in := a.inside
	if in == nil {
		return // the door is open behind the settings: there is nobody to ring
	}
	if a.test != nil {
		return
	}
	t := &testRing{began: time.Now(), shown: map[onSurface]time.Time{}, fails: map[onSurface]error{}}
	a.test = t
	a.closeDialog()
	a.background(answerPatience, func(ctx context.Context) func() {
		t := a.examine(ctx)
		err := in.session.TestRing(ctx)
		return func() {
			if a.test == nil {
				return
			}
			a.test.sound, a.test.hides, a.test.tray = t.sound, t.hides, t.tray
			if err != nil {
				a.test = nil
				a.say(lang.T("The test ring failed.") + " " + sentenceOf(err))
				return
			}
			a.background(testWait+answerPatience, func(ctx context.Context) func() {
				select {
				case <-time.After(testWait):
				case <-ctx.Done():
				}
				return a.reportTest
			})
		}
	})
}

// examine asks the system what a ring can't find out: whether there is sound,
// whether notifications are hidden, and whether there is a tray.
func (a *App) examine(ctx context.Context) (t testRing) {
	t.sound = a.examineSound(ctx)
	t.hides = agent.Step{Name: lang.Mark("Do not disturb"), Outcome: agent.OK, Sentence: lang.T("Notifications are not hidden by the system.")}
	switch hidden, err := a.notificationsHidden(ctx); {
	case err != nil:
		t.hides.Outcome, t.hides.Sentence = agent.Skipped, lang.T("The system does not say whether it hides notifications.")
	case hidden:
		t.hides.Outcome, t.hides.Sentence = agent.Failed, lang.T("The system hides notifications now: switch off do-not-disturb, or answer in the Deskbell window.")
		if t.sound.Outcome == agent.OK && a.settings.QuietWhenHidden() {
			t.sound.Outcome, t.sound.Sentence = agent.Skipped, lang.T("The bell is silent while the system hides notifications, as the settings say.")
		}
	}
	t.tray = agent.Step{Name: lang.Mark("Tray"), Outcome: agent.OK, Sentence: lang.T("The tray shows Deskbell's icon.")}
	if !a.opts.Desktop.HasTray() {
		t.tray.Outcome, t.tray.Sentence = agent.Failed, lang.T("This desktop shows no tray icons. On GNOME, install the AppIndicator extension.")
	}
	return t
}

func (a *App) examineSound(ctx context.Context) agent.Step {
	s := agent.Step{Name: lang.Mark("Sound"), Outcome: agent.OK, Sentence: lang.T("The bell sounds on this computer's sound device.")}
	v, ok := a.opts.Ringer.(notify.Voice)
	switch {
	case !a.settings.Tone():
		s.Outcome, s.Sentence = agent.Skipped, lang.T("The bell is off in the settings.")
	case a.settings.Volume() == 0:
		s.Outcome, s.Sentence = agent.Failed, lang.T("The volume is 0 in the settings: turn it up to hear calls.")
	case ok:
		if err := v.Sounding(ctx); err != nil {
			s.Outcome, s.Sentence, s.Cause = agent.Failed, lang.Sentence(err), err
		}
	}
	return s
}

// testHeard notes that the hub's test ring has come.
func (a *App) testHeard(e agent.Event) {
	if t := a.test; t != nil && e.Kind == agent.Rang && e.Offer.Call.Test {
		t.call, t.came = e.Offer.Call.ID, e.Offer.Came
	}
}

// testSurfaced notes what a surface tells while a test rings.
func (a *App) testSurfaced(e notify.Event, at time.Time) {
	if a.test == nil {
		return
	}
	on := onSurface{e.Call, e.Surface}
	switch e.Kind {
	case notify.Shown:
		if a.test.shown[on].IsZero() {
			a.test.shown[on] = at
		}
	case notify.Failed:
		a.test.fails[on] = e.Err
	}
}

// reportTest shows what came of the test ring.
func (a *App) reportTest() {
	t := a.test
	a.test = nil
	if t == nil || a.inside == nil {
		return
	}
	hub := agent.Step{Name: lang.Mark("Hub"), Outcome: agent.OK, Sentence: lang.T("The hub rang this computer.")}
	if t.call == "" {
		hub.Outcome, hub.Sentence = agent.Failed, lang.T("The hub did not ring. Test the connection in the settings.")
	} else {
		hub.Sentence = lang.T("The hub rang this computer after %d ms.", t.came.Sub(t.began).Milliseconds())
	}
	popup := t.surface(notify.Window, lang.Mark("Pop-up"))
	if popup.Outcome == agent.Failed && popup.Cause == nil && len(a.inside.state.Calls) > 0 {
		popup.Outcome, popup.Sentence = agent.Skipped, lang.T("It stays away while you are in a call.")
	}
	report := column(10)
	for _, s := range []agent.Step{hub, t.surface(notify.Native, lang.Mark("Notification")), popup, t.sound, t.hides, t.tray} {
		report.Add(stepRow(s))
	}
	a.Raise()
	a.showDialog(dialog.NewCustom(lang.T("Test ring"), lang.T("Close"), inset(4, 10, container.New(fixedWidth(settingsInner), report)), a.window))
}

// surface tells whether a surface showed the test ring.
func (t *testRing) surface(surface, name string) agent.Step {
	s := agent.Step{Name: name, Outcome: agent.Failed, Sentence: lang.T("It was not shown here.")}
	on := onSurface{t.call, surface}
	if at := t.shown[on]; !at.IsZero() {
		s.Outcome, s.Sentence = agent.OK, lang.T("Shown after %d ms.", max(0, at.Sub(t.came).Milliseconds()))
	} else if err := t.fails[on]; err != nil {
		s.Sentence, s.Cause = lang.Sentence(err), err
	}
	return s
}
