package notify_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/notify/notifytest"
)

// desk is a fanout over two recorders.
type desk struct {
	*notify.Fanout
	native, window *notifytest.Recorder
	events         events
}

func newDesk() desk {
	ev := newEvents()
	f := notify.NewFanout(ev.emit)
	d := desk{f, notifytest.NewRecorder(notify.Native, f.Emit), notifytest.NewRecorder(notify.Window, f.Emit), ev}
	f.Add(d.native)
	f.Add(d.window)
	return d
}

func TestFanoutForwardsToAllSurfaces(t *testing.T) {
	d := newDesk()
	d.Present(maria("a"))
	changed := maria("a")
	changed.Waiting = 3
	d.Update(changed)
	d.Notice("Hub lost", "Trying again")
	for _, r := range []*notifytest.Recorder{d.native, d.window} {
		if got := r.Ringing(); len(got) != 1 || got[0].Waiting != 3 {
			t.Errorf("%s rings for %v, want one call with 3 waiting", r.Name(), got)
		}
		if got := r.Notices(); len(got) != 1 || got[0].Title != "Hub lost" {
			t.Errorf("%s has notices %v", r.Name(), got)
		}
	}
	why := notify.Why{Reason: notify.Answered, By: "Desk 4"}
	d.Dismiss("a", why)
	for _, r := range []*notifytest.Recorder{d.native, d.window} {
		if got := r.Ringing(); len(got) != 0 {
			t.Errorf("%s still rings for %v", r.Name(), got)
		}
		if got := r.Dismissals(); len(got) != 1 || got[0].Why != why {
			t.Errorf("%s has dismissals %v", r.Name(), got)
		}
	}
}

func TestFanoutPassesFirstAnswerOnly(t *testing.T) {
	d := newDesk()
	d.Present(maria("a"))
	d.native.Press("a", notify.Shown)
	d.window.Press("a", notify.Shown)
	d.window.Press("a", notify.PressedDecline)
	d.native.Press("a", notify.PressedAccept)
	d.window.Press("a", notify.PressedDecline)
	d.Present(maria("a")) // an update does not open the call for answers again
	d.native.Press("a", notify.PressedAccept)
	d.native.Press("a", notify.Closed)
	d.events.want(t,
		event(notify.Shown, "a"), event(notify.Shown, "a"),
		event(notify.PressedDecline, "a"), event(notify.Closed, "a"))
	d.events.none(t)
}

func TestFanoutAnswersAnewAfterDismiss(t *testing.T) {
	d := newDesk()
	d.Present(maria("a"))
	d.native.Press("a", notify.PressedDecline)
	d.Dismiss("a", notify.Why{Reason: notify.Declined})
	d.native.Press("a", notify.PressedAccept) // it does not ring
	d.Present(maria("a"))
	d.window.Press("a", notify.PressedAccept)
	d.events.want(t, event(notify.PressedDecline, "a"), event(notify.PressedAccept, "a"))
	d.events.none(t)
}

func TestFanoutGoesOnWhenOneSurfaceFails(t *testing.T) {
	d := newDesk()
	d.native.Fail("", notify.ErrNoService)
	d.Present(maria("a"))
	d.window.Press("a", notify.PressedAccept)
	d.events.want(t, failed("", notify.ErrNoService), event(notify.PressedAccept, "a"))
}

func TestFanoutIsSilentAfterClose(t *testing.T) {
	d := newDesk()
	d.Present(maria("a"))
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d.Emit(event(notify.PressedAccept, "a"))
	d.events.none(t)
	if err := d.native.Close(); err == nil {
		t.Error("Close did not close the surfaces")
	}
}

func TestFanoutJoinsErrorsOfClose(t *testing.T) {
	d := newDesk()
	if err := errors.Join(d.native.Close(), d.window.Close()); err != nil {
		t.Fatal(err)
	}
	err := d.Close()
	if both, ok := err.(interface{ Unwrap() []error }); !ok || len(both.Unwrap()) != 2 {
		t.Errorf("Close returned %v, want the errors of both surfaces", err)
	}
}

func TestFanoutOneAnswerInARace(t *testing.T) {
	d := newDesk()
	d.Present(maria("a"))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { d.native.Press("a", notify.PressedAccept) })
		all.Go(func() { d.window.Press("a", notify.PressedDecline) })
	}
	all.Wait()
	if got := len(d.events); got != 1 {
		t.Errorf("%d answers passed, want 1", got)
	}
}
