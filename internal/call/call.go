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
	Canceled  Outcome = "canceled"  // the customer left before anybody accepted it
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

// Refusal remembers that an agent declined, and when.
type Refusal struct {
	Agent string    `json:"agent"`
	At    time.Time `json:"at"`
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
	// Link is the session link, an https address. It is a secret until accept.
	Link string `json:"link"`
	// Warnings say what was odd about the webhook, for the administrator.
	Warnings []string `json:"warnings,omitempty"`

	Received time.Time `json:"received"`
	Offered  time.Time `json:"offered,omitzero"` // the first offer
	Accepted time.Time `json:"accepted,omitzero"`
	Ended    time.Time `json:"ended,omitzero"`

	Joined  bool      `json:"joined,omitempty"` // the customer is in the room
	Agent   string    `json:"agent,omitempty"`  // the owner's username
	Outcome Outcome   `json:"outcome,omitempty"`
	Offers  []Offer   `json:"offers,omitempty"`  // live ones, sorted by agent
	Refused []Refusal `json:"refused,omitempty"` // who declined, latest per agent

	Disposition string `json:"disposition,omitempty"`
	Note        string `json:"note,omitempty"`
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

// RefusedBy returns when an agent last declined the call; zero if it did not.
func (c Call) RefusedBy(agent string) time.Time {
	for _, r := range c.Refused {
		if r.Agent == agent {
			return r.At
		}
	}
	return time.Time{}
}

// without returns the offers that are not held by any of the agents.
func without(offers []Offer, agents ...string) []Offer {
	gone := make(map[string]bool, len(agents))
	for _, a := range agents {
		gone[a] = true
	}
	kept := make([]Offer, 0, len(offers))
	for _, o := range offers {
		if !gone[o.Agent] {
			kept = append(kept, o)
		}
	}
	return kept
}
