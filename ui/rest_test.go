package ui_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/ui"
)

// naps runs what waits for the main goroutine, once, and returns how long that
// took.
func (a *appTest) naps() time.Duration {
	synctest.Wait()
	began := time.Now()
	for _, f := range a.fyne.driver.take() {
		f()
	}
	return time.Since(began)
}

func TestRestWhileNothingIsSeen(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.begin(ui.Start{Hidden: true, Hub: "https://bell.example", User: "anna", Password: "right"})
		a.hears(agent.Event{Kind: agent.Changed, State: online()})
		a.naps() // what was left for the start
		a.app.Rest()
		for range 2 {
			a.naps() // the first may be roused by what came before
		}
		if took := a.naps(); took <= 0 || took >= time.Second {
			t.Errorf("the main goroutine rests for %s while nothing is seen", took)
		}

		o := offerOf(aCall("c1", "Maria"), 0)
		go a.session.options.Emit(agent.Event{Kind: agent.Rang, Offer: o, State: online(o)})
		for range 3 {
			if took := a.naps(); took != 0 {
				t.Errorf("a call waits for %s until the rest is over", took)
			}
		}
		if !a.popup().visible {
			t.Fatal("the call does not show")
		}
		time.Sleep(2 * time.Second)
		if took := a.naps(); took != 0 {
			t.Errorf("the main goroutine rests for %s while the pop-up is seen", took)
		}
	})
}

// TestRestAfterACall: the pop-up takes the focus, but the main window stays
// hidden.
func TestRestAfterACall(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.begin(ui.Start{Hidden: true, Hub: "https://bell.example", User: "anna", Password: "right"})
		a.rings(aCall("c1", "Maria"))
		if entered := a.fyne.Lifecycle().(interface{ OnEnteredForeground() func() }).OnEnteredForeground(); entered != nil {
			entered() // as Fyne does when one of its windows gets the focus
		}
		a.hears(agent.Event{Kind: agent.Stopped, Call: aCall("c1", "Maria"), Reason: wire.ReasonReassigned, State: online()})
		a.app.Rest()
		for range 2 {
			a.naps()
		}
		if took := a.naps(); took <= 0 {
			t.Error("the main goroutine does not rest any more after a call")
		}
	})
}

func TestNoRestWhileTheMainWindowIsSeen(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn() // and the window comes up
		a.app.Rest()
		for range 3 {
			time.Sleep(2 * time.Second)
			if took := a.naps(); took != 0 {
				t.Errorf("the main goroutine rests for %s while the window is seen", took)
			}
		}
	})
}
