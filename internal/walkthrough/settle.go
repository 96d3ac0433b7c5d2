//go:build linux

package walkthrough

import (
	"context"
	"fmt"
	"strings"
)

// testRing is what a test ring calls itself.
const testRing = "Test ring"

// Settings opens the settings from Anna's tray.
func (w *Walk) Settings(ctx context.Context) error {
	if err := w.Anna.PressTrayMenu(ctx, w.Anna.tray, w.voice.T("Settings…")); err != nil {
		return err
	}
	w.say("Anna has opened the settings")
	return w.picture(ctx, w.Anna, "6-settings")
}

// TestRing rings Anna's desk without a customer, and waits for the report.
func (w *Walk) TestRing(ctx context.Context) error {
	if err := w.Anna.PressTrayMenu(ctx, w.Anna.tray, w.voice.T("Test ring")); err != nil {
		return err
	}
	if _, err := w.Anna.WaitNotification(ctx, testRing); err != nil {
		return err
	}
	if _, err := w.Anna.WaitWindow(ctx, w.ringing()); err != nil {
		return err
	}
	w.say("Anna's desk rings for a test: notification and pop-up")
	if err := w.Anna.WaitNoNotification(ctx, testRing); err != nil {
		return err
	}
	if err := w.Anna.WaitNoWindow(ctx, w.ringing()); err != nil {
		return err
	}
	w.say("the test ring is over")
	return w.picture(ctx, w.Anna, "7-test-ring")
}

// Pause pauses Anna with a reason of the hub's list, and makes her ready again.
func (w *Walk) Pause(ctx context.Context) error {
	if err := w.Anna.PressTrayMenu(ctx, w.Anna.tray, "Pause: Lunch"); err != nil {
		return err
	}
	if _, err := w.Anna.WaitTrayMenuItem(ctx, w.Anna.tray, "Ready", nil); err != nil {
		return err
	}
	menu, err := w.Anna.TrayMenu(ctx, w.Anna.tray)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(menu[0].Label, "Paused: Lunch since ") {
		return fmt.Errorf("the tray says %q, want since when Anna is paused", menu[0].Label)
	}
	w.say("the tray says %s", menu[0].Label)
	if err := w.picture(ctx, w.Anna, "8-paused"); err != nil {
		return err
	}
	if err := w.Anna.PressTrayMenu(ctx, w.Anna.tray, "Ready"); err != nil {
		return err
	}
	return w.waitReady(ctx, w.Anna)
}
