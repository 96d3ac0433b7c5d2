package ui_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
)

// inACall signs in an agent who talks to Maria and has room for one more call.
func (a *appTest) inACall() wire.Call {
	a.Helper()
	a.signedIn()
	a.accepts(sessionLink)
	a.fyne.pass(2 * time.Second)
	c := aCall("c1", "Maria Bianchi")
	c.State, c.Link, c.Accepted = call.Accepted, sessionLink, wire.At(time.Now())
	return c
}

// ringsBehind lets a call ring for an agent who has another.
func (a *appTest) ringsBehind(own, c wire.Call) {
	s := busy(own)
	s.Offers = []agent.Offer{offerOf(c, time.Minute)}
	a.hears(agent.Event{Kind: agent.Rang, State: s, Offer: s.Offers[0]})
	a.fyne.pass(2 * time.Second)
}

// TestCallWhileInACall: it shows as a notification, in the main window and in
// the tray, and beeps softly; nothing comes up over the session.
func TestCallWhileInACall(t *testing.T) {
	withApp(t, func(a *appTest) {
		own := a.inACall()
		raised := len(a.desk.raised)
		a.ringsBehind(own, aCall("c2", "Otto"))
		if a.popup().visible || len(a.desk.raised) != raised {
			t.Error("a window comes up over the session")
		}
		if got := a.native.Ringing(); len(got) != 1 || got[0].Customer != "Otto" {
			t.Errorf("the notification shows %+v", got)
		}
		if !a.ringer.beeps() {
			t.Error("it does not beep softly")
		}
		if icon := a.desk.icons[len(a.desk.icons)-1]; icon != "tray-ringing.png" {
			t.Errorf("the tray shows %s", icon)
		}
		wantWords(t, a.main(), "Otto is calling")
		for _, r := range a.session.told() {
			if r.call == "c2" {
				t.Errorf("the receipt %+v for what nobody sees", r)
			}
		}
		a.press("Show")
		wantWords(t, a.popup(), "Otto", "Accept")
		if !a.popup().visible {
			t.Error("the pop-up does not show when it is asked for")
		}
		a.fyne.pass(time.Second)
		if !a.popup().visible {
			t.Error("the pop-up does not stay")
		}
	})
}

// TestCallWhileInACallShownByItsNotification: a click on it is asking for the
// pop-up.
func TestCallWhileInACallShownByItsNotification(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.ringsBehind(a.inACall(), aCall("c2", "Otto"))
		a.native.Press("c2", notify.Opened)
		a.fyne.settle()
		if !a.popup().visible {
			t.Error("the pop-up does not show")
		}
	})
}

// TestCallThatRingsWhenTheOtherEnds comes up then.
func TestCallThatRingsWhenTheOtherEnds(t *testing.T) {
	withApp(t, func(a *appTest) {
		own, next := a.inACall(), aCall("c2", "Otto")
		a.ringsBehind(own, next)
		a.hears(agent.Event{Kind: agent.Ended, Call: own, State: online(offerOf(next, time.Minute))})
		if !a.popup().visible || a.ringer.beeps() || !a.ringer.rings() {
			t.Error("the agent is free, and the bell does not ring as usual")
		}
	})
}

// TestAcceptDoesNotRaiseTheNextCall: the session opens, and what rings behind
// the accepted call stays behind it.
func TestAcceptDoesNotRaiseTheNextCall(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		first, next := offerOf(aCall("c1", "Maria"), time.Minute), offerOf(aCall("c2", "Otto"), 0)
		a.hears(agent.Event{Kind: agent.Rang, State: online(first, next)})
		press(t, a.popup(), "Accept")
		a.fyne.settle()
		own := first.Call
		own.State, own.Link, own.Accepted = call.Accepted, sessionLink, wire.At(time.Now())
		s := busy(own)
		s.Offers = []agent.Offer{next}
		a.hears(agent.Event{Kind: agent.Stopped, Call: own, Reason: wire.ReasonAnswered, State: s})
		a.hears(agent.Event{Kind: agent.Taken, Call: own, State: s})
		a.fyne.pass(3 * time.Second)
		if a.popup().visible {
			t.Error("the next call covers the session")
		}
		wantWords(t, a.main(), "Otto is calling")
	})
}

// TestRefusedInACall: who pressed Accept in the notification is told why it did
// not count.
func TestRefusedInACall(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.ringsBehind(a.inACall(), aCall("c2", "Otto"))
		a.session.refuse(&agent.Error{Sentence: "The hub can't do that now.", Code: string(call.Unavailable)})
		a.native.Press("c2", notify.PressedAccept)
		a.fyne.settle()
		if !a.popup().visible {
			t.Error("nobody is told")
		}
		wantWords(t, a.popup(), "The hub can't do that now.")
	})
}

// TestSilentInACall: who wants no beep in a call has none.
func TestSilentInACall(t *testing.T) {
	withApp(t, func(a *appTest) {
		own := a.inACall()
		a.choose("Settings…")
		test.Tap(check(t, a.main(), "Beep softly while I am in a call"))
		a.press("Close")
		a.ringsBehind(own, aCall("c2", "Otto"))
		if a.ringer.rings() {
			t.Error("it sounds")
		}
		a.hears(agent.Event{Kind: agent.Ended, Call: own, State: online(offerOf(aCall("c3", "Eva"), 0))})
		a.fyne.pass(2 * time.Second)
		if !a.ringer.rings() {
			t.Error("it is silent after the call, too")
		}
	})
}

// TestTestRingInACall says why the pop-up stays away.
func TestTestRingInACall(t *testing.T) {
	withApp(t, func(a *appTest) {
		own := a.inACall()
		a.choose("Test ring")
		c := wire.Call{ID: "t1", Queue: "test", State: call.Ringing, Customer: call.Customer{Name: "Test ring"}, Test: true}
		a.ringsBehind(own, c)
		a.fyne.pass(2 * time.Second)
		wantWords(t, a.main(), "It stays away while you are in a call.")
	})
}
