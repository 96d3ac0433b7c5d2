package credential

import "context"

// MaxSecret and MaxName are the limits in bytes.
const (
	MaxSecret = maxSecret
	MaxName   = maxName
)

// NewKeyringOver returns a keyring over a vault that does every call by do;
// secret is empty unless the call is Set.
func NewKeyringOver(do func(ctx context.Context, name, secret string) (string, error), opts Options) *Keyring {
	return newKeyring(vaultFunc(do), opts)
}

type vaultFunc func(ctx context.Context, name, secret string) (string, error)

func (f vaultFunc) get(ctx context.Context, name string) (string, error) { return f(ctx, name, "") }

func (f vaultFunc) set(ctx context.Context, name, secret string) error {
	_, err := f(ctx, name, secret)
	return err
}

func (f vaultFunc) delete(ctx context.Context, name string) error {
	_, err := f(ctx, name, "")
	return err
}
