package notify_test

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/deskbell/deskbell/notify"
)

// pushes is a Push that fails as often as there are errors.
type pushes struct {
	errs  []error
	shown []string
	calls int
}

func (p *pushes) push(appID, xml string) error {
	p.calls++
	if len(p.errs) > 0 {
		err := p.errs[0]
		p.errs = p.errs[1:]
		return err
	}
	p.shown = append(p.shown, appID+" "+xml)
	return nil
}

func TestPusherTriesTwice(t *testing.T) {
	// RoInitialize's "was ready already" is an error to go-toast, once.
	p := &pushes{errs: []error{fmt.Errorf("RoInitialize: %w", notify.HResult(1))}}
	show := notify.NewPusher(p.push)
	if err := show("app", "<toast/>"); err != nil || len(p.shown) != 1 || p.shown[0] != "app <toast/>" {
		t.Errorf("shown %q, %v", p.shown, err)
	}
	refused := notify.HResult(0x803E0111)
	p.errs = []error{refused, refused}
	if err := show("app", "<toast/>"); !errors.Is(err, refused) || p.calls != 4 {
		t.Errorf("%v after %d calls, want the refusal after 4", err, p.calls)
	}
	if err := show("app", "<toast/>"); err != nil || len(p.shown) != 2 {
		t.Errorf("shown %q, %v, want it to work again", p.shown, err)
	}
}

// After E_NOINTERFACE go-toast shows nothing and says that all is well.
func TestPusherNeverTrustsGoToastAgain(t *testing.T) {
	none := fmt.Errorf("loading: %w", notify.HResult(0x80004002))
	p := &pushes{errs: []error{none}}
	show := notify.NewPusher(p.push)
	for range 3 {
		if err := show("app", "<toast/>"); !errors.Is(err, none) || len(p.shown) != 0 || p.calls != 1 {
			t.Fatalf("%v after %d calls, want E_NOINTERFACE after one", err, p.calls)
		}
	}
}

func TestPusherNeverTrustsGoToastAgainAfterASecondTry(t *testing.T) {
	none := notify.HResult(0x80004002)
	p := &pushes{errs: []error{notify.HResult(1), none}}
	show := notify.NewPusher(p.push)
	for range 2 {
		if err := show("app", "<toast/>"); !errors.Is(err, none) || p.calls != 2 {
			t.Fatalf("%v after %d calls, want E_NOINTERFACE after two", err, p.calls)
		}
	}
}

func TestCauseHasNoneOfTheCallersWords(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("doc.LoadXml(Maria Rossi): %w", notify.HResult(0xC00CE55F)), "HRESULT 0xC00CE55F"},
		{fmt.Errorf("open Maria Rossi: %w", syscall.Errno(5)), "system error 5"},
		{errors.New("Maria Rossi"), "*errors.errorString"},
		{fmt.Errorf("Maria Rossi: %w", errors.New("x")), "*fmt.wrapError"},
	} {
		if got := notify.Cause(tt.err); got != tt.want || strings.Contains(got, "Rossi") {
			t.Errorf("cause of %q is %q, want %q", tt.err, got, tt.want)
		}
	}
}

func TestKeepsQuiet(t *testing.T) {
	// By the numbers of QUERY_USER_NOTIFICATION_STATE.
	for state, want := range []bool{0: false, 1: false, 2: true, 3: true, 4: true, 5: false, 6: true, 7: false, 8: false} {
		if got := notify.KeepsQuiet(int32(state)); got != want {
			t.Errorf("state %d keeps quiet: %v, want %v", state, got, want)
		}
	}
}
