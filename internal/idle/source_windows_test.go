package idle_test

import (
	"context"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"github.com/deskbell/deskbell/internal/idle"
)

// The real session. Wine does not tell the lock, so any state will do.
func TestWindows(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var all []idle.Reading
	idle.System(ctx, idle.Options{Every: time.Millisecond}, func(r idle.Reading) {
		if all = append(all, r); len(all) == 3 {
			cancel()
		}
	})
	for _, r := range all {
		if !r.Idles || r.Idle < 0 || r.Idle > windows.DurationSinceBoot() {
			t.Errorf("told %+v", r)
		}
	}
	t.Logf("real: the session of Windows is %v, the last input was %v ago", all[0].Lock, all[0].Idle)
}
