package idle_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/idle"
	"github.com/deskbell/deskbell/notify/notifytest"
)

// patience bounds every wait for what should happen at once.
const patience = 20 * time.Second

// never is a pace of questions at which only signals tell.
const never = time.Hour

// desktop has a system bus and a session bus of its own; the environment of the
// test points to them.
type desktop struct{ system, session *notifytest.Bus }

func newDesktop(t *testing.T) desktop {
	t.Helper()
	system := notifytest.StartBus(t)
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", system.Address)
	t.Setenv("XDG_SESSION_ID", "c7")
	return desktop{system, notifytest.StartBus(t)}
}

// watch watches that desktop until the end of the test.
func watch(t *testing.T, o idle.Options) *idle.Watcher {
	t.Helper()
	if o.Every == 0 {
		o.Every = never
	}
	w := idle.Watch(t.Context(), o)
	t.Cleanup(w.Close)
	return w
}

// want takes the next events and compares their states.
func want(t *testing.T, w *idle.Watcher, states ...idle.State) {
	t.Helper()
	for _, state := range states {
		select {
		case e := <-w.Events():
			if e.State != state {
				t.Fatalf("the screen is %v, want %v", e.State, state)
			}
		case <-time.After(patience):
			t.Fatalf("the screen is not %v within %v but %v", state, patience, w.State())
		}
	}
}

// readings receives all that the source tells until the end of the test.
func readings(t *testing.T, o idle.Options) <-chan idle.Reading {
	t.Helper()
	if o.Every == 0 {
		o.Every = never
	}
	told := make(chan idle.Reading)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		idle.System(ctx, o, func(r idle.Reading) {
			select {
			case told <- r:
			case <-ctx.Done():
			}
		})
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return told
}

func next(t *testing.T, told <-chan idle.Reading) idle.Reading {
	t.Helper()
	select {
	case r := <-told:
		return r
	case <-time.After(patience):
		t.Fatalf("nothing is told within %v", patience)
		return idle.Reading{}
	}
}

// await takes readings up to the wanted one. None may be of a state in not.
func await(t *testing.T, told <-chan idle.Reading, wanted idle.Reading, not ...idle.State) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		r := next(t, told)
		for _, state := range not {
			if r.Lock == state {
				t.Fatalf("told %+v on the way to %+v", r, wanted)
			}
		}
		if r == wanted {
			return
		}
	}
	t.Fatalf("%+v is not told within %v", wanted, patience)
}

// journal is a log whose lines a test waits for.
type journal struct {
	slog.Handler
	lines chan string
}

func newJournal(t *testing.T) (*slog.Logger, journal) {
	t.Helper()
	j := journal{
		slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}),
		make(chan string, 1000),
	}
	return slog.New(j), j
}

// Handle implements slog.Handler.
func (j journal) Handle(ctx context.Context, r slog.Record) error {
	select {
	case j.lines <- r.Message:
	default:
	}
	return j.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (j journal) WithAttrs(attrs []slog.Attr) slog.Handler {
	return journal{j.Handler.WithAttrs(attrs), j.lines}
}

// wait waits until the line was written n more times.
func (j journal) wait(t *testing.T, line string, n int) {
	t.Helper()
	timeout := time.After(patience)
	for n > 0 {
		select {
		case got := <-j.lines:
			if got == line {
				n--
			}
		case <-timeout:
			t.Fatalf("the log does not say %q within %v", line, patience)
		}
	}
}
