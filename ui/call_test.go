package ui_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/ui"
)

const sessionLink = "https://vidaoo.example/session/1?lang=it"

// rings lets a call ring.
func (a *appTest) rings(c wire.Call) {
	a.hears(agent.Event{Kind: agent.Rang, State: online(offerOf(c, time.Minute))})
}

// accepts lets a call ring, accepts it in the pop-up and gives it to the agent
// with that link.
func (a *appTest) accepts(link string) {
	a.Helper()
	c := aCall("c1", "Maria Bianchi")
	a.rings(c)
	press(a.T, a.popup(), "Accept")
	a.fyne.settle()
	a.taken(c, link)
}

// taken tells that a call is the agent's own now, as a session does.
func (a *appTest) taken(c wire.Call, link string) {
	c.State, c.Link, c.Accepted = call.Accepted, link, wire.At(time.Now())
	a.hears(agent.Event{Kind: agent.Stopped, Call: c, Reason: wire.ReasonAnswered, By: "Anna Rossi", State: busy(c)})
	a.hears(agent.Event{Kind: agent.Taken, Call: c, State: busy(c)})
}

func busy(calls ...wire.Call) agent.State {
	s := online()
	s.Presence.State, s.Calls = call.Busy, calls
	return s
}

func TestCallRingsEverywhere(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.rings(aCall("c1", "Maria Bianchi"))
		wantWords(t, a.popup(), "Maria Bianchi", "web", "MY_WEBSITE", "Accept")
		wantWords(t, a.main(), "Maria Bianchi is calling", "Your bell rings")
		if !a.popup().visible || !a.ringer.rings() || len(a.native.Ringing()) != 1 {
			t.Error("the call does not ring in the pop-up, as a notification and as a sound")
		}
		if got := a.session.told(); len(got) != 1 || got[0].surface != "window" {
			t.Errorf("receipts %v, want the pop-up's", got)
		}
	})
}

func TestCallAccepted(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.accepts(sessionLink)
		if got := a.session.asked(); !slices.Equal(got, []string{"accept c1"}) {
			t.Errorf("the hub was asked %q", got)
		}
		if got := a.desk.addresses(); !slices.Equal(got, []string{sessionLink}) {
			t.Errorf("opened %q, want the session link", got)
		}
		if a.popup().visible || a.ringer.rings() {
			t.Error("it still rings")
		}
		if last := a.desk.raised[len(a.desk.raised)-1]; last != "Deskbell" {
			t.Errorf("%q is in front, want the main window", last)
		}
		wantWords(t, a.main(), "Maria Bianchi", "web", "MY_WEBSITE", "language\nit", sessionLink, "Opened in your browser", "In a call")
		a.fyne.pass(2 * time.Second)
		wantWords(t, a.main(), "0:02")
	})
}

func TestCallWhoseCustomerIsInTheRoom(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.accepts(sessionLink)
		c := aCall("c1", "Maria Bianchi")
		c.State, c.Link, c.Accepted, c.Joined = call.Accepted, sessionLink, wire.At(time.Now()), true
		a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
		wantWords(t, a.main(), "customer in the room")
	})
}

// TestCallFinishedWithADisposition: the queue's list is offered, and the choice
// goes to the hub with the note.
func TestCallFinishedWithADisposition(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.accepts(sessionLink)
		c := aCall("c1", "Maria Bianchi")
		c.State, c.Link, c.Accepted = call.Accepted, sessionLink, wire.At(time.Now())
		c.Dispositions = []string{"sold", "not now"}
		a.hears(agent.Event{Kind: agent.Changed, State: busy(c)})
		a.press("Finish")
		choice := disposition(t, a.main())
		choice.SetSelected("not now")
		a.press("Finish call")
		if got := a.session.asked(); got[len(got)-1] != `finish c1 "not now" ""` {
			t.Errorf("the hub was asked %q", got)
		}
	})
}

// disposition finds the choice of how a call ended.
func disposition(t *testing.T, w fyne.Window) *widget.Select {
	t.Helper()
	for _, o := range seen(w) {
		if s, ok := o.(*widget.Select); ok {
			return s
		}
	}
	t.Fatal("there is no choice of a disposition")
	return nil
}

// TestCallThatTheCustomerEnded: the card stays without the link, so that the
// agent can say how it went.
func TestCallThatTheCustomerEnded(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.accepts(sessionLink)
		c := aCall("c1", "Maria Bianchi")
		c.State, c.Outcome, c.Accepted, c.Ended = call.Ended, call.Completed, wire.At(time.Now()), wire.At(time.Now().Add(time.Minute))
		a.hears(agent.Event{Kind: agent.Ended, Call: c, State: online()})
		wantWords(t, a.main(), "Maria Bianchi", "The customer has left  ·  1:00", "Save", "Close")
		wantNoWords(t, a.main(), sessionLink, "Return to queue", "Copy")
		for _, e := range entries(a.main()) {
			e.SetText("calls again")
		}
		a.press("Save")
		if got := a.session.asked(); got[len(got)-1] != `finish c1 "" "calls again"` {
			t.Errorf("the hub was asked %q", got)
		}
		wantNoWords(t, a.main(), "Maria Bianchi")
		a.hears(agent.Event{Kind: agent.Ended, Call: c, State: online()})
	})
}

// TestCallFinishedHere leaves no card.
func TestCallFinishedHere(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.accepts(sessionLink)
		a.press("Finish")
		a.press("Finish call")
		c := aCall("c1", "Maria Bianchi")
		c.State, c.Outcome, c.Accepted, c.Ended = call.Ended, call.Completed, wire.At(time.Now()), wire.At(time.Now())
		a.hears(agent.Event{Kind: agent.Ended, Call: c, State: online()})
		wantNoWords(t, a.main(), "The customer has left")
	})
}

func TestCallReturned(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.accepts(sessionLink)
		a.press("Finish")
		a.session.refuse(&agent.Error{Sentence: "The call's queue is gone: finish the call instead."})
		a.press("Return to queue")
		wantWords(t, a.main(), "The call's queue is gone")
		a.session.refuse(nil)
		a.press("Return to queue")
		if got := a.session.asked(); got[len(got)-1] != "return c1" {
			t.Errorf("the hub was asked %q", got)
		}
	})
}

func TestCallAcceptedInTheNotification(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		c := aCall("c1", "Maria")
		a.rings(c)
		a.native.Press("c1", notify.PressedAccept)
		a.fyne.settle()
		a.taken(c, sessionLink)
		if got := a.desk.addresses(); !slices.Equal(got, []string{sessionLink}) {
			t.Errorf("opened %q, want the session link", got)
		}
	})
}

func TestCallNotOpenedTwice(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.taken(aCall("c1", "Maria"), sessionLink) // accepted before a restart, or at another desk
		wantWords(t, a.main(), "Maria", "Open")
		if got := a.desk.addresses(); len(got) != 0 {
			t.Errorf("opened %q, which is open already", got)
		}
	})
}

func TestCallOpensOnClickIfSoSet(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.choose("Settings…")
		test.Tap(check(t, a.main(), "Open the session at once"))
		a.press("Close")
		a.accepts(sessionLink)
		if got := a.desk.addresses(); len(got) != 0 {
			t.Fatalf("opened %q at once", got)
		}
		a.press("Open")
		if got := a.desk.addresses(); !slices.Equal(got, []string{sessionLink}) {
			t.Errorf("opened %q, want the session link", got)
		}
	})
}

func TestCallLinkIsCopied(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.accepts(sessionLink)
		a.press("Copy")
		if got := a.fyne.Clipboard().Content(); got != sessionLink {
			t.Errorf("the clipboard holds %q", got)
		}
		wantWords(t, a.main(), "Copied.")
	})
}

func TestCallLinkThatIsNotSafeIsNeverOpened(t *testing.T) {
	for _, link := range []string{
		"http://vidaoo.example/s1", "javascript:alert(1)", "file:///etc/passwd", "", "https://user@vidaoo.example/",
		"--version", "https://vidaoo.example/\x00", "ms-msdt:/id",
	} {
		t.Run(fmt.Sprintf("%q", link), func(t *testing.T) {
			withApp(t, func(a *appTest) {
				a.signedIn()
				a.fyne.Clipboard().SetContent("before")
				a.accepts(link)
				wantWords(t, a.main(), "Deskbell does not open it.", "tell your administrator")
				for _, name := range []string{"Open", "Copy"} {
					b := button(t, a.main(), name)
					test.Tap(b)
					a.fyne.settle()
					if !b.Disabled() {
						t.Errorf("%q can be pressed", name)
					}
				}
				if got := a.desk.addresses(); len(got) != 0 {
					t.Errorf("opened %q", got)
				}
				if got := a.fyne.Clipboard().Content(); got != "before" {
					t.Errorf("copied %q", got)
				}
			})
		})
	}
}

func TestCallWhoseBrowserDoesNotStart(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.desk.openErr = errors.New("exec: xdg-open: not found")
		a.accepts(sessionLink)
		wantWords(t, a.main(), "Your browser could not be started. Copy the link and open it yourself.")
		wantNoWords(t, a.main(), "xdg-open", "Opened")
	})
}

// TestCallAcceptedFromTheList: the card of the call takes the place of the last 24 hours.
func TestCallAcceptedFromTheList(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.press("Last 24 hours")
		a.accepts(sessionLink)
		wantWords(t, a.main(), "Maria Bianchi", sessionLink, "Finish")
	})
}

func TestCallFinished(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.accepts(sessionLink)
		a.press("Finish")
		a.press("Back")
		a.press("Finish")
		entries(a.main())[0].SetText("wants a call back")
		// What else happens must not wipe the note.
		state := busy(wire.Call{ID: "c1", Link: sessionLink, Customer: call.Customer{Name: "Maria"}})
		a.hears(agent.Event{Kind: agent.Changed, State: state})
		a.press("Finish call")
		want := `finish c1 "" "wants a call back"`
		if got := a.session.asked(); got[len(got)-1] != want {
			t.Errorf("the hub was asked %q, want %q last", got, want)
		}
		a.hears(agent.Event{Kind: agent.Ended, Call: wire.Call{ID: "c1"}, State: online()})
		wantWords(t, a.main(), "No calls")
		wantNoWords(t, a.main(), "Maria", sessionLink)
	})
}

func TestCallThatCannotBeFinished(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.accepts(sessionLink)
		a.session.refuse(&agent.Error{Sentence: "There is no connection to the hub."})
		a.press("Finish")
		a.press("Finish call")
		wantWords(t, a.main(), "There is no connection to the hub.")
		if button(t, a.main(), "Finish call").Disabled() {
			t.Error("it can't be tried again")
		}
	})
}

func TestCallTakenByAnother(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.rings(aCall("c1", "Maria"))
		a.hears(agent.Event{Kind: agent.Stopped, Call: wire.Call{ID: "c1"}, Reason: wire.ReasonAnswered, By: "Desk 4", State: online()})
		wantWords(t, a.popup(), "Taken by Desk 4", "Maria · web")
		if len(a.native.Ringing()) != 0 || a.ringer.rings() {
			t.Error("it still rings")
		}
		if got := a.desk.addresses(); len(got) != 0 {
			t.Errorf("opened %q", got)
		}
	})
}

func TestCallComesForward(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.rings(aCall("c1", "Maria"))
		a.popup().close()
		a.fyne.settle()
		a.press("Show")
		if !a.popup().visible {
			t.Error("the pop-up does not come back")
		}
		a.popup().close()
		a.native.Press("c1", notify.Opened)
		a.fyne.settle()
		if !a.popup().visible {
			t.Error("a click on the notification does not bring the pop-up")
		}
	})
}

func TestCallWithoutTone(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.choose("Settings…")
		test.Tap(check(t, a.main(), "Sound the bell"))
		a.press("Close")
		a.rings(aCall("c1", "Maria"))
		if a.ringer.rings() || !a.popup().visible {
			t.Error("want a pop-up without sound")
		}
		a.stop()
		a.start()
		a.begin(ui.Start{})
		a.hears(agent.Event{Kind: agent.Changed, State: online()})
		a.rings(aCall("c2", "Luca"))
		if a.ringer.rings() {
			t.Error("the setting is forgotten at the next start")
		}
	})
}

func TestCallWordsAreCleanedAndBounded(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		c := aCall("c1", "Maria\u202e\nBianchi\x07")
		c.Topic = strings.Repeat("long ", 1000)
		c.Metadata = map[string]any{
			"cart":  map[string]any{"total": json.Number("12.50"), "items": []any{"a", json.Number("2")}},
			"empty": "",
			"evil":  "a\u202eb\x1b[31m",
			"none":  nil,
			"yes":   true,
		}
		for i := range 100 {
			c.Metadata[fmt.Sprintf("key%03d", i)] = i
		}
		a.rings(c)
		got := a.native.Ringing()[0]
		if got.Customer != "Maria Bianchi" || len([]rune(got.Topic)) != 200 {
			t.Errorf("customer %q, topic of %d characters", got.Customer, len([]rune(got.Topic)))
		}
		want := []notify.Detail{
			{Name: "cart", Value: `{"items":["a",2],"total":12.50}`},
			{Name: "evil", Value: "ab[31m"},
			{Name: "key000", Value: "0"},
		}
		if !slices.Equal(got.Details[:3], want) {
			t.Errorf("details %v, want %v", got.Details[:3], want)
		}
		if last := got.Details[len(got.Details)-1]; len(got.Details) != 21 || last.Value != "83 more" {
			t.Errorf("%d details, the last %v", len(got.Details), last)
		}
	})
}

// stopped is what a session tells when a call rings no more for nobody's doing.
func stopped(c wire.Call) agent.Event {
	return agent.Event{Kind: agent.Stopped, Call: c, Reason: wire.ReasonLapsed, State: online()}
}
