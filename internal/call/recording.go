package call

import (
	"slices"
	"time"
)

// MaxRecordings is how many recordings a call may have: each change of the call
// writes them all again.
const MaxRecordings = 50

// Recording is a recording of the call's session, at Vidaoo.
type Recording struct {
	ID      string    `json:"id"` // Vidaoo's
	Started time.Time `json:"started"`
	Stopped time.Time `json:"stopped,omitzero"`
	By      string    `json:"by"` // the username of who started it
}

// Recording returns the recording that is on, and its place among the call's.
func (c Call) Recording() (r Recording, place int, on bool) {
	place = len(c.Recordings) - 1
	if place < 0 || !c.Recordings[place].Stopped.IsZero() {
		return Recording{}, 0, false
	}
	return c.Recordings[place], place, true
}

// LeftOn tells whether a recording is on that its agent can't stop any more: the
// call has ended, or is no more that agent's, or was given back meanwhile.
func (c Call) LeftOn() bool {
	r, _, on := c.Recording()
	return on && (c.State != Accepted || c.Agent != r.By || r.Started.Before(c.Accepted))
}

// Recordable tells why an agent can't start or stop a recording of the call, if it
// can't.
func (c Call) Recordable(agent string) error {
	switch {
	case c.State == Ended:
		return &Error{Code: Gone, Message: "The call has ended."}
	case c.State != Accepted || c.Agent != agent:
		return notRecorder()
	}
	return nil
}

func notRecorder() error {
	return &Error{Code: Forbidden, Message: "Only the agent who accepted the call can record it."}
}

// startRecording notes what Vidaoo has begun. The call may have ended meanwhile, or
// have been given back: what was recorded is of the call all the same.
func (c Call) startRecording(e Event) (Call, error) {
	_, _, on := c.Recording()
	known := slices.ContainsFunc(c.Recordings, func(r Recording) bool { return r.ID == e.Recording })
	switch {
	case e.Agent == "" || c.Agent != e.Agent && c.PassedBy(e.Agent).How != KindReturned:
		return c, notRecorder()
	case e.Recording == "" || known || on || len(c.Recordings) >= MaxRecordings:
		return c, &Error{Code: BadRequest, Message: "The call can't have another recording now."}
	}
	c.Recordings = append(slices.Clone(c.Recordings), Recording{ID: e.Recording, Started: e.At, By: e.Agent})
	return c, nil
}

func (c Call) stopRecording(e Event) (Call, error) {
	r, place, on := c.Recording()
	if !on || r.ID != e.Recording {
		return c, &Error{Code: BadRequest, Message: "The call has no such recording that is on."}
	}
	c.Recordings = slices.Clone(c.Recordings)
	c.Recordings[place].Stopped = e.At
	return c, nil
}
