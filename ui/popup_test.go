package ui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/ui"
)

// popupTest is a pop-up on Fyne's test app.
type popupTest struct {
	*testing.T
	do     settledPopup
	window *spyWindow
	app    *spyApp
	desk   *fakeDesktop
	events []notify.Event
}

// settledPopup is the pop-up, called from elsewhere than the main goroutine,
// which then does what it was asked.
type settledPopup struct {
	*ui.Popup

	app *spyApp
}

func (s settledPopup) Present(c notify.Call) { s.Popup.Present(c); s.app.settle() }

func (s settledPopup) Update(c notify.Call) { s.Popup.Update(c); s.app.settle() }

func (s settledPopup) Dismiss(id string, why notify.Why) { s.Popup.Dismiss(id, why); s.app.settle() }

func (s settledPopup) Answering(id string, k notify.Kind) { s.Popup.Answering(id, k); s.app.settle() }

func (s settledPopup) Refused(id, sentence string) { s.Popup.Refused(id, sentence); s.app.settle() }

// withPopup runs a test in virtual time.
func withPopup(t *testing.T, run func(*popupTest)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := &popupTest{T: t, app: newSpyApp(t), desk: &fakeDesktop{}}
		p.do = settledPopup{ui.NewPopup(p.app, p.desk, func(e notify.Event) { p.events = append(p.events, e) }), p.app}
		p.window = p.app.windows[0]
		defer func() {
			if err := p.do.Close(); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}()
		run(p)
	})
}

// after lets time pass.
func (p *popupTest) after(d time.Duration) {
	p.app.pass(d)
}

// wantEvents checks what the pop-up told since the last look.
func (p *popupTest) wantEvents(kinds ...notify.Kind) {
	p.Helper()
	var got []notify.Kind
	for _, e := range p.events {
		got = append(got, e.Kind)
		if e.Surface != "window" {
			p.Errorf("the surface is %q, want window", e.Surface)
		}
	}
	if !slices.Equal(got, kinds) {
		p.Errorf("the pop-up told %q, want %q", got, kinds)
	}
	p.events = nil
}

func ringingCall(id, who string) notify.Call {
	now := time.Now()
	return notify.Call{
		ID: id, Queue: "web", Topic: "MY_WEBSITE", Customer: who,
		Details:  []notify.Detail{{Name: "language", Value: "it"}},
		Received: now.Add(-84 * time.Second), Until: now.Add(20 * time.Second),
	}
}

func TestPopupShowsACall(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		if p.window.visible {
			t.Fatal("the pop-up is there before a call is")
		}
		c := ringingCall("c1", "Maria Bianchi")
		c.Waiting = 2
		p.do.Present(c)
		p.wantEvents(notify.Shown)
		if !p.window.visible || len(p.desk.above) != 1 {
			t.Error("the pop-up is not on the screen, or not above the other windows")
		}
		wantWords(t, p.window, "Maria Bianchi", "web", "MY_WEBSITE", "language\nit", "Waiting 1:24", "20 s", "+2 more waiting", "Accept", "Decline")
		if focused := p.window.Canvas().Focused(); focused != nil {
			t.Errorf("%T has the focus, want none", focused)
		}
		p.after(3 * time.Second)
		wantWords(t, p.window, "Waiting 1:27", "17 s")
		c.Waiting = 0
		p.do.Update(c)
		wantNoWords(t, p.window, "more waiting")
		p.wantEvents()
	})
}

func TestPopupWordsStayOffTheScrollBar(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		c := ringingCall("c1", "Maria")
		p.do.Present(c)
		room := lineWidth(p.window, "it")
		for i := range 15 {
			c.Details = append(c.Details, notify.Detail{Name: fmt.Sprint("row ", i), Value: "x"})
		}
		c.Until = c.Until.Add(time.Second)
		p.do.Present(c)
		if got := lineWidth(p.window, "it"); got > room-9 {
			t.Errorf("a value is %g wide beside the scroll bar, and %g without", got, room)
		}
	})
}

// lineWidth is the width of the line with those words.
func lineWidth(w fyne.Window, words string) (width float32) {
	for _, o := range seen(w) {
		if line, ok := o.(*canvas.Text); ok && line.Text == words {
			width = max(width, line.Size().Width)
		}
	}
	return width
}

func TestPopupComesBackWithAFailure(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		p.do.Present(ringingCall("c1", "Maria"))
		p.after(time.Second)
		p.window.close()
		p.do.Answering("c1", notify.PressedAccept) // in the notification
		p.do.Refused("c1", "The hub does not answer.")
		if !p.window.visible {
			t.Fatal("nothing says that the answer did not count")
		}
		wantWords(t, p.window, "Maria", "The hub does not answer.", "Accept")
		p.events = nil
		typeKey(p.window, fyne.KeyReturn) // meant for the window before
		p.wantEvents()
	})
}

func TestPopupWordsForSomebodyUnknown(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		p.do.Present(notify.Call{ID: "c1", Queue: "web", Received: time.Now(), Until: time.Now().Add(time.Second)})
		wantWords(t, p.window, "Unknown caller", "Waiting 0:00", "1 s")
	})
}

func TestPopupKeepsItsButtonsOnTheScreen(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		c := ringingCall("c1", strings.Repeat("Wolfeschlegelsteinhausen", 40))
		c.Topic = strings.Repeat("word ", 400)
		for i := range 40 {
			c.Details = append(c.Details, notify.Detail{Name: strings.Repeat("n", 90), Value: strings.Repeat("v", 90*i)})
		}
		p.do.Present(c)
		if size := p.window.Content().MinSize(); size.Width != 440 || size.Height > 600 {
			t.Errorf("the pop-up wants %v", size)
		}
	})
}

func TestPopupIsAnsweredByItsButtons(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		p.do.Present(ringingCall("c1", "Maria"))
		p.wantEvents(notify.Shown)
		press(t, p.window, "Accept")
		p.wantEvents(notify.PressedAccept)
		p.do.Answering("c1", notify.PressedAccept)
		for _, name := range []string{"Accepting…", "Decline"} {
			if !button(t, p.window, name).Disabled() {
				t.Errorf("%q can be pressed while the hub is asked", name)
			}
		}
		p.after(time.Second)
		typeKey(p.window, fyne.KeyD)
		p.wantEvents()

		p.do.Refused("c1", "The hub did not answer.")
		wantWords(t, p.window, "The hub did not answer.")
		press(t, p.window, "Decline")
		p.wantEvents(notify.PressedDecline)
		p.do.Answering("c1", notify.PressedDecline)
		wantWords(t, p.window, "Declining…")
		wantNoWords(t, p.window, "The hub did not answer.")
		p.do.Dismiss("c1", notify.Why{Reason: notify.Declined})
		if p.window.visible {
			t.Error("the pop-up stays after the call was declined")
		}
	})
}

func TestPopupKeys(t *testing.T) {
	tests := []struct {
		key  fyne.KeyName
		want []notify.Kind
	}{
		{fyne.KeyReturn, []notify.Kind{notify.PressedAccept}},
		{fyne.KeyEnter, []notify.Kind{notify.PressedAccept}},
		{fyne.KeyA, []notify.Kind{notify.PressedAccept}},
		{fyne.KeyD, nil},     // once is no answer
		{fyne.KeySpace, nil}, // nothing has the focus
		{fyne.KeyB, nil},
	}
	for _, test := range tests {
		t.Run(string(test.key), func(t *testing.T) {
			withPopup(t, func(p *popupTest) {
				p.do.Present(ringingCall("c1", "Maria"))
				p.wantEvents(notify.Shown)
				p.after(650 * time.Millisecond)
				typeKey(p.window, test.key)
				p.wantEvents() // too early
				p.after(650 * time.Millisecond)
				typeKey(p.window, test.key)
				p.wantEvents() // somebody is typing
				p.after(700 * time.Millisecond)
				typeKey(p.window, test.key)
				p.wantEvents(test.want...)
			})
		})
	}
}

// TestPopupDeclinesAtTheSecondD: one slip of a finger declines nothing.
func TestPopupDeclinesAtTheSecondD(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		p.do.Present(ringingCall("c1", "Maria"))
		p.wantEvents(notify.Shown)
		p.after(700 * time.Millisecond)
		typeKey(p.window, fyne.KeyD)
		wantWords(t, p.window, "Press D once more to decline.")
		p.after(4 * time.Second)
		wantNoWords(t, p.window, "Press D once more")
		typeKey(p.window, fyne.KeyD) // the first again
		p.after(800 * time.Millisecond)
		typeKey(p.window, fyne.KeyB)
		wantNoWords(t, p.window, "Press D once more")
		p.after(800 * time.Millisecond)
		p.wantEvents()
		typeKey(p.window, fyne.KeyD)
		typeKey(p.window, fyne.KeyD)
		p.wantEvents(notify.PressedDecline)
	})
}

// TestPopupSaysWhenACallWaitsTooLong: by words, for colour is never the only
// sign.
func TestPopupSaysWhenACallWaitsTooLong(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		c := ringingCall("c1", "Maria")
		c.Late = time.Now().Add(2 * time.Second)
		p.do.Present(c)
		wantNoWords(t, p.window, "too long")
		p.after(2 * time.Second)
		wantWords(t, p.window, "too long")
		p.do.Dismiss("c1", notify.Why{Reason: notify.Declined})
		p.do.Present(ringingCall("c2", "Luca"))
		wantNoWords(t, p.window, "too long")
	})
}

func TestPopupButtonWithTheFocus(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		p.do.Present(ringingCall("c1", "Maria"))
		p.wantEvents(notify.Shown)
		p.window.Canvas().Focus(button(t, p.window, "Decline"))
		typeKey(p.window, fyne.KeySpace)
		p.wantEvents()
		p.after(700 * time.Millisecond)
		typeKey(p.window, fyne.KeySpace)
		p.wantEvents(notify.PressedDecline)
		p.do.Present(ringingCall("c2", "Luca"))
		if p.window.Canvas().Focused() != nil {
			t.Error("a button has the focus when the next call comes")
		}
	})
}

func TestPopupEscapeSilences(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		p.do.Present(ringingCall("c1", "Maria"))
		p.wantEvents(notify.Shown)
		typeKey(p.window, fyne.KeyEscape)
		p.wantEvents(notify.Closed)
		if !p.window.visible {
			t.Error("the pop-up went away")
		}
		wantWords(t, p.window, "Silenced", "Maria")
	})
}

func TestPopupClosedIsNotDeclined(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		c := ringingCall("c1", "Maria")
		p.do.Present(c)
		p.wantEvents(notify.Shown)
		p.window.close()
		p.wantEvents(notify.Closed)
		if p.window.visible {
			t.Error("the pop-up stays")
		}
		c.Waiting = 1
		p.do.Update(c)
		if p.window.visible {
			t.Error("an update brought the pop-up back")
		}
		p.do.Present(c) // somebody asked for it
		if !p.window.visible {
			t.Error("the pop-up does not come back")
		}
		p.window.close()
		p.do.Dismiss("c1", notify.Why{Reason: notify.Answered, By: "Desk 4"})
		if p.window.visible {
			t.Error("the end of the call brought the pop-up back")
		}
		p.do.Present(ringingCall("c2", "Luca"))
		wantNoWords(t, p.window, "Desk 4") // nobody looked at the call before any more
		if button(t, p.window, "Accept").Disabled() {
			t.Error("no button was there before, but this one waits")
		}
	})
}

func TestPopupSaysHowACallEnded(t *testing.T) {
	tests := []struct {
		why  notify.Why
		want string // empty if it just goes away
	}{
		{notify.Why{Reason: notify.Answered, By: "Desk 4"}, "Taken by Desk 4"},
		{notify.Why{Reason: notify.Answered}, "Taken by another agent"},
		{notify.Why{Reason: notify.Lapsed}, "Not answered in time"},
		{notify.Why{Reason: notify.Canceled}, "The call was canceled"},
		{notify.Why{Reason: notify.Reassigned}, ""},
		{notify.Why{Reason: notify.Accepted}, ""},
		{notify.Why{Reason: notify.Declined}, ""},
		{notify.Why{Reason: notify.Offline}, ""},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s by %s", test.why.Reason, test.why.By), func(t *testing.T) {
			withPopup(t, func(p *popupTest) {
				p.do.Present(ringingCall("c1", "Maria"))
				p.do.Dismiss("c1", test.why)
				if test.want == "" {
					if p.window.visible {
						t.Error("the pop-up stays")
					}
					return
				}
				wantWords(t, p.window, test.want, "Maria · web")
				wantNoWords(t, p.window, "Accept", "Decline")
				p.after(3900 * time.Millisecond)
				if !p.window.visible {
					t.Error("it is not said long enough")
				}
				p.after(300 * time.Millisecond)
				if p.window.visible {
					t.Error("the pop-up stays for good")
				}
				typeKey(p.window, fyne.KeyA) // must not answer anything
				p.events = slices.DeleteFunc(p.events, func(e notify.Event) bool { return e.Kind == notify.Shown })
				p.wantEvents()
			})
		})
	}
}

func TestPopupTakesTheNextCallInTheSameWindow(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		p.do.Present(ringingCall("c1", "Maria "+strings.Repeat("R", 70)))
		p.do.Dismiss("c1", notify.Why{Reason: notify.Answered, By: "Desk 4"})
		p.do.Present(ringingCall("c2", "Luca"))
		p.wantEvents(notify.Shown, notify.Shown)
		wantWords(t, p.window, "Luca", "Taken by Desk 4 · Maria RRR")
		wantNoWords(t, p.window, strings.Repeat("R", 30))
		if !button(t, p.window, "Accept").Disabled() {
			t.Error("a press meant for the call before would accept this one")
		}
		p.after(800 * time.Millisecond)
		press(t, p.window, "Accept")
		if len(p.events) != 1 || p.events[0].Call != "c2" {
			t.Errorf("the pop-up told %v", p.events)
		}
		high := p.window.Canvas().Size().Height
		p.after(4 * time.Second)
		wantNoWords(t, p.window, "Desk 4")
		if got := p.window.Canvas().Size().Height; got >= high {
			t.Errorf("the window stays %g high, and was %g", got, high)
		}
		if len(p.app.windows) != 1 {
			t.Errorf("%d windows were made, want the one", len(p.app.windows))
		}
	})
}

func TestPopupTakesTheSameCallAgain(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		c := ringingCall("c1", "Maria")
		p.do.Present(c)
		p.after(20 * time.Second)
		p.do.Dismiss("c1", notify.Why{Reason: notify.Lapsed})
		c.Until = c.Until.Add(20 * time.Second)
		p.do.Present(c)
		wantWords(t, p.window, "Maria", "20 s")
		wantNoWords(t, p.window, "Not answered in time")
		if button(t, p.window, "Accept").Disabled() {
			t.Error("the same call can't be accepted at once")
		}
	})
}

func TestPopupIgnoresOtherCalls(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		other := ringingCall("c9", "Nobody")
		p.do.Update(other)
		p.do.Dismiss("c9", notify.Why{Reason: notify.Answered})
		if p.window.visible {
			t.Fatal("a call that was never presented shows")
		}
		p.do.Present(ringingCall("c1", "Maria"))
		p.do.Update(other)
		p.do.Answering("c9", notify.PressedAccept)
		p.do.Refused("c9", "No.")
		p.do.Dismiss("c9", notify.Why{Reason: notify.Answered})
		wantWords(t, p.window, "Maria", "Accept")
		wantNoWords(t, p.window, "Nobody", "No.", "Accepting…")
	})
}

func TestPopupIsSilentOnceClosed(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		if err := p.do.Close(); err != nil {
			t.Fatal(err)
		}
		p.do.Present(ringingCall("c1", "Maria"))
		p.wantEvents()
		if p.window.visible {
			t.Error("a closed pop-up shows a call")
		}
	})
}
