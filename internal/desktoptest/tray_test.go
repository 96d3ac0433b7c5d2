//go:build linux

package desktoptest_test

import (
	"context"
	"image"
	"image/color"
	"os"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

func TestTray(t *testing.T) {
	d := desktoptest.MustStart(t, desktoptest.Options{WithoutKeyring: true, WithoutNotifications: true})
	ctx := within(t, 45*time.Second)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := d.Launch(desktoptest.Program{
		Name: "tray",
		Path: self,
		// fyne.io/systray races with itself when it tells its menu while that changes. The subject here is
		// the desktop, so that a race in the tray program must not become its exit status.
		Env: []string{asTrayProgram + "=1", "GORACE=exitcode=0"},
	})
	if err != nil {
		t.Fatal(err)
	}

	ready, err := d.WaitTrayItem(ctx, "Tray program", func(item desktoptest.TrayItem) bool { return item.ToolTip == "ready" })
	if err != nil {
		t.Fatal(err)
	}
	if ready.Status != "Active" || ready.Icon == nil {
		t.Fatalf("the tray item is %+v", ready)
	}
	if got, want := ready.Icon.At(16, 16), (color.NRGBA{R: 0x2e, G: 0x9e, B: 0x5b, A: 0xff}); got != want {
		t.Errorf("the icon has the colour %v, want %v", got, want)
	}
	testTrayMenuByMouse(ctx, t, d)

	never, err := d.WaitTrayMenuItem(ctx, ready, "Never", nil)
	if err != nil || never.Enabled || !never.Visible || never.Checkable {
		t.Errorf("the entry is %+v, %v", never, err)
	}
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	if err := d.PressTrayMenu(short, ready, "Never"); err == nil {
		t.Error("a disabled entry was pressed")
	}

	checked := func(want bool) func(desktoptest.TrayMenuItem) bool {
		return func(entry desktoptest.TrayMenuItem) bool { return entry.Checkable && entry.Checked == want }
	}
	if _, err := d.WaitTrayMenuItem(ctx, ready, "Ready", checked(true)); err != nil {
		t.Fatal(err)
	}
	if err := d.PressTrayMenu(ctx, ready, "Ready"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.WaitTrayMenuItem(ctx, ready, "Ready", checked(false)); err != nil {
		t.Error(err)
	}
	if _, err := d.WaitTrayItem(ctx, "Tray program", func(item desktoptest.TrayItem) bool {
		return item.ToolTip == "paused" && item.IconSum != ready.IconSum
	}); err != nil {
		t.Error(err)
	}

	if err := d.PressTrayMenu(ctx, ready, "Quit"); err != nil {
		t.Fatal(err)
	}
	if err := program.Wait(ctx); err != nil {
		t.Error(err)
	}
	if items, err := d.TrayItems(ctx); err != nil || len(items) != 0 {
		t.Errorf("the tray still has %+v, %v", items, err)
	}
}

// testTrayMenuByMouse opens the menu in the panel and sees that it is drawn over the wallpaper.
func testTrayMenuByMouse(ctx context.Context, t *testing.T, d *desktoptest.Desktop) {
	t.Helper()
	above := d.Size().Sub(image.Pt(70, 60)) // above the tray
	colour := func() color.Color {
		screen, err := d.Screen(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return screen.At(above.X, above.Y)
	}
	wallpaper := colour()
	if err := d.OpenTrayMenu(ctx); err != nil {
		t.Fatal(err)
	}
	waitFor(ctx, t, "the menu to open", func() bool { return colour() != wallpaper })
	if err := d.Key(ctx, "Escape"); err != nil {
		t.Fatal(err)
	}
}
