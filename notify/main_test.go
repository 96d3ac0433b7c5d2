package notify_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/deskbell/deskbell/notify"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// maria is a call with all there is to show.
func maria(id string) notify.Call {
	received := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	return notify.Call{
		ID: id, Queue: "web", Topic: "MY_WEBSITE", Customer: "Maria Rossi",
		Details:  []notify.Detail{{Name: "language", Value: "it"}, {Name: "product", Value: "Loan"}},
		Received: received, Until: received.Add(20 * time.Second),
	}
}

// events collects what a surface emits.
type events chan notify.Event

func newEvents() events { return make(events, 256) }

func (ev events) emit(e notify.Event) { ev <- e }

func (ev events) next(t *testing.T) notify.Event {
	t.Helper()
	select {
	case e := <-ev:
		return e
	case <-time.After(10 * time.Second):
		t.Fatal("no event within 10 s")
		return notify.Event{}
	}
}

// want takes the next events and compares their kinds and calls, in order.
func (ev events) want(t *testing.T, want ...notify.Event) {
	t.Helper()
	for _, w := range want {
		got := ev.next(t)
		if got.Kind != w.Kind || got.Call != w.Call || got.Err != w.Err {
			t.Fatalf("event %s %q err=%v, want %s %q err=%v", got.Kind, got.Call, got.Err, w.Kind, w.Call, w.Err)
		}
	}
}

// none checks that nothing was emitted that was not taken.
func (ev events) none(t *testing.T) {
	t.Helper()
	select {
	case e := <-ev:
		t.Fatalf("unexpected event %s %q err=%v", e.Kind, e.Call, e.Err)
	default:
	}
}

func event(kind notify.Kind, call string) notify.Event {
	return notify.Event{Kind: kind, Call: call}
}

func failed(call string, err error) notify.Event {
	return notify.Event{Kind: notify.Failed, Call: call, Err: err}
}
