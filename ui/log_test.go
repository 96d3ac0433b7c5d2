package ui_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"github.com/deskbell/deskbell/notify"
)

// TestDetailedLog: it has every step of a call, and no secret, link or word of a
// caller; without it there is nothing of that.
func TestDetailedLog(t *testing.T) {
	withApp(t, func(a *appTest) {
		var log bytes.Buffer
		a.level = new(slog.LevelVar)
		a.logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: a.level}))
		story := func() string {
			log.Reset()
			a.rings(aCall("c9", "Maria Bianchi"))
			a.native.Press("c9", notify.Shown)
			a.hears(stopped(aCall("c9", "Maria Bianchi")))
			a.fyne.pass(5 * time.Second)
			a.accepts(sessionLink)
			a.fyne.pass(time.Second)
			return log.String()
		}
		a.stop()
		a.start()
		a.signedIn()
		if got := story(); strings.Contains(got, "c9") {
			t.Errorf("the log is detailed at first:\n%s", got)
		}
		a.choose("Settings…")
		test.Tap(check(t, a.main(), "Write a detailed log"))
		a.press("Close")
		for _, restarted := range []bool{false, true} {
			if restarted {
				a.level.Set(slog.LevelInfo)
				a.restart()
			}
			got := story()
			for _, want := range []string{"ring shown", "call=c9", "surface=native", "reason=lapsed"} {
				if !strings.Contains(got, want) {
					t.Errorf("restarted %v: %q is not in:\n%s", restarted, want, got)
				}
			}
			for _, secret := range []string{"Maria", "MY_WEBSITE", "language", sessionLink, "vidaoo.example", a.kept()} {
				if strings.Contains(got, secret) {
					t.Errorf("restarted %v: %q is in:\n%s", restarted, secret, got)
				}
			}
		}
		a.choose("Settings…")
		test.Tap(check(t, a.main(), "Write a detailed log"))
		if a.level.Level() != slog.LevelInfo {
			t.Error("it stays detailed")
		}
	})
}
