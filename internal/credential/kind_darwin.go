package credential

import (
	"errors"
	"os/exec"
)

// The exit codes of /usr/bin/security are the low bytes of the Keychain's
// status codes.
const (
	exitInteractionNotAllowed = 36  // errSecInteractionNotAllowed, -25308
	exitAuthFailed            = 51  // errSecAuthFailed, -25293
	exitUserCanceled          = 128 // userCanceledErr, -128
)

// systemKind names a failure of the security command, which go-keyring runs.
func systemKind(err error) Kind {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return Unknown
	}
	switch exit.ExitCode() {
	case exitInteractionNotAllowed, exitAuthFailed, exitUserCanceled:
		return Locked
	default:
		return Unknown
	}
}
