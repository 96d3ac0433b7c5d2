package notify

import (
	"context"

	"github.com/godbus/dbus/v5"
)

// Hidden makes native a Hider. Known are dunst, KDE Plasma and Xfce.
func (n *native) Hidden(ctx context.Context) (bool, error) {
	return askHidden(ctx, n.worker.asks, n.ended)
}

// hidden asks the service in its own way; one that does not know the question
// hides nothing.
func (w *worker) hidden() bool {
	if w.bus == nil || w.down != nil {
		return false
	}
	hidden, err := w.bus.hides()
	if err != nil {
		w.log.Debug("do not disturb not readable", "service", w.bus.name, "err", errName(err))
	}
	return hidden
}

func (b *bus) hides() (bool, error) {
	const getProperty = "org.freedesktop.DBus.Properties.Get"
	var value dbus.Variant
	var err error
	switch b.name {
	case "dunst":
		err = b.call(getProperty, []any{&value}, "org.dunstproject.cmd0", "paused")
	case "Xfce Notify Daemon":
		xfconf := b.conn.Object("org.xfce.Xfconf", "/org/xfce/Xfconf")
		err = b.ask(xfconf, "org.xfce.Xfconf.GetProperty", []any{&value}, "xfce4-notifyd", "/do-not-disturb")
	default:
		err = b.call(getProperty, []any{&value}, serviceIface, "Inhibited")
	}
	if err != nil {
		return false, err
	}
	hidden, _ := value.Value().(bool)
	return hidden, nil
}
