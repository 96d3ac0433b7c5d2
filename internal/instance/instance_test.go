package instance_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/instance"
)

// limit bounds what should happen at once.
const limit = 20 * time.Second

func TestSecondStartRaisesTheFirst(t *testing.T) {
	name := place(t)
	first := acquire(t, name)
	for range 3 {
		second, err := instance.Acquire(t.Context(), name)
		if second != nil || !errors.Is(err, instance.ErrRunning) {
			t.Fatalf("second start: %v, %v; want ErrRunning", second, err)
		}
		wantRaised(t, first)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if _, open := <-first.Raised(); open {
		t.Error("Raised received once more than there were starts")
	}
	if err := acquire(t, name).Close(); err != nil {
		t.Error(err)
	}
}

func TestNamesAreApart(t *testing.T) {
	name := place(t)
	for _, n := range []string{name, name + "-2"} {
		defer acquire(t, n).Close()
	}
}

// However many start at once, one wins and hears of the others.
func TestManyStartAtOnce(t *testing.T) {
	name := place(t)
	const starts, rounds = 8, 100
	for round := range rounds {
		winners := startAtOnce(t, name, starts)
		if len(winners) != 1 {
			t.Errorf("round %d: %d winners of %d", round, len(winners), starts)
		}
		for _, i := range winners {
			wantRaised(t, i)
			if err := i.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// startAtOnce returns those of n starts at once that were not told that
// another runs.
func startAtOnce(t *testing.T, name string, n int) (winners []*instance.Instance) {
	t.Helper()
	results := make(chan *instance.Instance, n)
	for range n {
		go func() {
			i, err := instance.Acquire(t.Context(), name)
			if err != nil && !errors.Is(err, instance.ErrRunning) {
				t.Error(err)
			}
			results <- i
		}()
	}
	for range n {
		if i := <-results; i != nil {
			winners = append(winners, i)
		}
	}
	return winners
}

// Starts that meet a first copy that is just ending never run next to it.
func TestStartsWhileTheFirstEnds(t *testing.T) {
	name := place(t)
	var running, wins atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 100 {
				i, err := instance.Acquire(t.Context(), name)
				if errors.Is(err, instance.ErrRunning) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				wins.Add(1)
				if n := running.Add(1); n != 1 {
					t.Errorf("%d run at once", n)
				}
				running.Add(-1)
				if err := i.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if wins.Load() == 0 {
		t.Error("nobody ever ran")
	}
}

func TestSecondProcess(t *testing.T) {
	name := place(t)
	startHolder(t, name)
	if i, err := instance.Acquire(t.Context(), name); i != nil || !errors.Is(err, instance.ErrRunning) {
		t.Errorf("second start: %v, %v; want ErrRunning", i, err)
	}
}

// A killed program leaves nothing that bars the next start.
func TestKilledProcess(t *testing.T) {
	name := place(t)
	cmd := startHolder(t, name)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	first := acquire(t, name)
	defer first.Close()
	if _, err := instance.Acquire(t.Context(), name); !errors.Is(err, instance.ErrRunning) {
		t.Errorf("start after the take-over: %v, want ErrRunning", err)
	}
	wantRaised(t, first)
}

func TestCanceledStart(t *testing.T) {
	name := place(t)
	defer acquire(t, name).Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if i, err := instance.Acquire(ctx, name); i != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled start: %v, %v", i, err)
	}
}

func TestNameIsRefused(t *testing.T) {
	place(t)
	for _, name := range []string{"", "a/b", `a\b`, "../a", "a b", "a\x00", "ä"} {
		if i, err := instance.Acquire(t.Context(), name); i != nil || err == nil || !strings.Contains(err.Error(), "use letters") {
			t.Errorf("name %q: %v, %v", name, i, err)
		}
	}
}

// The texts are shown to a person.
func TestErrorsAreSentences(t *testing.T) {
	for _, err := range []error{instance.ErrRunning, instance.ErrNotAnswering} {
		if !strings.HasPrefix(err.Error(), "another Deskbell is running") {
			t.Errorf("%q does not say what happened", err)
		}
	}
}

func acquire(t *testing.T, name string) *instance.Instance {
	t.Helper()
	i, err := instance.Acquire(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func wantRaised(t *testing.T, i *instance.Instance) {
	t.Helper()
	select {
	case _, open := <-i.Raised():
		if !open {
			t.Error("Raised is closed")
		}
	case <-time.After(limit):
		t.Errorf("not asked to come to the front within %v", limit)
	}
}
