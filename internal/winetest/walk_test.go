//go:build linux && wine

package winetest_test

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds the whole walk, which takes less than a minute on an idle machine.
const patience = 4 * time.Minute

// The calls that ring.
var (
	first  = map[string]string{"session_id": "s-1", "link": "https://meet.example.org/s/first", "name": "Maria Rossi", "topic": "Order 17"}
	second = map[string]string{"session_id": "s-2", "link": "https://meet.example.org/s/second", "name": "Jean Dupont", "topic": "A return"}
)

// builtFolder is where .ci/test-windows puts the programs, and pictures.
func builtFolder(t *testing.T) string {
	t.Helper()
	built, err := filepath.Abs("../../build/windows")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"deskbell.exe", "deskbell-hub", "credential.exe", "bcryptprimitives.dll"} {
		if _, err := os.Stat(filepath.Join(built, name)); err != nil {
			t.Fatalf("%s is not built; run make test-windows", name)
		}
	}
	return built
}

// walk is one way through the Windows build, from the first start to the sign-out.
type walk struct {
	*testing.T
	*agent
	hub     *hub
	speaker *speaker
	account string // what the Credential Manager calls it
	popupAt image.Point
	token   string
	app     *desktoptest.Process
}

func TestWindowsBuild(t *testing.T) {
	built := builtFolder(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	d := desktoptest.MustStart(t, desktoptest.Options{WithoutKeyring: true, WithoutNotifications: true})
	w := &walk{T: t, speaker: plugIn(t, d), hub: startHub(ctx, t, d, built)}
	w.account = user + "@" + w.hub.address
	w.agent = &agent{windows: installWindows(ctx, t, d, built), pictures: built}

	w.signsIn(ctx)
	w.keepsTheToken(ctx)
	w.rings(ctx)
	w.startsAgain(ctx)
	w.ringsAgain(ctx)
	w.signsOut(ctx)
	t.Log("real: deskbell.exe under Wine: windows, tray icon and menu, Credential Manager, named pipe, pop-up, ring tone; hub as a process")
}

func (w *walk) must(step string, err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("%s: %v", step, err)
	}
}

// signsIn starts the app for the first time, and has the agent type into the form.
func (w *walk) signsIn(ctx context.Context) {
	w.must("an empty tray before the start", w.WaitNoEmbeddedIcon(ctx, iconClass))
	var err error
	w.app, err = w.start()
	w.must("start", err)
	_, err = w.window(ctx)
	w.must("sign-in window", err)
	_, err = w.WaitEmbeddedIcon(ctx, iconClass)
	w.must("tray icon", err)
	w.picture(ctx, w.T, "1-sign-in")
	if kept, err := w.credential(ctx, w.account); err != nil || kept != "" {
		w.Fatalf("before the sign-in the Credential Manager has %d characters, %v", len(kept), err)
	}

	w.must("type into the form", w.signIn(ctx, "http://"+w.hub.address))
	w.must("signed in", w.hub.waitPresence(ctx, "ready"))
	w.picture(ctx, w.T, "2-signed-in")
}

// keepsTheToken finds in the Credential Manager what opens the hub.
func (w *walk) keepsTheToken(ctx context.Context) {
	var err error
	w.token, err = w.credential(ctx, w.account)
	w.must("read the Credential Manager", err)
	if len(w.token) != 43 {
		w.Fatalf("the Credential Manager has %d characters, want a token of 43", len(w.token))
	}
	if !w.hub.takes(ctx, w.T, w.token) {
		w.Error("the hub does not take the token from the Credential Manager")
	}
}

// rings calls, and accepts in the pop-up with the mouse.
func (w *walk) rings(ctx context.Context) {
	window, err := w.WaitWindow(ctx, appTitle)
	w.must("the app's window", err)
	before, err := w.Screen(ctx)
	w.must("look", err)

	if heard, err := w.speaker.heard(); err != nil || heard {
		w.Errorf("before the call something is heard, %v", err)
	}
	w.hub.post(ctx, w.T, "", first)
	popup, err := w.WaitDrawn(ctx, ringingTitle)
	w.must("pop-up", err)
	if above, err := w.staysAbove(ctx, popup); err != nil || !above {
		w.Errorf("the pop-up does not stay above other windows: %v", err)
	}
	w.picture(ctx, w.T, "3-ringing")
	if call, err := w.hub.waitCall(ctx, first["session_id"], "ringing"); err != nil || call.Agent != "" {
		w.Fatalf("before Accept the call is %+v, %v", call, err)
	}
	w.must("the ring tone", w.speaker.waitHeard(ctx))
	w.popupAt, err = w.movePopup(ctx, popup)
	w.must("move the pop-up", err)
	w.must("press Accept", w.acceptByMouse(ctx))
	w.accepted(ctx, first, 1)
	w.picture(ctx, w.T, "4-accepted")
	after, err := w.Screen(ctx)
	w.must("look", err)
	if part := changed(before, after, window.Rect); part < 0.02 {
		w.Errorf("the app's window shows no session: %.3f of it changed", part)
	}
}

// accepted waits until a call is the agent's, its link is open and the pop-up gone.
func (w *walk) accepted(ctx context.Context, of map[string]string, links int) {
	w.Helper()
	call, err := w.hub.waitCall(ctx, of["session_id"], "accepted")
	w.must("the hub's call list", err)
	if call.Agent != user {
		w.Errorf("the call was accepted by %q, want %s", call.Agent, user)
	}
	opened, err := w.WaitLinks(ctx, links)
	w.must("the session's link", err)
	if len(opened) != links || opened[links-1] != of["link"] {
		w.Errorf("%q were opened, want %s last", opened, of["link"])
	}
	w.must("the pop-up goes", w.WaitNoWindow(ctx, ringingTitle))
}

// startsAgain quits in the tray's menu and shuts Windows down, so that all is on disk; then the app has
// nothing but the Credential Manager.
func (w *walk) startsAgain(ctx context.Context) {
	w.must("quit in the tray", w.fromTrayMenu(ctx, w.T, "5-tray-menu", 1))
	w.must("end", w.app.Wait(ctx))
	w.must("the icon goes with the app", w.WaitNoEmbeddedIcon(ctx, iconClass))
	w.must("the hub sees it", w.hub.waitPresence(ctx, "offline"))
	w.must("shut down", w.shutDown(ctx))
	if has, err := w.registryHas(w.account); err != nil || !has {
		w.Errorf("the registry on disk has no entry %s: %v", w.account, err)
	}
	files, err := w.filesWith(w.token)
	w.must("look for the token in files", err)
	if len(files) > 0 {
		w.Errorf("the token is readable in %v", files)
	}
	w.hub.post(ctx, w.T, "ended", first)
	_, err = w.hub.waitCall(ctx, first["session_id"], "ended")
	w.must("the first customer leaves", err)

	w.app, err = w.start("--hidden")
	w.must("start again", err)
	w.must("signed in by itself", w.hub.waitPresence(ctx, "ready"))
	_, err = w.WaitEmbeddedIcon(ctx, iconClass)
	w.must("tray icon", err)
	if windows, err := w.Windows(ctx); err != nil || titled(windows, appTitle) {
		w.Errorf("started hidden, the windows are %+v, %v", windows, err)
	}
	w.picture(ctx, w.T, "6-hidden")
	w.startsTwice(ctx)
}

// startsTwice starts the app beside itself: that one ends, and the first shows its window.
func (w *walk) startsTwice(ctx context.Context) {
	other, err := w.start()
	w.must("start twice", err)
	w.must("the second ends", other.Wait(ctx))
	_, err = w.window(ctx)
	w.must("the first shows its window", err)
}

// ringsAgain calls once more, and accepts with Enter.
func (w *walk) ringsAgain(ctx context.Context) {
	w.hub.post(ctx, w.T, "", second)
	if at, err := w.popupRests(ctx); err != nil || at != w.popupAt {
		w.Errorf("the pop-up was moved to %v and comes back after a restart at %v, %v", w.popupAt, at, err)
	}
	w.must("press Enter", w.acceptByKey(ctx))
	w.accepted(ctx, second, 2)
	w.picture(ctx, w.T, "7-accepted-by-key")
}

// signsOut ends the sign-in: here and at the hub.
func (w *walk) signsOut(ctx context.Context) {
	w.must("sign out in the tray", w.fromTrayMenu(ctx, w.T, "8-tray-menu", 2))
	w.must("the entry goes", desktoptest.Await(ctx, "the Credential Manager to be empty", func(ctx context.Context) (bool, error) {
		kept, err := w.credential(ctx, w.account)
		return err == nil && kept == "", err
	}))
	w.must("the token goes", desktoptest.Await(ctx, "the hub to refuse the token", func(ctx context.Context) (bool, error) {
		return !w.hub.takes(ctx, w.T, w.token), nil
	}))
	w.picture(ctx, w.T, "9-signed-out")
	w.must("quit in the tray", w.fromTrayMenu(ctx, w.T, "10-signed-out-menu", 1))
	w.must("end", w.app.Wait(ctx))
	w.must("shut down", w.shutDown(ctx))
	if has, err := w.registryHas(w.account); err != nil || has {
		w.Errorf("the registry on disk still has an entry %s: %v", w.account, err)
	}
}

func titled(windows []desktoptest.Window, title string) bool {
	for _, window := range windows {
		if window.Title == title && window.Shown {
			return true
		}
	}
	return false
}
