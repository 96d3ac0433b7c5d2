package credential

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"
)

// noReply is D-Bus's word for a service that ended before it answered.
const noReply = "org.freedesktop.DBus.Error.NoReply"

// system is the Secret Service: GNOME Keyring, KWallet, KeePassXC.
type system struct{}

func (system) get(ctx context.Context, name string) (string, error) {
	var secret string
	err := withCollection(ctx, false, func() (err error) {
		secret, err = keyring.Get(service, name)
		return err
	})
	return secret, err
}

func (system) set(ctx context.Context, name, secret string) error {
	return withCollection(ctx, true, func() error { return keyring.Set(service, name, secret) })
}

func (system) delete(ctx context.Context, name string) error {
	return withCollection(ctx, false, func() error { return keyring.Delete(service, name) })
}

// withCollection calls do, a call of go-keyring, with an open collection. If
// somebody closed the shared connection or the service ended under it, it
// tries a second time, on a new connection and with the service restarted.
func withCollection(ctx context.Context, create bool, do func() error) error {
	try := func() error {
		if err := openCollection(ctx, create); err != nil {
			return err
		}
		if err := introduce(ctx); err != nil {
			return err
		}
		return do()
	}
	err := try()
	if busClosed(err) || serviceEnded(err) {
		err = try()
	}
	return err
}

// introduce asks something harmless over go-keyring's connection. gnome-keyring
// gets to know a connection with its first message, and aborts if that is the
// OpenSession with which keyring.Set begins and comes before it is done
// (https://gitlab.gnome.org/GNOME/gnome-keyring/-/issues/190).
func introduce(ctx context.Context) error {
	shared, err := dbus.SessionBus()
	if err != nil {
		return err
	}
	return shared.Object(secretsName, secretsPath).
		CallWithContext(ctx, propertiesGet, 0, serviceIface, "Collections").Err
}

func busClosed(err error) bool {
	return errors.Is(err, dbus.ErrClosed) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF)
}

func serviceEnded(err error) bool {
	var failed dbus.Error
	return errors.As(err, &failed) && failed.Name == noReply
}

// systemKind names a failure by its D-Bus error. go-keyring's own error for a
// keyring that stays locked has no type, only its text.
func systemKind(err error) Kind {
	var dial *net.OpError
	if busClosed(err) || errors.As(err, &dial) {
		return NoSessionBus
	}
	var failed dbus.Error
	if !errors.As(err, &failed) {
		if strings.HasPrefix(err.Error(), "failed to unlock") {
			return Locked
		}
		return Unknown
	}
	switch failed.Name {
	case "org.freedesktop.DBus.Error.ServiceUnknown",
		"org.freedesktop.DBus.Error.NameHasNoOwner",
		noReply:
		return NoSecretService
	case "org.freedesktop.DBus.Error.Disconnected":
		return NoSessionBus
	case "org.freedesktop.DBus.Error.TimedOut",
		"org.freedesktop.DBus.Error.Timeout":
		return TimedOut
	case "org.freedesktop.DBus.Error.AccessDenied",
		"org.freedesktop.Secret.Error.IsLocked":
		return Locked
	case "org.freedesktop.Secret.Error.NoSuchObject": // deleted by another program just now
		return NotFound
	}
	if strings.HasPrefix(failed.Name, "org.freedesktop.DBus.Error.Spawn.") {
		return NoSecretService
	}
	return Unknown
}
