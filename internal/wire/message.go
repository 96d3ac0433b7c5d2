package wire

import (
	"encoding/json"
	"fmt"

	"github.com/deskbell/deskbell/internal/call"
)

// Protocol is the WebSocket subprotocol.
const Protocol = "deskbell.v1"

// Close codes of the WebSocket (RFC 6455 leaves 4000 to 4999 to applications).
const (
	CloseSignIn    = 4001 // the token is not valid any more: sign in again
	CloseSignedOut = 4003 // signed out elsewhere
	CloseTooSlow   = 4008 // the app does not keep up: connect again
	CloseRestart   = 1012 // the hub restarts: connect again
)

// The message types, in the "type" field of each frame.
const (
	TypeWelcome   = "welcome"
	TypeOffer     = "offer"
	TypeWithdrawn = "withdrawn"
	TypeCall      = "call"
	TypeAgent     = "agent"
	TypeAlert     = "alert"
	TypeChanges   = "changes"
	TypeNumbers   = "numbers"
	TypeReply     = "reply"
)

// User is who is signed in.
type User struct {
	Username string    `json:"username"`
	Name     string    `json:"name"` // display name
	Role     call.Role `json:"role"`
	Queues   []string  `json:"queues"`
	// Supervises are the queues to which a supervisor is limited; none: all.
	Supervises []string `json:"supervises"`
}

// Presence is an agent's state since a time.
type Presence struct {
	State  call.PresenceState `json:"state"`
	Reason string             `json:"reason,omitempty"`
	Cause  call.Cause         `json:"cause,omitempty"` // who or what set it, if not the agent
	Since  Time               `json:"since"`
	Until  Time               `json:"until,omitzero"` // of wrap-up: when it ends by itself
}

// Agent is an agent as a supervisor sees it.
type Agent struct {
	Username string   `json:"username"`
	Name     string   `json:"name"`
	Queues   []string `json:"queues"`
	// Answered and Missed are the agent's calls of today, in the hub's time zone:
	// those it took, and those that rang for it and were not answered.
	Answered int `json:"answered"`
	Missed   int `json:"missed"`
	Presence
}

// Queue is a queue as its members see it. Durations are Go's: "20s", "5m0s".
type Queue struct {
	Name         string   `json:"name"`
	Strategy     string   `json:"strategy"`
	Ring         string   `json:"ring"`
	Patience     string   `json:"patience"`
	AlertAfter   string   `json:"alert_after"` // "0s": never
	WrapUp       string   `json:"wrap_up"`     // "0s": none
	Capacity     int      `json:"capacity"`    // calls one agent may have at a time
	Dispositions []string `json:"dispositions"`
}

// Ring is a call that rings for the one who reads it, until a deadline.
type Ring struct {
	Call  Call `json:"call"`
	Until Time `json:"until"`
}

// Welcome is the first message on a connection, whole: nothing is replayed.
type Welcome struct {
	Time     Time     `json:"time"`
	User     User     `json:"user"`
	Presence Presence `json:"presence"`
	Queues   []Queue  `json:"queues"`
	Offers   []Ring   `json:"offers"`
	Calls    []Call   `json:"calls"`
	Agents   []Agent  `json:"agents,omitempty"`
	Numbers  *Numbers `json:"numbers,omitempty"` // for supervisors
	// Reasons are those for a pause; without any, agents write their own.
	Reasons []string `json:"reasons"`
}

// Offer says that a call rings for the agent.
type Offer struct{ Ring }

// Withdrawn says that a call rings no more.
type Withdrawn struct {
	Call   string          `json:"call"`
	Reason WithdrawnReason `json:"reason"`
	By     string          `json:"by,omitempty"` // display name of who answered
}

// WithdrawnReason says why a call rings no more.
type WithdrawnReason string

// The reasons.
const (
	ReasonAnswered   WithdrawnReason = "answered"
	ReasonLapsed     WithdrawnReason = "lapsed"
	ReasonCanceled   WithdrawnReason = "canceled"
	ReasonReassigned WithdrawnReason = "reassigned"
)

// CallChanged carries a call after a change; with link for its owner.
type CallChanged struct {
	Call Call `json:"call"`
}

// AgentChanged carries an agent's presence, to itself and to supervisors.
type AgentChanged struct {
	Agent Agent `json:"agent"`
}

// AlertKind is what supervisors are alerted of.
type AlertKind string

// The kinds of alerts.
const (
	AlertWaiting AlertKind = "waiting" // Call has waited for the queue's alert time
	AlertPayload AlertKind = "payload" // a webhook's payload made no call: Payload is its id, Code why
	AlertNobody  AlertKind = "nobody"  // somebody waits in Queue, and nobody who serves it is ready
	AlertNote    AlertKind = "note"    // the customer of Call has left a note and wants to be called back
)

// Alert tells supervisors of what needs somebody to act. It has no word of the
// customer's.
type Alert struct {
	Kind    AlertKind `json:"kind"`
	Queue   string    `json:"queue"`
	At      Time      `json:"at"`
	Call    string    `json:"call,omitempty"`
	Payload uint64    `json:"payload,omitempty"`
	Code    call.Code `json:"code,omitempty"`
	Message string    `json:"message"` // a sentence that says what to do
}

// Alerted carries an alert to supervisors.
type Alerted struct {
	Alert Alert `json:"alert"`
}

// Changes are several changes at once, for supervisors: each call and agent as
// it is after the last of them.
type Changes struct {
	Calls  []Call  `json:"calls,omitempty"`
	Agents []Agent `json:"agents,omitempty"`
}

// Failure is why a request failed.
type Failure struct {
	Code    call.Code `json:"code"`
	Message string    `json:"message"`
	By      string    `json:"by,omitempty"` // display name of the agent who has the call (taken)
}

// Reply answers the request whose id is To.
type Reply struct {
	To    json.RawMessage `json:"to"`
	Error *Failure        `json:"error,omitempty"`
}

// typed writes a message with its type in front.
func typed[T any](kind string, m T) ([]byte, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode %s message: %w", kind, err)
	}
	if string(body) == "{}" {
		return []byte(`{"type":"` + kind + `"}`), nil
	}
	return append([]byte(`{"type":"`+kind+`",`), body[1:]...), nil
}

// Encode writes a message to the app as one frame.
func Encode(m any) ([]byte, error) {
	switch m := m.(type) {
	case Welcome:
		return typed(TypeWelcome, m)
	case Offer:
		return typed(TypeOffer, m)
	case Withdrawn:
		return typed(TypeWithdrawn, m)
	case CallChanged:
		return typed(TypeCall, m)
	case AgentChanged:
		return typed(TypeAgent, m)
	case Alerted:
		return typed(TypeAlert, m)
	case Changes:
		return typed(TypeChanges, m)
	case Numbers:
		return typed(TypeNumbers, m)
	case Reply:
		return typed(TypeReply, m)
	default:
		return nil, fmt.Errorf("encode message: no frame for %T", m)
	}
}

// Decode reads a frame from the hub: one of the message types above. A type
// this version does not know is nil without an error, so that a newer hub can
// say more.
func Decode(frame []byte) (any, error) {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(frame, &head); err != nil {
		return nil, fmt.Errorf("decode frame: %w", err)
	}
	switch head.Type {
	case TypeWelcome:
		return decode[Welcome](head.Type, frame)
	case TypeOffer:
		return decode[Offer](head.Type, frame)
	case TypeWithdrawn:
		return decode[Withdrawn](head.Type, frame)
	case TypeCall:
		return decode[CallChanged](head.Type, frame)
	case TypeAgent:
		return decode[AgentChanged](head.Type, frame)
	case TypeAlert:
		return decode[Alerted](head.Type, frame)
	case TypeChanges:
		return decode[Changes](head.Type, frame)
	case TypeNumbers:
		return decode[Numbers](head.Type, frame)
	case TypeReply:
		return decode[Reply](head.Type, frame)
	default:
		return nil, nil
	}
}

func decode[T any](kind string, frame []byte) (any, error) {
	var m T
	if err := json.Unmarshal(frame, &m); err != nil {
		return nil, fmt.Errorf("decode %s message: %w", kind, err)
	}
	return m, nil
}
