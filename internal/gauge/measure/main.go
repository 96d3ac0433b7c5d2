//go:build linux

// Command measure prints how fast the bell is on a real desktop that nobody
// sees, or what the idle app costs. `make latency` and `make idle` run it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/deskbell/deskbell/internal/gauge"
)

const usage = `usage: measure [flags] latency | idle`

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run() (err error) {
	var o gauge.Options
	flag.StringVar(&o.Hub, "hub", "build/deskbell-hub", "the hub's program")
	flag.StringVar(&o.App, "app", "build/deskbell", "the app's program")
	flag.StringVar(&o.Bare, "bare", "build/bare", "a program of the same toolkit that does nothing")
	rings := flag.Int("rings", 100, "latency: calls that appear")
	taken := flag.Int("taken", 20, "latency: calls that another agent takes, seven seconds each")
	starts := flag.Int("starts", 10, "idle: starts that are timed")
	idle := flag.Duration("for", time.Minute, "idle: how long nothing happens")
	flag.Parse()
	for _, path := range []*string{&o.Hub, &o.App, &o.Bare} {
		if *path, err = filepath.Abs(*path); err != nil {
			return fmt.Errorf("find the programs: %w", err)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Printf("%d cores; load of the machine before: %s", runtime.NumCPU(), load)
	}
	switch flag.Arg(0) {
	case "latency":
		return gauge.Latency(ctx, os.Stdout, o, *rings, *taken)
	case "idle":
		return gauge.Idle(ctx, os.Stdout, o, *starts, *idle)
	default:
		return errors.New(usage)
	}
}
