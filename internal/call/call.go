package call

import (
	"slices"
	"strings"
	"time"
)

// State is where a call is on its way.
type State string

// The states, in the order a call passes through them.
const (
	Waiting  State = "waiting"  // nobody's bell rings for it
	Ringing  State = "ringing"  // at least one live offer
	Accepted State = "accepted" // one agent owns it
	Ended    State = "ended"    // nothing can happen to it any more
)

// Outcome is how an ended call ended.
type Outcome string

// The outcomes.
const (
	Completed Outcome = "completed" // its agent finished it
	Missed    Outcome = "missed"    // nobody accepted it within the queue's patience
	Canceled  Outcome = "canceled"  // the customer left before anybody accepted it, or a supervisor closed it
)

// Reason is why a call was missed or canceled.
type Reason string

// The reasons.
const (
	OutOfPatience Reason = "patience" // nobody accepted it within the queue's patience
	OutOfHours    Reason = "closed"   // it came outside the queue's opening hours
	CustomerLeft  Reason = "left"
	BySupervisor  Reason = "supervisor"
	QueueRemoved  Reason = "queue removed"
	InMotion      Reason = "answered in Motion" // an agent of XCALLY Motion took it
	NoSession     Reason = "no session"         // Vidaoo made no meeting: the customer could leave a note only
)

// Customer is who calls, as far as the webhook told.
type Customer struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// Label is the best short name for the customer: name, else e-mail, else phone.
func (c Customer) Label() string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Email != "":
		return c.Email
	default:
		return c.Phone
	}
}

// Offer is a call rung to one agent until a deadline.
type Offer struct {
	Agent string    `json:"agent"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// Pass remembers that the call rang for an agent, or was its own, and went on:
// How is declined, lapsed or returned.
type Pass struct {
	Agent string    `json:"agent"`
	At    time.Time `json:"at"`
	How   Kind      `json:"how"`
}

// Refused tells whether the agent said no: it pressed Decline, or gave the call
// back.
func (p Pass) Refused() bool { return p.How == KindDeclined || p.How == KindReturned }

// Turn is whom an offer to one agent went to, and its number among the queue's
// offers of that kind: the memory of round-robin.
type Turn struct {
	Agent  string `json:"agent"`
	Number uint64 `json:"number"`
}

// Call is one customer waiting for one video session. A Call is a value:
// [Call.Apply] returns a changed copy and never touches the receiver's slices.
type Call struct {
	ID       string         `json:"id"`
	Queue    string         `json:"queue"`
	State    State          `json:"state"`
	Topic    string         `json:"topic,omitempty"`
	Customer Customer       `json:"customer"`
	Metadata map[string]any `json:"metadata,omitempty"`
	// Session is Vidaoo's id of the meeting; empty when the webhook had none.
	Session string `json:"session,omitempty"`
	// Meeting is what Vidaoo's API calls the meeting, if the hub made it; of
	// others Session stands for it.
	Meeting string `json:"meeting,omitempty"`
	// Link is the session link, an https address. It is a secret until accept.
	Link string `json:"link"`
	// Warnings say what was odd about the webhook, for the administrator.
	Warnings []string `json:"warnings,omitempty"`

	Received time.Time `json:"received"`
	// Since is when it began to wait: as received, or when it was returned.
	Since    time.Time `json:"since"`
	Closed   bool      `json:"closed,omitempty"`   // received outside the queue's opening hours
	Alerted  time.Time `json:"alerted,omitzero"`   // supervisors were told that it waits
	Overflow string    `json:"overflow,omitempty"` // the queue whose agents it rings for as well
	Offered  time.Time `json:"offered,omitzero"`   // the first offer
	Accepted time.Time `json:"accepted,omitzero"`
	Ended    time.Time `json:"ended,omitzero"`

	Joined   bool    `json:"joined,omitempty"`   // the customer is in the room
	Agent    string  `json:"agent,omitempty"`    // the owner's username
	Assigned string  `json:"assigned,omitempty"` // the agent a supervisor chose: it rings there first
	Outcome  Outcome `json:"outcome,omitempty"`
	Reason   Reason  `json:"reason,omitempty"`
	Offers   Offers  `json:"offers,omitempty"` // live ones, sorted by agent
	Passed   Passes  `json:"passed,omitempty"` // the latest of each agent, sorted by agent
	Turn     Turn    `json:"turn,omitzero"`    // of the last offer that was one agent's turn
	// WrapUp is until when its agent has time to wrap up, after the end.
	WrapUp time.Time `json:"wrap_up,omitzero"`

	Disposition string `json:"disposition,omitempty"`
	Note        string `json:"note,omitempty"`
	// DeleteMeeting has the meeting deleted at Vidaoo, so that its guests are led
	// on: its agent finished the call.
	DeleteMeeting bool `json:"delete_meeting,omitempty"`
	// Recordings are those that the call's agents made, the latest last. Only that
	// one may be on.
	Recordings []Recording `json:"recordings,omitempty"`
}

// Open tells whether the call has not ended.
func (c Call) Open() bool { return c.State != Ended }

// Unanswered tells whether the call still looks for an agent.
func (c Call) Unanswered() bool { return c.State == Waiting || c.State == Ringing }

// OfferTo returns the live offer an agent holds.
func (c Call) OfferTo(agent string) (Offer, bool) {
	i, ok := slices.BinarySearchFunc(c.Offers, agent, func(o Offer, agent string) int { return strings.Compare(o.Agent, agent) })
	if !ok {
		return Offer{}, false
	}
	return c.Offers[i], true
}

// PassedBy returns how the call last went past an agent; its zero value if it
// did not.
func (c Call) PassedBy(agent string) Pass {
	i, ok := slices.BinarySearchFunc(c.Passed, agent, func(p Pass, agent string) int { return strings.Compare(p.Agent, agent) })
	if !ok {
		return Pass{}
	}
	return c.Passed[i]
}

// pass notes how the call went past some agents.
func (c Call) pass(how Kind, at time.Time, agents ...string) Call {
	again := setOf(agents)
	passed := make([]Pass, 0, len(c.Passed)+len(agents))
	for _, p := range c.Passed {
		if !again[p.Agent] {
			passed = append(passed, p)
		}
	}
	for _, a := range agents {
		passed = append(passed, Pass{Agent: a, At: at, How: how})
	}
	slices.SortFunc(passed, func(a, b Pass) int { return strings.Compare(a.Agent, b.Agent) })
	c.Passed = passed
	return c
}

// without returns the offers that are not held by any of the agents.
func without(offers []Offer, agents ...string) []Offer {
	gone := setOf(agents)
	kept := make([]Offer, 0, len(offers))
	for _, o := range offers {
		if !gone[o.Agent] {
			kept = append(kept, o)
		}
	}
	return kept
}

func setOf(agents []string) map[string]bool {
	set := make(map[string]bool, len(agents))
	for _, a := range agents {
		set[a] = true
	}
	return set
}
