package notifytest

import (
	"errors"

	"github.com/godbus/dbus/v5"
)

// daemonMethods are the methods of Daemon on the bus.
type daemonMethods struct{ d *Daemon }

// GetCapabilities is of the Desktop Notifications specification.
func (m *daemonMethods) GetCapabilities() ([]string, *dbus.Error) {
	return m.d.kind.Capabilities, nil
}

// GetServerInformation is of the Desktop Notifications specification.
func (m *daemonMethods) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	return m.d.kind.Name, "notifytest", "1", "1.2", nil
}

// Notify is of the Desktop Notifications specification.
func (m *daemonMethods) Notify(app string, replaces uint32, icon, summary, body string, actions []string, hints map[string]dbus.Variant, expire int32) (uint32, *dbus.Error) {
	d := m.d
	d.mu.Lock()
	held, refuses, dies := d.held, d.refuses, d.dies
	d.mu.Unlock()
	if dies {
		d.Stop()
	}
	if refuses {
		return 0, dbus.MakeFailedError(errors.New("refused"))
	}
	if held != nil {
		<-held
	}
	n := Notification{
		ID: replaces, Replaces: replaces, App: app, Icon: icon, Summary: summary, Body: body,
		Actions: actions, Hints: make(map[string]any, len(hints)), Expire: expire,
	}
	for name, value := range hints {
		n.Hints[name] = value.Value()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if n.ID == 0 {
		d.lastID++
		n.ID = d.lastID
	}
	d.log = append(d.log, n)
	d.showing[n.ID] = n
	d.wakeLocked()
	return n.ID, nil
}

// CloseNotification is of the Desktop Notifications specification.
func (m *daemonMethods) CloseNotification(id uint32) *dbus.Error {
	d := m.d
	if !d.remove(id) {
		return dbus.NewError("org.freedesktop.Notifications.Error.UnknownId", nil)
	}
	d.mu.Lock()
	conn := d.conn
	d.mu.Unlock()
	if conn == nil {
		return nil
	}
	if err := conn.Emit(servicePath, serviceName+".NotificationClosed", id, ByRequest); err != nil {
		return dbus.MakeFailedError(err)
	}
	return nil
}

// Get is of org.freedesktop.DBus.Properties: dunst's and Plasma's ways to tell
// that notifications are hidden.
func (m *daemonMethods) Get(iface, property string) (dbus.Variant, *dbus.Error) {
	known := map[string]string{"dunst": "org.dunstproject.cmd0.paused", "Plasma": serviceName + ".Inhibited"}
	if known[m.d.kind.Name] != iface+"."+property {
		return dbus.Variant{}, dbus.NewError("org.freedesktop.DBus.Error.UnknownProperty", nil)
	}
	return m.hiddenVariant(), nil
}

// GetProperty is of org.xfce.Xfconf: Xfce's way.
func (m *daemonMethods) GetProperty(channel, property string) (dbus.Variant, *dbus.Error) {
	if channel != "xfce4-notifyd" || property != "/do-not-disturb" {
		return dbus.Variant{}, dbus.NewError("org.xfce.Xfconf.Error.PropertyNotFound", nil)
	}
	return m.hiddenVariant(), nil
}

func (m *daemonMethods) hiddenVariant() dbus.Variant {
	m.d.mu.Lock()
	defer m.d.mu.Unlock()
	return dbus.MakeVariant(m.d.hidden)
}
