package wire

import "github.com/deskbell/deskbell/internal/call"

// Wallboard is what a wallboard shows: numbers, and the display names of agents.
// It has no word of a customer's.
type Wallboard struct {
	Time   Time             `json:"time"`
	Total  WallboardNumbers `json:"total"`
	Queues []WallboardQueue `json:"queues"`
	Agents []WallboardAgent `json:"agents"` // who is not offline, by name
}

// WallboardQueue are the numbers of one queue.
type WallboardQueue struct {
	Name  string `json:"name"`
	Today Time   `json:"today"` // when the queue's day began, in its time zone
	// AlertAfter is how long a call may wait; 0: for ever.
	AlertAfter int64 `json:"alert_after_seconds"`
	WallboardNumbers
}

// WallboardNumbers are those of a queue, or of all that the reader may see.
type WallboardNumbers struct {
	Waiting int `json:"waiting"` // calls that nobody has, ringing or not
	// WaitingSince is since when the first of them waits; LongestWait is that in
	// seconds, at Time.
	WaitingSince Time  `json:"waiting_since,omitzero"`
	LongestWait  int64 `json:"longest_wait_seconds"`
	InCall       int   `json:"in_call"` // calls that an agent has

	// Agents by their state; in the total each once.
	Ready  int `json:"ready"`
	Busy   int `json:"busy"`
	Paused int `json:"paused"`
	WrapUp int `json:"wrap_up"`

	// Of today.
	Answered  int `json:"answered"`
	Missed    int `json:"missed"`    // within the opening hours nobody accepted it in time
	Abandoned int `json:"abandoned"` // within the opening hours the customer left first
	// ServiceLevel is null when no call counts for it.
	ServiceLevel *ServiceLevel `json:"service_level"`
}

// ServiceLevel is how many calls were answered within their queue's alert time.
type ServiceLevel struct {
	Percent  float64 `json:"percent"`
	Answered int     `json:"answered_in_time"`
	Of       int     `json:"of"`
}

// WallboardAgent is an agent on a wallboard.
type WallboardAgent struct {
	Name   string             `json:"name"` // display name
	Queues []string           `json:"queues"`
	State  call.PresenceState `json:"state"`
	Since  Time               `json:"since"`
}
