package notify_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/notify/notifytest"
)

// TestNativeLeavesNothingBehind: after a thousand calls that came and went no
// goroutine is left that was not there before.
func TestNativeLeavesNothingBehind(t *testing.T) {
	n, _, _ := ringing(t, notifytest.Xfce)
	n.Dismiss("a", notify.Why{Reason: notify.Declined})
	rings := func(from, to int) {
		for i := from; i < to; i++ {
			id := fmt.Sprint("call-", i)
			n.Present(maria(id))
			n.events.want(t, event(notify.Shown, id))
			n.Dismiss(id, notify.Why{Reason: notify.Reassigned})
		}
	}
	rings(0, 10)
	before := runtime.NumGoroutine()
	rings(10, 1010)
	// One may be about to end: that of the last message, on either side of the bus.
	if after := runtime.NumGoroutine(); after > before+2 {
		t.Errorf("%d goroutines after 1,000 calls, and %d before", after, before)
	}
}
