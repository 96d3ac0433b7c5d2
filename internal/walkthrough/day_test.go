//go:build linux

package walkthrough_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/walkthrough"
)

// TestDay plays a day of two agents on real desktops, in both looks and in
// another language.
func TestDay(t *testing.T) {
	for _, day := range []struct {
		name, language string
		dark           bool
	}{{name: "light"}, {name: "dark", dark: true}, {name: "it", language: "it"}} {
		t.Run(day.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			var transcript bytes.Buffer
			o := options(t, day.name, &transcript)
			o.Dark, o.Language = day.dark, day.language
			err := walkthrough.PlayDay(ctx, o)
			t.Logf("transcript:\n%s", &transcript)
			if err != nil {
				t.Fatal(err)
			}
			t.Log("real: a day of two agents: keyboard, mouse, tray, notifications, keyring, sound device, hub killed while the bell rang")
		})
	}
}
