package idle_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/deskbell/deskbell/internal/idle"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// told is a watcher whose source is the test.
func told(t *testing.T) (*idle.Watcher, func(idle.Reading)) {
	t.Helper()
	tells := make(chan func(idle.Reading), 1)
	w := idle.WatchFrom(t.Context(), idle.Options{Now: func() time.Time { return noon }},
		func(ctx context.Context, tell func(idle.Reading)) {
			tells <- tell
			<-ctx.Done()
		})
	t.Cleanup(w.Close)
	return w, <-tells
}

func TestNothingIsKnownAtFirst(t *testing.T) {
	w, _ := told(t)
	if w.State() != idle.Unknown || w.Locked() {
		t.Errorf("state %v, locked %v", w.State(), w.Locked())
	}
	if d, ok := w.Idle(); d != 0 || ok {
		t.Errorf("idle %v, %v", d, ok)
	}
	if err := w.Err(); !errors.Is(err, idle.ErrUnknown) || !strings.Contains(err.Error(), "pause yourself") {
		t.Errorf("Err: %v", err)
	}
}

func TestReadings(t *testing.T) {
	w, tell := told(t)
	for _, r := range []idle.Reading{
		{Lock: idle.Unlocked, Idle: time.Minute, Idles: true},
		{Lock: idle.Locked},
		{Lock: idle.Unknown, Idle: 0, Idles: true},
		{Lock: idle.Locked, Idle: time.Hour, Idles: true},
	} {
		tell(r)
		if got := <-w.Events(); got != (idle.Event{State: r.Lock, At: noon}) {
			t.Errorf("event %v, want %v at noon", got, r.Lock)
		}
		if w.State() != r.Lock || w.Locked() != (r.Lock == idle.Locked) || (w.Err() == nil) != (r.Lock != idle.Unknown) {
			t.Errorf("state %v, locked %v, %v; want %v", w.State(), w.Locked(), w.Err(), r.Lock)
		}
		if d, ok := w.Idle(); d != r.Idle || ok != r.Idles {
			t.Errorf("idle %v, %v; want %v, %v", d, ok, r.Idle, r.Idles)
		}
	}
}

// Only a change of the lock is an event, and a slow receiver gets the newest.
func TestSlowReceiver(t *testing.T) {
	w, tell := told(t)
	for range 3 {
		tell(idle.Reading{Lock: idle.Unlocked})
		tell(idle.Reading{Lock: idle.Locked})
		tell(idle.Reading{Lock: idle.Locked, Idle: time.Second, Idles: true})
	}
	if got := <-w.Events(); got.State != idle.Locked {
		t.Errorf("event %v, want locked", got.State)
	}
	select {
	case got := <-w.Events():
		t.Errorf("one more event: %v", got.State)
	default:
	}
}

func TestEnd(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(w *idle.Watcher, cancel context.CancelFunc)
	}{
		{"by Close", func(w *idle.Watcher, _ context.CancelFunc) { w.Close() }},
		{"by the context", func(_ *idle.Watcher, cancel context.CancelFunc) { cancel() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w := idle.WatchFrom(ctx, idle.Options{}, func(ctx context.Context, tell func(idle.Reading)) {
				tell(idle.Reading{Lock: idle.Locked, Idle: time.Second, Idles: true})
				<-ctx.Done()
			})
			<-w.Events()
			tt.end(w, cancel)
			if e, open := <-w.Events(); open {
				t.Errorf("event %v after the end", e)
			}
			w.Close()
			if !w.Locked() {
				t.Error("what was known is forgotten")
			}
		})
	}
}

func TestPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3500*time.Millisecond)
		defer cancel()
		start := time.Now()
		var at []time.Duration
		idle.Poll(ctx, time.Second,
			func() idle.Reading { return idle.Reading{Idle: time.Since(start), Idles: true} },
			func(r idle.Reading) { at = append(at, r.Idle) })
		if want := []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second}; !slices.Equal(at, want) {
			t.Errorf("read at %v, want %v", at, want)
		}
	})
}
