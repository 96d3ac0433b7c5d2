//go:build !windows

package instance_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/adrg/xdg"

	"github.com/deskbell/deskbell/internal/instance"
)

// place points XDG_RUNTIME_DIR to a fresh folder and returns a name for it.
func place(t *testing.T) (name string) {
	t.Helper()
	t.Setenv("XDG_RUNTIME_DIR", shortDir(t))
	return "bell"
}

// shortDir is a folder whose path leaves room for a socket's name, which
// t.TempDir's may not.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "bell")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func socket(name string) string {
	return filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), name+".sock")
}

// Several starts find the socket of a killed program at once.
func TestManyStartOnAStaleSocket(t *testing.T) {
	name := place(t)
	for round := range 50 {
		stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket(name), Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		stale.SetUnlinkOnClose(false)
		stale.Close()

		winners := startAtOnce(t, name, 4)
		if len(winners) != 1 {
			t.Errorf("round %d: %d winners", round, len(winners))
		}
		for _, i := range winners {
			if err := i.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// A stopped program accepts, by its kernel, and never answers.
func TestFrozenProcess(t *testing.T) {
	name := place(t)
	cmd := startHolder(t, name)
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("the other program is not stopped: %v, %v", status, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if i, err := instance.Acquire(ctx, name); i != nil || !errors.Is(err, instance.ErrNotAnswering) {
		t.Errorf("start next to a frozen program: %v, %v; want ErrNotAnswering", i, err)
	}
}

// Visitors that say nothing, too little or something else neither raise the
// window nor keep a later start from it.
func TestStrangeVisitors(t *testing.T) {
	name := place(t)
	first := acquire(t, name)
	for _, words := range []string{"", "rai", "close\n", strings.Repeat("raise", 1000)} {
		conn, err := net.Dial("unix", socket(name))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		io.WriteString(conn, words)
	}
	if _, err := instance.Acquire(t.Context(), name); !errors.Is(err, instance.ErrRunning) {
		t.Errorf("start after strange visitors: %v, want ErrRunning", err)
	}
	wantRaised(t, first)
	first.Close()
	if _, open := <-first.Raised(); open {
		t.Error("a strange visitor raised the window")
	}
}

// Without a runtime folder the place is in the state folder, for the user only.
func TestWithoutRuntimeFolder(t *testing.T) {
	t.Cleanup(xdg.Reload) // after the environment is back
	for _, runtime := range []string{"", "relative", "/nonexistent/runtime"} {
		state := shortDir(t)
		t.Setenv("XDG_RUNTIME_DIR", runtime)
		t.Setenv("XDG_STATE_HOME", state)
		xdg.Reload()
		first := acquire(t, "bell")
		if _, err := instance.Acquire(t.Context(), "bell"); !errors.Is(err, instance.ErrRunning) {
			t.Errorf("XDG_RUNTIME_DIR=%q: second start: %v, want ErrRunning", runtime, err)
		}
		info, err := os.Stat(filepath.Join(state, "bell"))
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("XDG_RUNTIME_DIR=%q: the folder is %v, %v; want mode 0700", runtime, info, err)
		}
		first.Close()
	}
}

func TestPlaceIsNotToBeHad(t *testing.T) {
	t.Cleanup(xdg.Reload) // after the environment is back
	file := filepath.Join(shortDir(t), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	long := filepath.Join(shortDir(t), strings.Repeat("x", 120))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, runtime, state, want string }{
		{"no folder", "", file, "not a directory"},
		{"long path", long, "", "set XDG_RUNTIME_DIR to a folder with a shorter path"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("XDG_RUNTIME_DIR", tt.runtime)
			t.Setenv("XDG_STATE_HOME", tt.state)
			xdg.Reload()
			i, err := instance.Acquire(t.Context(), "bell")
			if i != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, %v; want an error with %q", i, err, tt.want)
			}
		})
	}
}
