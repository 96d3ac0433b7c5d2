package ui_test

import (
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"github.com/deskbell/deskbell/notify/notifytest"
	"github.com/deskbell/deskbell/ui"
)

// serveTray puts a tray watcher on the bus of the test, with or without a host
// that shows the icons.
func serveTray(t *testing.T, hosted bool) {
	t.Helper()
	const name = "org.kde.StatusNotifierWatcher"
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() })
	_, err = prop.Export(bus, "/StatusNotifierWatcher", prop.Map{name: {
		"IsStatusNotifierHostRegistered": {Value: hosted, Emit: prop.EmitFalse},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if reply, err := bus.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("the name of the watcher: %v, %v", reply, err)
	}
}

func TestHasTray(t *testing.T) {
	t.Run("with a host", func(t *testing.T) {
		notifytest.StartBus(t)
		serveTray(t, true)
		if !ui.HasTray() {
			t.Error("the tray is not seen")
		}
	})
	t.Run("without a host", func(t *testing.T) {
		notifytest.StartBus(t)
		serveTray(t, false)
		if ui.HasTray() {
			t.Error("a watcher alone shows no icon")
		}
	})
	t.Run("without a watcher", func(t *testing.T) {
		notifytest.StartBus(t)
		if ui.HasTray() {
			t.Error("there is none")
		}
	})
	t.Run("without a bus", func(t *testing.T) {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
		if ui.HasTray() {
			t.Error("there is none")
		}
	})
}
