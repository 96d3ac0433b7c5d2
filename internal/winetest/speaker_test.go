//go:build linux && wine

package winetest_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// speaker is the sound device of the desktop: a file of samples.
type speaker struct{ file string }

// plugIn makes the file the default device of ALSA, which Wine plays on.
func plugIn(t *testing.T, d *desktoptest.Desktop) *speaker {
	t.Helper()
	s := &speaker{file: filepath.Join(d.Dir(), "sound.raw")}
	config := fmt.Sprintf("pcm.!default {\n type file\n slave.pcm null\n file %q\n format raw\n}\n", s.file)
	if err := os.WriteFile(filepath.Join(d.Home(), ".asoundrc"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// heard tells whether anything but silence was played.
func (s *speaker) heard() (bool, error) {
	samples, err := os.ReadFile(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // the device was not even opened
	}
	for _, b := range samples {
		if b != 0 {
			return true, nil
		}
	}
	return false, err
}

func (s *speaker) waitHeard(ctx context.Context) error {
	return desktoptest.Await(ctx, "a sound", func(context.Context) (bool, error) { return s.heard() })
}
