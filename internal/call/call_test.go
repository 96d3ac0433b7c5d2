package call_test

import (
	"errors"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

var t0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func received() call.Call {
	c, _ := call.New(call.Call{ID: "c1", Queue: "web", Link: "https://vidaoo.example/s1", Received: t0})
	return c
}

func offered(agents ...string) call.Event {
	return call.Event{Kind: call.KindOffered, At: t0, Agents: agents, Until: t0.Add(20 * time.Second)}
}

func by(k call.Kind, agent string) call.Event {
	return call.Event{Kind: k, At: t0.Add(time.Second), Agent: agent}
}

// TestApply walks a call through a list of events and looks at the last step.
func TestApply(t *testing.T) {
	lapsed := func(agents ...string) call.Event {
		return call.Event{Kind: call.KindLapsed, At: t0.Add(20 * time.Second), Agents: agents}
	}
	missed := call.Event{Kind: call.KindMissed, At: t0.Add(5 * time.Minute)}
	for _, tc := range []struct {
		name    string
		events  []call.Event
		state   call.State
		code    call.Code // of the last event; empty when it happens
		agent   string
		outcome call.Outcome
	}{
		{"a new call waits", nil, call.Waiting, "", "", ""},
		{"an offer rings", []call.Event{offered("anna")}, call.Ringing, "", "", ""},
		{"an accept wins", []call.Event{offered("anna", "ben"), by(call.KindAccepted, "ben")}, call.Accepted, "", "ben", ""},
		{"a second accept is too late", []call.Event{offered("anna", "ben"), by(call.KindAccepted, "ben"), by(call.KindAccepted, "anna")}, call.Accepted, call.Taken, "ben", ""},
		{"accept needs an offer", []call.Event{offered("anna"), by(call.KindAccepted, "ben")}, call.Ringing, call.NotOffered, "", ""},
		{"accept needs ringing", []call.Event{by(call.KindAccepted, "ben")}, call.Waiting, call.NotOffered, "", ""},
		{"one of two declines", []call.Event{offered("anna", "ben"), by(call.KindDeclined, "anna")}, call.Ringing, "", "", ""},
		{"the last one declines", []call.Event{offered("anna"), by(call.KindDeclined, "anna")}, call.Waiting, "", "", ""},
		{"declined is answered", []call.Event{offered("anna", "ben"), by(call.KindDeclined, "anna"), by(call.KindAccepted, "anna")}, call.Ringing, call.NotOffered, "", ""},
		{"all lapse", []call.Event{offered("anna", "ben"), lapsed("anna", "ben")}, call.Waiting, "", "", ""},
		{"an offer lapses once", []call.Event{offered("anna", "ben"), lapsed("anna"), lapsed("anna")}, call.Ringing, call.NotOffered, "", ""},
		{"lapsed after accept", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), lapsed("anna")}, call.Accepted, call.Taken, "anna", ""},
		{"the owner finishes", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), by(call.KindFinished, "anna")}, call.Ended, "", "anna", call.Completed},
		{"another can't finish", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), by(call.KindFinished, "ben")}, call.Accepted, call.Forbidden, "anna", ""},
		{"nobody came", []call.Event{offered("anna"), missed}, call.Ended, "", "", call.Missed},
		{"an accepted call is not missed", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), missed}, call.Accepted, call.Taken, "anna", ""},
		{"the customer leaves while it rings", []call.Event{offered("anna"), {Kind: call.KindLeft, At: t0}}, call.Ended, "", "", call.Canceled},
		{"the customer leaves the session", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), {Kind: call.KindLeft, At: t0}}, call.Ended, "", "anna", call.Completed},
		{"the customer comes", []call.Event{offered("anna"), {Kind: call.KindJoined, At: t0}}, call.Ringing, "", "", ""},
		{"the customer can't come after the end", []call.Event{missed, {Kind: call.KindJoined, At: t0}}, call.Ended, call.Gone, "", call.Missed},
		{"nothing after the end", []call.Event{offered("anna"), missed, offered("anna")}, call.Ended, call.Gone, "", call.Missed},
		{"no offer of an accepted call", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), offered("ben")}, call.Accepted, call.Taken, "anna", ""},
		{"given back it waits again", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), by(call.KindReturned, "anna")}, call.Waiting, "", "", ""},
		{"and can be offered to another", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), by(call.KindReturned, "anna"), offered("ben"), by(call.KindAccepted, "ben")}, call.Accepted, "", "ben", ""},
		{"only its agent has it to give back", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), by(call.KindReturned, "ben")}, call.Accepted, call.Forbidden, "anna", ""},
		{"nothing to give back", []call.Event{offered("anna"), by(call.KindReturned, "anna")}, call.Ringing, call.Forbidden, "", ""},
		{"assigned it leaves the other desks", []call.Event{offered("anna"), by(call.KindAssigned, "ben")}, call.Waiting, "", "", ""},
		{"and goes on ringing on the chosen one", []call.Event{offered("anna", "ben"), by(call.KindAssigned, "ben")}, call.Ringing, "", "", ""},
		{"who lost it by that can't accept", []call.Event{offered("anna", "ben"), by(call.KindAssigned, "ben"), by(call.KindAccepted, "anna")}, call.Ringing, call.NotOffered, "", ""},
		{"an accepted call can't be assigned", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), by(call.KindAssigned, "ben")}, call.Accepted, call.Taken, "anna", ""},
		{"canceled while it waits", []call.Event{{Kind: call.KindCanceled, At: t0, By: "sara"}}, call.Ended, "", "", call.Canceled},
		{"canceled while an agent has it", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), {Kind: call.KindCanceled, At: t0, By: "sara"}}, call.Ended, "", "anna", call.Canceled},
		{"alerted it waits on", []call.Event{{Kind: call.KindAlerted, At: t0}}, call.Waiting, "", "", ""},
		{"alerted once", []call.Event{{Kind: call.KindAlerted, At: t0}, {Kind: call.KindAlerted, At: t0}}, call.Waiting, call.BadRequest, "", ""},
		{"an accepted call alerts nobody", []call.Event{offered("anna"), by(call.KindAccepted, "anna"), {Kind: call.KindAlerted, At: t0}}, call.Accepted, call.Taken, "anna", ""},
		{"it overflows once", []call.Event{{Kind: call.KindOverflowed, At: t0, Queue: "help"}, {Kind: call.KindOverflowed, At: t0, Queue: "more"}}, call.Waiting, call.BadRequest, "", ""},
		{"an offer to nobody", []call.Event{offered()}, call.Waiting, call.BadRequest, "", ""},
		{"received only once", []call.Event{{Kind: call.KindReceived, At: t0}}, call.Waiting, call.BadRequest, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := received()
			var err error
			for _, e := range tc.events {
				if err != nil {
					t.Fatalf("an earlier event failed: %v", err)
				}
				c, err = c.Apply(e)
			}
			if c.State != tc.state || c.Agent != tc.agent || c.Outcome != tc.outcome {
				t.Errorf("state %q agent %q outcome %q, want %q %q %q", c.State, c.Agent, c.Outcome, tc.state, tc.agent, tc.outcome)
			}
			switch {
			case tc.code == "" && err != nil:
				t.Errorf("unexpected error: %v", err)
			case tc.code != "" && call.CodeOf(err) != tc.code:
				t.Errorf("code %q (%v), want %q", call.CodeOf(err), err, tc.code)
			}
		})
	}
}

func TestTakenNamesTheOwner(t *testing.T) {
	c := received()
	for _, e := range []call.Event{offered("anna", "ben"), by(call.KindAccepted, "ben")} {
		var err error
		if c, err = c.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.Apply(by(call.KindAccepted, "anna"))
	var e *call.Error
	if !errors.As(err, &e) || e.By != "ben" {
		t.Fatalf("got %#v, want the owner ben", err)
	}
}

// TestWhatACallRemembers follows what later decisions go by.
func TestWhatACallRemembers(t *testing.T) {
	c := received()
	step := func(e call.Event) {
		t.Helper()
		var err error
		if c, err = c.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	turn := offered("anna")
	turn.Turn = 3
	step(turn)
	if c.Turn != (call.Turn{Agent: "anna", Number: 3}) {
		t.Errorf("turn %+v", c.Turn)
	}
	step(call.Event{Kind: call.KindLapsed, At: t0.Add(20 * time.Second), Agents: []string{"anna"}})
	if p := c.PassedBy("anna"); p.How != call.KindLapsed || p.Refused() {
		t.Errorf("anna let it lapse: %+v", p)
	}
	step(call.Event{Kind: call.KindAlerted, At: t0.Add(30 * time.Second)})
	step(offered("anna", "ben"))
	step(by(call.KindDeclined, "anna"))
	if p := c.PassedBy("anna"); len(c.Passed) != 1 || !p.Refused() {
		t.Errorf("anna declined: %+v", c.Passed)
	}
	step(by(call.KindAccepted, "ben"))
	back := call.Event{Kind: call.KindReturned, At: t0.Add(time.Minute), Agent: "ben"}
	step(back)
	if !c.PassedBy("ben").Refused() || !c.Since.Equal(back.At) || !c.Received.Equal(t0) || !c.Accepted.IsZero() || !c.Alerted.IsZero() {
		t.Errorf("given back: %+v", c)
	}
	step(call.Event{Kind: call.KindAssigned, At: t0, Agent: "anna", By: "sara"})
	step(offered("anna"))
	step(by(call.KindDeclined, "anna"))
	if c.Assigned != "" {
		t.Error("who was chosen and declined is chosen still")
	}
	step(offered("ben"))
	step(by(call.KindAccepted, "ben"))
	step(call.Event{Kind: call.KindFinished, At: t0.Add(time.Hour), Agent: "ben", Until: t0.Add(time.Hour + time.Minute)})
	if !c.WrapUp.Equal(t0.Add(time.Hour + time.Minute)) {
		t.Errorf("wrap-up until %v", c.WrapUp)
	}
}

func TestCustomerLabel(t *testing.T) {
	for _, tc := range []struct {
		customer call.Customer
		want     string
	}{
		{call.Customer{Name: "Maria", Email: "m@example.com", Phone: "1"}, "Maria"},
		{call.Customer{Email: "m@example.com", Phone: "1"}, "m@example.com"},
		{call.Customer{Phone: "1"}, "1"},
		{call.Customer{}, ""},
	} {
		if got := tc.customer.Label(); got != tc.want {
			t.Errorf("%+v: %q, want %q", tc.customer, got, tc.want)
		}
	}
}

// TestRecordings: the owner records, one at a time; what Vidaoo began as the call
// ended or was given back is of the call too, and may be stopped after the end.
func TestRecordings(t *testing.T) {
	at := func(seconds int) time.Time { return t0.Add(time.Duration(seconds) * time.Second) }
	start := func(seconds int, agent, id string) call.Event {
		return call.Event{Kind: call.KindRecordingStarted, At: at(seconds), Agent: agent, Recording: id}
	}
	stop := func(seconds int, id string) call.Event {
		return call.Event{Kind: call.KindRecordingStopped, At: at(seconds), Recording: id}
	}
	has := []call.Event{offered("anna"), by(call.KindAccepted, "anna")}
	returned := append(has[:2:2], by(call.KindReturned, "anna"))
	for _, tc := range []struct {
		name   string
		events []call.Event
		code   call.Code // of the last event
		count  int
		leftOn bool
	}{
		{"the owner starts one", append(has[:2:2], start(2, "anna", "r1")), "", 1, false},
		{"another can't", append(has[:2:2], start(2, "ben", "r1")), call.Forbidden, 0, false},
		{"nobody has it", []call.Event{offered("anna"), start(2, "anna", "r1")}, call.Forbidden, 0, false},
		{"one at a time", append(has[:2:2], start(2, "anna", "r1"), start(3, "anna", "r2")), call.BadRequest, 1, false},
		{"each once", append(has[:2:2], start(2, "anna", "r1"), stop(3, "r1"), start(4, "anna", "r1")), call.BadRequest, 1, false},
		{"one after the other", append(has[:2:2], start(2, "anna", "r1"), stop(3, "r1"), start(4, "anna", "r2")), "", 2, false},
		{"without an id", append(has[:2:2], start(2, "anna", "")), call.BadRequest, 0, false},
		{"stopped twice", append(has[:2:2], start(2, "anna", "r1"), stop(3, "r1"), stop(4, "r1")), call.BadRequest, 1, false},
		{"another is stopped", append(has[:2:2], start(2, "anna", "r1"), stop(3, "r2")), call.BadRequest, 1, false},
		{"finished while it is on", append(has[:2:2], start(2, "anna", "r1"), by(call.KindFinished, "anna")), "", 1, true},
		{"stopped after the end", append(has[:2:2], start(2, "anna", "r1"), by(call.KindFinished, "anna"), stop(4, "r1")), "", 1, false},
		{"begun as it ended", append(has[:2:2], by(call.KindFinished, "anna"), start(4, "anna", "r1")), "", 1, true},
		{"begun as it was given back", append(returned[:3:3], start(4, "anna", "r1")), "", 1, true},
		{"taken again by the same agent", append(has[:2:2], start(1, "anna", "r1"), by(call.KindReturned, "anna"),
			call.Event{Kind: call.KindOffered, At: at(3), Agents: []string{"anna"}, Until: at(20)}, call.Event{Kind: call.KindAccepted, At: at(4), Agent: "anna"}), "", 1, true},
	} {
		c, err := received(), error(nil)
		for _, e := range tc.events {
			if c, err = c.Apply(e); err != nil && tc.code == "" {
				t.Errorf("%s: %s: %v", tc.name, e.Kind, err)
			}
		}
		if tc.code != "" && call.CodeOf(err) != tc.code || len(c.Recordings) != tc.count || c.LeftOn() != tc.leftOn {
			t.Errorf("%s: %v, %+v, left on %t", tc.name, err, c.Recordings, c.LeftOn())
		}
	}
	c := received()
	for i, want := range []call.Code{call.Forbidden, call.Forbidden, "", call.Gone} {
		if err := c.Recordable("anna"); err == nil && want != "" || err != nil && call.CodeOf(err) != want {
			t.Errorf("%s: %v, want %q", c.State, err, want)
		}
		if i < 3 {
			c, _ = c.Apply(append(has[:2:2], by(call.KindFinished, "anna"))[i])
		}
	}
}
