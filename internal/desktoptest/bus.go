//go:build linux

package desktoptest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/godbus/dbus/v5"
)

// busConfig gives the session bus only the services that the desktop's own programs ask for. With the
// machine's list, a program that looks for notifications or a keyring would start the ones left out.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>%s</listen>
  <auth>EXTERNAL</auth>
  <servicedir>%s</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

func (d *Desktop) busAddress() string {
	return "unix:path=" + filepath.Join(d.RuntimeDir(), "bus")
}

// startBus starts the session bus and, through it, the accessibility bus.
func (d *Desktop) startBus(ctx context.Context) error {
	services := filepath.Join(d.dir, "services")
	if err := offerServices(services, xfconfService, sightService, prompterService); err != nil {
		return err
	}
	config := filepath.Join(d.dir, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, d.busAddress(), services), 0o600); err != nil {
		return err
	}
	err := d.serve(ctx, Program{
		Path: "dbus-daemon",
		Args: []string{"--config-file=" + config, "--nofork", "--nopidfile"},
	}, "the session bus", func(context.Context) (bool, error) {
		bus, err := d.Bus()
		d.bus = bus
		return err == nil, err
	})
	if err != nil {
		return err
	}
	var address string
	if err := d.bus.Object("org.a11y.Bus", "/org/a11y/bus").
		CallWithContext(ctx, "org.a11y.Bus.GetAddress", 0).Store(&address); err != nil {
		return fmt.Errorf("no accessibility bus: %w", err)
	}
	d.sight, err = dialBus(address)
	return err
}

// offerServices copies the service files that the machine has.
func offerServices(folder string, files ...string) error {
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(serviceFolder, file))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, file), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func dialBus(address string) (*dbus.Conn, error) {
	conn, err := dbus.Connect(address)
	if err != nil {
		return nil, fmt.Errorf("desktop: no connection to the bus at %s: %w", address, err)
	}
	return conn, nil
}

// owned tells whether a program has the name on the session bus.
func (d *Desktop) owned(ctx context.Context, name string) bool {
	var has bool
	err := d.bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, name).Store(&has)
	return err == nil && has
}

// property reads a property, named with its interface, of the type that the caller expects.
func property[T any](ctx context.Context, object dbus.BusObject, name string) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, toolDeadline)
	defer cancel()
	var value T
	at := strings.LastIndexByte(name, '.')
	var variant dbus.Variant
	err := object.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, name[:at], name[at+1:]).Store(&variant)
	if err == nil {
		err = variant.Store(&value)
	}
	if err != nil {
		return value, fmt.Errorf("desktop: property %s of %s: %w", name, object.Destination(), err)
	}
	return value, nil
}
