//go:build linux

package walkthrough

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// acceptAt is where the pop-up has its Accept, from its lower right corner.
var acceptAt = image.Pt(140, 76)

// killWhileItRings kills the hub while a call rings on both desks. It rings
// again when the hub is back, and Anna accepts with the mouse.
func (d *Day) killWhileItRings(ctx context.Context) error {
	if err := d.hubSays(ctx, nil, "queue", "set", queue, "--ring", ringTime, "--patience", "5m"); err != nil {
		return err
	}
	id, err := d.customerCalls(ctx, fourth)
	if err != nil {
		return err
	}
	if _, err := d.bothRing(ctx, fourth.phone, "unknown-caller"); err != nil {
		return err
	}
	if err := d.KillHub(ctx); err != nil {
		return err
	}
	if err := errors.Join(d.Anna.WaitNoWindow(ctx, d.ringing()), d.Anna.WaitSilence(ctx)); err != nil {
		return err
	}
	if err := d.menuPicture(ctx, d.Ben, "offline-ben"); err != nil {
		return err
	}
	if err := d.RestartHub(ctx); err != nil {
		return err
	}
	after, err := d.bothRing(ctx, fourth.phone, "")
	if err != nil {
		return err
	}
	if after != id {
		return fmt.Errorf("after the restart the call %s rings, want %s", after, id)
	}
	d.say("the call rings again on both desks")
	popup, err := d.Anna.WaitWindow(ctx, d.ringing())
	if err != nil {
		return err
	}
	if err := d.Anna.Click(ctx, popup.Rect.Max.Sub(acceptAt)); err != nil {
		return err
	}
	_, err = d.awaitCall(ctx, id, "Anna to have the call", func(r record) bool { return r.State == "accepted" && r.Agent == d.Anna.user })
	if err != nil {
		return err
	}
	if err := d.isTold(ctx, d.Ben, d.Anna, "taken-after-restart-ben"); err != nil {
		return err
	}
	if err := d.inCall(ctx, d.Anna); err != nil {
		return err
	}
	// A start reads the last entry of each call: that does not tell who was slower than another.
	if err := d.dayIs(ctx, d.Ben, "taken", "missed", "answered"); err != nil {
		return err
	}
	if err := d.customerGoes(ctx, id); err != nil {
		return err
	}
	return d.waitState(ctx, d.Anna, d.voice.T("Wrapping up"))
}

// signOut has Anna sign out in the tray's menu.
func (d *Day) signOut(ctx context.Context) error {
	if err := d.Anna.PressTrayMenu(ctx, d.Anna.tray, d.voice.T("Sign out")); err != nil {
		return err
	}
	line := d.voice.T("Not signed in")
	if _, err := d.Anna.WaitTrayMenuItem(ctx, d.Anna.tray, line, nil); err != nil {
		return err
	}
	if err := d.menuIs(ctx, []string{line, d.voice.T("Open Deskbell"), d.voice.T("Settings…"), d.voice.T("Sign in…"), d.voice.T("Quit")}); err != nil {
		return err
	}
	err := desktoptest.Await(ctx, "the keyring to have no token", func(ctx context.Context) (bool, error) {
		_, err := d.Token(ctx)
		if errors.Is(err, desktoptest.ErrNoSecret) {
			return true, nil
		}
		return false, err
	})
	if err != nil {
		return err
	}
	if err := d.awaitPresence(ctx, d.Anna, presence{State: "offline"}); err != nil {
		return err
	}
	if _, err := d.Anna.WaitWindow(ctx, appTitle); err != nil {
		return err
	}
	d.say("Anna has signed out: the keyring has no token any more")
	return d.menuPicture(ctx, d.Anna, "signed-out-anna")
}

// ringForTheOther has a call ring on Ben's desk and not on Anna's.
func (d *Day) ringForTheOther(ctx context.Context) error {
	p := d.script.evening
	id, err := d.customerCalls(ctx, p)
	if err != nil {
		return err
	}
	if err := d.rings(ctx, d.Ben, p.name); err != nil {
		return err
	}
	r, err := d.awaitCall(ctx, id, "the call to be seen", func(r record) bool { return slices.Equal(r.shownOn(d.Ben.user), everywhere) })
	if err != nil {
		return err
	}
	if got := r.happened("offered"); !slices.Equal(got, []string{d.Ben.user}) {
		return fmt.Errorf("the call rings for %v, want Ben only", got)
	}
	// What nobody offered can't ring: one look is enough.
	shown, err := d.Anna.Notifications(ctx)
	if err != nil {
		return err
	}
	windows, err := d.Anna.Windows(ctx)
	if err != nil {
		return err
	}
	rings := slices.ContainsFunc(windows, func(w desktoptest.Window) bool { return w.Title == d.ringing() && w.Shown })
	if len(shown) > 0 || rings {
		return fmt.Errorf("the desk of Anna, who has signed out, shows %v, and a pop-up: %v", shown, rings)
	}
	if err := d.customerGoes(ctx, id); err != nil {
		return err
	}
	if err := d.Ben.WaitNoNotification(ctx, p.name); err != nil {
		return err
	}
	d.say("the bell rings for Ben only, until the customer leaves")
	return d.glance(ctx, d.Ben, "canceled-ben")
}
