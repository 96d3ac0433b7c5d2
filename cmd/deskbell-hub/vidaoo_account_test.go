package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

const pageKey = "key-from-the-page"

// TestConnectThroughTheHub: what the page asks the hub for is what the command
// does: the key is stored for the hub's user only, and the web button uses it at
// once.
func TestConnectThroughTheHub(t *testing.T) {
	fake := vidaootest.New(vidaootest.Options{Key: pageKey})
	api := httptest.NewServer(fake.Handler())
	defer func() { fake.Close(); api.Close() }()
	dir, ctx := t.TempDir(), t.Context()
	var log hubLog
	r, err := start(ctx, dir, slog.New(slog.NewTextHandler(&log, nil)), serveOptions{listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	public := newServer(r.pages.Handler(), r.log)
	served := make(chan error, 1)
	go func() { served <- public.Serve(r.public) }()
	defer func() {
		_ = public.Close()
		<-served
		if err := r.close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := r.hub.Directory().AddQueue(ctx, hub.Queue{Name: "web", Options: hub.Queue{}.WithDefaults()}); err != nil {
		t.Fatal(err)
	}
	var said []string
	ask := func(method, path, body string, into any) int {
		w := httptest.NewRecorder()
		r.hub.AdminHandler().ServeHTTP(w, httptest.NewRequestWithContext(ctx, method, "/admin"+path, strings.NewReader(body)))
		said = append(said, w.Body.String())
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
		return w.Code
	}
	var v hub.AdminVidaoo
	body := fmt.Sprintf(`{"queue":"web","key":%q,"base_url":%q,"settings":["timeout=5s"]}`, " "+pageKey+"\n", api.URL+"/api/v1/")
	if code := ask("POST", "/vidaoo/connect", body, &v); code != http.StatusAccepted {
		t.Fatal(code, said)
	}
	for deadline := time.Now().Add(patience); v.Run.Running && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		v = hub.AdminVidaoo{}
		ask("GET", "/vidaoo", "", &v)
	}
	if !v.Run.Connected || v.Key != hub.KeyStored || v.BaseURL != api.URL+"/api/v1" || strings.Join(v.Settings, " ") != "timeout=5s" {
		t.Errorf("%+v %+v", v, v.Run)
	}
	for _, name := range []string{"vidaoo.key", "vidaoo.conf"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Error(info, err)
		}
	}
	if _, err := r.meetings.CreateMeeting(ctx, vidaoo.NewMeeting{Topic: "T"}); err != nil {
		t.Errorf("the web button does not use it: %v", err)
	}
	if strings.Contains(strings.Join(said, ""), pageKey) || strings.Contains(string(log.Bytes()), pageKey) {
		t.Error("the key is in an answer or in the log")
	}
}

// TestConnecting: which key goes where.
func TestConnecting(t *testing.T) {
	dir := t.TempDir()
	m := newMeetings(dir)
	defer m.Close()
	asks := func(wanted hub.ConnectChange, want string) (keep func() (string, error)) {
		t.Helper()
		client, keep, err := m.Connecting(wanted)
		if err == nil {
			client.Close()
		}
		if got := fmt.Sprint(err); !strings.Contains(got, want) || strings.Contains(got, pageKey) {
			t.Errorf("%+v: %v, want %s", wanted, err, want)
		}
		return keep
	}
	asks(hub.ConnectChange{}, "The hub has no API key of Vidaoo yet")
	keep := asks(hub.ConnectChange{Key: pageKey, BaseURL: "https://vidaoo.example/api"}, "<nil>")
	if said, err := keep(); err != nil || !strings.HasSuffix(said, "vidaoo.key, which only the hub's user can read.") {
		t.Error(said, err)
	}
	// The key that is kept is not sent elsewhere, nor is it read by a setting.
	asks(hub.ConnectChange{BaseURL: "https://vidaoo.example/api/"}, "<nil>")
	asks(hub.ConnectChange{BaseURL: "https://evil.example/api"}, "to no other: type the key")
	asks(hub.ConnectChange{Settings: []string{" base-url =https://evil.example"}}, "The setting base-url is not set here")
	asks(hub.ConnectChange{Settings: []string{"ca-file=/etc/shadow"}}, "The setting ca-file is not set here")
	asks(hub.ConnectChange{Settings: []string{"colour=red"}}, "There is no setting")
	asks(hub.ConnectChange{BaseURL: "http://vidaoo.example", Key: pageKey}, "base-url")
	asks(hub.ConnectChange{BaseURL: "https://vidaoo.example/?x=y", Key: pageKey}, "base address")
	asks(hub.ConnectChange{Key: "short"}, "shorter than 8 characters")

	// One of systemd's comes first, and who stores another is told.
	credentials := t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", credentials)
	if err := os.WriteFile(filepath.Join(credentials, "vidaoo-key"), []byte("key-of-systemd"), 0o600); err != nil {
		t.Fatal(err)
	}
	if a := m.Account(); a.Key != hub.KeySystemd || a.Problem != "" {
		t.Errorf("%+v", a)
	}
	if said, err := asks(hub.ConnectChange{Key: pageKey}, "<nil>")(); err != nil || !strings.Contains(said, "the hub goes on with the key in systemd's credentials") {
		t.Error(said, err)
	}
	t.Setenv("CREDENTIALS_DIRECTORY", "")
	t.Setenv(keySecret.variable, pageKey)
	if a := m.Account(); a.Key != hub.KeyEnvironment || os.Getenv(keySecret.variable) == "" {
		t.Errorf("%+v", a)
	}
	t.Setenv(keySecret.variable, "")
	t.Setenv(vidaooURL, "https://vidaoo.example/other")
	asks(hub.ConnectChange{Key: pageKey, BaseURL: "https://vidaoo.example/api"}, "is set by DESKBELL_VIDAOO_URL in the hub's environment")
	asks(hub.ConnectChange{Key: pageKey, BaseURL: "https://vidaoo.example/other"}, "<nil>")
	t.Setenv(vidaooURL, "")
	if err := os.Chmod(filepath.Join(dir, "vidaoo.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	if a := m.Account(); a.Key != hub.KeyStored || !strings.Contains(a.Problem, "can be read by others") {
		t.Errorf("%+v", a)
	}
}
