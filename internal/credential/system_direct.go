//go:build !linux

package credential

import (
	"context"

	"github.com/zalando/go-keyring"
)

// system is the Keychain or the Credential Manager. The system asks the person
// by itself and cannot be told to stop asking.
type system struct{}

func (system) get(_ context.Context, name string) (string, error) {
	return keyring.Get(service, name)
}

func (system) set(_ context.Context, name, secret string) error {
	return keyring.Set(service, name, secret)
}

func (system) delete(_ context.Context, name string) error {
	return keyring.Delete(service, name)
}
