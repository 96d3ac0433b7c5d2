package ui_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/ui"
)

// authorityFile writes a file of one certificate.
func authorityFile(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const (
	caField    = "none"
	proxyField = "the system's"
	goodProxy  = "http://proxy.example:3128"
)

// networks are the ways that the running session was told to go.
func (a *appTest) networks() []agent.Network {
	a.session.mu.Lock()
	defer a.session.mu.Unlock()
	return a.session.networks
}

// TestSettingsOfTheNetwork: what is typed is tried as it stands, and used by the
// running session when it is applied.
func TestSettingsOfTheNetwork(t *testing.T) {
	withApp(t, func(a *appTest) {
		file := authorityFile(t)
		a.signedIn()
		a.choose("Settings…")
		if !button(t, a.main(), "Apply").Disabled() {
			t.Error("there is something to apply at first")
		}
		entryWith(t, a.main(), caField).SetText(file)
		entryWith(t, a.main(), proxyField).SetText(" " + goodProxy + " ")
		want := agent.Network{CAFile: file, Proxy: goodProxy}
		a.diagnose = func(_ context.Context, o agent.DiagnoseOptions) []agent.Step {
			if o.Hub != "https://bell.example" || o.Network != want || o.Token == "" {
				t.Errorf("tried %+v", o)
			}
			o.Tell(agent.Step{Name: agent.StepName, Outcome: agent.OK, Sentence: "The hub's name leads to 10.0.0.1."})
			o.Tell(agent.Step{Name: agent.StepConnection, Outcome: agent.Failed, Sentence: "Nothing answers there: ask your administrator."})
			o.Tell(agent.Step{Name: agent.StepTLS, Outcome: agent.Skipped, Sentence: "Not tried."})
			return nil
		}
		a.press("Test connection")
		wantWords(t, a.main(), "Name", "leads to 10.0.0.1", "Connection", "Nothing answers there", "TLS", "Not tried.")
		if button(t, a.main(), "Test connection").Disabled() {
			t.Error("it can't be tried again")
		}
		if len(a.networks()) != 0 {
			t.Error("it is used before it is applied")
		}
		a.press("Apply")
		wantWords(t, a.main(), "Deskbell connects this way now.")
		if got := a.networks(); len(got) != 1 || got[0] != want {
			t.Errorf("the session goes by %+v, want %+v", got, want)
		}
		if len(a.hub.tokens()) != 1 || len(a.session.asked()) != 0 {
			t.Error("it signed in anew")
		}
		a.press("Close")
		a.restart()
		if got := a.hub.last().Network; got != want {
			t.Errorf("after a restart the session goes by %+v, want %+v", got, want)
		}
	})
}

// TestNetworkThatCanNotBeUsed: it is said why, and all stays as it was.
func TestNetworkThatCanNotBeUsed(t *testing.T) {
	tests := []struct{ name, field, value, says string }{
		{"no file", caField, "/nonexistent/ca.pem", "is not there any more"},
		{"no proxy", proxyField, "ask Ben", "The proxy's address in the settings is not usable."},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			withApp(t, func(a *appTest) {
				a.signedIn()
				a.choose("Settings…")
				entryWith(t, a.main(), proxyField).SetText(goodProxy)
				a.press("Apply")
				before := len(a.networks())
				field := entryWith(t, a.main(), c.field)
				field.SetText(c.value)
				field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
				a.fyne.settle()
				wantWords(t, a.main(), c.says, c.value)
				wantNoWords(t, a.main(), "Deskbell connects this way now.")
				if button(t, a.main(), "Apply").Disabled() {
					t.Error("it can't be applied when it was put right")
				}
				if len(a.networks()) != before {
					t.Error("the session goes another way")
				}
				a.press("Close")
				wantWords(t, a.main(), "The network settings were not changed.", c.says)
				a.restart()
				if got := a.hub.last().Network.Proxy; got != goodProxy {
					t.Errorf("the session goes by %q", got)
				}
			})
		})
	}
}

// TestNetworkIsAppliedOnClose: who types and closes means it.
func TestNetworkIsAppliedOnClose(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.choose("Settings…")
		entryWith(t, a.main(), proxyField).SetText("direct")
		a.press("Close")
		if got := a.networks(); len(got) != 1 || got[0].Proxy != "direct" {
			t.Errorf("the session goes by %+v", got)
		}
	})
}

// TestNetworkBeforeSignIn: the way may be wrong before anybody is in.
func TestNetworkBeforeSignIn(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.begin(ui.Start{})
		a.choose("Settings…")
		entryWith(t, a.main(), proxyField).SetText("ask Ben")
		a.press("Close")
		wantWords(t, a.main(), "The network settings were not changed. The proxy's address")
		a.choose("Settings…")
		entryWith(t, a.main(), proxyField).SetText(goodProxy)
		a.press("Apply")
		wantWords(t, a.main(), "Deskbell connects this way now.")
	})
}
