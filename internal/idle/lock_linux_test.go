package idle_test

import (
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/deskbell/deskbell/internal/idle"
)

func TestScreenSavers(t *testing.T) {
	for _, tt := range []struct {
		name string
		path dbus.ObjectPath
	}{
		{"org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"},
		{"org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"},
		{"org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"},
		{"org.mate.ScreenSaver", "/org/mate/ScreenSaver"},
		{"org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesktop(t)
			s := newSaver(t, d.session, tt.name, tt.path, false)
			w := watch(t, idle.Options{Now: func() time.Time { return noon }})
			want(t, w, idle.Unlocked)
			for range 3 {
				s.lock(t, true)
				want(t, w, idle.Locked)
				s.lock(t, false)
				want(t, w, idle.Unlocked)
			}
			s.lock(t, true)
			if e := <-w.Events(); e != (idle.Event{State: idle.Locked, At: noon}) || !w.Locked() || w.Err() != nil {
				t.Errorf("%v, locked %v, %v", e, w.Locked(), w.Err())
			}
		})
	}
}

func TestAppStartsWhileLocked(t *testing.T) {
	d := newDesktop(t)
	newGnome(t, d, true)
	want(t, watch(t, idle.Options{}), idle.Locked)
}

// A change of which no signal tells is found by asking.
func TestSignalIsMissed(t *testing.T) {
	d := newDesktop(t)
	s := newGnome(t, d, false)
	w := watch(t, idle.Options{Every: often})
	want(t, w, idle.Unlocked)
	s.active.set(true)
	want(t, w, idle.Locked)
}

func TestLogind(t *testing.T) {
	none := dbus.NewError("org.freedesktop.login1.NoSuchUser", nil)
	display := func(path dbus.ObjectPath) dbus.Variant {
		return dbus.MakeVariant(struct {
			ID   string
			Path dbus.ObjectPath
		}{"c7", path})
	}
	for _, tt := range []struct {
		name    string
		prepare func(t *testing.T, l *logind)
	}{
		{"session by its id", func(*testing.T, *logind) {}},
		{"session by our process", func(t *testing.T, l *logind) {
			t.Setenv("XDG_SESSION_ID", "")
			l.byID.set(none)
			l.byPID.set(loginSession)
		}},
		{"id of a session that has ended", func(_ *testing.T, l *logind) {
			l.byID.set(none)
			l.byPID.set(loginSession)
		}},
		{"session of the user's display", func(_ *testing.T, l *logind) {
			l.byID.set(none)
			l.byUser.set(loginUser)
			l.display.set(display(loginSession))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLogind(t, newDesktop(t), session(false))
			tt.prepare(t, l)
			w := watch(t, idle.Options{})
			want(t, w, idle.Unlocked)
			l.change(t, session(true))
			want(t, w, idle.Locked)
			l.change(t, session(false))
			want(t, w, idle.Unlocked)
		})
	}

	t.Run("user without a display", func(t *testing.T) {
		l := newLogind(t, newDesktop(t), session(false))
		l.byID.set(none)
		l.byUser.set(loginUser)
		l.display.set(display("/"))
		told := readings(t, idle.Options{})
		if r := next(t, told); r.Lock != idle.Unknown {
			t.Errorf("told %+v", r)
		}
	})
}

// The session that was found ends, and the app lives on in another.
func TestSessionEnds(t *testing.T) {
	l := newLogind(t, newDesktop(t), session(false))
	w := watch(t, idle.Options{Every: often})
	want(t, w, idle.Unlocked)
	l.all.set(dbus.NewError("org.freedesktop.DBus.Error.UnknownObject", nil))
	want(t, w, idle.Unknown)
	l.later.set(session(true))
	l.byID.set(laterSession)
	want(t, w, idle.Locked)
}

// Lock and Unlock only ask a locker, which may not be there, to do so.
func TestLockSignalIsARequest(t *testing.T) {
	l := newLogind(t, newDesktop(t), session(false))
	told := readings(t, idle.Options{})
	await(t, told, idle.Reading{Lock: idle.Unlocked})
	l.emit(t, loginSession, login+".Session.Lock")
	if r := next(t, told); r.Lock != idle.Unlocked {
		t.Errorf("after a request nobody heeds: %+v", r)
	}
	l.all.set(session(true)) // the locker did, and of that no signal tells
	l.emit(t, loginSession, login+".Session.Lock")
	await(t, told, idle.Reading{Lock: idle.Locked})
	l.emit(t, loginSession, login+".Session.Unlock")
	if r := next(t, told); r.Lock != idle.Locked {
		t.Errorf("after a request nobody heeds: %+v", r)
	}
}

// One witness that says locked is enough: others may never be told.
func TestWitnessesDisagree(t *testing.T) {
	d := newDesktop(t)
	newLogind(t, d, session(false))
	gnome, kde := newGnome(t, d, false), newKDE(t, d, false)
	told := readings(t, idle.Options{})
	for range 7 { // each witness tells once
		next(t, told)
	}
	gnome.lock(t, true)
	await(t, told, idle.Reading{Lock: idle.Locked})
	kde.lock(t, true)
	await(t, told, idle.Reading{Lock: idle.Locked}, idle.Unlocked)
	gnome.lock(t, false)
	await(t, told, idle.Reading{Lock: idle.Locked}, idle.Unlocked)
	kde.lock(t, false)
	await(t, told, idle.Reading{Lock: idle.Unlocked})
}

func TestServicesComeAndGo(t *testing.T) {
	d := newDesktop(t)
	w := watch(t, idle.Options{})
	s := newGnome(t, d, false)
	want(t, w, idle.Unlocked)
	for _, active := range []bool{true, false, true} {
		s.stop()
		want(t, w, idle.Unknown)
		if w.Err() == nil {
			t.Error("Err is nil while nothing is known")
		}
		s.active.set(active)
		s.start(t)
		if active {
			want(t, w, idle.Locked)
		} else {
			want(t, w, idle.Unlocked)
		}
	}
	s.stop()
	want(t, w, idle.Unknown)
	l := newLogind(t, d, session(false))
	want(t, w, idle.Unlocked)
	s.start(t)
	want(t, w, idle.Locked)
	s.stop()
	want(t, w, idle.Unlocked)
	l.stop()
	want(t, w, idle.Unknown)
}

// Only the owner of the service's name is believed.
func TestStranger(t *testing.T) {
	d := newDesktop(t)
	s := newGnome(t, d, false)
	told := readings(t, idle.Options{})
	await(t, told, idle.Reading{Lock: idle.Unlocked})
	watcher := <-s.asked

	stranger, err := dbus.Connect(d.session.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	// A signal that is addressed to somebody needs no subscription.
	for _, forged := range []struct {
		iface, member string
		body          []any
	}{
		{"org.gnome.ScreenSaver", "ActiveChanged", []any{true}},
		{"org.freedesktop.DBus", "NameOwnerChanged", []any{"org.gnome.ScreenSaver", "", stranger.Names()[0]}},
		{"org.gnome.ScreenSaver", "ActiveChanged", []any{true}},
	} {
		m := &dbus.Message{Type: dbus.TypeSignal, Body: forged.body, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath:        dbus.MakeVariant(s.path),
			dbus.FieldInterface:   dbus.MakeVariant(forged.iface),
			dbus.FieldMember:      dbus.MakeVariant(forged.member),
			dbus.FieldDestination: dbus.MakeVariant(string(watcher)),
			dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(forged.body...)),
		}}
		if c := stranger.Send(m, nil); c.Err != nil {
			t.Fatal(c.Err)
		}
	}
	// The bus keeps the order of what the stranger sends: its name comes last.
	if _, err := stranger.RequestName("org.xfce.ScreenSaver", 0); err != nil {
		t.Fatal(err)
	}
	await(t, told, idle.Reading{Lock: idle.Unlocked}, idle.Locked)
	s.lock(t, true)
	await(t, told, idle.Reading{Lock: idle.Locked})
}
