package credential_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/deskbell/deskbell/internal/credential"
)

// never is a person who does not answer a prompt.
func never(*fakeService) {}

func TestGnomeKeyring(t *testing.T) {
	t.Log("real: gnome-keyring-daemon on a bus of its own")
	d := newDesktop(t)
	stop := startGnomeKeyring(t, "--unlock")
	k := credential.NewKeyring(credential.Options{Deadline: patience})
	checkStore(t, k)

	const token = "the-token-of-desk4-in-plain-text"
	if err := k.Set(t.Context(), desk4, token); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(d.home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), token) {
			t.Errorf("%s holds the token in plain text", path)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("looked at %d files under HOME, %v; want the keyring's at least", files, err)
	}

	stop()
	startGnomeKeyring(t, "--unlock")
	if got, err := k.Get(t.Context(), desk4); err != nil || got != token {
		t.Errorf("Get after the next login: %q, %v; want %q", got, err, token)
	}
}

// A desktop where gnome-keyring runs but no keyring was ever made, and nobody
// can be asked for a password for one.
func TestGnomeKeyringWithoutAKeyring(t *testing.T) {
	newDesktop(t)
	startGnomeKeyring(t, "--start")
	k := credential.NewKeyring(credential.Options{Deadline: patience})
	_, err := k.Get(t.Context(), desk4)
	wantKind(t, err, credential.NotFound)
	wantKind(t, k.Delete(t.Context(), desk4), credential.NotFound)
	wantKind(t, k.Set(t.Context(), desk4, "s3cret"), credential.Locked)
}

// The keyring exists, is locked, and nobody can be asked for its password.
func TestGnomeKeyringLocked(t *testing.T) {
	newDesktop(t)
	stop := startGnomeKeyring(t, "--unlock")
	k := credential.NewKeyring(credential.Options{Deadline: patience})
	if err := k.Set(t.Context(), desk4, "s3cret"); err != nil {
		t.Fatal(err)
	}
	stop()
	startGnomeKeyring(t, "--start")
	_, err := k.Get(t.Context(), desk4)
	wantKind(t, err, credential.Locked)
}

// startGnomeKeyring runs the daemon with the password "test" and returns when
// it owns the name of the Secret Service.
func startGnomeKeyring(t *testing.T, mode string) (stop func()) {
	t.Helper()
	watcher, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer watcher.Close()
	owners := make(chan *dbus.Signal, 10)
	watcher.Signal(owners)
	if err := watcher.AddMatchSignal(dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, "org.freedesktop.secrets")); err != nil {
		t.Fatal(err)
	}
	_, stop = start(t, "test", "gnome-keyring-daemon", mode, "--foreground", "--components=secrets")
	deadline := time.After(patience)
	for {
		select {
		case signal := <-owners:
			if signal.Name == "org.freedesktop.DBus.NameOwnerChanged" && signal.Body[2] != "" {
				return stop
			}
		case <-deadline:
			t.Fatalf("gnome-keyring-daemon did not take its name in %v", patience)
		}
	}
}

func TestFakeService(t *testing.T) {
	newDesktop(t)
	// The fake has room for one item, so checkStore's two accounts don't fit.
	newFakeService(t, &fakeService{exists: true})
	k := credential.NewKeyring(credential.Options{Deadline: patience})
	if err := k.Set(t.Context(), desk4, "s3cret"); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Get(t.Context(), desk4); err != nil || got != "s3cret" {
		t.Errorf("Get: %q, %v", got, err)
	}
	if err := k.Delete(t.Context(), desk4); err != nil {
		t.Error(err)
	}
	_, err := k.Get(t.Context(), desk4)
	wantKind(t, err, credential.NotFound)
}

func TestNoSessionBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	k := credential.NewKeyring(credential.Options{Deadline: patience})
	_, err := k.Get(t.Context(), desk4)
	wantKind(t, err, credential.NoSessionBus)
	wantKind(t, k.Set(t.Context(), desk4, "s3cret"), credential.NoSessionBus)
}

// A bus that takes the connection and then says nothing.
func TestSessionBusThatHangs(t *testing.T) {
	listenSilently(t)
	k := credential.NewKeyring(credential.Options{Deadline: 50 * time.Millisecond})
	_, err := k.Get(t.Context(), desk4)
	wantKind(t, err, credential.TimedOut)
}

func TestNoSecretService(t *testing.T) {
	newDesktop(t)
	k := credential.NewKeyring(credential.Options{Deadline: patience})
	_, err := k.Get(t.Context(), desk4)
	wantKind(t, err, credential.NoSecretService)
	wantKind(t, k.Set(t.Context(), desk4, "s3cret"), credential.NoSecretService)
}

func TestPromptThatNobodyAnswers(t *testing.T) {
	newDesktop(t)
	f := newFakeService(t, &fakeService{exists: true, onPrompt: never})
	slow := make(chan struct{}, 1)
	k := credential.NewKeyring(credential.Options{
		Deadline:  time.Second,
		SlowAfter: 30 * time.Millisecond,
		Slow:      func() { slow <- struct{}{} },
	})
	_, err := k.Get(t.Context(), desk4)
	wantKind(t, err, credential.TimedOut)
	wantSignal(t, slow, "the person is told that the keyring is slow")
	wantSignal(t, f.prompted, "the person is asked")
	wantSignal(t, f.dismissed, "the prompt goes away at the deadline")
}

func TestPromptAnswered(t *testing.T) {
	for _, tt := range []struct {
		name      string
		dismissed bool
		exists    bool
		set       credential.Kind // what Set fails with; empty: it succeeds
	}{
		{"unlocked", false, true, ""},
		{"dismissed", true, true, credential.Locked},
		{"keyring made", false, false, ""},
		{"no keyring wanted", true, false, credential.Locked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			newDesktop(t)
			f := newFakeService(t, &fakeService{exists: tt.exists, onPrompt: func(f *fakeService) {
				// Signals of others arrive first, as on the bus of a busy desktop.
				f.conn.Emit(promptPath, "org.freedesktop.Secret.Prompt.Delayed")
				f.conn.Emit(servicePath, promptComplete, true, dbus.MakeVariant(""))
				f.complete(tt.dismissed)
			}})
			k := credential.NewKeyring(credential.Options{Deadline: patience})
			err := k.Set(t.Context(), desk4, "s3cret")
			wantSignal(t, f.prompted, "the person is asked")
			if tt.set != "" {
				wantKind(t, err, tt.set)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got, err := k.Get(t.Context(), desk4); err != nil || got != "s3cret" {
				t.Errorf("Get: %q, %v", got, err)
			}
		})
	}
}

// The bus goes away while the prompt is open.
func TestBusEndsDuringThePrompt(t *testing.T) {
	d := newDesktop(t)
	f := newFakeService(t, &fakeService{exists: true, onPrompt: never})
	ended := endOnPrompt(d, f)
	k := credential.NewKeyring(credential.Options{Deadline: patience})
	wantKind(t, k.Set(t.Context(), desk4, "s3cret"), credential.NoSessionBus)
	<-ended
}

// The same for a prompt that go-keyring waits for, where it dereferences nil:
// the bell must live on.
func TestBusEndsDuringThePromptOfGoKeyring(t *testing.T) {
	d := newDesktop(t)
	f := newFakeService(t, &fakeService{exists: true, askOnWrite: true})
	ended := endOnPrompt(d, f)
	k := credential.NewKeyring(credential.Options{Deadline: patience})
	var failed *credential.Error
	if err := k.Set(t.Context(), desk4, "s3cret"); !errors.As(err, &failed) {
		t.Errorf("Set: %v, want an *Error", err)
	}
	<-ended
	_, err := k.Get(t.Context(), desk4)
	wantKind(t, err, credential.NoSessionBus)
}

// endOnPrompt stops the bus at the first prompt, then closes ended.
func endOnPrompt(d *desktop, f *fakeService) (ended <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		<-f.prompted
		d.stopBus()
	}()
	return done
}

// Another library closes the connection that go-keyring shares with it.
func TestSharedConnectionClosedByOthers(t *testing.T) {
	newDesktop(t)
	first := true
	newFakeService(t, &fakeService{exists: true, onGet: func(*fakeService) *dbus.Error {
		if first {
			first = false
			shared, err := dbus.SessionBus()
			if err != nil {
				return dbus.MakeFailedError(err)
			}
			shared.Close()
		}
		return nil
	}})
	k := credential.NewKeyring(credential.Options{Deadline: patience})
	if err := k.Set(t.Context(), desk4, "s3cret"); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Get(t.Context(), desk4); err != nil || got != "s3cret" {
		t.Errorf("Get: %q, %v", got, err)
	}
	if first {
		t.Error("the connection was never closed")
	}
}

// The service crashes in the middle and is started again.
func TestServiceRestarts(t *testing.T) {
	newDesktop(t)
	newFakeService(t, &fakeService{exists: true, onCreate: func(f *fakeService, _ string) *dbus.Error {
		f.conn.Close()
		return nil
	}})
	newFakeService(t, &fakeService{exists: true})
	k := credential.NewKeyring(credential.Options{Deadline: patience})
	if err := k.Set(t.Context(), desk4, "s3cret"); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Get(t.Context(), desk4); err != nil || got != "s3cret" {
		t.Errorf("Get: %q, %v", got, err)
	}
}

func TestErrorsOfTheService(t *testing.T) {
	for _, tt := range []struct {
		name string
		want credential.Kind
	}{
		{"org.freedesktop.DBus.Error.NoReply", credential.NoSecretService},
		{"org.freedesktop.DBus.Error.Spawn.ChildExited", credential.NoSecretService},
		{"org.freedesktop.DBus.Error.Disconnected", credential.NoSessionBus},
		{"org.freedesktop.DBus.Error.TimedOut", credential.TimedOut},
		{"org.freedesktop.DBus.Error.AccessDenied", credential.Locked},
		{"org.freedesktop.Secret.Error.IsLocked", credential.Locked},
		{"org.freedesktop.Secret.Error.NoSuchObject", credential.NotFound},
		{"org.freedesktop.DBus.Error.Failed", credential.Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			newDesktop(t)
			newFakeService(t, &fakeService{exists: true, onCreate: func(_ *fakeService, value string) *dbus.Error {
				return dbus.NewError(tt.name, []any{"no room for " + value})
			}})
			k := credential.NewKeyring(credential.Options{Deadline: patience})
			failed := wantKind(t, k.Set(t.Context(), desk4, "s3cret"), tt.want)
			if strings.Contains(failed.Error(), "s3cret") {
				t.Errorf("the error repeats the secret: %v", failed)
			}
		})
	}
}

// The service hangs where go-keyring has no deadline; the person tries again
// and in the end the service answers.
func TestServiceThatHangs(t *testing.T) {
	newDesktop(t)
	hang, asked := make(chan struct{}), make(chan struct{}, 10)
	newFakeService(t, &fakeService{exists: true, onGet: func(*fakeService) *dbus.Error {
		asked <- struct{}{}
		<-hang
		return nil
	}})
	k := credential.NewKeyring(credential.Options{Deadline: patience})
	if err := k.Set(t.Context(), desk4, "s3cret"); err != nil {
		t.Fatal(err)
	}
	ctx, giveUp := context.WithCancel(t.Context())
	go func() {
		<-asked
		giveUp()
	}()
	_, err := k.Get(ctx, desk4)
	wantKind(t, err, credential.Canceled)
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err := k.Get(ctx, desk4)
		wantKind(t, err, credential.TimedOut)
		cancel()
	}
	if n := len(asked); n != 0 {
		t.Errorf("the service was asked %d more times while it hung", n)
	}
	close(hang)
	if got, err := k.Get(t.Context(), desk4); err != nil || got != "s3cret" {
		t.Errorf("Get after the service recovered: %q, %v", got, err)
	}
}

// wantSignal waits for a value of c.
func wantSignal(t *testing.T, c <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		t.Errorf("not within %v: %s", patience, what)
	}
}
