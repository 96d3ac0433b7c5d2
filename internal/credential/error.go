package credential

import (
	"context"
	"errors"
	"fmt"

	"github.com/zalando/go-keyring"

	"github.com/deskbell/deskbell/internal/lang"
)

// Kind names what went wrong, for code that decides by it.
type Kind string

// The kinds.
const (
	NoSessionBus    Kind = "no session bus"    // Linux: there is no D-Bus session to ask
	NoSecretService Kind = "no secret service" // no program serves as the keyring
	Locked          Kind = "locked"            // locked, and the person or the system refused to open it
	NotFound        Kind = "not found"         // the keyring answered: it has no such secret
	TooBig          Kind = "too big"           // the secret or the account's name is over the limit
	TimedOut        Kind = "timed out"         // no answer within the deadline
	Canceled        Kind = "canceled"          // the caller's context was canceled
	Unknown         Kind = "unknown"           // anything else; Err says what
)

// ErrNotFound is what errors.Is finds in an [*Error] of kind [NotFound].
var ErrNotFound = errors.New("no sign-in is kept for this account")

// Op is what was asked of the store.
type Op string

// The operations.
const (
	Read   Op = "read"
	Keep   Op = "keep"
	Forget Op = "forget"
)

// Error is a failure of a store. Nothing in it contains the secret.
type Error struct {
	Kind    Kind
	Op      Op
	Account Account
	Err     error // the cause, for the log; nil if the kind says it all
}

// Error says what happened to what, what to do, and the cause, for a log.
func (e *Error) Error() string {
	text := fmt.Sprintf("can't %s the sign-in of %s: %s", e.Op, e.Account, e.Sentence())
	if e.Err != nil {
		text += fmt.Sprintf(" (%s: %v)", e.Kind, e.Err)
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, ErrNotFound) hold for kind [NotFound].
func (e *Error) Is(target error) bool {
	return target == ErrNotFound && e.Kind == NotFound
}

// Sentence says to the person what happened and what to do, without jargon and in
// their language.
func (e *Error) Sentence() string {
	switch e.Kind {
	case NoSessionBus:
		return e.advise(lang.T("Deskbell can't reach your keyring because there is no desktop session bus."), lang.T("Start Deskbell from your desktop"))
	case NoSecretService:
		return e.advise(lang.T("No keyring is running."), lang.T("Start GNOME Keyring, KWallet or KeePassXC and try again"))
	case Locked:
		return e.advise(lang.T("Your keyring is locked."), lang.T("Unlock it and try again"))
	case NotFound:
		return lang.T("Your keyring has no sign-in for %s. Sign in again.", e.Account.String())
	case TooBig:
		return e.advise(lang.T("The sign-in does not fit into your keyring."), lang.T("Use a shorter user name"))
	case TimedOut:
		return e.advise(lang.T("Your keyring did not answer in time."), lang.T("Answer its question and try again"))
	case Canceled:
		return e.advise(lang.T("Waiting for your keyring was canceled."), lang.T("Try again"))
	default:
		return e.advise(lang.T("Your keyring reported a failure."), lang.T("Try again"))
	}
}

// advise adds what to do, and the way out that is always there. Somebody who
// wants to sign out has no use for another sign-in, but must know that the token
// is still kept.
func (e *Error) advise(happened, do string) string {
	if e.Op == Forget {
		return happened + " " + lang.T("%s, or remove the entry %q yourself: it is still kept.", do, e.Account.String())
	}
	return happened + " " + lang.T("%s, or sign in for this session only.", do)
}

// kindOf names the failure of a vault.
func kindOf(err error) Kind {
	var named *Error
	switch {
	case errors.As(err, &named):
		return named.Kind
	case errors.Is(err, context.DeadlineExceeded):
		return TimedOut
	case errors.Is(err, context.Canceled):
		return Canceled
	case errors.Is(err, keyring.ErrNotFound):
		return NotFound
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return TooBig
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return NoSecretService
	default:
		return systemKind(err)
	}
}
