package credential

import (
	"errors"

	"golang.org/x/sys/windows"
)

// systemKind names a failure of the Credential Manager.
func systemKind(err error) Kind {
	// A logon without a profile, such as a service's, has no credential set.
	if errors.Is(err, windows.ERROR_NO_SUCH_LOGON_SESSION) {
		return NoSecretService
	}
	return Unknown
}
