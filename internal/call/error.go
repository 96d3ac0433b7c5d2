package call

import "errors"

// Code says what kind of failure an [Error] is, for programs. The codes are
// those of the protocol (docs/protocol.md).
type Code string

// The codes.
const (
	Taken       Code = "taken"       // another agent has it
	Gone        Code = "gone"        // the call ended
	NotOffered  Code = "not_offered" // it does not ring for this agent
	Forbidden   Code = "forbidden"   // this role or agent may not
	NotFound    Code = "not_found"   // no such call, queue, user
	BadRequest  Code = "bad_request" // the request makes no sense
	TooMany     Code = "too_many"    // slower, please
	Unavailable Code = "unavailable" // try again: the log can't be written
)

// Error is a failure for programs (Code) and for people (Message, a sentence).
type Error struct {
	Code    Code
	Message string
	By      string // for Taken: the owner's username
	// Field names the part of a request that is wrong, as the request does; empty
	// if it is none.
	Field string
}

func (e *Error) Error() string { return e.Message }

// CodeOf returns the code of an error of the domain, and Unavailable for any
// other: what is not a rule is a fault, and faults pass.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Unavailable
}
