//go:build linux

package walkthrough

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// customerLeaves has the customer leave Ben's call: he says how it went, and is
// ready again by himself.
func (d *Day) customerLeaves(ctx context.Context) error {
	id, err := d.onlyCall(ctx)
	if err != nil {
		return err
	}
	if err := d.closeWindow(ctx, d.Anna, sessionTab); err != nil {
		return err
	}
	if err := d.customerGoes(ctx, id); err != nil {
		return err
	}
	if err := d.waitState(ctx, d.Ben, d.voice.T("Wrapping up")); err != nil {
		return err
	}
	if err := d.awaitPresence(ctx, d.Ben, presence{State: "wrap-up"}); err != nil {
		return err
	}
	if err := d.menuPicture(ctx, d.Ben, "wrapping-up-ben"); err != nil {
		return err
	}
	if err := d.keyInWindow(ctx, d.Ben, "Tab"); err != nil {
		return err
	}
	if err := d.sayHowItWent(ctx, d.Ben, d.script.note, "how-it-went-ben"); err != nil {
		return err
	}
	if err := d.Ben.Key(ctx, "Tab", "Tab", "space"); err != nil { // over Close to Save
		return err
	}
	if err := d.awaitNoted(ctx, id, d.script.note); err != nil {
		return err
	}
	if err := d.waitState(ctx, d.Ben, d.voice.T("Ready")); err != nil {
		return err
	}
	d.say("Ben said how it went; his time is over and he is ready again")
	if err := d.awaitPresence(ctx, d.Ben, presence{State: "ready"}); err != nil {
		return err
	}
	return d.picture(ctx, d.Ben, "ready-again-ben")
}

// awaitNoted waits until the hub has what an agent chose and wrote.
func (d *Day) awaitNoted(ctx context.Context, id, note string) error {
	_, err := d.awaitCall(ctx, id, "how the call went", func(r record) bool {
		return r.State == "ended" && r.Outcome == "completed" && r.Disposition == d.script.dispositions[0] && r.Note == note
	})
	return err
}

// sayHowItWent chooses the first of the queue's dispositions, which has the
// keyboard, and writes a note.
func (d *Day) sayHowItWent(ctx context.Context, on *desk, note, picture string) error {
	if err := on.Key(ctx, "Right", "Tab"); err != nil {
		return err
	}
	if err := on.Type(ctx, note); err != nil {
		return err
	}
	return d.glance(ctx, on, picture)
}

// keyInWindow presses keys in a desk's main window.
func (w *Walk) keyInWindow(ctx context.Context, on *desk, keys ...string) error {
	window, err := on.WaitWindow(ctx, appTitle)
	if err != nil {
		return err
	}
	if err := on.Raise(ctx, window); err != nil {
		return err
	}
	return on.Key(ctx, keys...)
}

// finish has Anna finish her call and press Ready in the tray.
func (d *Day) finish(ctx context.Context) error {
	id, err := d.onlyCall(ctx)
	if err != nil {
		return err
	}
	if err := d.closeWindow(ctx, d.Anna, sessionTab); err != nil {
		return err
	}
	// The fake Vidaoo forgets its sessions when it is killed with the demo's hub.
	if err := d.Anna.OpenLinksWith(); err != nil {
		return err
	}
	if err := d.keyInWindow(ctx, d.Anna, "Tab", "Tab", "Tab", "Tab", "space"); err != nil { // over Open, Copy and Record to Finish
		return err
	}
	if err := d.sayHowItWent(ctx, d.Anna, d.script.secondNote, "finishing-anna"); err != nil {
		return err
	}
	if err := d.Anna.Key(ctx, "Tab", "Tab", "Tab", "space"); err != nil { // over Return to queue and Back to Finish call
		return err
	}
	if err := d.awaitNoted(ctx, id, d.script.secondNote); err != nil {
		return err
	}
	if err := d.waitState(ctx, d.Anna, d.voice.T("Wrapping up")); err != nil {
		return err
	}
	if err := d.picture(ctx, d.Anna, "wrapping-up-anna"); err != nil {
		return err
	}
	return d.ready(ctx)
}

// ready has Anna press Ready in the tray's menu.
func (d *Day) ready(ctx context.Context) error {
	if err := d.Anna.PressTrayMenu(ctx, d.Anna.tray, d.voice.T("Ready")); err != nil {
		return err
	}
	return errors.Join(d.waitState(ctx, d.Anna, d.voice.T("Ready")), d.awaitPresence(ctx, d.Anna, presence{State: "ready"}))
}

func (d *Day) closeWindow(ctx context.Context, on *desk, title string) error {
	window, err := on.WaitWindow(ctx, title)
	if err != nil {
		return err
	}
	return errors.Join(on.CloseWindow(ctx, window), on.WaitNoWindow(ctx, title))
}

// lookAtMissed has Ben find the missed call in the tray's menu and in the list of
// the last 24 hours.
func (d *Day) lookAtMissed(ctx context.Context) error {
	missed := d.voice.N(1, "%d missed call", "%d missed calls", 1)
	if err := d.menuPicture(ctx, d.Ben, "missed-menu-ben"); err != nil {
		return err
	}
	if err := d.Ben.PressTrayMenu(ctx, d.Ben.tray, missed); err != nil {
		return err
	}
	err := desktoptest.Await(ctx, "the missed call to be seen", func(ctx context.Context) (bool, error) {
		menu, err := d.Ben.TrayMenu(ctx, d.Ben.tray)
		return err == nil && !slices.ContainsFunc(menu, func(i desktoptest.TrayMenuItem) bool { return i.Label == missed }), err
	})
	if err != nil {
		return err
	}
	if err := d.dayIs(ctx, d.Ben, "missed", "taken", "answered"); err != nil {
		return err
	}
	d.say("Ben has seen the missed call")
	if err := d.picture(ctx, d.Ben, "last-24-hours-ben"); err != nil {
		return err
	}
	return d.dayIs(ctx, d.Anna, "declined", "answered", "taken")
}

// dayIs compares what became of an agent's last calls, the newest first.
func (d *Day) dayIs(ctx context.Context, on *desk, want ...string) error {
	token, err := d.tokenOf(ctx, on)
	if err != nil {
		return err
	}
	var calls []struct{ What string }
	if err := d.get(ctx, "/api/v1/me/calls", token, &calls); err != nil {
		return err
	}
	var got []string
	for _, c := range calls {
		got = append(got, c.What)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("the last calls of %s are %q, want %q", on.user, got, want)
	}
	return nil
}

// pause has Anna pause with a reason of the tray's menu.
func (d *Day) pause(ctx context.Context) error {
	reason := d.script.reasons[0]
	if err := d.Anna.PressTrayMenu(ctx, d.Anna.tray, d.voice.T("Pause: %s", reason)); err != nil {
		return err
	}
	if err := d.awaitPresence(ctx, d.Anna, presence{State: "paused", Reason: reason}); err != nil {
		return err
	}
	if _, err := d.Anna.WaitTrayMenuItem(ctx, d.Anna.tray, d.voice.T("Ready"), nil); err != nil {
		return err
	}
	if err := d.menuPicture(ctx, d.Anna, "paused-anna"); err != nil {
		return err
	}
	return d.ready(ctx)
}
