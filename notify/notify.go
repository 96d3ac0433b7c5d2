package notify

import "time"

// Call is what a surface may show of a ringing call. It has no session link:
// the link is a secret until accept, so no surface can leak it.
//
// The words in it come from the caller; they are cleaned (no control or bidi
// characters, bounded length) before they get here, but each surface still
// escapes them for its own markup.
type Call struct {
	ID       string
	Queue    string
	Topic    string
	Customer string    // name, else e-mail, else phone; may be empty
	Details  []Detail  // metadata in a fixed order
	Received time.Time // on this machine's clock
	Until    time.Time // the offer's deadline, on this machine's clock
	Late     time.Time // when it has waited too long; zero: never
	Waiting  int       // how many more calls ring behind this one
	// Aside is set while the agent talks to somebody: a window that could cover
	// that stays away until it is presented without.
	Aside bool
}

// Detail is one line of metadata.
type Detail struct{ Name, Value string }

// Reason says why a call stops ringing.
type Reason string

// The reasons. The first four are the hub's words in a "withdrawn" message.
const (
	Answered   Reason = "answered"   // another agent has it
	Lapsed     Reason = "lapsed"     // the offer's deadline passed
	Canceled   Reason = "canceled"   // the customer left, or a supervisor closed it
	Reassigned Reason = "reassigned" // it rings elsewhere now
	Accepted   Reason = "accepted"   // this agent has it
	Declined   Reason = "declined"   // this agent declined it
	Offline    Reason = "offline"    // the hub is out of reach or the agent signed out
)

// Why is a reason and, for Answered, the display name of who took the call.
type Why struct {
	Reason Reason
	By     string
}

// Names of surfaces, as they stand in the delivery receipt.
const (
	Native = "native"
	Window = "window"
)

// Surface is a place where a call rings: a native notification, the pop-up
// window, a recorder in a test. All methods are idempotent by call id, return
// at once and may be called from any goroutine; what happens is told as
// Events.
type Surface interface {
	// Name is the surface's name in the delivery receipt: "native" or "window".
	Name() string
	// Present rings for a call. Presenting a call that is shown already updates it.
	Present(Call)
	// Update changes the words of a call that is shown; unknown ids are ignored.
	Update(Call)
	// Dismiss ends the ringing of a call and says why; unknown ids are ignored.
	Dismiss(id string, why Why)
	// Notice shows a plain message that is not a call: a missed call, the hub lost.
	Notice(title, text string)
	// Close withdraws everything and releases the surface.
	Close() error
}

// Kind is what happened on a surface.
type Kind string

// The kinds. Only Accepted and Declined are answers: they come from a pressed
// button. Closed is not declined.
const (
	Shown          Kind = "shown"   // the call is on the screen
	PressedAccept  Kind = "accept"  // the Accept button
	PressedDecline Kind = "decline" // the Decline button
	Opened         Kind = "opened"  // the body was clicked: bring the app forward
	Closed         Kind = "closed"  // the person closed the surface: silence, not an answer
	Failed         Kind = "failed"  // the surface could not do it; Err says what and what to do

	Recovered Kind = "recovered" // the surface as a whole works again after Failed
)

// Event is something that happened on a surface.
type Event struct {
	Kind    Kind
	Surface string
	Call    string // call id; empty when the surface as a whole failed, or a notice was clicked
	Err     error  // for Failed
}
