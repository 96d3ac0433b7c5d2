//go:build linux

package desktoptest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// notifier is a program that shows notifications with buttons.
type notifier struct {
	t       *testing.T
	bus     *dbus.Conn
	signals chan *dbus.Signal
}

func newNotifier(t *testing.T, d *desktoptest.Desktop) *notifier {
	t.Helper()
	bus, err := d.Bus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bus.Close() })
	n := &notifier{t, bus, make(chan *dbus.Signal, 16)}
	bus.Signal(n.signals)
	err = bus.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.Notifications"), dbus.WithMatchMember("ActionInvoked"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *notifier) daemon() dbus.BusObject {
	return n.bus.Object("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
}

func (n *notifier) notify(replaces uint32, summary, body string) uint32 {
	n.t.Helper()
	var id uint32
	err := n.daemon().Call("org.freedesktop.Notifications.Notify", 0, "Notifier", replaces, "", summary, body,
		[]string{"accept", "Accept", "decline", "Decline"},
		map[string]dbus.Variant{"urgency": dbus.MakeVariant(byte(2))}, int32(0)).Store(&id)
	if err != nil {
		n.t.Fatal(err)
	}
	return id
}

// invoked returns the notification and the action of the next press.
func (n *notifier) invoked(ctx context.Context) []any {
	n.t.Helper()
	for {
		select {
		case signal := <-n.signals:
			if signal.Name == "org.freedesktop.Notifications.ActionInvoked" {
				return signal.Body
			}
		case <-ctx.Done():
			n.t.Fatal("the program was told of no press")
		}
	}
}

func TestNotifications(t *testing.T) {
	t.Log("real: xfce4-notifyd, its buttons pressed by the mouse")
	d := desktoptest.MustStart(t, desktoptest.Options{})
	ctx := within(t, 45*time.Second)
	n := newNotifier(t, d)

	first := n.notify(0, "Video call", "Maria Rossi, queue web")
	second := n.notify(0, "Video call", "John Doe, queue kiosk")
	seen, err := d.WaitNotification(ctx, "John Doe")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"Video call", "John Doe, queue kiosk"}; !slices.Equal(seen.Text, want) {
		t.Errorf("the notification reads %q, want %q", seen.Text, want)
	}
	if all, err := d.Notifications(ctx); err != nil || len(all) != 2 || all[0].Rect.Overlaps(all[1].Rect) {
		t.Errorf("on the screen are %+v, %v", all, err)
	}

	for _, press := range []struct {
		text, button, action string
		id                   uint32
	}{
		{"John Doe", "Decline", "decline", second},
		{"Maria Rossi", "Accept", "accept", first},
	} {
		action, err := d.PressNotification(ctx, press.text, press.button)
		if err != nil {
			t.Fatal(err)
		}
		if action != press.action {
			t.Errorf("the press on %s told the action %q", press.button, action)
		}
		if got, want := n.invoked(ctx), []any{press.id, press.action}; !slices.Equal(got, want) {
			t.Errorf("the program was told %v, want %v", got, want)
		}
		if err := d.WaitNoNotification(ctx, press.text); err != nil {
			t.Error(err)
		}
	}
}

func TestNotificationChanges(t *testing.T) {
	d := desktoptest.MustStart(t, desktoptest.Options{Dark: true, WithoutKeyring: true})
	ctx := within(t, 45*time.Second)
	n := newNotifier(t, d)

	id := n.notify(0, "Video call", "waiting 5 s")
	if _, err := d.PressNotification(ctx, "waiting 5 s", "Answer"); err == nil || !strings.Contains(err.Error(), "Decline") {
		t.Errorf("pressing a button that is not there: %v", err)
	}
	n.notify(id, "Video call", "waiting 10 s")
	if _, err := d.WaitNotification(ctx, "waiting 10 s"); err != nil {
		t.Error(err)
	}
	if err := d.WaitNoNotification(ctx, "waiting 5 s"); err != nil {
		t.Error(err)
	}
	if err := n.daemon().Call("org.freedesktop.Notifications.CloseNotification", 0, id).Err; err != nil {
		t.Fatal(err)
	}
	if err := d.WaitNoNotification(ctx, "Video call"); err != nil {
		t.Error(err)
	}
}
