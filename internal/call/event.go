package call

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kind is what happened to a call.
type Kind string

// The kinds of events.
const (
	KindReceived   Kind = "received"   // the webhook came in
	KindOffered    Kind = "offered"    // rung to Agents until Until
	KindDeclined   Kind = "declined"   // Agent pressed Decline
	KindLapsed     Kind = "lapsed"     // the deadline of Agents' offers passed
	KindWithdrawn  Kind = "withdrawn"  // Agents can't take it any more: Reason says why
	KindAccepted   Kind = "accepted"   // Agent owns it now
	KindReturned   Kind = "returned"   // Agent has it no more; By gave it back
	KindAssigned   Kind = "assigned"   // By chose Agent: it rings there first
	KindFinished   Kind = "finished"   // Agent is done with it
	KindNoted      Kind = "noted"      // Agent says how it went, after the customer had left; without Agent: the customer wants to be called back
	KindMissed     Kind = "missed"     // nobody took it: Reason says why
	KindCanceled   Kind = "canceled"   // By closed it
	KindJoined     Kind = "joined"     // the customer is in the room
	KindLeft       Kind = "left"       // the customer has left
	KindAlerted    Kind = "alerted"    // it has waited for the alert time: supervisors are told
	KindOverflowed Kind = "overflowed" // it rings for the agents of Queue as well

	KindRecordingStarted Kind = "recording-started" // Agent records it: Recording
	KindRecordingStopped Kind = "recording-stopped" // Agent stopped Recording; without Agent: the hub, for the agent has the call no more
)

// Event is one change of a call.
type Event struct {
	Kind   Kind      `json:"kind"`
	At     time.Time `json:"at"`
	Agent  string    `json:"agent,omitempty"`
	Agents []string  `json:"agents,omitempty"`
	By     string    `json:"by,omitempty"` // the username of who did it, if not Agent
	Queue  string    `json:"queue,omitempty"`
	// Until is the deadline of an offer; of an event that ends an accepted
	// call, until when its agent has time to wrap up.
	Until time.Time `json:"until,omitzero"`
	// Turn numbers an offer that was one agent's turn; 0 for others.
	Turn uint64 `json:"turn,omitempty"`
	// Reason is why: of withdrawn offers the presence the agent has now, of a
	// missed or canceled call a [Reason].
	Reason      string `json:"reason,omitempty"`
	Disposition string `json:"disposition,omitempty"`
	Note        string `json:"note,omitempty"`
	// DeleteMeeting has the meeting of a finished call deleted.
	DeleteMeeting bool `json:"delete_meeting,omitempty"`
	// Recording is Vidaoo's id of it.
	Recording string `json:"recording,omitempty"`
}

// New makes a received call and its first event. The caller fills in what the
// webhook told; New sets what only the domain may set.
func New(c Call) (Call, Event) {
	c = Call{
		ID: c.ID, Queue: c.Queue, State: Waiting, Topic: c.Topic, Customer: c.Customer, Metadata: c.Metadata,
		Session: c.Session, Meeting: c.Meeting, Link: c.Link, Warnings: c.Warnings, Received: c.Received, Since: c.Received, Closed: c.Closed,
	}
	return c, Event{Kind: KindReceived, At: c.Received}
}

// Apply returns the call as it is after the event, or an *Error that says why
// the event can't happen to this call. It is the only place where a call changes.
func (c Call) Apply(e Event) (Call, error) {
	switch e.Kind {
	case KindNoted:
		return c.note(e)
	case KindRecordingStarted:
		return c.startRecording(e)
	case KindRecordingStopped:
		return c.stopRecording(e)
	}
	if c.State == Ended {
		return c, &Error{Code: Gone, Message: "The call has ended."}
	}
	switch e.Kind {
	case KindOffered:
		return c.offer(e)
	case KindDeclined:
		return c.decline(e)
	case KindLapsed, KindWithdrawn:
		return c.withdraw(e)
	case KindAccepted:
		return c.accept(e)
	case KindReturned:
		return c.giveBack(e)
	case KindAssigned:
		return c.assign(e)
	case KindFinished:
		return c.finish(e)
	case KindMissed:
		return c.miss(e)
	case KindCanceled:
		c.Reason = Reason(e.Reason)
		return c.end(e, Canceled), nil
	case KindJoined:
		c.Joined = true
		return c, nil
	case KindLeft:
		return c.leave(e), nil
	case KindAlerted, KindOverflowed:
		return c.wait(e)
	default:
		return c, &Error{Code: BadRequest, Message: fmt.Sprintf("An open call has no event %q.", e.Kind)}
	}
}

func (c Call) offer(e Event) (Call, error) {
	if !c.Unanswered() {
		return c, c.taken()
	}
	if len(e.Agents) == 0 || !e.Until.After(e.At) {
		return c, &Error{Code: BadRequest, Message: "An offer needs agents and a deadline that is not over."}
	}
	offers := without(c.Offers, e.Agents...)
	for _, a := range e.Agents {
		offers = append(offers, Offer{Agent: a, Since: e.At, Until: e.Until})
	}
	slices.SortFunc(offers, func(a, b Offer) int { return strings.Compare(a.Agent, b.Agent) })
	c.Offers, c.State = offers, Ringing
	if e.Turn > 0 {
		c.Turn = Turn{Agent: e.Agents[len(e.Agents)-1], Number: e.Turn}
	}
	if c.Offered.IsZero() {
		c.Offered = e.At
	}
	return c, nil
}

func (c Call) decline(e Event) (Call, error) {
	if err := c.answerable(e.Agent); err != nil {
		return c, err
	}
	return c.pass(KindDeclined, e.At, e.Agent).ringLess(e.Agent), nil
}

func (c Call) withdraw(e Event) (Call, error) {
	if !c.Unanswered() {
		return c, c.taken()
	}
	for _, a := range e.Agents {
		if _, ok := c.OfferTo(a); !ok {
			return c, notOffered()
		}
	}
	if e.Kind == KindLapsed {
		c = c.pass(KindLapsed, e.At, e.Agents...)
	}
	return c.ringLess(e.Agents...), nil
}

// ringLess takes offers away; without any left the call waits again. Who was
// chosen by a supervisor has had the first ring then.
func (c Call) ringLess(agents ...string) Call {
	if slices.Contains(agents, c.Assigned) {
		c.Assigned = ""
	}
	c.Offers = without(c.Offers, agents...)
	if len(c.Offers) == 0 {
		c.Offers, c.State = nil, Waiting
	}
	return c
}

func (c Call) accept(e Event) (Call, error) {
	if err := c.answerable(e.Agent); err != nil {
		return c, err
	}
	c.State, c.Agent, c.Accepted, c.Offers, c.Assigned = Accepted, e.Agent, e.At, nil, ""
	return c, nil
}

// giveBack has the call wait again, as if it had come now; but it keeps its
// place before those that came later.
func (c Call) giveBack(e Event) (Call, error) {
	if c.State != Accepted || c.Agent != e.Agent {
		return c, &Error{Code: Forbidden, Message: "Only a call that the agent has can be returned."}
	}
	c = c.pass(KindReturned, e.At, e.Agent)
	c.State, c.Agent, c.Accepted, c.Since, c.Alerted, c.Overflow = Waiting, "", time.Time{}, e.At, time.Time{}, ""
	return c, nil
}

// assign takes the call off all desks but one.
func (c Call) assign(e Event) (Call, error) {
	if !c.Unanswered() {
		return c, c.taken()
	}
	others := make([]string, 0, len(c.Offers))
	for _, o := range c.Offers {
		if o.Agent != e.Agent {
			others = append(others, o.Agent)
		}
	}
	c = c.ringLess(others...)
	c.Assigned = e.Agent
	return c, nil
}

// answerable tells whether an agent may answer the call.
func (c Call) answerable(agent string) error {
	if !c.Unanswered() {
		return c.taken()
	}
	if _, ok := c.OfferTo(agent); !ok {
		return notOffered()
	}
	return nil
}

func (c Call) finish(e Event) (Call, error) {
	if c.State != Accepted || c.Agent != e.Agent {
		return c, &Error{Code: Forbidden, Message: "Only the agent who accepted the call can finish it."}
	}
	c.Disposition, c.Note, c.DeleteMeeting = e.Disposition, e.Note, e.DeleteMeeting
	return c.end(e, Completed), nil
}

// note keeps what the agent says of a call that the customer ended, or what the
// customer of a call that nobody took leaves. Beside what becomes of recordings,
// those are the only things that can happen to a call after its end.
func (c Call) note(e Event) (Call, error) {
	if e.Agent == "" {
		if c.State != Ended || c.Outcome == Completed {
			return c, &Error{Code: BadRequest, Message: "A call-back note belongs to a call that has ended and that nobody took."}
		}
		c.Note = e.Note
		return c, nil
	}
	if c.State != Ended || c.Outcome != Completed || c.Agent != e.Agent {
		return c, &Error{Code: Forbidden, Message: "Only the agent who had the call can say how it went, after its end."}
	}
	c.Disposition, c.Note = e.Disposition, e.Note
	return c, nil
}

// miss ends the call. Who it still rings for has missed it too, as with an offer
// that lapses.
func (c Call) miss(e Event) (Call, error) {
	if !c.Unanswered() {
		return c, c.taken()
	}
	if len(c.Offers) > 0 {
		late := make([]string, 0, len(c.Offers))
		for _, o := range c.Offers {
			late = append(late, o.Agent)
		}
		c = c.pass(KindLapsed, e.At, late...)
	}
	c.Reason = Reason(e.Reason)
	return c.end(e, Missed), nil
}

// leave ends the call: of an accepted one nothing is left to do.
func (c Call) leave(e Event) Call {
	if c.State == Accepted {
		return c.end(e, Completed)
	}
	c.Reason = CustomerLeft
	return c.end(e, Canceled)
}

// wait notes what the time of waiting brought; each comes once.
func (c Call) wait(e Event) (Call, error) {
	switch {
	case !c.Unanswered():
		return c, c.taken()
	case e.Kind == KindAlerted && c.Alerted.IsZero():
		c.Alerted = e.At
	case e.Kind == KindOverflowed && c.Overflow == "" && e.Queue != "":
		c.Overflow = e.Queue
	default:
		return c, &Error{Code: BadRequest, Message: fmt.Sprintf("The call has %s already.", e.Kind)}
	}
	return c, nil
}

func (c Call) end(e Event, o Outcome) Call {
	if c.State == Accepted && e.Until.After(e.At) {
		c.WrapUp = e.Until
	}
	c.State, c.Outcome, c.Ended, c.Offers, c.Assigned = Ended, o, e.At, nil, ""
	return c
}

func (c Call) taken() error {
	return &Error{Code: Taken, By: c.Agent, Message: "Another agent has the call."}
}

func notOffered() error {
	return &Error{Code: NotOffered, Message: "The call does not ring for this agent."}
}
