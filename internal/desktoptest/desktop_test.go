//go:build linux

package desktoptest_test

import (
	"bytes"
	"context"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// waitFor looks again and again until it is so.
func waitFor(ctx context.Context, t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// within returns a context for the waits of one test.
func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

func TestLooks(t *testing.T) {
	for _, look := range []struct {
		name  string
		dark  bool
		theme string
	}{
		{"light", false, "FYNE_THEME=light"},
		{"dark", true, "FYNE_THEME=dark"},
	} {
		t.Run(look.name, func(t *testing.T) {
			d := desktoptest.MustStart(t, desktoptest.Options{Width: 800, Height: 600, Dark: look.dark})
			ctx := within(t, 30*time.Second)

			if !slices.Contains(d.Env(), look.theme) {
				t.Errorf("programs do not get %s", look.theme)
			}
			file := filepath.Join(t.TempDir(), "screens", "screen.png")
			if err := d.Screenshot(ctx, file); err != nil {
				t.Fatal(err)
			}
			screen := readPicture(t, file)
			if got, want := screen.Bounds().Size(), image.Pt(800, 600); got != want {
				t.Errorf("the screenshot has %v pixels, want %v", got, want)
			}
			wallpaper, panel := brightness(screen, image.Rect(0, 0, 800, 500)), brightness(screen, image.Rect(0, 570, 800, 600))
			if dark := wallpaper < 90 && panel < 90; dark != look.dark {
				t.Errorf("the wallpaper has brightness %d and the panel %d", wallpaper, panel)
			}
			if wallpaper == panel || wallpaper == 0 {
				t.Errorf("the screen is blank: brightness %d", wallpaper)
			}
		})
	}
}

func readPicture(t *testing.T, file string) image.Image {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// brightness is the mean of the colours in the place, from 0 to 255.
func brightness(picture image.Image, place image.Rectangle) int {
	var sum, count int
	for y := place.Min.Y; y < place.Max.Y; y++ {
		for x := place.Min.X; x < place.Max.X; x++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			sum += int(r>>8) + int(g>>8) + int(b>>8)
			count += 3
		}
	}
	return sum / count
}

func TestCloseEndsEverything(t *testing.T) {
	d, err := desktoptest.Start(t.Context(), desktoptest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	stubborn, err := d.Launch(desktoptest.Program{
		Name: "stubborn",
		Path: "/bin/sh",
		// A shell that does not listen, and one that has left its process group and then its parent.
		Args: []string{"-c", `trap "" TERM; setsid sh -c 'sleep 300 & echo ready'; while :; do sleep 1; done`},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := stubborn.WaitOutput(t.Context(), "ready"); err != nil {
		t.Fatal(err)
	}
	if len(processesOf(d)) < 8 {
		t.Errorf("the desktop has only the processes %v", processesOf(d))
	}

	begun := time.Now()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > 8*time.Second {
		t.Errorf("closing took %v", took)
	}
	select {
	case <-stubborn.Done():
	default:
		t.Error("a program outlives its desktop")
	}
	if left := processesOf(d); len(left) != 0 {
		t.Errorf("the desktop leaves the processes %v", left)
	}
	if _, err := os.Stat(d.Dir()); !os.IsNotExist(err) {
		t.Errorf("the desktop leaves its folder %s", d.Dir())
	}
	if err := d.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if _, err := d.Launch(desktoptest.Program{Path: "/bin/true"}); err == nil {
		t.Error("a closed desktop starts programs")
	}
}

// processesOf lists the processes that run in the desktop's environment.
func processesOf(d *desktoptest.Desktop) []string {
	var found []string
	environs, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range environs {
		environ, _ := os.ReadFile(file) // a process that just ended has none
		if bytes.Contains(environ, []byte("HOME="+d.Home()+"\x00")) {
			command, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
			found = append(found, string(bytes.ReplaceAll(command, []byte{0}, []byte{' '})))
		}
	}
	return found
}

func TestWithoutServices(t *testing.T) {
	d := desktoptest.MustStart(t, desktoptest.Options{
		WithoutKeyring:       true,
		WithoutTray:          true,
		WithoutNotifications: true,
		Keep:                 true,
	})
	bus, err := d.Bus()
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	for _, name := range []string{"org.freedesktop.secrets", "org.kde.StatusNotifierWatcher", "org.freedesktop.Notifications"} {
		var has bool
		if err := bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&has); err != nil {
			t.Fatal(err)
		}
		if has {
			t.Errorf("%s is on the bus", name)
		}
		// A program that asks for it must not start the machine's.
		if err := bus.BusObject().Call("org.freedesktop.DBus.StartServiceByName", 0, name, uint32(0)).Err; err == nil {
			t.Errorf("%s can be started through the bus", name)
		}
	}

	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(d.Dir(), "log")); err != nil {
		t.Errorf("Keep did not keep the logs: %v", err)
	}
	if err := os.RemoveAll(d.Dir()); err != nil {
		t.Fatal(err)
	}
}

func TestStartFails(t *testing.T) {
	// Short, as sockets lie below it, and ours alone, so that whatever is left behind is found.
	folder, err := os.MkdirTemp("/tmp", "dt")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	t.Setenv("TMPDIR", folder)
	ended, cancel := context.WithCancel(t.Context())
	cancel()

	for _, test := range []struct {
		name    string
		ctx     context.Context
		path    string
		options desktoptest.Options
		want    []string
	}{
		{"programs missing", t.Context(), folder, desktoptest.Options{}, []string{"Xvfb", "wmctrl", "run .ci/setup desktop"}},
		{"screen too small", t.Context(), os.Getenv("PATH"), desktoptest.Options{Width: 10, Height: 10}, []string{"10x10", "320x200"}},
		{"no time", ended, os.Getenv("PATH"), desktoptest.Options{}, []string{"did not start", "context canceled"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("PATH", test.path)
			d, err := desktoptest.Start(test.ctx, test.options)
			if err == nil {
				_ = d.Close()
				t.Fatal("the desktop started")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error does not tell %q: %v", part, err)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
