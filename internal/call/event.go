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
	KindReceived  Kind = "received"  // the webhook came in
	KindOffered   Kind = "offered"   // rung to Agents until Until
	KindDeclined  Kind = "declined"  // Agent pressed Decline
	KindLapsed    Kind = "lapsed"    // the deadline of Agents' offers passed
	KindWithdrawn Kind = "withdrawn" // Agents can't take it any more: Reason says why
	KindAccepted  Kind = "accepted"  // Agent owns it now
	KindFinished  Kind = "finished"  // Agent is done with it
	KindMissed    Kind = "missed"    // the queue's patience is over
	KindJoined    Kind = "joined"    // the customer is in the room
	KindLeft      Kind = "left"      // the customer has left
)

// Event is one change of a call.
type Event struct {
	Kind   Kind      `json:"kind"`
	At     time.Time `json:"at"`
	Agent  string    `json:"agent,omitempty"`
	Agents []string  `json:"agents,omitempty"`
	Until  time.Time `json:"until,omitzero"`
	// Reason is why offers were withdrawn: the presence the agent has now.
	Reason      string `json:"reason,omitempty"`
	Disposition string `json:"disposition,omitempty"`
	Note        string `json:"note,omitempty"`
}

// New makes a received call and its first event. The caller fills in what the
// webhook told; New sets what only the domain may set.
func New(c Call) (Call, Event) {
	c.State = Waiting
	c.Agent, c.Outcome, c.Offers, c.Refused, c.Joined = "", "", nil, nil, false
	c.Offered, c.Accepted, c.Ended = time.Time{}, time.Time{}, time.Time{}
	return c, Event{Kind: KindReceived, At: c.Received}
}

// Apply returns the call as it is after the event, or an *Error that says why
// the event can't happen to this call. It is the only place where a call changes.
func (c Call) Apply(e Event) (Call, error) {
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
	case KindFinished:
		return c.finish(e)
	case KindMissed:
		return c.miss(e)
	case KindJoined:
		c.Joined = true
		return c, nil
	case KindLeft:
		return c.leave(e), nil
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
	if c.Offered.IsZero() {
		c.Offered = e.At
	}
	return c, nil
}

func (c Call) decline(e Event) (Call, error) {
	if err := c.answerable(e.Agent); err != nil {
		return c, err
	}
	c.Refused = slices.DeleteFunc(slices.Clone(c.Refused), func(r Refusal) bool { return r.Agent == e.Agent })
	c.Refused = append(c.Refused, Refusal{Agent: e.Agent, At: e.At})
	return c.ringLess(e.Agent), nil
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
	return c.ringLess(e.Agents...), nil
}

// ringLess takes offers away; without any left the call waits again.
func (c Call) ringLess(agents ...string) Call {
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
	c.State, c.Agent, c.Accepted, c.Offers = Accepted, e.Agent, e.At, nil
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
	c.Disposition, c.Note = e.Disposition, e.Note
	return c.end(e.At, Completed), nil
}

func (c Call) miss(e Event) (Call, error) {
	if !c.Unanswered() {
		return c, c.taken()
	}
	return c.end(e.At, Missed), nil
}

// leave ends the call: of an accepted one nothing is left to do.
func (c Call) leave(e Event) Call {
	if c.State == Accepted {
		return c.end(e.At, Completed)
	}
	return c.end(e.At, Canceled)
}

func (c Call) end(at time.Time, o Outcome) Call {
	c.State, c.Outcome, c.Ended, c.Offers = Ended, o, at, nil
	return c
}

func (c Call) taken() error {
	return &Error{Code: Taken, By: c.Agent, Message: "Another agent has the call."}
}

func notOffered() error {
	return &Error{Code: NotOffered, Message: "The call does not ring for this agent."}
}
