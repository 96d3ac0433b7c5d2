package idle_test

import (
	"math"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/deskbell/deskbell/internal/idle"
)

// often is a pace at which a change of the idle time is seen soon.
const often = 10 * time.Millisecond

func micros(t time.Time) uint64 { return uint64(t.UnixMicro()) }

func at(now time.Time) func() time.Time { return func() time.Time { return now } }

func TestIdleOfMutter(t *testing.T) {
	d := newDesktop(t)
	m := newMutter(t, d, uint64(1500))
	told := readings(t, idle.Options{Every: often})
	await(t, told, idle.Reading{Idle: 1500 * time.Millisecond, Idles: true})
	m.set(uint64(0))
	await(t, told, idle.Reading{Idle: 0, Idles: true})
	m.set(uint64(3_600_000))
	await(t, told, idle.Reading{Idle: time.Hour, Idles: true})
}

func TestIdleOfKDE(t *testing.T) {
	d := newDesktop(t)
	s := newKDE(t, d, false)
	told := readings(t, idle.Options{Every: often})
	await(t, told, idle.Reading{Lock: idle.Unlocked}) // on Wayland it refuses
	s.idle.set(uint32(90_000))
	await(t, told, idle.Reading{Lock: idle.Unlocked, Idle: 90 * time.Second, Idles: true})
}

// A desktop that never says that the person is idle doesn't mean it when it
// says that they are not.
func TestIdleOfLogind(t *testing.T) {
	d := newDesktop(t)
	l := newLogind(t, d, session(false, "IdleSinceHint", micros(noon.Add(-time.Hour))))
	told := readings(t, idle.Options{Every: often, Now: at(noon)})
	await(t, told, idle.Reading{Lock: idle.Unlocked})
	l.all.set(session(false, "IdleHint", true, "IdleSinceHint", micros(noon.Add(-5*time.Minute))))
	await(t, told, idle.Reading{Lock: idle.Unlocked, Idle: 5 * time.Minute, Idles: true})
	l.all.set(session(false, "IdleHint", true, "IdleSinceHint", micros(noon.Add(time.Minute)))) // the clock was set
	await(t, told, idle.Reading{Lock: idle.Unlocked, Idle: 0, Idles: true})
	l.all.set(session(true, "IdleHint", false))
	await(t, told, idle.Reading{Lock: idle.Locked, Idle: 0, Idles: true})
}

func TestWhoseIdleTimeHolds(t *testing.T) {
	d := newDesktop(t)
	newLogind(t, d, session(false, "IdleHint", true, "IdleSinceHint", micros(noon.Add(-5*time.Minute))))
	s := newKDE(t, d, false)
	s.idle.set(uint32(0))
	told := readings(t, idle.Options{Every: often, Now: at(noon)})
	// Of two that may not be able to measure it, the longer.
	await(t, told, idle.Reading{Lock: idle.Unlocked, Idle: 5 * time.Minute, Idles: true})
	s.idle.set(uint32(600_000))
	await(t, told, idle.Reading{Lock: idle.Unlocked, Idle: 10 * time.Minute, Idles: true})
	// The one that can, in any case.
	m := newMutter(t, d, uint64(2000))
	await(t, told, idle.Reading{Lock: idle.Unlocked, Idle: 2 * time.Second, Idles: true})
	m.set(dbus.NewError("org.freedesktop.DBus.Error.Failed", nil))
	await(t, told, idle.Reading{Lock: idle.Unlocked, Idle: 10 * time.Minute, Idles: true})
}

func TestIdleIsNonsense(t *testing.T) {
	for _, nonsense := range []any{
		"1500", -1.5, true, []uint64{1}, dbus.MakeVariant(uint64(1)),
		int64(-1), int32(-1), uint64(math.MaxUint64), uint64(math.MaxInt64),
	} {
		d := newDesktop(t)
		m := newMutter(t, d, nonsense)
		told := readings(t, idle.Options{Every: often})
		for range 10 {
			if r := next(t, told); r.Idles {
				t.Errorf("%T %v is told as %+v", nonsense, nonsense, r)
			}
		}
		m.set(int32(1000))
		await(t, told, idle.Reading{Idle: time.Second, Idles: true})
	}
}

func TestHintIsNonsense(t *testing.T) {
	d := newDesktop(t)
	l := newLogind(t, d, session(false))
	told := readings(t, idle.Options{Every: often, Now: at(noon)})
	for _, nonsense := range []any{
		"never", int64(5), uint64(0), uint64(1), uint64(math.MaxUint64), uint64(math.MaxInt64) + 1,
	} {
		await(t, told, idle.Reading{Lock: idle.Unlocked})
		l.all.set(session(true, "IdleHint", true, "IdleSinceHint", nonsense))
		await(t, told, idle.Reading{Lock: idle.Locked})
		l.all.set(session(false, "IdleHint", "no"))
	}
}
