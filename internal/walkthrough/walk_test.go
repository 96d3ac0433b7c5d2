//go:build linux

package walkthrough_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/deskbell/deskbell/internal/desktoptest"
	"github.com/deskbell/deskbell/internal/walkthrough"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// buildHub makes the hub as `make` does.
func buildHub(t *testing.T) (hub string) {
	t.Helper()
	hub = filepath.Join(t.TempDir(), "deskbell-hub")
	c := exec.Command("go", "build", "-o", hub, "../../cmd/deskbell-hub")
	c.Env = append(c.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", c.Args, err, out)
	}
	return hub
}

// buildApp makes the app as `make` does.
func buildApp(t *testing.T) (app string) {
	t.Helper()
	app = filepath.Join(t.TempDir(), "deskbell")
	c := exec.Command("go", "build", "-tags", "migrated_fynedo", "-o", app, "../../cmd/deskbell")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", c.Args, err, out)
	}
	return app
}

// pictures is the folder for a walk's pictures: DESKBELL_PICTURES keeps them.
func pictures(t *testing.T) string {
	if dir := os.Getenv("DESKBELL_PICTURES"); dir != "" {
		return dir
	}
	return t.TempDir()
}

// TestRealDesktop is the whole way on real parts: hub, tray, notification
// daemon, keyring, browser, mouse.
func TestRealDesktop(t *testing.T) {
	hub, app := buildHub(t), buildApp(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var transcript bytes.Buffer
	w, err := walkthrough.Start(ctx, walkthrough.Options{Hub: hub, App: app, Out: pictures(t), Log: &transcript})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		t.Logf("transcript:\n%s", &transcript)
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}()
	must := func(step string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}

	must("sign in by hand", w.SignInByHand(ctx))
	token, err := w.Token(ctx)
	must("find the token in the keyring", err)
	if len(token) != 43 {
		t.Errorf("the keyring has %d characters, want a token of 43", len(token))
	}
	files, err := desktoptest.FilesContaining(w.Anna.Home(), token)
	must("look for the token in files", err)
	if len(files) > 0 {
		t.Errorf("the token is in %v", files)
	}
	menu, err := w.TrayMenu(ctx)
	must("read the tray's menu", err)
	if want := []string{"Ready · Anna Bianchi", "Pause: Lunch", "Pause: Coffee", "Pause: Training", "Pause",
		"Open Deskbell", "Settings…", "Test ring", "Sign out", "Quit"}; !slices.Equal(menu, want) {
		t.Errorf("the tray's menu is %q, want %q", menu, want)
	}
	must("start again", w.RestartApp(ctx))
	must("start twice", w.StartTwice(ctx))
	must("open the settings", w.Settings(ctx))
	must("ring for a test", w.TestRing(ctx))
	must("pause with a reason", w.Pause(ctx))

	must("sign in hidden", w.SignInHidden(ctx))
	must("press the button", w.PressTheButton(ctx))
	must("both ring", w.BothRing(ctx))
	link, err := w.AcceptInTheNotification(ctx, w.Anna)
	must("accept in the notification", err)
	if !strings.Contains(link, "/session/") {
		t.Errorf("the link that was opened is no session link: %s", link)
	}
	must("the other is told", w.BenIsTold(ctx))
	must("the session page", w.SessionIsOpen(ctx))

	// Anna is in a call: the next one rings aside on her desk, and is Ben's, over
	// a killed hub.
	must("room for two", w.RoomForTwo(ctx))
	must("press again", w.PressAgain(ctx))
	must("Ben's desk rings", w.Rings(ctx, w.Ben))
	must("Anna's desk rings aside", w.RingsAside(ctx))
	must("kill the hub", w.KillHub(ctx))
	must("start the hub again", w.RestartHub(ctx))
	must("Ben's desk rings again", w.Rings(ctx, w.Ben))
	second, err := w.AcceptInTheNotification(ctx, w.Ben)
	must("accept after the restart", err)
	if second == link || !strings.Contains(second, "/session/") {
		t.Errorf("the second link is %s, the first was %s", second, link)
	}
	t.Log("real: desktop: Xvfb, openbox, xfce4-panel's tray, xfce4-notifyd (Accept pressed by the mouse), gnome-keyring, Chromium")
	t.Log("real: hub and app as built for people, the hub killed while the bell rang")
}
