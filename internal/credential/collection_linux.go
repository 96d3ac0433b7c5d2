package credential

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/godbus/dbus/v5"
)

// The names of the Secret Service API that are used here,
// https://specifications.freedesktop.org/secret-service/latest/.
const (
	secretsName     = "org.freedesktop.secrets"
	secretsPath     = dbus.ObjectPath("/org/freedesktop/secrets")
	serviceIface    = "org.freedesktop.Secret.Service"
	collectionIface = "org.freedesktop.Secret.Collection"
	promptIface     = "org.freedesktop.Secret.Prompt"
	propertiesGet   = "org.freedesktop.DBus.Properties.Get"

	loginCollection = secretsPath + "/collection/login"
	noObject        = dbus.ObjectPath("/")
)

// farewell bounds the withdrawal of a prompt after the deadline.
const farewell = time.Second

// secretService is the keyring's service on a connection of our own.
type secretService struct {
	conn    *dbus.Conn
	service dbus.BusObject
}

// openCollection unlocks the collection (a keyring, in the words of the Secret
// Service) that go-keyring will use; the person may have to answer a prompt.
// If the desktop has none yet, create makes it; otherwise it holds nothing and
// the error is NotFound.
func openCollection(ctx context.Context, create bool) error {
	s, err := dialSecretService(ctx)
	if err != nil {
		return err
	}
	defer s.conn.Close()

	collection, err := s.collection(ctx)
	switch {
	case err != nil:
		return err
	case collection != noObject:
		return s.unlock(ctx, collection)
	case create:
		return s.create(ctx)
	default:
		return &Error{Kind: NotFound, Err: errors.New("the desktop has no keyring yet")}
	}
}

// dialSecretService connects to the session bus. It never starts one, unlike
// dbus.SessionBus: a bus daemon that only we know has no keyring.
func dialSecretService(ctx context.Context) (*secretService, error) {
	conn, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return nil, &Error{Kind: NoSessionBus, Err: err}
	}
	// The handshake takes no context: only closing the connection ends it.
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	if err = conn.Auth(nil); err == nil {
		err = conn.Hello()
	}
	if !stop() {
		return nil, ctx.Err()
	}
	if err != nil {
		conn.Close()
		return nil, &Error{Kind: NoSessionBus, Err: err}
	}
	return &secretService{conn, conn.Object(secretsName, secretsPath)}, nil
}

// collection returns the path of the collection by go-keyring's rule, "login"
// or else the default one, or noObject if there is neither.
func (s *secretService) collection(ctx context.Context) (dbus.ObjectPath, error) {
	var all []dbus.ObjectPath
	err := s.service.CallWithContext(ctx, propertiesGet, 0, serviceIface, "Collections").Store(&all)
	if err != nil {
		return noObject, err
	}
	if slices.Contains(all, loginCollection) {
		return loginCollection, nil
	}
	var standard dbus.ObjectPath
	err = s.service.CallWithContext(ctx, serviceIface+".ReadAlias", 0, "default").Store(&standard)
	return standard, err
}

func (s *secretService) unlock(ctx context.Context, collection dbus.ObjectPath) error {
	var unlocked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := s.service.CallWithContext(ctx, serviceIface+".Unlock", 0, []dbus.ObjectPath{collection}).Store(&unlocked, &prompt)
	if err != nil {
		return err
	}
	return s.prompt(ctx, prompt)
}

func (s *secretService) create(ctx context.Context) error {
	properties := map[string]dbus.Variant{collectionIface + ".Label": dbus.MakeVariant("Default keyring")}
	var collection, prompt dbus.ObjectPath
	err := s.service.CallWithContext(ctx, serviceIface+".CreateCollection", 0, properties, "default").Store(&collection, &prompt)
	if err != nil {
		return err
	}
	return s.prompt(ctx, prompt)
}

// prompt has the service ask the person and waits for the answer. noObject
// means that there is nothing to ask.
func (s *secretService) prompt(ctx context.Context, path dbus.ObjectPath) error {
	if path == noObject {
		return nil
	}
	signals := make(chan *dbus.Signal, 8)
	s.conn.Signal(signals)
	err := s.conn.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(path), dbus.WithMatchInterface(promptIface))
	if err != nil {
		return err
	}
	prompt := s.conn.Object(secretsName, path)
	if err := prompt.CallWithContext(ctx, promptIface+".Prompt", 0, "").Err; err != nil {
		return err
	}
	for {
		select {
		case signal, open := <-signals:
			if !open {
				return dbus.ErrClosed
			}
			if signal.Path == path && signal.Name == promptIface+".Completed" {
				return answer(signal)
			}
		case <-ctx.Done():
			withdraw(prompt)
			return ctx.Err()
		}
	}
}

// answer reads the signal Completed(dismissed, result).
func answer(completed *dbus.Signal) error {
	var dismissed bool
	var result dbus.Variant
	if err := dbus.Store(completed.Body, &dismissed, &result); err != nil {
		return err
	}
	if dismissed {
		return &Error{Kind: Locked, Err: errors.New("the prompt was dismissed")}
	}
	return nil
}

// withdraw takes the prompt off the screen: its answer would open the keyring
// for nobody. A service that does not listen drops it when the connection closes.
func withdraw(prompt dbus.BusObject) {
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	prompt.CallWithContext(ctx, promptIface+".Dismiss", 0)
}
