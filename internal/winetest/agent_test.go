//go:build linux && wine

package winetest_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// The titles of the app's windows.
const (
	appTitle     = "Deskbell"
	ringingTitle = "Incoming call · Deskbell"
)

// stillWithin is how long a picture waits for windows to be drawn; a pop-up with its countdown never rests.
const stillWithin = 2 * time.Second

// appAt is where the app's window is put: Wine lets its title begin above the screen.
var appAt = image.Pt(60, 40)

// beside is how far from the middle an icon is clicked: Wine does not take a click where the icon is
// transparent, and the bell that is offline is struck through there.
var beside = image.Pt(3, 2)

// agent is the person at the Windows desktop.
type agent struct {
	*windows
	pictures string
}

// picture keeps what the screen shows.
func (a *agent) picture(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	still, cancel := context.WithTimeout(ctx, stillWithin)
	defer cancel()
	if err := a.WaitStill(still); err != nil && still.Err() == nil {
		t.Fatal(err)
	}
	path := filepath.Join(a.pictures, name+".png")
	if err := a.Screenshot(ctx, path); err != nil {
		t.Fatal(err)
	}
	t.Logf("picture %s", path)
}

// window waits for the app's window and puts it where all of it is seen.
func (a *agent) window(ctx context.Context) (desktoptest.Window, error) {
	window, err := a.WaitDrawn(ctx, appTitle)
	if err != nil {
		return window, err
	}
	if err := a.MoveWindow(ctx, window, appAt); err != nil {
		return window, err
	}
	err = desktoptest.Await(ctx, "the window to be moved", func(ctx context.Context) (bool, error) {
		window, err = a.WaitWindow(ctx, appTitle)
		return err == nil && window.Rect.Min.In(image.Rectangle{appAt, appAt.Add(image.Pt(20, 60))}), err
	})
	if err != nil {
		return window, err
	}
	return window, a.Raise(ctx, window)
}

// signIn types into the form, whose first field has the focus.
func (a *agent) signIn(ctx context.Context, address string) error {
	for i, text := range []string{address, user, password} {
		if i > 0 {
			if err := a.Key(ctx, "Tab"); err != nil {
				return err
			}
		}
		if err := a.Type(ctx, text); err != nil {
			return err
		}
	}
	return a.Key(ctx, "Return")
}

// fromTrayMenu opens the tray's menu with the right mouse button and chooses the entry that stands so many
// from its end: the menu of Windows begins below the last one.
func (a *agent) fromTrayMenu(ctx context.Context, t *testing.T, picture string, fromEnd int) error {
	icon, err := a.WaitEmbeddedIcon(ctx, iconClass)
	if err != nil {
		return err
	}
	if err := a.RightClick(ctx, center(icon.Rect).Sub(beside)); err != nil {
		return err
	}
	err = desktoptest.Await(ctx, "the tray's menu", func(ctx context.Context) (bool, error) { return a.menuOpen(ctx) })
	if err != nil {
		return err
	}
	a.picture(ctx, t, picture)
	for range fromEnd {
		if err := a.Key(ctx, "Up"); err != nil {
			return err
		}
	}
	return a.Key(ctx, "Return")
}

// menuOpen looks for the one window of deskbell.exe that has no name and is on the screen: a menu.
func (a *agent) menuOpen(ctx context.Context) (bool, error) {
	out, err := a.Command(ctx, "xdotool", "search", "--onlyvisible", "--class", `^deskbell\.exe$`, "getwindowname", "%@").Output()
	return err == nil && strings.Contains("\n"+string(out), "\n\n"), err
}

// staysAbove tells whether the window asked to stay above the others.
func (a *agent) staysAbove(ctx context.Context, window desktoptest.Window) (bool, error) {
	out, err := a.Command(ctx, "xprop", "-id", window.ID, "_NET_WM_STATE").Output()
	return strings.Contains(string(out), "_NET_WM_STATE_ABOVE"), err
}

// movePopup puts the pop-up elsewhere, as the agent's mouse would, and tells
// where it rests then.
func (a *agent) movePopup(ctx context.Context, popup desktoptest.Window) (image.Point, error) {
	if _, err := a.popupRests(ctx); err != nil {
		return image.Point{}, err
	}
	if err := a.MoveWindow(ctx, popup, popup.Rect.Min.Sub(image.Pt(90, 110))); err != nil {
		return image.Point{}, err
	}
	at, err := a.popupRests(ctx)
	if err == nil && at == popup.Rect.Min {
		err = fmt.Errorf("the pop-up is still at %v", at)
	}
	return at, err
}

// popupRests waits until the pop-up has stayed where it is for a second: longer
// than it takes the app to look where it is.
func (a *agent) popupRests(ctx context.Context) (at image.Point, err error) {
	const looks = 10
	still := 0
	for tick := time.Tick(time.Second / looks); still < looks; {
		select {
		case <-tick:
		case <-ctx.Done():
			return at, ctx.Err()
		}
		window, err := a.WaitWindow(ctx, ringingTitle)
		if err != nil {
			return at, err
		}
		if still++; window.Rect.Min != at {
			at, still = window.Rect.Min, 0
		}
	}
	return at, nil
}

// acceptByMouse presses the pop-up's green button.
func (a *agent) acceptByMouse(ctx context.Context) error {
	var button image.Rectangle
	err := desktoptest.Await(ctx, "the Accept button", func(ctx context.Context) (bool, error) {
		window, err := a.WaitWindow(ctx, ringingTitle)
		if err != nil {
			return false, err
		}
		screen, err := a.Screen(ctx)
		if err != nil {
			return false, err
		}
		button = green(screen, window.Rect)
		if button.Dx() < 100 || button.Dy() < 20 {
			return false, fmt.Errorf("there is no green button in the window at %v", window.Rect)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	return a.Click(ctx, center(button))
}

// acceptByKey presses Enter when the pop-up takes keys: those in its first 0.7 s may be meant for
// another program.
func (a *agent) acceptByKey(ctx context.Context) error {
	window, err := a.WaitDrawn(ctx, ringingTitle)
	if err != nil {
		return err
	}
	if err := a.Raise(ctx, window); err != nil {
		return err
	}
	taken := time.NewTimer(time.Second)
	defer taken.Stop()
	select {
	case <-taken.C:
	case <-ctx.Done():
		return errors.New("no time to press a key")
	}
	return a.Key(ctx, "Return")
}

// green is the smallest place that holds all pixels of the colour of Accept.
func green(screen image.Image, within image.Rectangle) (place image.Rectangle) {
	within = within.Intersect(screen.Bounds())
	for y := within.Min.Y; y < within.Max.Y; y++ {
		for x := within.Min.X; x < within.Max.X; x++ {
			r, g, b, _ := screen.At(x, y).RGBA()
			if g > r+0x4000 && g > b+0x2000 {
				place = place.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return place
}

// changed is the part of the place, from 0 to 1, that looks different in two pictures.
func changed(before, after image.Image, place image.Rectangle) float64 {
	different := 0
	for y := place.Min.Y; y < place.Max.Y; y++ {
		for x := place.Min.X; x < place.Max.X; x++ {
			if before.At(x, y) != after.At(x, y) {
				different++
			}
		}
	}
	return float64(different) / float64(place.Dx()*place.Dy())
}

func center(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }
