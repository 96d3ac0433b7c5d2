package agent

import (
	"time"

	"github.com/deskbell/deskbell/internal/wire"
)

// Connection is how the session stands with the hub.
type Connection string

// The connections.
const (
	Connecting Connection = "connecting" // the first try of a run
	Online     Connection = "online"     // welcomed
	Offline    Connection = "offline"    // lost or refused; Problem says why, Retry when it is tried again
)

// Offer is a call that rings for this agent. Received and Until are on this
// machine's clock.
type Offer struct {
	Call     wire.Call
	Received time.Time
	Until    time.Time
	// Came is when this app heard of it, for the delivery receipt.
	Came time.Time
}

// State is everything the app knows, as of one moment. It is a copy: reading
// it needs no lock, changing it changes nothing.
type State struct {
	Connection Connection
	Problem    string    // a sentence that says what to do; empty when online
	Retry      time.Time // the next try when offline
	// Notice is a sentence on something that is wrong although calls ring: this
	// computer's clock is off. Mostly empty.
	Notice string

	User     wire.User
	Presence wire.Presence
	Queues   []wire.Queue
	Reasons  []string    // those for a pause; without any, the agent writes its own
	Offers   []Offer     // longest waiting first
	Calls    []wire.Call // the agent's own accepted calls, with link
}

// Kind is what happened.
type Kind string

// The kinds of events. Each carries the State after it.
const (
	Changed Kind = "changed" // connection, presence or another part of the state
	Rang    Kind = "rang"    // Offer began to ring (or rings with a new deadline)
	Stopped Kind = "stopped" // Call rings no more: Reason and By say why
	Taken   Kind = "taken"   // Call is this agent's own now, with its link
	Ended   Kind = "ended"   // Call, an own one, is over
	Alerted Kind = "alerted" // Alert needs somebody to act; for supervisors
	Watched Kind = "watched" // the Floor has changed; for supervisors, a few times a second at most
)

// Event is something that happened, with the state after it.
type Event struct {
	Kind   Kind
	State  State
	Offer  Offer     // Rang
	Call   wire.Call // Taken, Ended; for Stopped only its ID is sure to be set
	Reason wire.WithdrawnReason
	By     string     // display name, for Stopped because answered
	Alert  wire.Alert // Alerted
}

// id is the call that an event is about, or empty.
func (e Event) id() string {
	if e.Kind == Rang {
		return e.Offer.Call.ID
	}
	return e.Call.ID
}
