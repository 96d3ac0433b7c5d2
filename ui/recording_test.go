package ui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/ui"
)

// mayRecord signs in an agent with a call that can be recorded.
func (a *appTest) mayRecord() wire.Call {
	a.Helper()
	c := a.inACall()
	c.MayRecord = true
	a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
	return c
}

// records is the call with a recording that has just begun.
func records(c wire.Call) wire.Call {
	c.Recordings = append(slices.Clone(c.Recordings), wire.Recording{ID: fmt.Sprint("r", len(c.Recordings)), Started: wire.At(time.Now()), By: "anna"})
	return c
}

// stopsRecording is the call with its last recording at an end.
func stopsRecording(c wire.Call) wire.Call {
	c.Recordings = slices.Clone(c.Recordings)
	c.Recordings[len(c.Recordings)-1].Stopped = wire.At(time.Now())
	return c
}

// holds has the hub take its time, until the returned function is called.
func (a *appTest) holds() (answer func()) {
	hold := make(chan struct{})
	a.session.mu.Lock()
	a.session.hold = hold
	a.session.mu.Unlock()
	return func() {
		close(hold)
		a.session.mu.Lock()
		a.session.hold = nil
		a.session.mu.Unlock()
		a.fyne.settle()
	}
}

// recordRequests are those for recordings.
func (a *appTest) recordRequests() (asked []string) {
	for _, r := range a.session.asked() {
		if strings.HasPrefix(r, "record ") {
			asked = append(asked, r)
		}
	}
	return asked
}

func (a *appTest) wantRecordRequests(want ...string) {
	a.Helper()
	if got := a.recordRequests(); !slices.Equal(got, want) {
		a.Errorf("the hub was asked %q, want %q", got, want)
	}
}

func TestRecordOnlyWhereTheHubWould(t *testing.T) {
	withApp(t, func(a *appTest) {
		c := a.inACall()
		wantWords(t, a.main(), "Open", "Copy", "Finish")
		wantNoWords(t, a.main(), "Record")
		c.MayRecord = true
		a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
		wantWords(t, a.main(), "Record", "Not being recorded")
		c.Test = true
		a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
		wantNoWords(t, a.main(), "Record", "Not being recorded")
		c.Test, c.MayRecord = false, false
		a.hears(agent.Event{Kind: agent.Changed, State: busy(records(c))})
		wantWords(t, a.main(), "Recording 0:00") // who can't stop it sees it all the same
		if findButton(a.main(), "Stop recording") != nil {
			t.Error("what the hub would refuse is offered")
		}
	})
}

func TestRecordAndStop(t *testing.T) {
	withApp(t, func(a *appTest) {
		c := a.mayRecord()
		answer := a.holds()
		a.press("Record")
		b := button(t, a.main(), "Record")
		if !b.Disabled() {
			t.Error("it can be pressed again while its request is on the way")
		}
		test.Tap(b)
		b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		a.fyne.settle()
		a.wantRecordRequests("record c1 true")

		c = records(c)
		a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
		if !button(t, a.main(), "Stop recording").Disabled() {
			t.Error("it can be pressed before the hub has answered")
		}
		answer()
		wantWords(t, a.main(), "Recording 0:00", sessionLink)
		a.press("Stop recording")
		a.wantRecordRequests("record c1 true", "record c1 false")
		a.fyne.pass(5 * time.Second)
		a.hears(agent.Event{Kind: agent.Changed, State: busy(stopsRecording(c))})
		wantWords(t, a.main(), "Record", "Recorded, 0:05")
		wantNoWords(t, a.main(), "Recording", "Stop recording")
	})
}

// TestRecordMovesNoButton: what is below the pointer when it presses is there
// when it presses again.
func TestRecordMovesNoButton(t *testing.T) {
	withApp(t, func(a *appTest) {
		c := a.mayRecord()
		places := func(record string) (all []fyne.Position) {
			for _, name := range []string{"Open", "Copy", record, "Finish"} {
				all = append(all, a.fyne.Driver().AbsolutePositionForObject(button(t, a.main(), name).(fyne.CanvasObject)))
			}
			return all
		}
		before := places("Record")
		a.hears(agent.Event{Kind: agent.Changed, State: busy(records(c))})
		if got := places("Stop recording"); !slices.Equal(got, before) {
			t.Errorf("the buttons are at %v while it is recorded, and were at %v", got, before)
		}
		a.hears(agent.Event{Kind: agent.Changed, State: busy(stopsRecording(records(c)))})
		if got := places("Record"); !slices.Equal(got, before) {
			t.Errorf("the buttons are at %v afterwards, and were at %v", got, before)
		}
	})
}

// TestRecordRefused: the sentence is on the card, nothing is lost, and it can be
// tried again.
func TestRecordRefused(t *testing.T) {
	withApp(t, func(a *appTest) {
		c := a.mayRecord()
		a.session.refuse(&agent.Error{Sentence: "Vidaoo does not answer: try again.", Code: string(call.Unavailable)})
		a.press("Record")
		wantWords(t, a.main(), "Vidaoo does not answer: try again.", "Maria Bianchi", sessionLink)
		wantNoWords(t, a.main(), "Recording")
		a.session.refuse(nil)
		a.press("Record")
		wantNoWords(t, a.main(), "Vidaoo does not answer") // also if it was on already, and nothing is told
		a.wantRecordRequests("record c1 true", "record c1 true")

		a.hears(agent.Event{Kind: agent.Changed, State: busy(records(c))})
		a.session.refuse(&agent.Error{Sentence: "There is no connection to the hub."})
		a.press("Stop recording")
		wantWords(t, a.main(), "There is no connection to the hub.", "Recording 0:00", "Stop recording")
	})
}

// TestRecordUnanswered: a hub that says nothing does not keep the button.
func TestRecordUnanswered(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.mayRecord()
		answer := a.holds()
		defer answer()
		a.press("Record")
		a.fyne.pass(14 * time.Second) // Vidaoo may take 10 s
		wantNoWords(t, a.main(), "The hub did not answer.")
		a.fyne.pass(7 * time.Second)
		wantWords(t, a.main(), "The hub did not answer.")
		if button(t, a.main(), "Record").Disabled() {
			t.Error("it can't be tried again")
		}
	})
}

// TestRecordOfACallThatEnds: the answer finds no card any more, or one without
// the button.
func TestRecordOfACallThatEnds(t *testing.T) {
	for name, outcome := range map[string]call.Outcome{"by the customer": call.Completed, "canceled": call.Canceled} {
		t.Run(name, func(t *testing.T) {
			withApp(t, func(a *appTest) {
				c := a.mayRecord()
				answer := a.holds()
				a.press("Record")
				c.State, c.Outcome, c.Ended = call.Ended, outcome, wire.At(time.Now())
				a.hears(agent.Event{Kind: agent.Ended, Call: c, State: online()})
				answer()
				if findButton(a.main(), "Record") != nil {
					t.Error("a call that is over can be recorded")
				}
			})
		})
	}
}

// TestRecordingClock: it runs with the recording, also that of another device,
// stands while nobody sees it, and is right when the window is back.
func TestRecordingClock(t *testing.T) {
	withApp(t, func(a *appTest) {
		c := records(a.mayRecord())
		a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
		wantWords(t, a.main(), "Recording 0:00")
		a.fyne.pass(42 * time.Second)
		wantWords(t, a.main(), "Recording 0:42")

		a.main().close()
		a.fyne.settle()
		if a.main().visible {
			t.Fatal("the window is not hidden")
		}
		a.fyne.pass(time.Minute)
		wantWords(t, a.main(), "Recording 0:42")
		a.app.Raise()
		a.fyne.settle()
		wantWords(t, a.main(), "Recording 1:42")

		c = stopsRecording(c)
		a.fyne.pass(10 * time.Second)
		c = records(c)
		a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
		a.fyne.pass(3 * time.Second)
		wantWords(t, a.main(), "Recording 0:03")
	})
}

// TestRecordingKeepsNothingAwake: the app rests behind a hidden window.
func TestRecordingKeepsNothingAwake(t *testing.T) {
	withApp(t, func(a *appTest) {
		c := records(a.mayRecord())
		a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
		a.main().close()
		a.fyne.settle()
		a.app.Rest()
		for range 2 {
			a.naps() // the first may be roused by what came before
		}
		if took := a.naps(); took <= 0 {
			t.Error("the main goroutine does not rest while a call is being recorded")
		}
	})
}

// TestRecordByTheKeyboard: Tab goes from button to button as they stand, and
// Enter and Space press.
func TestRecordByTheKeyboard(t *testing.T) {
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		t.Run(string(key), func(t *testing.T) {
			withApp(t, func(a *appTest) {
				c := a.mayRecord()
				if got, want := a.tabOrder(), []string{"Open", "Copy", "Record", "Finish"}; !slices.Equal(got, want) {
					t.Errorf("Tab goes to %q, want %q", got, want)
				}
				a.main().Canvas().Focus(button(t, a.main(), "Record"))
				typeKey(a.main(), key)
				a.fyne.settle()
				a.wantRecordRequests("record c1 true")
				a.hears(agent.Event{Kind: agent.Changed, State: busy(records(c))})
				typeKey(a.main(), key) // the focus is still there
				a.fyne.settle()
				a.wantRecordRequests("record c1 true", "record c1 false")
				c.MayRecord = false
				a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
				if got, want := a.tabOrder(), []string{"Open", "Copy", "Finish"}; !slices.Equal(got, want) {
					t.Errorf("Tab goes to %q, want %q", got, want)
				}
			})
		})
	}
}

// tabOrder are the buttons of the card, as Tab goes through them.
func (a *appTest) tabOrder() (names []string) {
	canvas := a.main().Canvas()
	canvas.Unfocus()
	for range 30 {
		canvas.FocusNext()
		b, is := canvas.Focused().(pressable)
		if !is {
			continue
		}
		name := b.AccessibilityLabel()
		if slices.Contains(names, name) {
			break
		}
		if len(names) > 0 || name == "Open" {
			names = append(names, name)
		}
		if name == "Finish" {
			break
		}
	}
	canvas.Unfocus()
	return names
}

// TestRecordInAnotherLanguage: the card is made anew, and a request that is on
// the way is still one.
func TestRecordInAnotherLanguage(t *testing.T) {
	italian := lang.For("it")
	withApp(t, func(a *appTest) {
		c := records(a.mayRecord())
		a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
		answer := a.holds()
		a.press("Stop recording")
		a.choose("Settings…")
		languageOf(t, a.main()).SetSelected("Italiano")
		a.fyne.settle()
		press(t, a.main(), italian.T("Close"))
		a.fyne.settle()
		wantWords(t, a.main(), italian.T("Recording %s", "0:00"))
		if !button(t, a.main(), italian.T("Stop recording")).Disabled() {
			t.Error("it can be pressed twice")
		}
		answer()
		if button(t, a.main(), italian.T("Stop recording")).Disabled() {
			t.Error("it can't be pressed after the answer")
		}
	})
}

// TestRecordedCalls: the card of a call whose customer has left, and the list of
// the last calls, say for how long a call was recorded.
func TestRecordedCalls(t *testing.T) {
	withApp(t, func(a *appTest) {
		before := dayCall("c0", "Luca Verdi", wire.DayAnswered, time.Hour)
		start := before.Call.Accepted.Time
		before.Call.Recordings = []wire.Recording{
			{ID: "r1", Started: wire.At(start), Stopped: wire.At(start.Add(time.Minute))},
			{ID: "r2", Started: wire.At(start.Add(2 * time.Minute)), Stopped: wire.At(start.Add(150 * time.Second))},
		}
		unknown := dayCall("c9", "Greta Conti", wire.DayReturned, 2*time.Hour)
		unknown.Call.Recordings = []wire.Recording{{ID: "r1", Started: wire.At(start)}}
		a.session.day = []wire.DayCall{before, unknown, dayCall("c8", "Otto", wire.DayAnswered, 3*time.Hour)}
		c := records(a.mayRecord())
		a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
		a.fyne.pass(42 * time.Second)
		c.State, c.Outcome, c.Ended, c.MayRecord = call.Ended, call.Completed, wire.At(time.Now()), false // the hub has not noted the end of it yet
		a.hears(agent.Event{Kind: agent.Ended, Call: c, State: online()})
		wantWords(t, a.main(), "The customer has left  ·  0:42  ·  Recorded, 0:42")
		wantNoWords(t, a.main(), "Recording")
		a.press("Close")
		a.press("Last 24 hours")
		wantWords(t, a.main(), "Answered, 0:42  ·  Recorded, 0:42  ·  web", "Answered, 4:00  ·  Recorded, 1:30  ·  web", "Given back  ·  Recorded  ·  web", "Answered, 4:00  ·  web")
		test.Type(entries(a.main())[0], "recorded")
		wantWords(t, a.main(), "Luca Verdi", "Greta Conti")
		wantNoWords(t, a.main(), "Otto")
	})
}

// TestRecordedInTheQueue: a supervisor sees which call is being recorded.
func TestRecordedInTheQueue(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.watches()
		w := a.queueWindow()
		a.search().SetText("recording")
		a.fyne.settle()
		wantWords(t, w, "Offer <b>4711</b>", "In a call · 3:00", "1 of 4")
		a.main().Canvas().Unfocus()
		list := a.lists()[0]
		w.Canvas().Focus(list)
		a.fyne.settle()
		wantWords(t, w, "sales  ·  In a call · 3:00  ·  Anna Bianchi  ·  Recording 0:42")
		a.fyne.pass(3 * time.Second)
		wantWords(t, w, "Recording 0:45")
	})
}

// TestCardHasRoom: in no language do the buttons of a card need more than the
// window has.
func TestCardHasRoom(t *testing.T) {
	defer lang.Use(lang.For("en"))
	for _, l := range lang.Languages {
		lang.Use(lang.For(l.Tag))
		app := test.NewTempApp(t)
		app.Settings().SetTheme(ui.Theme{})
		has, buttons, asked := ui.CardWidths()
		if buttons > has || asked > has {
			t.Errorf("%s: a card needs %v while it is recorded and %v to be finished, and has %v", l.Name, buttons, asked, has)
		}
	}
}
