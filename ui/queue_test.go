package ui_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/trail"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify/notifytest"
	"github.com/deskbell/deskbell/ui"
)

// supervising is the state of a supervisor who is online.
func supervising() agent.State {
	s := online()
	s.User.Role = call.RoleSupervisor
	s.Reasons = []string{"Lunch", "Training"}
	return s
}

// watches begins with a supervisor whose Queue window is open, on a floor with a
// bit of everything.
func (a *appTest) watches() {
	a.Helper()
	a.begin(ui.Start{Hub: "https://bell.example", User: "anna", Password: "right"})
	a.hears(agent.Event{Kind: agent.Changed, State: supervising()})
	a.floor(func(*agent.Floor) {})
	a.choose("Queue…")
}

// floor changes what the supervisor watches, and tells.
func (a *appTest) floor(change func(*agent.Floor)) {
	f, queues := ui.SampleFloor(time.Now())
	change(&f)
	a.session.mu.Lock()
	a.session.floor = f
	a.session.mu.Unlock()
	s := supervising()
	s.Queues = queues
	a.hears(agent.Event{Kind: agent.Changed, State: s})
	a.hears(agent.Event{Kind: agent.Watched, State: s})
}

// queueWindow is the Queue window.
func (a *appTest) queueWindow() *spyWindow {
	a.Helper()
	for _, w := range a.fyne.windows {
		if w.Title() == "Queue · Deskbell" {
			return w
		}
	}
	a.Fatal("there is no Queue window")
	return nil
}

// pressQueue taps a button of the Queue window.
func (a *appTest) pressQueue(name string) {
	a.Helper()
	press(a.T, a.queueWindow(), name)
	a.fyne.settle()
}

// lists are the lists of the Queue window: the calls and the agents.
func (a *appTest) lists() (all []fyne.Focusable) {
	for _, o := range seen(a.queueWindow()) {
		if l, is := o.(interface {
			fyne.Focusable
			ScrollToTop()
			UnselectAll()
		}); is {
			all = append(all, l)
		}
	}
	return all
}

// search is the text field of the Queue window.
func (a *appTest) search() (field interface {
	fyne.Focusable
	SetText(string)
	SetPlaceHolder(string)
}) {
	for _, o := range seen(a.queueWindow()) {
		if f, is := o.(interface {
			fyne.Focusable
			SetText(string)
			SetPlaceHolder(string)
		}); is {
			return f
		}
	}
	a.Fatal("there is no field to search in")
	return nil
}

// order is in which order some words stand in the window.
func order(w fyne.Window, some ...string) []string {
	all := words(w)
	slices.SortStableFunc(some, func(a, b string) int { return strings.Index(all, a) - strings.Index(all, b) })
	return some
}

// filterQueue chooses a queue and a state.
func (a *appTest) filterQueue(queue, state string) {
	for _, o := range seen(a.queueWindow()) {
		if s, is := o.(interface {
			SetSelected(string)
			ClearSelected()
		}); is {
			s.SetSelected(queue) // each knows its own
			s.SetSelected(state)
		}
	}
	a.fyne.settle()
}

func TestQueueShowsTheFloor(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.watches()
		w := a.queueWindow()
		if !w.visible {
			t.Fatal("the window is not shown")
		}
		wantWords(t, w, "Maximiliane von", "Waits too long", "nobody", "Ben Weber, Carla Gómez and 10 more", "✓ here", "Unknown caller",
			"In a call · 3:00", "Offer <b>4711</b>", "1 too long", "Longest wait\n1:24", "90 %", "27 of 30 in time", "1 more gave up",
			"Paused: Lunch  ·  12:00", "4 calls  ·  2 missed", "4 of 4", "Choose a call or an agent")
		wantNoWords(t, w, "as of")
		a.fyne.pass(5 * time.Second)
		wantWords(t, w, "Longest wait\n1:29", "In a call · 3:05", "Paused: Lunch  ·  12:05")
	})
}

func TestQueueIsForSupervisors(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		for _, item := range a.desk.menu.Items {
			if item.Label == "Queue…" {
				t.Error("an agent is offered the queue")
			}
		}
		a.press("Menu")
		wantNoWords(t, a.main(), "Queue…")
	})
	withApp(t, func(a *appTest) {
		a.watches()
		a.press("Menu")
		wantWords(t, a.main(), "Queue…")
		a.hears(agent.Event{Kind: agent.Changed, State: online()}) // no supervisor any more
		if a.queueWindow().visible {
			t.Error("the queue stays open for one who is no supervisor any more")
		}
	})
}

func TestQueueFilters(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.watches()
		w := a.queueWindow()
		a.search().SetText("ben here") // "here" is no word of the row
		wantWords(t, w, "No call fits the search and the filter.", "0 of 4")
		a.search().SetText("BEN rings")
		wantWords(t, w, "2 of 4", "Maria Bianchi")
		a.search().SetText("")
		a.filterQueue("sales", "In a call")
		wantWords(t, w, "1 of 4", "Offer <b>4711</b>")
		if got := a.fyne.Preferences().String("queue-filter-queue"); got != "sales" {
			t.Errorf("the queue %q is kept", got)
		}
		w.close()
		a.fyne.settle()
		if w.visible {
			t.Fatal("the window does not close")
		}
		a.stop()
		a.start()
		a.watches()
		wantWords(t, a.queueWindow(), "1 of 4", "Offer <b>4711</b>")
	})
}

func TestQueueSorts(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.watches()
		w := a.queueWindow()
		names := []string{"Maria", "Maximiliane", "Unknown caller"}
		for _, step := range []struct {
			press string
			want  []string
		}{
			{"", []string{"Maximiliane", "Maria", "Unknown caller"}},
			{"Customer", []string{"Maria", "Maximiliane", "Unknown caller"}},
			{"Customer", []string{"Unknown caller", "Maximiliane", "Maria"}},
			{"In room", []string{"Maria", "Maximiliane", "Unknown caller"}},
			{"Wait", []string{"Maximiliane", "Maria", "Unknown caller"}},
		} {
			if step.press != "" {
				a.pressQueue(step.press)
			}
			if got := order(w, slices.Clone(names)...); !slices.Equal(got, step.want) {
				t.Errorf("after %q the order is %q, want %q", step.press, got, step.want)
			}
		}
	})
}

func TestQueueActions(t *testing.T) {
	chooseCall := func(a *appTest, downs int) {
		list := a.lists()[0]
		a.queueWindow().Canvas().Focus(list) // chooses the first
		for range downs {
			list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		}
		a.fyne.settle()
	}
	chooseDora := func(a *appTest) {
		list := a.lists()[1]
		a.queueWindow().Canvas().Focus(list)
		for range 4 {
			list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		}
		a.fyne.settle()
	}
	tests := []struct {
		name  string
		do    func(*appTest)
		asked []string
		says  string
	}{
		{"assign", func(a *appTest) {
			chooseCall(a, 0)
			a.pressQueue("Assign to…")
			a.menuRow("Carla Gómez")
		}, []string{"assign c1 to carla"}, "The call rings for Carla Gómez first."},
		{"take", func(a *appTest) {
			chooseCall(a, 1)
			a.pressQueue("Take it myself")
			wantWords(a.T, a.queueWindow(), "The call comes to you.")
			o := offerOf(aCall("c2", "Maria Bianchi"), 0)
			s := supervising()
			s.Offers = append(s.Offers, o)
			a.hears(agent.Event{Kind: agent.Rang, Offer: o, State: s})
		}, []string{"assign c2 to anna", "accept c2"}, "The call comes to you."},
		{"cancel", func(a *appTest) {
			chooseCall(a, 0)
			a.pressQueue("Cancel call")
			wantWords(a.T, a.queueWindow(), "Cancel this call?", "gets no answer any more")
			if got := a.session.asked(); len(got) != 0 {
				a.Errorf("before it is confirmed the hub is asked %q", got)
			}
			a.pressDialog("Cancel call")
		}, []string{"cancel c1"}, "The call is canceled."},
		{"do not cancel", func(a *appTest) {
			chooseCall(a, 0)
			a.pressQueue("Cancel call")
			a.pressQueue("Keep it")
		}, nil, ""},
		{"return", func(a *appTest) {
			chooseCall(a, 3)
			a.pressQueue("Return to queue")
			wantWords(a.T, a.queueWindow(), "Anna Bianchi is in a call with")
			a.pressDialog("Return to queue")
		}, []string{"return c4"}, "The call is back in the queue."},
		{"make ready", func(a *appTest) {
			chooseDora(a)
			a.pressQueue("Make ready")
		}, []string{`presence of dora ready ""`}, "Dora Fischer is ready."},
		{"pause", func(a *appTest) {
			a.queueWindow().Canvas().Focus(a.lists()[1])
			a.fyne.settle()
			a.pressQueue("Pause")
			a.menuRow("Training")
		}, []string{`presence of ben paused "Training"`}, "Ben Weber is paused."},
		{"refused", func(a *appTest) {
			a.session.refuse(&agent.Error{Sentence: "The call has ended."})
			chooseCall(a, 0)
			a.pressQueue("Assign to…")
			a.menuRow("Ben Weber")
		}, []string{"assign c1 to ben"}, "The call has ended."},
		{"trail", func(a *appTest) {
			story := trail.Story{
				Call:     call.Call{ID: "c1", Queue: "web", State: call.Waiting, Received: time.Now().Add(-time.Minute), Since: time.Now().Add(-time.Minute)},
				Agents:   []trail.Agent{{Username: "dora", Name: "Dora Fischer"}},
				Presence: []trail.Change{{Username: "dora", Presence: call.Presence{State: call.Paused, Reason: "Lunch", Since: time.Now().Add(-time.Hour)}}},
				Zone:     time.Local,
			}
			a.session.trail = story
			told := trail.Tell(story)
			chooseCall(a, 0)
			a.pressQueue("Why did it not ring?")
			wantWords(a.T, a.queueWindow(), told.Summary, "Dora Fischer", told.Agents[0].Words[0])
			typeKey(a.queueWindow(), fyne.KeyEscape)
			a.fyne.settle()
			wantNoWords(a.T, a.queueWindow(), told.Summary)
		}, []string{"trail c1"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			withApp(t, func(a *appTest) {
				a.watches()
				test.do(a)
				if got := a.session.asked(); !slices.Equal(got, test.asked) {
					t.Errorf("the hub was asked %q, want %q", got, test.asked)
				}
				wantWords(t, a.queueWindow(), test.says)
			})
		})
	}
}

// menuRow chooses from the menu over the Queue window.
func (a *appTest) menuRow(label string) {
	a.Helper()
	for _, o := range seen(a.queueWindow()) {
		item, is := o.(interface {
			fyne.Widget
			fyne.Tappable
		})
		if !is {
			continue
		}
		if _, isButton := o.(fyne.Focusable); isButton {
			continue
		}
		for _, part := range test.WidgetRenderer(item).Objects() {
			if text, is := part.(*canvas.Text); is && text.Text == label {
				item.Tapped(nil)
				a.fyne.settle()
				return
			}
		}
	}
	a.Fatalf("the menu has no %q:\n%s", label, words(a.queueWindow()))
}

// pressDialog taps the button of the dialog over the Queue window.
func (a *appTest) pressDialog(name string) {
	a.Helper()
	var last pressable
	for _, o := range seen(a.queueWindow()) { // what lies over the window comes last
		if b, is := o.(pressable); is && b.AccessibilityLabel() == name {
			last = b
		}
	}
	test.Tap(last)
	a.fyne.settle()
}

// TestQueueKeepsWhatIsChosen: the chosen call stays it wherever its row goes, and
// what is done is done to it.
func TestQueueKeepsWhatIsChosen(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.watches()
		list := a.lists()[0]
		a.queueWindow().Canvas().Focus(list)
		list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown}) // Maria
		a.floor(func(f *agent.Floor) { f.Calls = f.Calls[2:] })
		a.pressQueue("Cancel call")
		a.pressDialog("Cancel call")
		if got := a.session.asked(); !slices.Equal(got, []string{"cancel c2"}) {
			t.Errorf("the hub was asked %q", got)
		}
		a.floor(func(f *agent.Floor) { f.Calls = nil })
		wantWords(t, a.queueWindow(), "Nobody waits. Calls appear here", "Choose a call or an agent")
	})
}

// TestQueueSaysWhenItIsOld: without the hub the numbers stand still and say of
// when they are.
func TestQueueSaysWhenItIsOld(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.watches()
		heard := time.Now()
		a.fyne.pass(19 * time.Second)
		wantNoWords(t, a.queueWindow(), "as of")
		a.fyne.pass(3 * time.Second)
		wantWords(t, a.queueWindow(), "The hub is quiet: as of "+heard.Format("15:04:05"), "Longest wait\n1:24")
		lost := supervising()
		lost.Connection = agent.Offline
		a.hears(agent.Event{Kind: agent.Changed, State: lost})
		wantWords(t, a.queueWindow(), "Offline: as of "+heard.Format("15:04:05"))
		a.queueWindow().Canvas().Focus(a.lists()[0])
		if !button(t, a.queueWindow(), "Cancel call").Disabled() {
			t.Error("a call can be canceled without a hub")
		}
	})
}

// TestQueueFillsTheScreen: F11 makes a wall of it without a customer's word, and
// Esc a window again, wherever the keys go.
func TestQueueFillsTheScreen(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.watches()
		w := a.queueWindow()
		w.Canvas().Focus(a.search())
		typeKey(w, fyne.KeyF11)
		a.fyne.settle()
		wantWords(t, w, "Esc leaves the full screen", "1:24", "90 %", "Dora Fischer", "Paused: Lunch  ·  12:00")
		wantNoWords(t, w, "Maximiliane", "Maria", "order", "Finn Lindqvist")
		typeKey(w, fyne.KeyEscape)
		a.fyne.settle()
		wantWords(t, w, "Maria")
		a.pressQueue("Full screen (F11)")
		w.close()
		a.fyne.settle()
		if want := []bool{true, false, true, false}; !slices.Equal(a.desk.filled, want) {
			t.Errorf("the screen is filled %v, want %v", a.desk.filled, want)
		}
		typeKey(w, fyne.KeyEscape) // of a window that is none
	})
}

// TestQueueStaysWhereItIs: changes raise no window and take no focus, and a
// window that is closed stays closed.
func TestQueueStaysWhereItIs(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.watches()
		raised, shown := len(a.desk.raised), a.queueWindow().shown
		for range 20 {
			a.floor(func(f *agent.Floor) { f.Calls = f.Calls[1:] })
			a.fyne.pass(time.Second)
		}
		if len(a.desk.raised) != raised || a.queueWindow().shown != shown {
			t.Error("a change brings the window to the front")
		}
		a.queueWindow().close()
		a.fyne.settle()
		a.floor(func(*agent.Floor) {})
		a.fyne.pass(2 * time.Second)
		if a.queueWindow().visible {
			t.Error("a change opens the window")
		}
		a.choose("Queue…")
		a.choose("Sign out")
		if a.queueWindow().visible {
			t.Error("the window stays open after the sign-out")
		}
		wantNoWords(t, a.queueWindow(), "Maria", "Ben Weber")
	})
}

// TestNotices: each kind can be turned off, and comes again for a queue only
// after the quiet time.
func TestNotices(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.watches()
		tell := func(kind wire.AlertKind, queue string, want int) {
			t.Helper()
			a.hears(agent.Event{Kind: agent.Alerted, State: supervising(), Alert: wire.Alert{Kind: kind, Queue: queue, Message: "m"}})
			if got := len(a.native.Notices()); got != want {
				t.Errorf("%s of %s: %d notices, want %d", kind, queue, got, want)
			}
		}
		tell(wire.AlertWaiting, "web", 1)
		tell(wire.AlertWaiting, "web", 1)
		tell(wire.AlertWaiting, "sales", 2)
		tell(wire.AlertNobody, "web", 3)
		a.fyne.pass(4 * time.Minute)
		tell(wire.AlertNobody, "web", 3)
		a.fyne.pass(61 * time.Second)
		tell(wire.AlertNobody, "web", 4)
		want := notifytest.Notice{Title: "Deskbell: queue web", Text: "A customer waits in queue web, and nobody who serves it is ready. Ask somebody to be ready, or take the call."}
		if got := a.native.Notices()[3]; got != want {
			t.Errorf("the notice is %+v", got)
		}
		a.choose("Settings…")
		wantWords(t, a.main(), "Queue notices", "After a notice, no other one of its kind")
		test.Tap(check(t, a.main(), "When a webhook could not be used"))
		tell(wire.AlertPayload, "web", 4)
		tell("weather", "web", 5)
	})
}
