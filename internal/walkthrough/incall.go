//go:build linux

package walkthrough

import (
	"context"
	"fmt"
)

// RoomForTwo has the agents of the queue take two calls at a time, by the hub's
// own command.
func (w *Walk) RoomForTwo(ctx context.Context) error {
	if err := w.hubSays(ctx, nil, "queue", "set", queue, "--capacity", "2"); err != nil {
		return err
	}
	w.say("every agent has room for two calls")
	return nil
}

// RingsAside waits until a call rings on Anna's desk, who is in another: there
// is the notification, and no window over the session. Then she asks for it.
func (w *Walk) RingsAside(ctx context.Context) error {
	if _, err := w.Anna.WaitNotification(ctx, customer); err != nil {
		return err
	}
	if err := w.waitState(ctx, w.Anna, w.voice.T("Ringing")); err != nil {
		return err
	}
	windows, err := w.Anna.Windows(ctx)
	if err != nil {
		return err
	}
	for _, window := range windows {
		if window.Title == w.ringing() && window.Shown {
			return fmt.Errorf("the pop-up came up over Anna's session, at %v", window.Rect)
		}
	}
	if err := w.picture(ctx, w.Anna, "9-aside"); err != nil {
		return err
	}
	if err := w.Anna.PressTrayMenu(ctx, w.Anna.tray, w.voice.T("Open Deskbell")); err != nil {
		return err
	}
	if _, err := w.Anna.WaitWindow(ctx, w.ringing()); err != nil {
		return err
	}
	w.say("the next call rang aside on Anna's desk, and its pop-up came when she asked for it")
	return nil
}
