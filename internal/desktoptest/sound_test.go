//go:build linux

package desktoptest_test

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

func TestSound(t *testing.T) {
	d := desktoptest.MustStart(t, desktoptest.Options{
		Sound: true, WithoutKeyring: true, WithoutTray: true, WithoutNotifications: true,
	})
	ctx := within(t, 30*time.Second)
	if err := d.WaitSilence(ctx); err != nil {
		t.Error(err)
	}
	// What ALSA does for a program that plays: it writes samples into the pipe that its settings name.
	player, err := d.Launch(desktoptest.Program{Path: "/bin/sh", Args: []string{"-c", `
		pipe=$(sed -n 's/^ *file "\(.*\)"$/\1/p' "$HOME/.asoundrc")
		while :; do head -c 100000 /dev/zero; done >"$pipe"`}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.WaitSound(ctx); err != nil {
		t.Error(err)
	}
	player.Kill()
	if err := d.WaitSilence(ctx); err != nil {
		t.Error(err)
	}
}

func TestWithoutSound(t *testing.T) {
	d := desktoptest.MustStart(t, desktoptest.Options{WithoutKeyring: true, WithoutTray: true, WithoutNotifications: true})
	if err := d.WaitSilence(t.Context()); err == nil {
		t.Error("a desktop without a sound device tells that it is silent")
	}
}
