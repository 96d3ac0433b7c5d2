package notify_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/deskbell/deskbell/notify"
)

// screen is a system's plain notices; after it is closed they hang.
type screen struct {
	mu    sync.Mutex
	shown []string
	err   error
	hangs chan struct{}
}

func (s *screen) show(title, text string) error {
	s.mu.Lock()
	hangs, err := s.hangs, s.err
	s.mu.Unlock()
	if hangs != nil {
		<-hangs
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.shown = append(s.shown, title+"\n"+text)
	}
	return err
}

func (s *screen) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.shown)
}

// plainTest runs a test in a bubble with a plain surface on a screen.
func plainTest(t *testing.T, test func(t *testing.T, s *screen, p notify.Surface, ev events)) {
	synctest.Test(t, func(t *testing.T) {
		s, ev := new(screen), newEvents()
		p := notify.NewPlain(notify.Options{}, s.show, ev.emit)
		test(t, s, p, ev)
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestPlainShowsACallOnce(t *testing.T) {
	plainTest(t, func(t *testing.T, s *screen, p notify.Surface, ev events) {
		p.Present(maria("a"))
		synctest.Wait()
		p.Present(maria("a"))
		p.Update(maria("a"))
		p.Update(maria("unknown"))
		p.Dismiss("unknown", notify.Why{Reason: notify.Answered, By: "Desk 4"})
		synctest.Wait()
		want := []string{"Maria Rossi is calling\nqueue web · MY_WEBSITE\nlanguage: it\nproduct: Loan"}
		if got := s.lines(); !slices.Equal(got, want) {
			t.Errorf("shown %q, want %q", got, want)
		}
		ev.want(t, event(notify.Shown, "a"))
		ev.none(t)
	})
}

func TestPlainNamesWhoTookTheCall(t *testing.T) {
	for _, tt := range []struct {
		name string
		why  notify.Why
		want []string
	}{
		{"answered", notify.Why{Reason: notify.Answered, By: "Desk 4"}, []string{"Taken by Desk 4\nMaria Rossi · queue web"}},
		{"answered by nobody known", notify.Why{Reason: notify.Answered}, []string{"Taken by another agent\nMaria Rossi · queue web"}},
		{"canceled", notify.Why{Reason: notify.Canceled}, nil},
		{"accepted here", notify.Why{Reason: notify.Accepted}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			plainTest(t, func(t *testing.T, s *screen, p notify.Surface, _ events) {
				p.Present(maria("a"))
				synctest.Wait()
				p.Dismiss("a", tt.why)
				p.Dismiss("a", tt.why)
				synctest.Wait()
				if got := s.lines()[1:]; !slices.Equal(got, tt.want) {
					t.Errorf("shown after the call %q, want %q", got, tt.want)
				}
			})
		})
	}
}

func TestPlainRingsAnewAfterDismiss(t *testing.T) {
	plainTest(t, func(t *testing.T, s *screen, p notify.Surface, ev events) {
		p.Present(maria("a"))
		synctest.Wait()
		p.Dismiss("a", notify.Why{Reason: notify.Lapsed})
		p.Present(maria("a"))
		synctest.Wait()
		ev.want(t, event(notify.Shown, "a"), event(notify.Shown, "a"))
	})
}

func TestPlainFailureIsToldAndDoesNotStop(t *testing.T) {
	plainTest(t, func(t *testing.T, s *screen, p notify.Surface, ev events) {
		s.err = errors.New("Maria Rossi is not to be shown")
		p.Present(maria("a"))
		synctest.Wait()
		s.err = nil
		p.Present(maria("b"))
		synctest.Wait()
		ev.want(t, failed("a", notify.ErrRefused), event(notify.Shown, "b"))
	})
}

// A tool that hangs delays nobody: calls behind it are told as failed, and it is
// used again once it came back.
func TestPlainHangingTool(t *testing.T) {
	plainTest(t, func(t *testing.T, s *screen, p notify.Surface, ev events) {
		s.hangs = make(chan struct{})
		start := time.Now()
		p.Present(maria("a"))
		p.Present(maria("b"))
		ev.want(t, failed("a", notify.ErrRefused), failed("b", notify.ErrRefused))
		if waited := time.Since(start); waited != 5*time.Second {
			t.Errorf("waited %v for two calls, want 5s", waited)
		}
		close(s.hangs)
		synctest.Wait()
		s.hangs = nil
		p.Present(maria("c"))
		ev.want(t, event(notify.Shown, "c"))
	})
}

func TestPlainCloseDoesNotWaitForAHangingTool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ev := &screen{hangs: make(chan struct{})}, newEvents()
		p := notify.NewPlain(notify.Options{}, s.show, ev.emit)
		p.Present(maria("a"))
		synctest.Wait()
		start := time.Now()
		if err := p.Close(); err != nil || time.Since(start) != 0 {
			t.Errorf("Close returned %v after %v, want nil at once", err, time.Since(start))
		}
		ev.none(t)
		close(s.hangs)
	})
}

// While the tool is slow the mailbox keeps one wish per call, takes back what
// was never shown, and has a bound.
func TestPlainMailboxIsBounded(t *testing.T) {
	plainTest(t, func(t *testing.T, s *screen, p notify.Surface, ev events) {
		s.hangs = make(chan struct{})
		p.Present(maria("first"))
		synctest.Wait()
		for i := range 1000 {
			id := fmt.Sprint("gone", i)
			p.Present(maria(id))
			p.Dismiss(id, notify.Why{Reason: notify.Canceled})
		}
		for i := range 64 {
			p.Present(maria(fmt.Sprint("call", i)))
			p.Present(maria(fmt.Sprint("call", i)))
		}
		for i := range 20 {
			p.Notice(fmt.Sprint("notice ", i), "")
		}
		close(s.hangs)
		synctest.Wait()
		// "first" and 63 of the 64 calls have the 64 places; of 20 notices the
		// latest 16 are kept.
		if got := len(s.lines()); got != 64+16 {
			t.Errorf("%d notices shown, want %d", got, 64+16)
		}
		if got := s.lines()[64]; got != "notice 4\n" {
			t.Errorf("oldest notice kept is %q, want notice 4", got)
		}
		ev.want(t, event(notify.Shown, "first"), failed("call63", notify.ErrTooMany), failed("call63", notify.ErrTooMany))
	})
}

// What reaches the tools of other systems must mean nothing to PowerShell,
// XML, AppleScript or a command line.
func TestPlainTextIsHarmless(t *testing.T) {
	for _, tt := range []struct{ name, customer, want string }{
		{"PowerShell expression", "$(calc.exe) `whoami`", "calc.exe) whoami is calling"},
		{"end of here-string", "a\n\"@\nStart-Process calc", "a @ Start-Process calc is calling"},
		{"typographic quotes end strings too", "a“@ „b”", "a @ b is calling"},
		{"end of CDATA", "]]><action content=x>", "action content=x is calling"},
		{"AppleScript", `" & (do shell script "id") & "`, "do shell script id ) & is calling"},
		{"option", "-execute", "execute is calling"},
		{"list", "(one, two)", "one, two) is calling"},
		{"names stay as they are", "Zoë D’Angelo-Müller 李 🎉", "Zoë D’Angelo-Müller 李 🎉 is calling"},
		{"phone", "+39 02 1234", "+39 02 1234 is calling"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			plainTest(t, func(t *testing.T, s *screen, p notify.Surface, _ events) {
				p.Present(notify.Call{ID: "a", Customer: tt.customer})
				synctest.Wait()
				if got := s.lines()[0]; got != tt.want+"\n" {
					t.Errorf("shown %q, want %q", got, tt.want)
				}
			})
		})
	}
}
