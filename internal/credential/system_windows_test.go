package credential_test

import (
	"testing"

	"github.com/deskbell/deskbell/internal/credential"
)

func TestCredentialManager(t *testing.T) {
	checkStore(t, credential.NewKeyring(credential.Options{}))
}
