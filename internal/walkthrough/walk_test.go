//go:build linux

package walkthrough_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/deskbell/deskbell/internal/desktoptest"
	"github.com/deskbell/deskbell/internal/walkthrough"
)

// built is where both programs are, for all tests.
var built = filepath.Join(os.TempDir(), fmt.Sprintf("deskbell-built-%d", os.Getpid()))

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if err := os.RemoveAll(built); err != nil {
			fmt.Fprintf(os.Stderr, "%s is left behind: %v\n", built, err)
		}
		os.Exit(code)
	}))
}

// build makes both programs as `make` does.
var build = sync.OnceValue(func() error {
	for _, c := range []*exec.Cmd{
		exec.Command("go", "build", "-o", hubProgram(), "../../cmd/deskbell-hub"),
		exec.Command("go", "build", "-tags", "migrated_fynedo", "-o", appProgram(), "../../cmd/deskbell"),
	} {
		c.Env = c.Environ()
		if c.Args[3] == hubProgram() {
			c.Env = append(c.Env, "CGO_ENABLED=0")
		}
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w\n%s", c.Args, err, out)
		}
	}
	return nil
})

func hubProgram() string { return filepath.Join(built, "deskbell-hub") }
func appProgram() string { return filepath.Join(built, "deskbell") }

// options are those of a walk with the programs of this source. Pictures go to a
// folder in that of DESKBELL_PICTURES; without it there are none.
func options(t *testing.T, pictures string, transcript io.Writer) walkthrough.Options {
	t.Helper()
	if err := build(); err != nil {
		t.Fatal(err)
	}
	out := ""
	if dir := os.Getenv("DESKBELL_PICTURES"); dir != "" {
		out = filepath.Join(dir, pictures)
	}
	return walkthrough.Options{Hub: hubProgram(), App: appProgram(), Out: out, Log: transcript}
}

// TestRealDesktop is the whole way on real parts: hub, tray, notification
// daemon, keyring, browser, mouse.
func TestRealDesktop(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var transcript bytes.Buffer
	o := options(t, "walk", &transcript)
	if o.Out == "" {
		o.Out = t.TempDir() // one walk with pictures is always there
	}
	w, err := walkthrough.Start(ctx, o)
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

// TestPlay is what `make demo` plays where there is no screen.
func TestPlay(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var transcript bytes.Buffer
	o := options(t, "play", &transcript)
	if o.Out == "" {
		o.Out = t.TempDir()
	}
	err := walkthrough.Play(ctx, o)
	t.Logf("transcript:\n%s", &transcript)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("real: a call from the customer's press in Chromium to the end of the meeting, and the way back to the shop")
}
