package ui_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/notify/notifytest"
	"github.com/deskbell/deskbell/ui"
)

// bellTest is a bell between a fake session and recorded surfaces.
type bellTest struct {
	*testing.T
	bell           *ui.Bell
	session        *fakeSession
	native, window *notifytest.Recorder
	ringer         *fakeRinger
	front          *fakeFront
	stop           context.CancelFunc

	mu      sync.Mutex
	changes []ui.Ringing
}

// withBell runs a test in virtual time.
func withBell(t *testing.T, run func(*bellTest)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bellTest{T: t, session: newFakeSession(), ringer: &fakeRinger{}, front: &fakeFront{}}
		surfaces := notify.NewFanout(func(e notify.Event) { b.bell.Surfaced(e) })
		b.native = notifytest.NewRecorder("native", surfaces.Emit)
		b.window = notifytest.NewRecorder("window", func(e notify.Event) { b.bell.Surfaced(e) })
		surfaces.Add(b.native)
		surfaces.Add(b.window)
		b.bell = ui.NewBell(ui.BellOptions{
			Session: b.session, Surface: surfaces, Front: b.front, Ringer: b.ringer, Logger: quiet(t),
			Changed: func(r ui.Ringing) {
				b.mu.Lock()
				defer b.mu.Unlock()
				b.changes = append(b.changes, r)
			},
		})
		ctx, stop := context.WithCancel(context.Background())
		b.stop = stop
		go b.bell.Run(ctx)
		run(b)
		stop()
		synctest.Wait()
		if b.ringer.rings() {
			t.Error("the ring tone goes on after the bell has ended")
		}
	})
}

// hears tells the bell an event of the session.
func (b *bellTest) hears(e agent.Event) {
	b.bell.Heard(e)
	synctest.Wait()
}

// offers tells the bell what rings now.
func (b *bellTest) offers(offers ...agent.Offer) {
	b.hears(agent.Event{Kind: agent.Rang, State: online(offers...)})
}

func (b *bellTest) press(surface *notifytest.Recorder, id string, kind notify.Kind) {
	surface.Press(id, kind)
	synctest.Wait()
}

// wantRinging checks which calls both surfaces show.
func (b *bellTest) wantRinging(ids ...string) {
	b.Helper()
	for _, surface := range []*notifytest.Recorder{b.native, b.window} {
		var got []string
		for _, c := range surface.Ringing() {
			got = append(got, c.ID)
		}
		if !slices.Equal(got, ids) {
			b.Errorf("%s shows %v, want %v", surface.Name(), got, ids)
		}
	}
}

// wantEnd checks why the last call stopped on both surfaces.
func (b *bellTest) wantEnd(id string, why notify.Why) {
	b.Helper()
	for _, surface := range []*notifytest.Recorder{b.native, b.window} {
		all := surface.Dismissals()
		if len(all) == 0 || all[len(all)-1] != (notifytest.Dismissal{Call: id, Why: why}) {
			b.Errorf("%s ended %v, want %s %v last", surface.Name(), all, id, why)
		}
	}
}

func (b *bellTest) wantSound(on bool) {
	b.Helper()
	if got := b.ringer.rings(); got != on {
		b.Errorf("the ring tone sounds: %v, want %v", got, on)
	}
}

func (b *bellTest) lastChange() ui.Ringing {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.changes) == 0 {
		return ui.Ringing{}
	}
	return b.changes[len(b.changes)-1]
}

func failure(code call.Code, sentence string) error {
	return &agent.Error{Code: string(code), Sentence: sentence}
}

func TestBellRingsOnAllSurfaces(t *testing.T) {
	withBell(t, func(b *bellTest) {
		o := offerOf(aCall("c1", "Maria"), time.Minute)
		o.Call.Link = "https://vidaoo.example/secret"
		b.offers(o)
		b.wantRinging("c1")
		b.wantSound(true)
		got := b.window.Ringing()[0]
		want := notify.Call{
			ID: "c1", Queue: "web", Topic: "MY_WEBSITE", Customer: "Maria",
			Details:  []notify.Detail{{Name: "language", Value: "it"}},
			Received: o.Received, Until: o.Until,
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("the surfaces were told\n%+v, want\n%+v", got, want)
		}
		if told := b.lastChange(); len(told.Calls) != 1 || told.Silenced {
			t.Errorf("the tray was told %+v", told)
		}
	})
}

func TestBellShowsOneCallAtATimeLongestWaitingFirst(t *testing.T) {
	withBell(t, func(b *bellTest) {
		first := offerOf(aCall("c1", "Maria"), time.Minute)
		second := offerOf(aCall("c2", "Luca"), time.Second)
		b.offers(first, second)
		b.wantRinging("c1")
		if waiting := b.window.Ringing()[0].Waiting; waiting != 1 {
			t.Errorf("%d calls wait behind it, want 1", waiting)
		}

		older := offerOf(aCall("c0", "Ada"), time.Hour)
		b.offers(older, first, second)
		b.wantRinging("c1") // it does not change under the pointer
		if waiting := b.window.Ringing()[0].Waiting; waiting != 2 {
			t.Errorf("%d calls wait behind it, want 2", waiting)
		}
		if told := b.lastChange().Calls; len(told) != 3 || told[0].ID != "c1" || told[1].ID != "c0" {
			t.Errorf("the main window was told %+v, want the call on the surfaces first", told)
		}

		b.hears(agent.Event{Kind: agent.Stopped, Call: first.Call, Reason: wire.ReasonCanceled, State: online(older, second)})
		b.wantRinging("c0")
		b.wantEnd("c1", notify.Why{Reason: notify.Canceled})
		b.wantSound(true)
	})
}

func TestBellNamesTheWinner(t *testing.T) {
	withBell(t, func(b *bellTest) {
		o := offerOf(aCall("c1", "Maria"), 0)
		b.offers(o)
		b.hears(agent.Event{Kind: agent.Stopped, Call: wire.Call{ID: "c1"}, Reason: wire.ReasonAnswered, By: "Desk\u202e 4", State: online()})
		b.wantRinging()
		b.wantEnd("c1", notify.Why{Reason: notify.Answered, By: "Desk 4"})
		b.wantSound(false)
	})
}

func TestBellIsNotToldOfItselfAsTheWinner(t *testing.T) {
	withBell(t, func(b *bellTest) {
		o := offerOf(aCall("c1", "Maria"), 0)
		b.offers(o)
		mine := online()
		mine.Calls = []wire.Call{o.Call}
		b.hears(agent.Event{Kind: agent.Stopped, Call: o.Call, Reason: wire.ReasonAnswered, By: "Anna Rossi", State: mine})
		b.wantEnd("c1", notify.Why{Reason: notify.Accepted})
	})
}

func TestBellAccepts(t *testing.T) {
	for _, surface := range []string{"native", "window"} {
		t.Run(surface, func(t *testing.T) {
			withBell(t, func(b *bellTest) {
				b.session.hold = make(chan struct{})
				o := offerOf(aCall("c1", "Maria"), 0)
				b.offers(o)
				pressed := b.native
				if surface == "window" {
					pressed = b.window
				}
				b.press(pressed, "c1", notify.PressedAccept)
				b.wantSound(false)
				b.wantRinging("c1")
				if said := b.front.heard(); !slices.Equal(said, []string{"answering c1 accept"}) {
					t.Errorf("the pop-up was told %q", said)
				}
				b.press(b.window, "c1", notify.PressedDecline) // too late: an answer is on its way
				close(b.session.hold)
				synctest.Wait()
				if asked := b.session.asked(); !slices.Equal(asked, []string{"accept c1"}) {
					t.Errorf("the hub was asked %q", asked)
				}
				b.wantRinging()
				b.wantEnd("c1", notify.Why{Reason: notify.Accepted})
			})
		})
	}
}

func TestBellGivesTheHubAMomentAfterAnAcceptedCall(t *testing.T) {
	withBell(t, func(b *bellTest) {
		first, second := offerOf(aCall("c1", "Maria"), time.Minute), offerOf(aCall("c2", "Luca"), 0)
		b.offers(first, second)
		b.press(b.window, "c1", notify.PressedAccept)
		b.wantRinging()
		b.wantSound(false)
		time.Sleep(time.Second)
		synctest.Wait()
		b.wantRinging("c2") // the hub did not take it back
		b.wantSound(true)
	})
}

func TestBellDeclines(t *testing.T) {
	withBell(t, func(b *bellTest) {
		o := offerOf(aCall("c1", "Maria"), 0)
		b.offers(o)
		b.press(b.native, "c1", notify.PressedDecline)
		b.wantRinging()
		b.wantEnd("c1", notify.Why{Reason: notify.Declined})
		b.offers(o) // the state still lists it
		b.wantRinging()

		again := o
		again.Until = o.Until.Add(time.Minute)
		b.offers(again) // a declined call returns
		b.wantRinging("c1")
		b.wantSound(true)
	})
}

func TestBellTakesAnotherAnswerAfterAFailure(t *testing.T) {
	withBell(t, func(b *bellTest) {
		b.offers(offerOf(aCall("c1", "Maria"), 0))
		b.session.refuse(failure(call.Unavailable, "The hub can't write its log. Try again."))
		b.press(b.window, "c1", notify.PressedAccept)
		want := []string{"answering c1 accept", "refused c1: The hub can't write its log. Try again."}
		if said := b.front.heard(); !slices.Equal(said, want) {
			t.Errorf("the pop-up was told %q, want %q", said, want)
		}
		b.wantRinging("c1")
		b.session.refuse(nil)
		b.press(b.window, "c1", notify.PressedAccept)
		b.wantEnd("c1", notify.Why{Reason: notify.Accepted})
	})
}

func TestBellNeverShowsARawError(t *testing.T) {
	withBell(t, func(b *bellTest) {
		b.offers(offerOf(aCall("c1", "Maria"), 0))
		b.session.refuse(errors.New("dial tcp: connection refused"))
		b.press(b.window, "c1", notify.PressedAccept)
		if said := b.front.heard(); len(said) != 2 || said[1] != "refused c1: "+agent.Sentence(errors.New("x")) {
			t.Errorf("the pop-up was told %q", said)
		}
	})
}

func TestBellLosesTheRace(t *testing.T) {
	taken := failure(call.Taken, "Desk 4 has this call.")
	t.Run("the winner is named a moment later", func(t *testing.T) {
		withBell(t, func(b *bellTest) {
			o := offerOf(aCall("c1", "Maria"), 0)
			b.offers(o)
			b.session.refuse(taken)
			b.press(b.window, "c1", notify.PressedAccept)
			b.wantRinging("c1")
			b.wantSound(false)
			b.hears(agent.Event{Kind: agent.Stopped, Call: o.Call, Reason: wire.ReasonAnswered, By: "Desk 4", State: online()})
			b.wantEnd("c1", notify.Why{Reason: notify.Answered, By: "Desk 4"})
		})
	})
	t.Run("the winner is never named", func(t *testing.T) {
		withBell(t, func(b *bellTest) {
			b.offers(offerOf(aCall("c1", "Maria"), 0))
			b.session.refuse(taken)
			b.press(b.window, "c1", notify.PressedAccept)
			b.press(b.window, "c1", notify.PressedAccept) // does not ask again
			time.Sleep(time.Second)
			synctest.Wait()
			b.wantEnd("c1", notify.Why{Reason: notify.Answered})
			if asked := b.session.asked(); len(asked) != 1 {
				t.Errorf("the hub was asked %q", asked)
			}
		})
	})
}

func TestBellAnswersACallThatIsOver(t *testing.T) {
	tests := []struct {
		code call.Code
		want notify.Reason
	}{
		{call.Gone, notify.Canceled},
		{call.NotFound, notify.Canceled},
		{call.NotOffered, notify.Lapsed},
	}
	for _, test := range tests {
		t.Run(string(test.code), func(t *testing.T) {
			withBell(t, func(b *bellTest) {
				b.offers(offerOf(aCall("c1", "Maria"), 0))
				b.session.refuse(failure(test.code, "The call is over."))
				b.press(b.native, "c1", notify.PressedAccept)
				b.wantRinging()
				b.wantEnd("c1", notify.Why{Reason: test.want})
			})
		})
	}
}

func TestBellIsSilencedNotDeclined(t *testing.T) {
	withBell(t, func(b *bellTest) {
		first := offerOf(aCall("c1", "Maria"), time.Minute)
		b.offers(first)
		b.press(b.window, "c1", notify.Closed)
		b.wantSound(false)
		b.wantRinging("c1")
		if asked := b.session.asked(); len(asked) != 0 {
			t.Errorf("the hub was asked %q", asked)
		}
		if told := b.lastChange(); len(told.Calls) != 1 || !told.Silenced {
			t.Errorf("the tray was told %+v", told)
		}

		second := offerOf(aCall("c2", "Luca"), 0)
		b.offers(first, second)
		b.wantSound(true) // a new call, behind the one on the screen
		b.press(b.window, "c1", notify.Closed)
		b.wantSound(false)
		b.wantRinging("c1")
	})
}

func TestBellWithoutTone(t *testing.T) {
	withBell(t, func(b *bellTest) {
		b.bell.SetTone(false)
		b.offers(offerOf(aCall("c1", "Maria"), 0))
		b.wantRinging("c1")
		b.wantSound(false)
		b.bell.SetTone(true)
		synctest.Wait()
		b.wantSound(true)
	})
}

func TestBellComesForwardAgain(t *testing.T) {
	withBell(t, func(b *bellTest) {
		o := offerOf(aCall("c1", "Maria"), 0)
		b.offers(o)
		b.window.Dismiss("c1", notify.Why{}) // as if the person had closed it
		b.bell.BringForward()
		synctest.Wait()
		if got := b.window.Ringing(); len(got) != 1 {
			t.Errorf("the window shows %v", got)
		}
	})
}

func TestBellSendsOneReceiptPerSurfaceAndOffer(t *testing.T) {
	withBell(t, func(b *bellTest) {
		o := offerOf(aCall("c1", "Maria"), time.Minute)
		b.offers(o)
		time.Sleep(30 * time.Millisecond)
		b.press(b.native, "c1", notify.Shown)
		time.Sleep(20 * time.Millisecond)
		b.press(b.window, "c1", notify.Shown)
		b.press(b.window, "c1", notify.Shown)
		b.press(b.window, "c9", notify.Shown)
		want := []receipt{{"c1", "native", 30 * time.Millisecond}, {"c1", "window", 50 * time.Millisecond}}
		if got := b.session.told(); !slices.Equal(got, want) {
			t.Errorf("receipts %v, want %v", got, want)
		}

		again := offerOf(o.Call, time.Minute)
		b.offers(again)
		b.press(b.window, "c1", notify.Shown)
		if got := b.session.told(); len(got) != 3 || got[2] != (receipt{"c1", "window", 0}) {
			t.Errorf("receipts %v, want a new one for the new offer", got)
		}
	})
}

func TestBellOffline(t *testing.T) {
	withBell(t, func(b *bellTest) {
		o := offerOf(aCall("c1", "Maria"), 0)
		b.offers(o)
		lost := online(o)
		lost.Connection = agent.Offline
		b.hears(agent.Event{Kind: agent.Changed, State: lost})
		b.wantRinging()
		b.wantEnd("c1", notify.Why{Reason: notify.Offline})
		b.wantSound(false)

		b.hears(agent.Event{Kind: agent.Changed, State: online(o)})
		b.wantRinging("c1")
		b.wantSound(true)
	})
}

func TestBellStopsWhenTheHubIsSilent(t *testing.T) {
	withBell(t, func(b *bellTest) {
		o := offerOf(aCall("c1", "Maria"), 0)
		b.offers(o)
		time.Sleep(22 * time.Second) // the offer ends at 20 s
		synctest.Wait()
		b.wantRinging("c1")
		time.Sleep(time.Second)
		synctest.Wait()
		b.wantRinging()
		b.wantEnd("c1", notify.Why{Reason: notify.Lapsed})
		b.offers(o)
		b.wantRinging() // the same offer does not ring again
	})
}

func TestBellWaitsForItsAnswerPastTheDeadline(t *testing.T) {
	withBell(t, func(b *bellTest) {
		b.session.hold = make(chan struct{})
		o := offerOf(aCall("c1", "Maria"), 0)
		b.offers(o)
		time.Sleep(19 * time.Second)
		b.press(b.window, "c1", notify.PressedAccept)
		time.Sleep(5 * time.Second)
		b.wantRinging("c1")
		time.Sleep(5 * time.Second) // the patience with the hub ends
		synctest.Wait()
		b.wantEnd("c1", notify.Why{Reason: notify.Lapsed})
	})
}

func TestBellFollowsTheState(t *testing.T) {
	withBell(t, func(b *bellTest) {
		o := offerOf(aCall("c1", "Maria"), 0)
		b.offers(o)
		b.offers() // it is gone and nobody said why
		b.wantRinging()
		b.wantEnd("c1", notify.Why{Reason: notify.Reassigned})
	})
}

func TestBellIgnoresAnswersToOtherCalls(t *testing.T) {
	withBell(t, func(b *bellTest) {
		b.offers(offerOf(aCall("c1", "Maria"), 0))
		b.press(b.window, "c2", notify.PressedAccept)
		b.window.Fail("c1", errors.New("the window is broken"))
		synctest.Wait()
		if asked := b.session.asked(); len(asked) != 0 {
			t.Errorf("the hub was asked %q", asked)
		}
		b.wantRinging("c1")
	})
}

func TestBellEndsWithItsContext(t *testing.T) {
	withBell(t, func(b *bellTest) {
		b.session.hold = make(chan struct{})
		b.offers(offerOf(aCall("c1", "Maria"), 0))
		b.press(b.window, "c1", notify.PressedAccept)
		b.stop()
		synctest.Wait()
		b.wantRinging()
		b.wantEnd("c1", notify.Why{Reason: notify.Offline})
	})
}
