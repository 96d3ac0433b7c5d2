package notify_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/deskbell/deskbell/notify"
)

// windows is a Toaster that records, and acts as the person when the test says
// so. Its fields are read and written while the surface waits.
type windows struct {
	t       *testing.T
	surface *notify.Toasts
	screen  *screen // of plain notices
	events  events
	log     bytes.Buffer

	mu         sync.Mutex
	registered int
	cleared    int
	calls      []string // toasts of calls on the screen
	notices    []string // toasts of notices
	pushed     []string // all of them
	forbidden  bool     // by the person, in the settings
	quiet      bool
	failing    map[string]error // by the method
	hangs      map[string]chan struct{}
}

// does is called by each method: it hangs or fails as the test says.
func (w *windows) does(method string) error {
	w.mu.Lock()
	hangs, err := w.hangs[method], w.failing[method]
	w.mu.Unlock()
	if hangs != nil {
		<-hangs
	}
	return err
}

func (w *windows) Register() error {
	w.mu.Lock()
	w.registered++
	w.mu.Unlock()
	return w.does("register")
}

func (w *windows) Show(to notify.Channel, xml string) error {
	if err := w.does("show"); err != nil {
		return err
	}
	text, _ := read(w.t, xml)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pushed = append(w.pushed, text[0])
	if to == notify.CallToasts {
		w.calls = append(w.calls, strings.Join(text, "\n"))
	} else {
		w.notices = append(w.notices, strings.Join(text, "\n"))
	}
	return nil
}

func (w *windows) Clear() error {
	if err := w.does("clear"); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cleared++
	w.calls = nil
	return nil
}

func (w *windows) Allowed() (bool, error) {
	err := w.does("allowed")
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.forbidden, err
}

func (w *windows) Hidden() (bool, error) {
	err := w.does("hidden")
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.quiet, err
}

// set changes how it behaves.
func (w *windows) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

func (w *windows) fail(method string, err error) { w.set(func() { w.failing[method] = err }) }

func (w *windows) hang(method string) { w.set(func() { w.hangs[method] = make(chan struct{}) }) }

func (w *windows) release(method string) {
	w.set(func() {
		close(w.hangs[method])
		delete(w.hangs, method)
	})
}

// wantScreen compares the titles of the calls on the screen.
func (w *windows) wantScreen(titles ...string) {
	w.t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	var got []string
	for _, c := range w.calls {
		title, _, _ := strings.Cut(c, "\n")
		got = append(got, title)
	}
	if !slices.Equal(got, titles) {
		w.t.Errorf("on the screen %q, want %q", got, titles)
	}
}

func (w *windows) present(c notify.Call) { w.surface.Present(c); synctest.Wait() }

func (w *windows) dismiss(id string, why notify.Why) { w.surface.Dismiss(id, why); synctest.Wait() }

func (w *windows) press(kind notify.Kind, call string) {
	w.surface.Press(notify.Activation(kind, call))
	synctest.Wait()
}

// unstarted returns windows without a surface on it.
func unstarted(t *testing.T) *windows {
	return &windows{
		t: t, screen: new(screen), events: newEvents(),
		failing: make(map[string]error), hangs: make(map[string]chan struct{}),
	}
}

func (w *windows) start() {
	options := notify.Options{Logger: slog.New(slog.NewTextHandler(&w.log, nil))}
	plain := func(emit func(notify.Event)) notify.Surface {
		return notify.NewPlain(options, w.screen.show, emit)
	}
	w.surface = notify.NewToasts(options, w, plain, w.events.emit)
	synctest.Wait()
}

// close closes the surface and checks that it is gone from the screen.
func (w *windows) close() {
	w.t.Helper()
	if err := w.surface.Close(); err != nil {
		w.t.Error(err)
	}
	w.wantScreen()
	if strings.Contains(w.log.String(), "Rossi") {
		w.t.Errorf("the caller's words are in the log: %s", w.log.String())
	}
}

func onWindows(t *testing.T, test func(t *testing.T, w *windows)) {
	synctest.Test(t, func(t *testing.T) {
		w := unstarted(t)
		w.start()
		test(t, w)
		w.close()
	})
}

// anna is a second call.
func anna(id string) notify.Call {
	c := maria(id)
	c.Customer, c.Received = "Anna Bianchi", c.Received.Add(time.Second)
	return c
}

func TestToastsShowACall(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		if w.registered != 1 || w.cleared != 1 {
			t.Errorf("registered %d times, cleared %d times at the start, want once each", w.registered, w.cleared)
		}
		w.present(maria("a"))
		want := []string{"Maria Rossi is calling\nqueue web · MY_WEBSITE\nlanguage: it\nproduct: Loan"}
		if !slices.Equal(w.calls, want) {
			t.Errorf("on the screen %q, want %q", w.calls, want)
		}
		w.events.want(t, event(notify.Shown, "a"))
		w.present(maria("a"))
		w.surface.Update(maria("a"))
		w.surface.Update(anna("unknown"))
		w.surface.Dismiss("unknown", notify.Why{Reason: notify.Lapsed})
		more := maria("a")
		more.Waiting = 2
		w.surface.Update(more)
		synctest.Wait()
		if len(w.pushed) != 1 || w.cleared != 1 {
			t.Errorf("pushed %q, cleared %d times, want the call once", w.pushed, w.cleared)
		}
		w.events.none(t)
	})
}

func TestToastsShowNewWordsAnew(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.present(maria("a"))
		w.present(anna("b"))
		changed := maria("a")
		changed.Topic = "OTHER_WEBSITE"
		w.surface.Update(changed)
		synctest.Wait()
		w.wantScreen("Maria Rossi is calling", "Anna Bianchi is calling")
		if !strings.Contains(w.calls[0], "OTHER_WEBSITE") {
			t.Errorf("on the screen %q, want the new topic", w.calls[0])
		}
		w.events.want(t, event(notify.Shown, "a"), event(notify.Shown, "b"))
		w.events.none(t)
	})
}

func TestToastsAnswers(t *testing.T) {
	for _, kind := range []notify.Kind{notify.PressedAccept, notify.PressedDecline, notify.Opened} {
		t.Run(string(kind), func(t *testing.T) {
			onWindows(t, func(t *testing.T, w *windows) {
				w.present(maria("a"))
				w.events.want(t, event(notify.Shown, "a"))
				w.press(kind, "a")
				w.events.want(t, event(kind, "a"))
				w.calls = nil // Windows takes a pressed toast off
				changed := maria("a")
				changed.Topic = "OTHER_WEBSITE"
				w.present(changed)
				w.wantScreen()
				w.dismiss("a", notify.Why{Reason: notify.Accepted})
				w.events.none(t)
			})
		})
	}
}

func TestToastsAnswerOnce(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.present(maria("a"))
		w.press(notify.Opened, "a")
		w.press(notify.PressedDecline, "a") // in Windows' history
		w.press(notify.PressedAccept, "a")
		w.press(notify.Opened, "a")
		w.dismiss("a", notify.Why{Reason: notify.Declined})
		w.press(notify.PressedAccept, "a")
		w.present(maria("a"))
		w.press(notify.PressedAccept, "a")
		w.events.want(t,
			event(notify.Shown, "a"), event(notify.Opened, "a"), event(notify.PressedDecline, "a"),
			event(notify.Shown, "a"), event(notify.PressedAccept, "a"))
		w.events.none(t)
	})
}

func TestToastsIgnorePressesThatMeanNothing(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.present(maria("a"))
		for _, text := range []string{"", "accept", "action=accept", "action=accept&call=b", "action=closed&call=a", "Maria Rossi", "action=accept&call=a&x=Rossi"} {
			w.surface.Press(text)
		}
		synctest.Wait()
		w.events.want(t, event(notify.Shown, "a"))
		w.events.none(t)
		w.wantScreen("Maria Rossi is calling")
	})
}

func TestToastsPressOfANoticeOpensTheApp(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.press(notify.Opened, "")
		w.events.want(t, event(notify.Opened, ""))
	})
}

// Presses come from Windows' own threads: they never wait, and have a bound.
func TestToastsPressesAreBounded(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.hang("show")
		w.surface.Present(maria("a"))
		synctest.Wait()
		for range 100 {
			w.surface.Press(notify.Activation(notify.Opened, ""))
		}
		w.release("show")
		w.events.want(t, event(notify.Shown, "a"))
		for range 32 {
			w.events.want(t, event(notify.Opened, ""))
		}
		synctest.Wait()
		w.events.none(t)
		if !strings.Contains(w.log.String(), "dropped=68") {
			t.Errorf("logged %q, want the 68 dropped presses", w.log.String())
		}
	})
}

func TestToastsDismiss(t *testing.T) {
	for _, tt := range []struct {
		name string
		why  notify.Why
		want []string
	}{
		{"answered", notify.Why{Reason: notify.Answered, By: "Desk 4"}, []string{"Taken by Desk 4"}},
		{"answered by nobody known", notify.Why{Reason: notify.Answered}, []string{"Taken by another agent"}},
		{"canceled", notify.Why{Reason: notify.Canceled}, nil},
		{"accepted here", notify.Why{Reason: notify.Accepted}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onWindows(t, func(t *testing.T, w *windows) {
				w.present(maria("a"))
				w.surface.Notice("Missed call", "Anna Bianchi")
				w.dismiss("a", tt.why)
				w.dismiss("a", tt.why)
				w.wantScreen(tt.want...)
				if len(w.notices) != 1 {
					t.Errorf("notices %q, want the missed call to stay", w.notices)
				}
				// The next call sweeps away who took the last one.
				w.present(anna("b"))
				w.dismiss("b", notify.Why{Reason: notify.Lapsed})
				w.wantScreen()
			})
		})
	}
}

// Windows clears all or nothing: what still rings is shown again, and told once.
func TestToastsOfOtherCallsComeBack(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		for _, c := range []notify.Call{maria("a"), anna("b"), anna("c"), anna("d")} {
			w.present(c)
			w.events.want(t, event(notify.Shown, c.ID))
		}
		w.press(notify.Opened, "c")
		w.press(notify.PressedAccept, "d")
		w.events.want(t, event(notify.Opened, "c"), event(notify.PressedAccept, "d"))
		w.dismiss("b", notify.Why{Reason: notify.Lapsed})
		w.wantScreen("Maria Rossi is calling")
		w.events.none(t)
	})
}

// What happens while Windows is busy is one clearing, not many.
func TestToastsClearOnceForManyCalls(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		for i := range 10 {
			w.present(maria(fmt.Sprint(i)))
		}
		w.hang("show")
		w.surface.Present(anna("last"))
		synctest.Wait()
		for i := range 10 {
			w.surface.Dismiss(fmt.Sprint(i), notify.Why{Reason: notify.Canceled})
		}
		w.release("show")
		w.wantScreen("Anna Bianchi is calling")
		if w.cleared != 2 {
			t.Errorf("cleared %d times, want at the start and once", w.cleared)
		}
	})
}

func TestToastsNotice(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.surface.Notice("Missed\ncall", "Maria\u202e Rossi "+strings.Repeat("x", 1000))
		synctest.Wait()
		if len(w.notices) != 1 || !strings.HasPrefix(w.notices[0], "Missed call\nMaria Rossi x") || len(w.notices[0]) > 300 {
			t.Errorf("notices %q", w.notices)
		}
	})
}

func TestToastsFallBackToPlainNotices(t *testing.T) {
	for _, method := range []string{"register", "show"} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := unstarted(t)
				w.fail(method, notify.HResult(0x803E0111))
				if method == "register" {
					w.fail("show", errors.New("not reached"))
				}
				w.start()
				w.present(maria("a"))
				w.events.want(t, failed("", notify.ErrNoToasts), event(notify.Shown, "a"))
				w.present(anna("b"))
				w.events.want(t, event(notify.Shown, "b"))
				w.dismiss("a", notify.Why{Reason: notify.Answered, By: "Desk 4"})
				w.surface.Notice("Missed call", "Maria Rossi")
				synctest.Wait()
				want := []string{"Maria Rossi is calling", "Anna Bianchi is calling", "Taken by Desk 4", "Missed call"}
				if got := titles(w.screen.lines()); !slices.Equal(got, want) {
					t.Errorf("plain notices %q, want %q", got, want)
				}
				w.events.none(t)

				// Each call tries anew.
				w.fail("register", nil)
				w.fail("show", nil)
				w.present(maria("c"))
				w.events.want(t, event(notify.Recovered, ""), event(notify.Shown, "c"))
				w.wantScreen("Maria Rossi is calling")
				w.dismiss("b", notify.Why{Reason: notify.Answered})
				if got := titles(w.screen.lines()); len(got) != 5 || got[4] != "Taken by another agent" {
					t.Errorf("plain notices %q, want the call that began there to end there", got)
				}
				w.close()
				if !strings.Contains(w.log.String(), "0x803E0111") {
					t.Errorf("the cause is not in the log: %s", w.log.String())
				}
			})
		})
	}
}

func titles(shown []string) []string {
	var out []string
	for _, s := range shown {
		title, _, _ := strings.Cut(s, "\n")
		out = append(out, title)
	}
	return out
}

func TestToastsAreRefusedInTheSettings(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.forbidden = true
		w.present(maria("a"))
		w.surface.Update(maria("a"))
		w.present(maria("a"))
		w.events.want(t, failed("a", notify.ErrRefused))
		w.events.none(t)
		if len(w.screen.lines()) != 0 {
			t.Errorf("plain notices %q get around what the person wants", w.screen.lines())
		}
		w.fail("allowed", notify.HResult(1)) // then it is taken as allowed
		w.present(anna("b"))
		w.events.want(t, event(notify.Shown, "b"))
	})
}

func TestToastsThatCannotBeTakenBack(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.present(maria("a"))
		w.present(maria("b"))
		w.fail("clear", notify.HResult(0x80070005))
		w.dismiss("a", notify.Why{Reason: notify.Lapsed})
		w.dismiss("b", notify.Why{Reason: notify.Lapsed})
		w.press(notify.PressedAccept, "a") // it is no call any more
		w.present(anna("c"))
		w.events.want(t, event(notify.Shown, "a"), event(notify.Shown, "b"), failed("", notify.ErrLeftOver), event(notify.Shown, "c"))
		w.events.none(t)
		w.fail("clear", nil)
		w.present(maria("d"))
		w.wantScreen("Maria Rossi is calling", "Anna Bianchi is calling")
	})
}

func TestToastsClearFailsAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := unstarted(t)
		w.fail("clear", notify.HResult(0x80070005))
		w.start()
		w.present(maria("a"))
		w.events.want(t, event(notify.Shown, "a"))
		w.fail("clear", nil)
		w.close()
	})
}

// A call to Windows that hangs delays nobody for long, and what it shows in the
// end is taken back.
func TestToastsHangingWindows(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.hang("show")
		start := time.Now()
		w.surface.Present(maria("a"))
		w.surface.Present(maria("b"))
		w.events.want(t, failed("", notify.ErrNoToasts))
		got := []string{w.events.next(t).Call, w.events.next(t).Call}
		if !slices.Equal(got, []string{"a", "b"}) || time.Since(start) != 5*time.Second {
			t.Errorf("calls %q shown after %v, want a and b after 5s", got, time.Since(start))
		}
		if len(w.screen.lines()) != 2 {
			t.Errorf("plain notices %q, want both calls", w.screen.lines())
		}
		w.release("show")
		synctest.Wait()
		if len(w.pushed) != 1 {
			t.Errorf("pushed %q, want one call too late", w.pushed)
		}
		w.present(anna("c"))
		w.wantScreen("Anna Bianchi is calling")
		w.events.want(t, event(notify.Recovered, ""), event(notify.Shown, "c"))
		w.events.none(t)
	})
}

func TestToastsHidden(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		var hider notify.Hider = w.surface
		for _, want := range []bool{false, true} {
			w.quiet = want
			if got, err := hider.Hidden(t.Context()); got != want || err != nil {
				t.Errorf("Hidden() = %v, %v, want %v", got, err, want)
			}
		}
		w.fail("hidden", notify.HResult(1))
		if got, err := hider.Hidden(t.Context()); got || err != nil {
			t.Errorf("Hidden() = %v, %v where Windows does not say, want false", got, err)
		}
		w.fail("hidden", nil)
		w.hang("hidden")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if got, err := hider.Hidden(ctx); got || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("Hidden() = %v, %v after %v, want an error after 1s", got, err, time.Since(start))
		}
		if got, err := hider.Hidden(ctx); got || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Hidden() = %v, %v, want an error", got, err)
		}
		w.release("hidden")
		synctest.Wait()
	})
}

func TestToastsHiddenWhileThereAreNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := unstarted(t)
		w.fail("register", syscall.EACCES)
		w.quiet = true
		w.start()
		if got, err := w.surface.Hidden(t.Context()); got || err != nil {
			t.Errorf("Hidden() = %v, %v, want false: plain notices show", got, err)
		}
		w.close()
		if got, err := w.surface.Hidden(t.Context()); got || err != nil {
			t.Errorf("Hidden() = %v, %v after Close", got, err)
		}
	})
}

func TestToastsCloseTakesEverythingBack(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.present(maria("a"))
		w.surface.Notice("Missed call", "Anna Bianchi")
		w.close()
		if w.surface.Close() != nil {
			t.Error("a second Close is an error")
		}
		w.surface.Press(notify.Activation(notify.PressedAccept, "a"))
		w.surface.Present(anna("b"))
		synctest.Wait()
		w.events.want(t, event(notify.Shown, "a"))
		w.events.none(t)
		if len(w.notices) != 1 {
			t.Errorf("notices %q, want the missed call to stay", w.notices)
		}
	})
}

// A toast that is on its way to the screen while the app closes does not stay
// there.
func TestToastsCloseWhileOneIsShown(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.hang("show")
		w.surface.Present(maria("a"))
		synctest.Wait()
		time.AfterFunc(time.Second, func() { w.release("show") })
		start := time.Now()
		w.close()
		if time.Since(start) != time.Second {
			t.Errorf("Close took %v, want 1s", time.Since(start))
		}
		if len(w.pushed) != 1 {
			t.Errorf("pushed %q, want the call", w.pushed)
		}
		w.events.none(t)
	})
}

func TestToastsCloseDoesNotWaitForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := unstarted(t)
		w.start()
		w.present(maria("a"))
		w.hang("clear")
		start := time.Now()
		if err := w.surface.Close(); err != nil || time.Since(start) != 5*time.Second {
			t.Errorf("Close returned %v after %v", err, time.Since(start))
		}
		w.release("clear")
		synctest.Wait()
		if !strings.Contains(w.log.String(), "left on the screen") {
			t.Errorf("logged %q", w.log.String())
		}
	})
}

func TestToastsMailboxIsBounded(t *testing.T) {
	onWindows(t, func(t *testing.T, w *windows) {
		w.hang("show")
		w.surface.Present(maria("first"))
		synctest.Wait()
		for i := range 64 {
			w.surface.Present(maria(fmt.Sprint(i)))
		}
		for i := range 20 {
			w.surface.Notice(fmt.Sprint("notice ", i), "")
		}
		w.release("show")
		synctest.Wait()
		w.events.want(t, event(notify.Shown, "first"), failed("63", notify.ErrTooMany))
		if len(w.calls) != 64 || len(w.notices) != 16 || w.notices[0] != "notice 4" {
			t.Errorf("%d calls and %d notices, want 64 and the last 16", len(w.calls), len(w.notices))
		}
	})
}
