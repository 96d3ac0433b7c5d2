package calllog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
)

var t0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func TestMain(m *testing.M) {
	// The engine's HTTP/2 and TLS helpers keep no goroutine of ours.
	goleak.VerifyTestMain(m)
}

// mustOpen opens a log in a folder and closes it with the test.
func mustOpen(tb testing.TB, dir string) *calllog.Log {
	tb.Helper()
	l, err := calllog.Open(tb.Context(), dir, calllog.Keep{}, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			tb.Error(err)
		}
	})
	return l
}

func newCall(id string) calllog.Entry {
	c, e := call.New(call.Call{ID: id, Queue: "web", Link: "https://vidaoo.example/" + id, Received: t0})
	return calllog.Entry{Event: e, Call: c}
}

func offer(tb testing.TB, c call.Call, agents ...string) calllog.Entry {
	tb.Helper()
	e := call.Event{Kind: call.KindOffered, At: t0, Agents: agents, Until: t0.Add(20 * time.Second)}
	return apply(tb, c, e)
}

func apply(tb testing.TB, c call.Call, e call.Event) calllog.Entry {
	tb.Helper()
	after, err := c.Apply(e)
	if err != nil {
		tb.Fatal(err)
	}
	return calllog.Entry{Event: e, Call: after}
}

func mustAppend(tb testing.TB, l *calllog.Log, e calllog.Entry, last uint64) uint64 {
	tb.Helper()
	seq, err := l.Append(tb.Context(), e, last)
	if err != nil {
		tb.Fatal(err)
	}
	return seq
}

func TestAppendComparesAndSets(t *testing.T) {
	l := mustOpen(t, t.TempDir())
	e := newCall("c1")
	seq := mustAppend(t, l, e, 0)
	if _, err := l.Append(t.Context(), e, 0); !errors.Is(err, calllog.ErrConflict) {
		t.Fatalf("a second creation: %v", err)
	}
	next := mustAppend(t, l, offer(t, e.Call, "anna"), seq)
	if _, err := l.Append(t.Context(), offer(t, e.Call, "ben"), seq); !errors.Is(err, calllog.ErrConflict) {
		t.Fatalf("an append over an older entry: %v", err)
	}
	last, err := l.Last(t.Context(), "web", "c1")
	if err != nil || last.Seq != next || last.Call.State != call.Ringing {
		t.Fatalf("last entry %+v, %v", last, err)
	}
	if _, err := l.Last(t.Context(), "web", "nobody"); call.CodeOf(err) != call.NotFound {
		t.Fatalf("an unknown call: %v", err)
	}
}

// TestOneAcceptWins lets 100 writers race with the same knowledge.
func TestOneAcceptWins(t *testing.T) {
	l := mustOpen(t, t.TempDir())
	e := newCall("c1")
	agents := make([]string, 100)
	for i := range agents {
		agents[i] = fmt.Sprintf("agent%02d", i)
	}
	ringing := offer(t, e.Call, agents...)
	seq := mustAppend(t, l, ringing, mustAppend(t, l, e, 0))
	var won sync.Map
	var wg sync.WaitGroup
	for _, a := range agents {
		wg.Go(func() {
			_, err := l.Append(context.WithoutCancel(t.Context()), apply(t, ringing.Call, call.Event{Kind: call.KindAccepted, At: t0, Agent: a}), seq)
			switch {
			case err == nil:
				won.Store(a, true)
			case !errors.Is(err, calllog.ErrConflict):
				t.Errorf("%s: %v", a, err)
			}
		})
	}
	wg.Wait()
	winners := 0
	won.Range(func(any, any) bool { winners++; return true })
	if winners != 1 {
		t.Fatalf("%d winners", winners)
	}
}

// follower collects what Follow tells.
type follower struct {
	mu   sync.Mutex
	seen []calllog.Entry
	more chan struct{}
}

func (f *follower) apply(e calllog.Entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, e)
	select {
	case f.more <- struct{}{}:
	default:
	}
}

func (f *follower) wait(t *testing.T, n int) []calllog.Entry {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		f.mu.Lock()
		seen := f.seen
		f.mu.Unlock()
		if len(seen) >= n {
			return seen
		}
		select {
		case <-f.more:
		case <-deadline:
			t.Fatalf("saw %d entries, want %d", len(seen), n)
		}
	}
}

func follow(t *testing.T, l *calllog.Log) (*follower, func()) {
	t.Helper()
	f := &follower{more: make(chan struct{}, 1)}
	stop, err := l.Follow(t.Context(), f.apply)
	if err != nil {
		t.Fatal(err)
	}
	return f, stop
}

// TestFollowAfterReopen: the last entry of each call first, then what is new.
func TestFollowAfterReopen(t *testing.T) {
	t.Log("real: JetStream, embedded, on disk with SyncAlways")
	dir := t.TempDir()
	t.Run("write", func(t *testing.T) {
		l := mustOpen(t, dir)
		for _, id := range []string{"c1", "c2"} {
			e := newCall(id)
			mustAppend(t, l, offer(t, e.Call, "anna"), mustAppend(t, l, e, 0))
		}
		if err := l.AppendReceipts(t.Context(), "web", "c1", []call.Receipt{{Agent: "anna", Surface: "native", Ms: 12, At: t0}}); err != nil {
			t.Fatal(err)
		}
	})
	l := mustOpen(t, dir)
	f, stop := follow(t, l)
	defer stop()
	seen := f.wait(t, 2)
	if len(seen) != 2 || seen[0].Call.ID != "c1" || seen[1].Call.ID != "c2" || seen[0].Call.State != call.Ringing {
		t.Fatalf("after reopening: %+v", seen)
	}
	mustAppend(t, l, apply(t, seen[0].Call, call.Event{Kind: call.KindAccepted, At: t0, Agent: "anna"}), seen[0].Seq)
	if seen = f.wait(t, 3); seen[2].Call.Agent != "anna" {
		t.Fatalf("new entry: %+v", seen[2])
	}
	if calls, err := l.Calls(t.Context()); err != nil || len(calls) != 2 || calls[0].Call.ID != "c2" || calls[1].Call.State != call.Accepted {
		t.Fatalf("all calls: %+v, %v", calls, err)
	}
	trail, err := l.Trail(t.Context(), "web", "c1")
	if err != nil || len(trail) != 3 || trail[0].Event.Kind != call.KindReceived || trail[2].Event.Kind != call.KindAccepted {
		t.Fatalf("trail %+v, %v", trail, err)
	}
	receipts, err := l.Receipts(t.Context(), "web", "c1")
	if err != nil || len(receipts) != 1 || receipts[0].Ms != 12 {
		t.Fatalf("receipts %+v, %v", receipts, err)
	}
}

func TestFollowAnEmptyLog(t *testing.T) {
	l := mustOpen(t, t.TempDir())
	if calls, err := l.Calls(t.Context()); err != nil || len(calls) != 0 {
		t.Fatalf("an empty log has %+v, %v", calls, err)
	}
	f, stop := follow(t, l)
	defer stop()
	mustAppend(t, l, newCall("c1"), 0)
	f.wait(t, 1)
}

func TestBucketSurvives(t *testing.T) {
	dir := t.TempDir()
	t.Run("write", func(t *testing.T) {
		kv, err := mustOpen(t, dir).Bucket(t.Context(), "users")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := kv.PutString(t.Context(), "anna", "x"); err != nil {
			t.Fatal(err)
		}
	})
	kv, err := mustOpen(t, dir).Bucket(t.Context(), "users")
	if err != nil {
		t.Fatal(err)
	}
	if e, err := kv.Get(t.Context(), "anna"); err != nil || string(e.Value()) != "x" {
		t.Fatalf("%v, %v", e, err)
	}
}

// BenchmarkAppend is one fsynced compare-and-set and its way back through Follow.
func BenchmarkAppend(b *testing.B) {
	l := mustOpen(b, b.TempDir())
	back := make(chan struct{}, 1)
	stop, err := l.Follow(b.Context(), func(calllog.Entry) { back <- struct{}{} })
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	for i := 0; b.Loop(); i++ {
		mustAppend(b, l, newCall(fmt.Sprint("c", i)), 0)
		<-back
	}
}
