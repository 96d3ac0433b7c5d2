//go:build linux

package desktoptest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

func TestKeyring(t *testing.T) {
	d := desktoptest.MustStart(t, desktoptest.Options{WithoutNotifications: true})
	ctx := within(t, 45*time.Second)
	attributes := map[string]string{"service": "deskbell", "username": "anna@hub.example"}

	if _, err := d.Secret(ctx, attributes); !errors.Is(err, desktoptest.ErrNoSecret) {
		t.Errorf("a secret that was never stored: %v", err)
	}
	if err := d.StoreSecret(ctx, "a token", attributes); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Secret(ctx, attributes); err != nil || got != "a token" {
		t.Errorf("the keyring has %q, %v", got, err)
	}
	if found, err := desktoptest.FilesContaining(d.Dir(), "a token"); err != nil || len(found) != 0 {
		t.Errorf("the secret lies open in %v, %v", found, err)
	}

	// Locked, the keyring lets the program wait until the person types the password.
	if err := d.LockKeyring(ctx); err != nil {
		t.Fatal(err)
	}
	type answer struct {
		secret string
		err    error
	}
	answered := make(chan answer, 1)
	go func() {
		secret, err := d.Secret(ctx, attributes)
		answered <- answer{secret, err}
	}()
	if _, err := d.WaitWidget(ctx, desktoptest.Target{App: "gcr-prompter", Name: "Unlock", Role: desktoptest.RoleButton}); err != nil {
		t.Fatal(err)
	}
	if err := d.Type(ctx, desktoptest.KeyringPassword); err != nil {
		t.Fatal(err)
	}
	if err := d.Key(ctx, "Return"); err != nil {
		t.Fatal(err)
	}
	if got := <-answered; got.err != nil || got.secret != "a token" {
		t.Errorf("the unlocked keyring has %q, %v", got.secret, got.err)
	}
}
