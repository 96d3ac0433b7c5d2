package agent

import (
	"errors"

	"github.com/deskbell/deskbell/internal/lang"
)

// Error is a failure that a person can read: what happened and what to do.
type Error struct {
	// Sentence is fit to be shown, in the language of who uses the app.
	Sentence string
	// Code is the hub's code for the failure, or empty.
	Code string
	// Cause is for the log; it may be nil.
	Cause error
}

func (e *Error) Error() string { return e.Sentence }

func (e *Error) Unwrap() error { return e.Cause }

// Run ends with one of these when the token is no good any more.
var (
	ErrSignInAgain error = &Error{Sentence: lang.Mark("Your sign-in is no longer valid: it has expired, or your password was changed. Sign in again.")}
	ErrSignedOut   error = &Error{Sentence: lang.Mark("You were signed out on another device or by an administrator. Sign in again.")}
)

// Sentence returns what to show for any error of this package, in the language
// of who uses the app.
func Sentence(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return lang.Known(e.Sentence)
	}
	return lang.T("Something unexpected went wrong. Try again; if it stays, look into Deskbell's log.")
}
