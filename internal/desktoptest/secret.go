//go:build linux

package desktoptest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/godbus/dbus/v5"
)

// ErrNoSecret is returned for a secret that the keyring does not have.
var ErrNoSecret = errors.New("desktop: the keyring has no such secret")

const secretsPath = dbus.ObjectPath("/org/freedesktop/secrets")

// Secret looks up a secret in the keyring by its attributes, with secret-tool. It returns ErrNoSecret if
// there is none.
func (d *Desktop) Secret(ctx context.Context, attributes map[string]string) (string, error) {
	secret, err := d.output(ctx, "secret-tool", append([]string{"lookup"}, attributeList(attributes)...)...)
	var failed *toolError
	if errors.As(err, &failed) && failed.err.Error() == "exit status 1" && failed.stderr == "" {
		return "", ErrNoSecret // secret-tool tells it so, and no other way
	}
	return string(secret), err
}

// StoreSecret puts a secret into the keyring, with secret-tool.
func (d *Desktop) StoreSecret(ctx context.Context, secret string, attributes map[string]string) error {
	_, err := d.outputFor(ctx, secret, "secret-tool", append([]string{"store", "--label=stored by the test"}, attributeList(attributes)...)...)
	return err
}

func attributeList(attributes map[string]string) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		list = append(list, name, attributes[name])
	}
	return list
}

// LockKeyring locks the keyring, as it is before the person has signed in to it. The next program that asks
// for a secret makes a window ask for KeyringPassword.
func (d *Desktop) LockKeyring(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, toolDeadline)
	defer cancel()
	collection, err := d.defaultCollection(ctx)
	if err != nil {
		return err
	}
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err = d.bus.Object(secretsName, secretsPath).
		CallWithContext(ctx, "org.freedesktop.Secret.Service.Lock", 0, []dbus.ObjectPath{collection}).
		Store(&locked, &prompt)
	if err != nil {
		return fmt.Errorf("desktop: the keyring was not locked: %w", err)
	}
	if len(locked) != 1 {
		return fmt.Errorf("desktop: the keyring was not locked: it wants to ask first at %s", prompt)
	}
	return nil
}

// defaultCollection is where programs keep their secrets.
func (d *Desktop) defaultCollection(ctx context.Context) (dbus.ObjectPath, error) {
	var collection dbus.ObjectPath
	err := d.bus.Object(secretsName, secretsPath).
		CallWithContext(ctx, "org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&collection)
	if err != nil {
		return "", fmt.Errorf("desktop: the keyring does not answer: %w", err)
	}
	if collection == "/" {
		return "", errors.New("desktop: the keyring has no default collection")
	}
	return collection, nil
}
