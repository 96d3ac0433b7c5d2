package main

import (
	"bytes"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
)

// run runs a command in this process.
func run(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	var out bytes.Buffer
	root := newRoot()
	root.SetOut(&out)
	root.SetArgs(args)
	err = root.ExecuteContext(t.Context())
	return out.String(), err
}

// TestRemoteOverTLS: a hub whose certificate is of a private authority is
// administered with that authority's certificate, and not without.
func TestRemoteOverTLS(t *testing.T) {
	t.Log("real: a hub behind TLS with a private certificate, administered from afar")
	s := hubtest.MustStart(t, t.TempDir())
	s.MustQueue(t, hub.Queue{Name: "web"})
	t.Setenv(tokenVariable, s.MustUser(t, "eva", call.RoleAdmin))
	front := httptest.NewTLSServer(s.Hub.Handler())
	defer front.Close()
	authority := filepath.Join(t.TempDir(), "ca.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw})
	if err := os.WriteFile(authority, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, "queue", "list", "--hub", front.URL); err == nil || !strings.Contains(err.Error(), "name its certificate with --ca-file") {
		t.Errorf("without the authority: %v", err)
	}
	if out, err := run(t, "queue", "list", "--hub", front.URL, "--ca-file", authority); err != nil || !strings.Contains(out, "web") {
		t.Errorf("with the authority: %s, %v", out, err)
	}
	elsewhere := strings.Replace(front.URL, "127.0.0.1", "localhost", 1)
	if _, err := run(t, "queue", "list", "--hub", elsewhere, "--ca-file", authority); err == nil || !strings.Contains(err.Error(), "is for another name") {
		t.Errorf("by another name: %v", err)
	}
}

// TestTokenStaysHere: a redirect is told and not followed.
func TestTokenStaysHere(t *testing.T) {
	t.Setenv(tokenVariable, "token")
	there := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s came with %q", r.URL, r.Header.Get("Authorization"))
	}))
	defer there.Close()
	here := httptest.NewServer(http.RedirectHandler(there.URL, http.StatusTemporaryRedirect))
	defer here.Close()
	if _, err := run(t, "queue", "list", "--hub", here.URL); err == nil || !strings.Contains(err.Error(), "answered 307") {
		t.Errorf("%v", err)
	}
}
