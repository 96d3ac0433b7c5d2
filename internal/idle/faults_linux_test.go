package idle_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/deskbell/deskbell/internal/idle"
	"github.com/deskbell/deskbell/notify/notifytest"
)

// soon is a deadline for services that do not answer at all; the others must
// keep it on a busy machine, too.
const soon = 500 * time.Millisecond

func TestNoBuses(t *testing.T) {
	nowhere := t.TempDir()
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path="+filepath.Join(nowhere, "system"))
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	t.Setenv("XDG_RUNTIME_DIR", nowhere)
	log, j := newJournal(t)
	w := watch(t, idle.Options{Logger: log})
	j.wait(t, "bus out of reach", 2)
	if w.State() != idle.Unknown || !errors.Is(w.Err(), idle.ErrUnknown) {
		t.Errorf("state %v, %v", w.State(), w.Err())
	}
	if d, ok := w.Idle(); ok {
		t.Errorf("idle %v", d)
	}
}

// A bus that accepts and never answers.
func TestSilentBus(t *testing.T) {
	dir, err := os.MkdirTemp("", "bus") // t.TempDir is too long a path for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	// The kernel accepts on behalf of a listener that never calls Accept.
	listener, err := net.Listen("unix", filepath.Join(dir, "bus"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	address := "unix:path=" + filepath.Join(dir, "bus")

	d := newDesktop(t)
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
	s := newGnome(t, d, false)
	log, j := newJournal(t)
	w := watch(t, idle.Options{Logger: log, Deadline: soon})
	want(t, w, idle.Unlocked) // the other bus is not delayed
	j.wait(t, "bus out of reach", 1)
	s.lock(t, true)
	want(t, w, idle.Locked)
	w.Close()
}

func TestBusRestarts(t *testing.T) {
	for _, tt := range []struct {
		name  string
		bus   func(d desktop) *notifytest.Bus
		start func(t *testing.T, d desktop) *fake
	}{
		{"session bus", func(d desktop) *notifytest.Bus { return d.session },
			func(t *testing.T, d desktop) *fake { return newGnome(t, d, true).fake }},
		{"system bus", func(d desktop) *notifytest.Bus { return d.system },
			func(t *testing.T, d desktop) *fake { return newLogind(t, d, session(true)).fake }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesktop(t)
			f := tt.start(t, d)
			w := watch(t, idle.Options{})
			want(t, w, idle.Locked)
			for range 2 {
				tt.bus(d).Stop(t)
				want(t, w, idle.Unknown)
				tt.bus(d).Start(t)
				f.start(t)
				want(t, w, idle.Locked)
			}
		})
	}
}

// A service that hangs leaves its last word in force, delays no other, and is
// heard again.
func TestServiceHangs(t *testing.T) {
	d := newDesktop(t)
	newLogind(t, d, session(false))
	gnome := newGnome(t, d, true)
	kde := newKDE(t, d, false)
	m := newMutter(t, d, uint64(1000))
	log, j := newJournal(t)
	told := readings(t, idle.Options{Logger: log, Every: often, Deadline: soon})
	await(t, told, idle.Reading{Lock: idle.Locked, Idle: time.Second, Idles: true})

	gnome.hang(true)
	for silences := 0; silences < 2; {
		select {
		case line := <-j.lines:
			if line == "no answer" {
				silences++
			}
		case r := <-told:
			if r.Lock != idle.Locked {
				t.Fatalf("told %+v while the locker hangs", r)
			}
		case <-time.After(patience):
			t.Fatal("nothing happens while the locker hangs")
		}
	}
	m.set(uint64(2000))
	await(t, told, idle.Reading{Lock: idle.Locked, Idle: 2 * time.Second, Idles: true}, idle.Unlocked, idle.Unknown)

	gnome.signal(t, false) // its signals count all the same
	await(t, told, idle.Reading{Lock: idle.Unlocked, Idle: 2 * time.Second, Idles: true}, idle.Unknown)
	kde.lock(t, true)
	await(t, told, idle.Reading{Lock: idle.Locked, Idle: 2 * time.Second, Idles: true}, idle.Unknown)
	kde.lock(t, false)
	await(t, told, idle.Reading{Lock: idle.Unlocked, Idle: 2 * time.Second, Idles: true}, idle.Unknown)

	gnome.hang(false)
	gnome.active.set(true)
	await(t, told, idle.Reading{Lock: idle.Locked, Idle: 2 * time.Second, Idles: true}, idle.Unknown)
}

// An idle time that nobody confirms is not told any longer.
func TestIdleMonitorHangs(t *testing.T) {
	d := newDesktop(t)
	s := newKDE(t, d, false)
	s.idle.set(uint32(1000))
	told := readings(t, idle.Options{Every: often, Deadline: soon})
	await(t, told, idle.Reading{Lock: idle.Unlocked, Idle: time.Second, Idles: true})
	s.hang(true)
	await(t, told, idle.Reading{Lock: idle.Unlocked}, idle.Unknown)
	s.hang(false)
	await(t, told, idle.Reading{Lock: idle.Unlocked, Idle: time.Second, Idles: true}, idle.Unknown)
}

// Closing does not wait for those who do not answer.
func TestCloseWhileAllHang(t *testing.T) {
	d := newDesktop(t)
	gnome, l := newGnome(t, d, true), newLogind(t, d, session(true))
	gnome.hang(true)
	l.hang(true)
	w := watch(t, idle.Options{Deadline: time.Hour})
	<-gnome.asked
	<-l.asked
	w.Close()
	if e, open := <-w.Events(); open {
		t.Errorf("event %v", e.State)
	}
}

func TestLockIsNonsense(t *testing.T) {
	for _, nonsense := range []any{
		"true", int32(1), []bool{true}, dbus.MakeVariant(true), map[string]bool{"a": true},
		dbus.NewError("org.freedesktop.DBus.Error.NotSupported", []any{"no"}),
	} {
		d := newDesktop(t)
		gnome := newGnome(t, d, nonsense)
		l := newLogind(t, d, session(nonsenseHint(nonsense)))
		told := readings(t, idle.Options{})
		// Each of the seven witnesses tells once.
		for range 7 {
			if r := next(t, told); r.Lock != idle.Unknown {
				t.Errorf("%T %v is told as %+v", nonsense, nonsense, r)
			}
		}
		gnome.signal(t, "true")
		gnome.signal(t, true, true)
		gnome.signal(t)
		gnome.active.set(true)
		gnome.signal(t, 1) // a signal that can't be read is a reason to ask
		await(t, told, idle.Reading{Lock: idle.Locked}, idle.Unlocked)
		gnome.lock(t, false)
		await(t, told, idle.Reading{Lock: idle.Unlocked})
		l.change(t, session(true))
		await(t, told, idle.Reading{Lock: idle.Locked})
	}
}

func nonsenseHint(nonsense any) any {
	if _, is := nonsense.(*dbus.Error); is {
		return "no"
	}
	return nonsense
}

func TestLogindIsNonsense(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(l *logind, nonsense any)
	}{
		{"session", func(l *logind, n any) { l.byID.set(n) }},
		{"user", func(l *logind, n any) {
			l.byID.set("no")
			l.byUser.set(n)
		}},
		{"display", func(l *logind, n any) {
			l.byID.set("no")
			l.byUser.set(loginUser)
			l.display.set(n)
		}},
		{"properties", func(l *logind, n any) { l.all.set(n) }},
	} {
		for _, nonsense := range []any{
			"no", uint64(7), dbus.ObjectPath("/"), dbus.ObjectPath("/org/freedesktop/login1/session"),
			dbus.MakeVariant("no"), dbus.MakeVariant([]string{"a", "b"}), map[string]string{"LockedHint": "no"}, []any{},
		} {
			l := newLogind(t, newDesktop(t), session(true))
			tt.set(l, nonsense)
			told := readings(t, idle.Options{Every: often})
			for range 10 {
				if r := next(t, told); r.Lock != idle.Unknown {
					t.Errorf("%s %T %v is told as %+v", tt.name, nonsense, nonsense, r)
				}
			}
			l.byID.set(loginSession)
			l.all.set(session(true))
			await(t, told, idle.Reading{Lock: idle.Locked})
			l.stop()
		}
	}
}

// More signals than may wait: what is lost is asked for on a new connection.
func TestFlood(t *testing.T) {
	d := newDesktop(t)
	s := newGnome(t, d, false)
	log, j := newJournal(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	gate, blocked := make(chan struct{}), make(chan struct{})
	told := make(chan idle.Reading, 1000) // nobody takes them for a while
	var once sync.Once
	var running sync.WaitGroup
	running.Go(func() {
		idle.System(ctx, idle.Options{Logger: log, Every: never}, func(r idle.Reading) {
			if r.Lock == idle.Locked {
				once.Do(func() {
					close(blocked)
					<-gate // nobody reads the signals now
				})
			}
			select {
			case told <- r:
			case <-ctx.Done():
			}
		})
	})
	defer running.Wait()
	defer cancel()
	await(t, told, idle.Reading{Lock: idle.Unlocked})
	s.lock(t, true)
	<-blocked
	for range 1000 {
		s.signal(t, true)
	}
	s.lock(t, false)
	j.wait(t, "too many desktop signals wait, connecting anew", 1)
	close(gate)
	j.wait(t, "desktop signals dropped", 1)
	await(t, told, idle.Reading{Lock: idle.Unlocked})
	s.lock(t, true)
	await(t, told, idle.Reading{Lock: idle.Locked})
}
