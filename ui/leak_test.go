package ui_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/ui"
)

// footing is what an app stands on.
type footing struct {
	goroutines, windows int
	heap                uint64
}

func (a *appTest) footing() footing {
	a.fyne.settle()
	var memory runtime.MemStats
	for range 2 { // what has a finalizer goes at the second
		runtime.GC()
	}
	runtime.ReadMemStats(&memory)
	return footing{runtime.NumGoroutine(), len(a.fyne.Driver().AllWindows()), memory.HeapAlloc}
}

// comesAndGoes lets one call come and go: taken by another, lapsed, declined here, left
// by its customer, taken back by the hub, or accepted and finished here.
func (a *appTest) comesAndGoes(n int) {
	c := aCall(fmt.Sprint("call-", n), "Maria Bianchi")
	a.rings(c)
	stopped := agent.Event{Kind: agent.Stopped, Call: c, State: online()}
	kind := n % 5
	if n%25 == 24 {
		kind = 5
	}
	switch kind {
	case 0:
		stopped.Reason, stopped.By = wire.ReasonAnswered, "Desk 4"
	case 1:
		stopped.Reason = wire.ReasonLapsed
	case 2:
		a.fyne.pass(time.Second)
		press(a.T, a.popup(), "Decline")
		a.fyne.settle()
		stopped.Reason = wire.ReasonReassigned
	case 3:
		stopped.Reason = wire.ReasonCanceled
	case 4:
		stopped.Reason = wire.ReasonReassigned
	case 5:
		a.fyne.pass(time.Second)
		press(a.T, a.popup(), "Accept")
		a.fyne.settle()
		a.taken(c, sessionLink)
		c.State, c.Outcome, c.Accepted = call.Ended, call.Completed, wire.At(time.Now())
		a.press("Finish")
		a.press("Finish call")
		stopped = agent.Event{Kind: agent.Ended, Call: c, State: online()}
	}
	a.hears(stopped)
	time.Sleep(5 * time.Second) // longer than anything is said of a call
	a.fyne.settle()
}

// TestRingsLeaveNothingBehind: an app that runs for weeks is after a thousand
// calls what it was before.
func TestRingsLeaveNothingBehind(t *testing.T) {
	const (
		warm  = 120 // until the lists of last calls and all caches are full
		rings = 1000
		// What the fakes keep of each call; and Fyne drops the drawing of a card
		// that is gone when it draws, which its test app does not.
		perCall = 4 << 10
	)
	withApp(t, func(a *appTest) {
		a.begin(ui.Start{Hidden: true, Hub: "https://bell.example", User: "anna", Password: "right"})
		a.hears(agent.Event{Kind: agent.Changed, State: online()})
		for n := range warm {
			a.comesAndGoes(n)
		}
		before := a.footing()
		for n := range rings {
			a.comesAndGoes(warm + n)
		}
		after := a.footing()
		t.Logf("before %+v, after %+v", before, after)
		if a.popup().visible || a.ringer.rings() || len(a.native.Ringing()) != 0 {
			t.Error("something still rings")
		}
		if after.goroutines > before.goroutines {
			t.Errorf("%d goroutines after %d calls, and %d before", after.goroutines, rings, before.goroutines)
		}
		if after.windows > before.windows {
			t.Errorf("%d windows after %d calls, and %d before", after.windows, rings, before.windows)
		}
		if most := before.heap + rings*perCall; after.heap > most {
			t.Errorf("%d bytes of heap after %d calls, and %d before", after.heap, rings, before.heap)
		}
	})
}
