package wire

import (
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

// Time is RFC 3339 with milliseconds, in UTC.
type Time struct{ time.Time }

// At wraps a time for the wire.
func At(t time.Time) Time { return Time{t} }

const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// MarshalJSON writes the time with milliseconds.
func (t Time) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, len(timeLayout)+2)
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, timeLayout)
	return append(b, '"'), nil
}

// Call is a call as apps and reports see it.
type Call struct {
	ID       string         `json:"id"`
	Queue    string         `json:"queue"`
	State    call.State     `json:"state"`
	Topic    string         `json:"topic"`
	Customer call.Customer  `json:"customer"`
	Metadata map[string]any `json:"metadata"`
	Session  string         `json:"session"`
	Link     string         `json:"link,omitempty"`
	Received Time           `json:"received"`
	Offered  Time           `json:"offered,omitzero"`
	Accepted Time           `json:"accepted,omitzero"`
	Ended    Time           `json:"ended,omitzero"`
	Agent    string         `json:"agent,omitempty"`
	Outcome  call.Outcome   `json:"outcome,omitempty"`
	Reason   call.Reason    `json:"reason,omitempty"` // why it was missed or canceled
	Joined   bool           `json:"joined"`
	Closed   bool           `json:"closed,omitempty"`   // received outside the opening hours
	Alerted  Time           `json:"alerted,omitzero"`   // supervisors were told that it waits
	Assigned string         `json:"assigned,omitempty"` // the agent a supervisor chose
	Overflow string         `json:"overflow,omitempty"` // the queue whose agents it rings for as well
	Test     bool           `json:"test,omitempty"`     // a test ring: no customer waits

	// For supervisors: since when it waits (a call that was given back waits
	// anew), and for whom it rings: the first of them by username, and how many.
	Since    Time     `json:"since,omitzero"`
	Rings    []string `json:"rings,omitempty"`
	RingsFor int      `json:"rings_for,omitempty"`

	Disposition string `json:"disposition,omitempty"`
	Note        string `json:"note,omitempty"`
	// Dispositions are what Finish may take; for the owner.
	Dispositions []string `json:"dispositions,omitempty"`
	Warnings     []string `json:"warnings,omitempty"`

	Recordings []Recording `json:"recordings,omitempty"` // the last one is on while it has no end
	// MayRecord tells the owner of an accepted call that it can be recorded.
	MayRecord bool `json:"may_record,omitempty"`
}

// FromCall is the call without its session link.
func FromCall(c call.Call) Call {
	w := Call{
		ID: c.ID, Queue: c.Queue, State: c.State, Topic: c.Topic,
		Customer: c.Customer, Metadata: c.Metadata, Session: c.Session,
		Received: At(c.Received), Offered: At(c.Offered), Accepted: At(c.Accepted), Ended: At(c.Ended),
		Agent: c.Agent, Outcome: c.Outcome, Reason: c.Reason, Joined: c.Joined,
		Closed: c.Closed, Alerted: At(c.Alerted), Assigned: c.Assigned, Overflow: c.Overflow,
		Disposition: c.Disposition, Note: c.Note, Warnings: c.Warnings,
	}
	for _, r := range c.Recordings {
		w.Recordings = append(w.Recordings, Recording{ID: r.ID, Started: At(r.Started), Stopped: At(r.Stopped), By: r.By})
	}
	if w.Metadata == nil {
		w.Metadata = map[string]any{}
	}
	return w
}

// maxRings is how many of the agents for whom a call rings are named: a queue
// may ring a thousand at once.
const maxRings = 8

// ForSupervisor is the call as supervisors see it: without the link, and with
// for whom it rings.
func ForSupervisor(c call.Call) Call {
	w := FromCall(c)
	if c.Unanswered() {
		w.Since = At(c.Since)
	}
	for _, o := range c.Offers[:min(len(c.Offers), maxRings)] {
		w.Rings = append(w.Rings, o.Agent)
	}
	w.RingsFor = len(c.Offers)
	return w
}

// ForOwner is the call as its owner sees it: with the link while it is accepted.
func ForOwner(c call.Call) Call {
	w := FromCall(c)
	if c.State == call.Accepted {
		w.Link = c.Link
	}
	return w
}

// DayWhat is what became of a call for one agent.
type DayWhat string

// The kinds.
const (
	DayAnswered  DayWhat = "answered"  // the agent took it
	DayMissed    DayWhat = "missed"    // it rang and was not answered
	DayTaken     DayWhat = "taken"     // another agent was faster: By
	DayDeclined  DayWhat = "declined"  // the agent said no
	DayReturned  DayWhat = "returned"  // the agent gave it back
	DayCanceled  DayWhat = "canceled"  // the customer left while it rang, or a supervisor closed it
	DayElsewhere DayWhat = "elsewhere" // it rings elsewhere: the agent paused, or a supervisor chose another
)

// DayCall is a call of an agent's last day. It has no link.
type DayCall struct {
	Call Call    `json:"call"`
	What DayWhat `json:"what"`
	At   Time    `json:"at"`           // when that was
	By   string  `json:"by,omitempty"` // display name of who took it
}
