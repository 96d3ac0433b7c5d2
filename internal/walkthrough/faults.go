//go:build linux

package walkthrough

import (
	"context"
	"fmt"
	"strings"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// KillHub kills the hub as kill -9 does, and waits until both trays say so.
func (w *Walk) KillHub(ctx context.Context) error {
	w.hub.Kill()
	for _, d := range []*desk{w.Anna, w.Ben} {
		if _, err := d.WaitTrayMenuItem(ctx, d.tray, w.voice.T("Offline, trying again…"), nil); err != nil {
			return err
		}
	}
	w.say("the hub was killed; both trays say Offline")
	return nil
}

// RestartHub starts the hub again on its folder.
func (w *Walk) RestartHub(ctx context.Context) error {
	if err := w.launchHub(ctx); err != nil {
		return err
	}
	w.say("the hub runs again")
	return nil
}

// RestartApp ends Anna's app and starts it anew with nothing but what it
// keeps: it has to sign in by itself.
func (w *Walk) RestartApp(ctx context.Context) error {
	if err := w.Anna.app.Stop(ctx); err != nil {
		return err
	}
	if err := w.launch(w.Anna, nil); err != nil {
		return err
	}
	if err := w.waitReady(ctx, w.Anna); err != nil {
		return err
	}
	w.say("Anna's app was started again and signed in by itself")
	return nil
}

// StartTwice closes Anna's window to the tray and starts a second app: it has
// to end by itself, and the first to show its window.
func (w *Walk) StartTwice(ctx context.Context) error {
	window, err := w.Anna.WaitWindow(ctx, appTitle)
	if err != nil {
		return err
	}
	if err := w.Anna.CloseWindow(ctx, window); err != nil {
		return err
	}
	if err := w.Anna.WaitNoWindow(ctx, appTitle); err != nil {
		return err
	}
	second, err := w.Anna.Launch(desktoptest.Program{Name: "second", Path: w.options.App})
	if err != nil {
		return err
	}
	if err := second.Wait(ctx); err != nil {
		return fmt.Errorf("the second app: %w: %s", err, second.Output())
	}
	if _, err := w.Anna.WaitWindow(ctx, appTitle); err != nil {
		return err
	}
	w.say("a second start raised the first")
	return nil
}

// Token finds Anna's token in the keyring.
func (w *Walk) Token(ctx context.Context) (string, error) { return w.tokenOf(ctx, w.Anna) }

func (w *Walk) tokenOf(ctx context.Context, d *desk) (string, error) {
	return d.Secret(ctx, map[string]string{
		"service": "deskbell", "username": d.user + "@" + strings.TrimPrefix(w.hubURL, "http://"),
	})
}

// TrayMenu reads the labels of Anna's tray menu.
func (w *Walk) TrayMenu(ctx context.Context) (labels []string, err error) {
	items, err := w.Anna.TrayMenu(ctx, w.Anna.tray)
	for _, i := range items {
		if !i.Separator {
			labels = append(labels, i.Label)
		}
	}
	return labels, err
}
