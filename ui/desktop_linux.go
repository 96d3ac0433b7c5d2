package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/systray"
	"github.com/godbus/dbus/v5"
)

const (
	trayWatcher  = "org.kde.StatusNotifierWatcher"
	trayPatience = time.Second
)

// nameTray gives the icon its name before it is in the tray. Fyne gives it too,
// but beside the start of the tray: when it comes in the middle of that, the icon
// stays without a name.
func nameTray(app fyne.App) { systray.SetTitle(app.Metadata().Name) }

// hasTray asks the session bus for a tray: a watcher without a host takes
// icons and shows none. The connection is our own, because others close the
// shared one, and never starts a bus: there would be no tray on that.
func hasTray() bool {
	ctx, cancel := context.WithTimeout(context.Background(), trayPatience)
	defer cancel()
	bus, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return false
	}
	defer bus.Close()
	if bus.Auth(nil) != nil || bus.Hello() != nil {
		return false
	}
	var owned bool
	err = bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, trayWatcher).Store(&owned)
	if err != nil || !owned {
		return false
	}
	var hosted bool
	err = bus.Object(trayWatcher, "/StatusNotifierWatcher").CallWithContext(ctx,
		"org.freedesktop.DBus.Properties.Get", 0, trayWatcher, "IsStatusNotifierHostRegistered").Store(&hosted)
	return err == nil && hosted
}

// escapeMnemonic doubles the mark of an access key in the menus of D-Bus.
func escapeMnemonic(label string) string { return strings.ReplaceAll(label, "_", "__") }
