//go:build linux

package walkthrough

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// again is after what time a person presses a key once more.
const again = time.Second

// everywhere are the surfaces on which a call shows.
var everywhere = []string{"native", "window"}

// ring has a customer press the button on the website.
func (d *Day) ring(ctx context.Context) error {
	if err := d.PressTheButton(ctx); err != nil {
		return err
	}
	_, err := d.bothRing(ctx, customer, "ringing")
	return err
}

// bothRing waits until a call rings on both desks, to be seen and heard, and the
// hub knows that.
func (d *Day) bothRing(ctx context.Context, who, picture string) (id string, err error) {
	for _, on := range []*desk{d.Anna, d.Ben} {
		if err := d.rings(ctx, on, who); err != nil {
			return "", err
		}
	}
	if id, err = d.onlyCall(ctx); err != nil {
		return "", err
	}
	_, err = d.awaitCall(ctx, id, "the call to be seen by both", func(r record) bool {
		return r.State == "ringing" && slices.Equal(r.shownOn(d.Anna.user), everywhere) && slices.Equal(r.shownOn(d.Ben.user), everywhere)
	})
	if err != nil || picture == "" {
		return id, err
	}
	return id, errors.Join(d.glance(ctx, d.Anna, picture+"-anna"), d.glance(ctx, d.Ben, picture+"-ben"))
}

// rings waits until a desk rings for somebody: the notification, the pop-up, the
// tray and the sound.
func (d *Day) rings(ctx context.Context, on *desk, who string) error {
	n, err := on.WaitNotification(ctx, who)
	if err != nil {
		return err
	}
	var buttons []string
	for _, b := range n.Buttons {
		buttons = append(buttons, b.Name)
	}
	if want := []string{d.voice.T("Accept"), d.voice.T("Decline")}; !slices.Equal(buttons, want) {
		return fmt.Errorf("the notification's buttons are %q, want %q", buttons, want)
	}
	if _, err := on.WaitWindow(ctx, d.ringing()); err != nil {
		return err
	}
	if err := d.waitState(ctx, on, d.voice.T("Ringing")); err != nil {
		return err
	}
	return on.WaitSound(ctx)
}

// silence has Anna press Esc: it is quiet on her desk, where she can still
// answer, and rings on at Ben's.
func (d *Day) silence(ctx context.Context) error {
	if err := d.keyInPopup(ctx, d.Anna, "Escape"); err != nil {
		return err
	}
	if err := d.Anna.WaitSilence(ctx); err != nil {
		return err
	}
	if err := d.Ben.WaitSound(ctx); err != nil {
		return fmt.Errorf("on Ben's desk: %w", err)
	}
	if _, err := d.Anna.WaitNotification(ctx, customer); err != nil {
		return err
	}
	id, err := d.onlyCall(ctx)
	if err != nil {
		return err
	}
	r, err := d.awaitCall(ctx, id, "the call to ring", func(r record) bool { return r.State == "ringing" })
	if err != nil {
		return err
	}
	for _, kind := range []string{"declined", "lapsed", "withdrawn"} {
		if agents := r.happened(kind); len(agents) > 0 {
			return fmt.Errorf("the call is %s for %v, but it was only silenced", kind, agents)
		}
	}
	d.say("Anna pressed Esc: it is quiet on her desk and rings on at Ben's")
	return d.glance(ctx, d.Anna, "silenced-anna")
}

// keyInPopup presses keys in a desk's pop-up.
func (d *Day) keyInPopup(ctx context.Context, on *desk, keys ...string) error {
	window, err := on.WaitWindow(ctx, d.ringing())
	if err != nil {
		return err
	}
	if err := on.Raise(ctx, window); err != nil {
		return err
	}
	return on.Key(ctx, keys...)
}

// press presses a key in a desk's pop-up until the hub has heard of it, as a
// person does: keys that come early do not count.
func (d *Day) press(ctx context.Context, on *desk, key, id, what string, so func(record) bool) error {
	var pressed time.Time
	_, err := d.awaitCall(ctx, id, what, func(r record) bool {
		if so(r) {
			return true
		}
		if time.Since(pressed) >= again {
			pressed = time.Now()
			_ = d.keyInPopup(ctx, on, key) // what failed is seen by what does not come
		}
		return false
	})
	return err
}

// acceptInPopup has Ben accept with the keyboard, while Anna's desk rings
// silently.
func (d *Day) acceptInPopup(ctx context.Context) error {
	id, err := d.onlyCall(ctx)
	if err != nil {
		return err
	}
	err = d.press(ctx, d.Ben, "Return", id, "Ben to have the call", func(r record) bool { return r.State == "accepted" && r.Agent == d.Ben.user })
	if err != nil {
		return err
	}
	if err := d.isTold(ctx, d.Anna, d.Ben, "taken-anna"); err != nil {
		return err
	}
	links, err := d.Ben.WaitLinks(ctx, 1)
	if err != nil {
		return err
	}
	d.sessionLink = links[0]
	if err := d.inCall(ctx, d.Ben); err != nil {
		return err
	}
	d.say("Ben pressed Enter in the pop-up and has the call")
	return d.glance(ctx, d.Ben, "in-a-call-ben")
}

// inCall waits until a desk is quiet and says that its agent is in a call.
func (d *Day) inCall(ctx context.Context, on *desk) error {
	if err := d.waitState(ctx, on, d.voice.T("In a call")); err != nil {
		return err
	}
	if _, err := on.WaitWindow(ctx, appTitle); err != nil {
		return err
	}
	if err := on.WaitSilence(ctx); err != nil {
		return err
	}
	return errors.Join(on.WaitNoWindow(ctx, d.ringing()), d.awaitPresence(ctx, on, presence{State: "busy"}))
}

// isTold waits until a desk says who took the call.
func (d *Day) isTold(ctx context.Context, on, who *desk, picture string) error {
	n, err := on.WaitNotification(ctx, d.voice.T("Taken by %s", who.name))
	if err != nil {
		return err
	}
	if len(n.Buttons) > 0 {
		return fmt.Errorf("the notification still has buttons: %v", n.Buttons)
	}
	if err := d.waitState(ctx, on, d.voice.T("Ready")); err != nil {
		return err
	}
	d.say("%s's desk says that %s took it", on.user, who.name)
	return d.glance(ctx, on, picture)
}

// acceptInNotification has Anna press Accept in the notification of a call with
// many words, with the mouse.
func (d *Day) acceptInNotification(ctx context.Context) error {
	id, err := d.customerCalls(ctx, d.script.second)
	if err != nil {
		return err
	}
	if _, err := d.bothRing(ctx, d.script.second.short(), "many-words"); err != nil {
		return err
	}
	if _, err := d.Anna.PressNotification(ctx, d.script.second.short(), d.voice.T("Accept")); err != nil {
		return err
	}
	_, err = d.awaitCall(ctx, id, "Anna to have the call", func(r record) bool { return r.State == "accepted" && r.Agent == d.Anna.user })
	if err != nil {
		return err
	}
	if err := d.isTold(ctx, d.Ben, d.Anna, "taken-ben"); err != nil {
		return err
	}
	if err := d.inCall(ctx, d.Anna); err != nil {
		return err
	}
	if _, err := d.Anna.WaitWidget(ctx, desktoptest.Target{App: "Chromium", Name: session}); err != nil {
		return err
	}
	d.say("Anna pressed Accept in the notification; the session page is there")
	return d.glance(ctx, d.Anna, "session-anna")
}

// declineAndMiss has Anna decline with two presses of D, and nobody answer.
func (d *Day) declineAndMiss(ctx context.Context) error {
	if err := d.hubSays(ctx, nil, "queue", "set", queue, "--ring", shortRing, "--patience", shortRing); err != nil {
		return err
	}
	quiet, err := d.Ben.WaitTrayItem(ctx, appTitle, nil)
	if err != nil {
		return err
	}
	id, err := d.customerCalls(ctx, d.script.third)
	if err != nil {
		return err
	}
	if _, err := d.bothRing(ctx, d.script.third.name, ""); err != nil {
		return err
	}
	declined := func(r record) bool { return slices.Equal(r.happened("declined"), []string{d.Anna.user}) }
	if err := d.declineTwice(ctx, id, declined); err != nil {
		return err
	}
	if err := d.Anna.WaitNoNotification(ctx, d.script.third.name); err != nil {
		return err
	}
	if err := d.glance(ctx, d.Ben, "ringing-alone-ben"); err != nil {
		return err
	}
	_, err = d.awaitCall(ctx, id, "the call to be missed", func(r record) bool { return r.State == "ended" && r.Outcome == "missed" && declined(r) })
	if err != nil {
		return err
	}
	if err := d.glance(ctx, d.Ben, "missed-ben"); err != nil {
		return err
	}
	_, err = d.Ben.WaitTrayItem(ctx, appTitle, func(now desktoptest.TrayItem) bool { return now.IconSum != quiet.IconSum })
	return err
}

// declineTwice presses D once, which does nothing, and once more.
func (d *Day) declineTwice(ctx context.Context, id string, declined func(record) bool) error {
	window, err := d.Anna.WaitWindow(ctx, d.ringing())
	if err != nil {
		return err
	}
	before, err := d.Anna.Screen(ctx)
	if err != nil {
		return err
	}
	// The first D counts when the pop-up has been there for a moment. Then a
	// sentence asks for the second.
	var pressed time.Time
	err = desktoptest.Await(ctx, "the question for a second D", func(ctx context.Context) (bool, error) {
		if now, err := d.Anna.Screen(ctx); err != nil || !same(before, now, hintOf(window)) {
			return err == nil, err
		}
		if time.Since(pressed) < again {
			return false, nil
		}
		pressed = time.Now()
		return false, d.keyInPopup(ctx, d.Anna, "d")
	})
	if err != nil {
		return err
	}
	r, err := d.awaitCall(ctx, id, "the call", func(record) bool { return true })
	if err != nil {
		return err
	}
	if declined(r) {
		return errors.New("one press of D declined")
	}
	if err := d.glance(ctx, d.Anna, "declining-anna"); err != nil {
		return err
	}
	if err := d.press(ctx, d.Anna, "d", id, "Anna's decline", declined); err != nil {
		return err
	}
	d.say("Anna pressed D twice and declined")
	return nil
}

// hintOf is the place of the pop-up's last line.
func hintOf(popup desktoptest.Window) image.Rectangle {
	r := popup.Rect.Inset(10)
	r.Min.Y = r.Max.Y - 34
	return r
}

// same tells whether two pictures are alike in a place.
func same(a, b image.Image, place image.Rectangle) bool {
	for y := place.Min.Y; y < place.Max.Y; y++ {
		for x := place.Min.X; x < place.Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return true
}
