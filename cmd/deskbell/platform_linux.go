package main

import (
	"errors"
	"fmt"
	"os"
)

// choosePlatform makes sure that there is a display, and takes X11 where there
// is a choice: a window can't stay above the others on native Wayland.
func choosePlatform() error {
	x11, wayland := os.Getenv("DISPLAY") != "", os.Getenv("WAYLAND_DISPLAY") != ""
	if !x11 && !wayland {
		return errors.New("there is no desktop to show calls on: DISPLAY and WAYLAND_DISPLAY are not set; start Deskbell from your desktop session")
	}
	if x11 && wayland && os.Getenv("FYNE_PLATFORM") == "" {
		return os.Setenv("FYNE_PLATFORM", "x11")
	}
	return nil
}

// tellFatal says why the program can't run.
func tellFatal(err error) { fmt.Fprintf(os.Stderr, "deskbell: %v\n", err) }
