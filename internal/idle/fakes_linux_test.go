package idle_test

import (
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"

	"github.com/deskbell/deskbell/notify/notifytest"
)

// methods are those of one interface of one object. They return any, so that a
// test can have nonsense answered.
type methods struct {
	path  dbus.ObjectPath
	iface string
	table map[string]any
}

// fake is a service on a private bus.
type fake struct {
	bus  *notifytest.Bus
	name string
	all  []methods

	released chan struct{} // closed at the end of the test

	mu    sync.Mutex
	conn  *dbus.Conn
	hangs bool
	asked chan dbus.Sender // who asks; a bound of 1000, then nobody is noted
}

func newFake(t *testing.T, bus *notifytest.Bus, name string) *fake {
	t.Helper()
	f := &fake{bus: bus, name: name, released: make(chan struct{}), asked: make(chan dbus.Sender, 1000)}
	t.Cleanup(func() {
		close(f.released)
		f.stop()
	})
	return f
}

// serve starts the service for the first time.
func (f *fake) serve(t *testing.T, all ...methods) {
	t.Helper()
	f.all = all
	f.start(t)
}

// start starts a stopped service anew.
func (f *fake) start(t *testing.T) {
	t.Helper()
	conn, err := dbus.Connect(f.bus.Address)
	if err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	f.conn = conn
	f.mu.Unlock()
	for _, m := range f.all {
		if err := conn.ExportMethodTable(m.table, m.path, m.iface); err != nil {
			t.Fatal(err)
		}
	}
	reply, err := conn.RequestName(f.name, dbus.NameFlagDoNotQueue)
	if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("own %s: reply %d, %v", f.name, reply, err)
	}
}

func (f *fake) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conn != nil {
		// The error is that of a socket we are done with.
		_ = f.conn.Close()
	}
}

// hang makes the methods wait for the end of the test, or answer again.
func (f *fake) hang(hangs bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hangs = hangs
}

// note is called by each method.
func (f *fake) note(who dbus.Sender) {
	select {
	case f.asked <- who:
	default:
	}
	f.mu.Lock()
	hangs := f.hangs
	f.mu.Unlock()
	if hangs {
		<-f.released
	}
}

// emit sends a signal and waits until the bus has passed it on, so that those
// of several services arrive in order.
func (f *fake) emit(t *testing.T, path dbus.ObjectPath, signal string, values ...any) {
	t.Helper()
	if err := f.conn.Emit(path, signal, values...); err != nil {
		t.Fatal(err)
	}
	if err := f.conn.BusObject().Call("org.freedesktop.DBus.GetId", 0).Err; err != nil {
		t.Fatal(err)
	}
}

var errUnknownMethod = dbus.NewError("org.freedesktop.DBus.Error.UnknownMethod", nil)

// box is a value that a test changes while a fake answers with it. An
// *dbus.Error is answered as an error.
type box struct {
	mu    sync.Mutex
	value any
}

func (b *box) set(value any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.value = value
}

func (b *box) get() (any, *dbus.Error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err, is := b.value.(*dbus.Error); is {
		return false, err
	}
	return b.value, nil
}

// saver is a fake of a screen saver.
type saver struct {
	*fake
	path   dbus.ObjectPath
	active box // GetActive
	idle   box // GetSessionIdleTime
}

func newSaver(t *testing.T, bus *notifytest.Bus, name string, path dbus.ObjectPath, active any) *saver {
	t.Helper()
	s := &saver{fake: newFake(t, bus, name), path: path}
	s.active.set(active)
	s.idle.set(errUnknownMethod)
	s.serve(t, methods{path, name, map[string]any{
		"GetActive":          func(who dbus.Sender) (any, *dbus.Error) { s.note(who); return s.active.get() },
		"GetSessionIdleTime": func() (any, *dbus.Error) { return s.idle.get() },
	}})
	return s
}

func newGnome(t *testing.T, d desktop, active any) *saver {
	t.Helper()
	return newSaver(t, d.session, "org.gnome.ScreenSaver", "/org/gnome/ScreenSaver", active)
}

func newKDE(t *testing.T, d desktop, active any) *saver {
	t.Helper()
	return newSaver(t, d.session, "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", active)
}

// signal emits ActiveChanged and leaves GetActive as it is.
func (s *saver) signal(t *testing.T, values ...any) {
	t.Helper()
	s.emit(t, s.path, s.name+".ActiveChanged", values...)
}

// lock locks or unlocks.
func (s *saver) lock(t *testing.T, active bool) {
	t.Helper()
	s.active.set(active)
	s.signal(t, active)
}

// newMutter is a fake of GNOME's idle monitor.
func newMutter(t *testing.T, d desktop, idle any) *box {
	t.Helper()
	b := &box{value: idle}
	const name = "org.gnome.Mutter.IdleMonitor"
	newFake(t, d.session, name).serve(t,
		methods{"/org/gnome/Mutter/IdleMonitor/Core", name, map[string]any{"GetIdletime": b.get}})
	return b
}

const (
	login        = "org.freedesktop.login1"
	loginPath    = dbus.ObjectPath("/org/freedesktop/login1")
	loginSession = loginPath + "/session/c7"
	laterSession = loginPath + "/session/c8"
	loginUser    = loginPath + "/user/_1000"
)

// logind is a fake of logind.
type logind struct {
	*fake
	byID, byPID, byUser, display box // paths
	all, later                   box // the properties of the two sessions
}

func newLogind(t *testing.T, d desktop, all any) *logind {
	t.Helper()
	l := &logind{fake: newFake(t, d.system, login)}
	none := dbus.NewError("org.freedesktop.login1.NoSuchSession", nil)
	l.byID.set(loginSession)
	l.byPID.set(none)
	l.byUser.set(none)
	l.display.set(none)
	l.all.set(all)
	l.later.set(none)
	l.serve(t,
		methods{loginPath, login + ".Manager", map[string]any{
			"GetSession":      func(id string) (any, *dbus.Error) { return l.byID.get() },
			"GetSessionByPID": func(uint32) (any, *dbus.Error) { return l.byPID.get() },
			"GetUser":         func(uint32) (any, *dbus.Error) { return l.byUser.get() },
		}},
		methods{loginUser, "org.freedesktop.DBus.Properties", map[string]any{
			"Get": func(_, _ string) (any, *dbus.Error) { return l.display.get() },
		}},
		methods{loginSession, "org.freedesktop.DBus.Properties", map[string]any{
			"GetAll": func(who dbus.Sender, _ string) (any, *dbus.Error) { l.note(who); return l.all.get() },
		}},
		methods{laterSession, "org.freedesktop.DBus.Properties", map[string]any{
			"GetAll": func(string) (any, *dbus.Error) { return l.later.get() },
		}},
	)
	return l
}

// session are the properties of a session.
func session(locked any, more ...any) map[string]dbus.Variant {
	all := map[string]dbus.Variant{"LockedHint": dbus.MakeVariant(locked), "IdleHint": dbus.MakeVariant(false)}
	for i := 0; i < len(more); i += 2 {
		all[more[i].(string)] = dbus.MakeVariant(more[i+1])
	}
	return all
}

// change sets the properties and tells that some have changed.
func (l *logind) change(t *testing.T, all map[string]dbus.Variant) {
	t.Helper()
	l.all.set(all)
	l.emit(t, loginSession, "org.freedesktop.DBus.Properties.PropertiesChanged",
		login+".Session", map[string]dbus.Variant{}, []string{"LockedHint"})
}
