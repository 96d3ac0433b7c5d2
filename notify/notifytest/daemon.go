package notifytest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	serviceName = "org.freedesktop.Notifications"
	servicePath = dbus.ObjectPath("/org/freedesktop/Notifications")
)

// Reasons of NotificationClosed in the Desktop Notifications specification.
const (
	Expired   = uint32(1)
	ByPerson  = uint32(2)
	ByRequest = uint32(3)
)

// Kind is how a daemon presents itself.
type Kind struct {
	Name         string // in GetServerInformation
	Capabilities []string
}

// Daemons as they are in the field.
var (
	Xfce   = Kind{"Xfce Notify Daemon", []string{"actions", "body", "body-hyperlinks", "body-markup", "icon-static", "x-canonical-private-icon-only"}}
	Dunst  = Kind{"dunst", []string{"actions", "body", "body-hyperlinks", "body-markup", "icon-static"}}
	Plasma = Kind{"Plasma", []string{"actions", "body", "body-hyperlinks", "body-markup", "icon-static", "inhibitions", "persistence"}}
	Bare   = Kind{"bare", []string{"body"}} // neither buttons nor markup
)

// Notification is one call of Notify as the daemon got it.
type Notification struct {
	ID       uint32 // the daemon's answer
	Replaces uint32
	App      string
	Icon     string
	Summary  string
	Body     string
	Actions  []string // key, label, key, label
	Hints    map[string]any
	Expire   int32 // milliseconds; 0 never, -1 the daemon's choice
}

// Daemon is a fake notification service. It shows nothing, records all, and
// acts as the person when the test says so.
type Daemon struct {
	bus  *Bus
	kind Kind

	mu      sync.Mutex
	conn    *dbus.Conn // nil while stopped
	changed chan struct{}
	log     []Notification
	showing map[uint32]Notification
	lastID  uint32
	hidden  bool
	held    chan struct{} // closed when Notify may answer; nil if it may at once
	refuses bool
	dies    bool
}

// StartDaemon starts a daemon on the bus; it ends with the test.
func (b *Bus) StartDaemon(tb testing.TB, kind Kind) *Daemon {
	tb.Helper()
	d := &Daemon{bus: b, kind: kind, changed: make(chan struct{}), showing: make(map[uint32]Notification)}
	d.Start(tb)
	tb.Cleanup(func() {
		d.Release()
		d.Stop()
	})
	return d
}

// Start starts a stopped daemon anew: it shows nothing and counts ids from one.
// What it recorded before stays.
func (d *Daemon) Start(tb testing.TB) {
	tb.Helper()
	conn := d.bus.connect(tb)
	d.mu.Lock()
	d.conn, d.lastID = conn, 0
	clear(d.showing)
	d.mu.Unlock()
	service := &daemonMethods{d}
	for _, iface := range []string{serviceName, "org.freedesktop.DBus.Properties"} {
		if err := conn.Export(service, servicePath, iface); err != nil {
			tb.Fatal(err)
		}
	}
	if err := conn.Export(service, "/org/xfce/Xfconf", "org.xfce.Xfconf"); err != nil {
		tb.Fatal(err)
	}
	for _, name := range []string{"org.xfce.Xfconf", serviceName} {
		reply, err := conn.RequestName(name, dbus.NameFlagDoNotQueue)
		if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
			tb.Fatalf("own %s on the private session bus: reply %d, %v", name, reply, err)
		}
	}
}

// Stop ends the daemon; its notifications vanish without a signal.
func (d *Daemon) Stop() {
	d.mu.Lock()
	conn := d.conn
	d.conn = nil
	clear(d.showing)
	d.mu.Unlock()
	if conn != nil {
		// The error is that of a socket we are done with.
		_ = conn.Close()
	}
}

// Restart stops and starts the daemon.
func (d *Daemon) Restart(tb testing.TB) {
	tb.Helper()
	d.Stop()
	d.Start(tb)
}

// Hold makes Notify wait for Release before it answers, as a daemon under load.
func (d *Daemon) Hold() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held == nil {
		d.held = make(chan struct{})
	}
}

// Release ends Hold.
func (d *Daemon) Release() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held != nil {
		close(d.held)
		d.held = nil
	}
}

// Refuse makes Notify fail from now on.
func (d *Daemon) Refuse(refuse bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refuses = refuse
}

// Die makes the daemon stop, as in a crash, whenever Notify is called.
func (d *Daemon) Die(dies bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dies = dies
}

// Hide sets "do not disturb" in the ways of dunst, Plasma and Xfce.
func (d *Daemon) Hide(hidden bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hidden = hidden
}

// Invoke presses the button with that key, or clicks on the body if the key is
// "default". It does not close the notification: daemons that do, call
// CloseByPerson next.
func (d *Daemon) Invoke(tb testing.TB, id uint32, key string) {
	tb.Helper()
	d.signal(tb, "ActionInvoked", id, key)
}

// CloseByPerson closes a notification as its close button does.
func (d *Daemon) CloseByPerson(tb testing.TB, id uint32) {
	tb.Helper()
	d.remove(id)
	d.signal(tb, "NotificationClosed", id, ByPerson)
}

// Expire closes a notification whose time is up.
func (d *Daemon) Expire(tb testing.TB, id uint32) {
	tb.Helper()
	d.remove(id)
	d.signal(tb, "NotificationClosed", id, Expired)
}

// Log returns all calls of Notify, oldest first.
func (d *Daemon) Log() []Notification {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.log)
}

// Showing returns what is on the screen, by id.
func (d *Daemon) Showing() []Notification {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []Notification
	for _, n := range d.showing {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b Notification) int { return int(a.ID) - int(b.ID) })
	return out
}

// Wait waits until Notify was called n times since the start of the test and
// returns the log.
func (d *Daemon) Wait(tb testing.TB, n int) []Notification {
	tb.Helper()
	d.await(tb, fmt.Sprintf("%d notifications", n), func() bool { return len(d.log) >= n })
	return d.Log()
}

// WaitShowing waits until n notifications are on the screen and returns them.
func (d *Daemon) WaitShowing(tb testing.TB, n int) []Notification {
	tb.Helper()
	d.await(tb, fmt.Sprintf("%d notifications on the screen", n), func() bool { return len(d.showing) == n })
	return d.Showing()
}

// await waits until holds, which is called under the lock.
func (d *Daemon) await(tb testing.TB, what string, holds func() bool) {
	tb.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		d.mu.Lock()
		ok, changed, got := holds(), d.changed, len(d.log)
		d.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-deadline.C:
			tb.Fatalf("waited %v for %s; the daemon was called %d times", patience, what, got)
		}
	}
}

func (d *Daemon) signal(tb testing.TB, name string, values ...any) {
	tb.Helper()
	d.mu.Lock()
	conn := d.conn
	d.mu.Unlock()
	if conn == nil {
		tb.Fatalf("emit %s: the daemon is stopped", name)
	}
	if err := conn.Emit(servicePath, serviceName+"."+name, values...); err != nil {
		tb.Fatalf("emit %s: %v", name, err)
	}
}

func (d *Daemon) remove(id uint32) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, there := d.showing[id]
	delete(d.showing, id)
	d.wakeLocked()
	return there
}

func (d *Daemon) wakeLocked() {
	close(d.changed)
	d.changed = make(chan struct{})
}
