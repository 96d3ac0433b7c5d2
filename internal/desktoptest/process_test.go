//go:build linux

package desktoptest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

func TestProcess(t *testing.T) {
	d := desktoptest.MustStart(t, desktoptest.Options{WithoutKeyring: true, WithoutTray: true, WithoutNotifications: true})
	ctx := within(t, 30*time.Second)
	shell := func(script string, env ...string) *desktoptest.Process {
		t.Helper()
		p, err := d.Launch(desktoptest.Program{Path: "/bin/sh", Args: []string{"-c", script}, Env: env})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}

	t.Run("environment and output", func(t *testing.T) {
		t.Setenv("HTTPS_PROXY", "http://proxy.example")
		p := shell(`echo "$HOME|$WHO|$HTTPS_PROXY|$(pwd)"`, "WHO=desk 4")
		if err := p.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		if got, want := p.Output(), d.Home()+"|desk 4||"+d.Home()+"\n"; got != want {
			t.Errorf("the program printed %q, want %q", got, want)
		}
	})
	t.Run("stop", func(t *testing.T) {
		if err := shell("exec sleep 300").Stop(ctx); err != nil {
			t.Error(err)
		}
		stubborn := shell(`trap "" TERM; echo ready; while :; do sleep 1; done`)
		if err := stubborn.WaitOutput(ctx, "ready"); err != nil {
			t.Fatal(err)
		}
		if err := stubborn.Stop(ctx); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Errorf("stopping a stubborn program: %v", err)
		}
	})
	t.Run("kill", func(t *testing.T) {
		p := shell("sleep 300")
		p.Kill()
		if err := p.Wait(ctx); err == nil {
			t.Error("a killed program ended well")
		}
		p.Kill() // has no effect
	})
	t.Run("command", func(t *testing.T) {
		short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		// The second sleep holds the output open unless the whole group is killed.
		cmd := d.Command(short, "/bin/sh", "-c", "sleep 300 & sleep 300")
		begun := time.Now()
		if _, err := cmd.Output(); err == nil || time.Since(begun) > 2*time.Second {
			t.Errorf("the command ended after %v with %v", time.Since(begun), err)
		}
	})
	t.Run("wait is bounded", func(t *testing.T) {
		short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
		defer cancel()
		p := shell("sleep 300")
		if err := p.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for a running program: %v", err)
		}
	})
	t.Run("ended before its output", func(t *testing.T) {
		err := shell("echo out of paper; exit 3").WaitOutput(ctx, "ready")
		if err == nil || !strings.Contains(err.Error(), "out of paper") || !strings.Contains(err.Error(), "exit status 3") {
			t.Errorf("waiting for the output of an ended program: %v", err)
		}
	})
	if _, err := d.Launch(desktoptest.Program{Path: "no-such-program"}); err == nil {
		t.Error("a missing program starts")
	}
}
