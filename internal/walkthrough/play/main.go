//go:build linux

// Command play walks one call through on virtual desktops and leaves pictures
// and a transcript. `make demo` runs it on a machine without a screen.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/deskbell/deskbell/internal/walkthrough"
)

const patience = 3 * time.Minute

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run() (err error) {
	hub := flag.String("hub", "build/deskbell-hub", "the hub's program")
	app := flag.String("app", "build/deskbell", "the app's program")
	out := flag.String("out", "build/demo", "the folder for pictures and transcript")
	dark := flag.Bool("dark", false, "dark desktops")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	o := walkthrough.Options{Dark: *dark}
	for _, p := range []struct {
		into *string
		path string
	}{{&o.Hub, *hub}, {&o.App, *app}, {&o.Out, *out}} {
		if *p.into, err = filepath.Abs(p.path); err != nil {
			return fmt.Errorf("find %s: %w", p.path, err)
		}
	}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return fmt.Errorf("make the folder for the pictures: %w", err)
	}
	transcript, err := os.Create(filepath.Join(o.Out, "transcript.txt"))
	if err != nil {
		return fmt.Errorf("write the transcript: %w", err)
	}
	defer transcript.Close()
	o.Log = io.MultiWriter(os.Stdout, transcript)
	if err := walkthrough.Play(ctx, o); err != nil {
		return err
	}
	fmt.Printf("\nPictures and transcript: %s\n", o.Out)
	return nil
}
