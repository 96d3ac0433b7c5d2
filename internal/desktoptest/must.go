//go:build linux

package desktoptest

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
)

// TB is what MustStart needs of a testing.TB. With it this package does without the testing package, and
// the demo does too.
type TB interface {
	Helper()
	Name() string
	Cleanup(func())
	Failed() bool
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// MustStart starts a desktop for a test and closes it when the test has ended. If the test failed, it
// first keeps a picture of the screen and the output of all programs, and logs where.
func MustStart(tb TB, options Options) *Desktop {
	tb.Helper()
	d, err := Start(context.Background(), options)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			d.keepEvidence(tb)
		}
		if err := d.Close(); err != nil {
			tb.Errorf("%v", err)
		}
	})
	return d
}

var unsafeInName = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// keepEvidence leaves the picture and the logs in a new temporary folder, which is not removed.
func (d *Desktop) keepEvidence(tb TB) {
	folder, err := os.MkdirTemp("", "deskbell-"+unsafeInName.ReplaceAllString(tb.Name(), "-")+"-")
	if err != nil {
		tb.Logf("no evidence kept: %v", err)
		return
	}
	if err := d.Screenshot(context.Background(), filepath.Join(folder, "screen.png")); err != nil {
		tb.Logf("no screenshot kept: %v", err)
	}
	if err := os.CopyFS(filepath.Join(folder, "log"), os.DirFS(filepath.Join(d.dir, "log"))); err != nil {
		tb.Logf("not all logs kept: %v", err)
	}
	tb.Logf("the screen and the logs of the desktop are in %s", folder)
}
