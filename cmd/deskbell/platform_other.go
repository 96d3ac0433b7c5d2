//go:build !linux && !windows

package main

import (
	"fmt"
	"os"
)

// choosePlatform has nothing to choose.
func choosePlatform() error { return nil }

// tellFatal says why the program can't run.
func tellFatal(err error) { fmt.Fprintf(os.Stderr, "deskbell: %v\n", err) }
