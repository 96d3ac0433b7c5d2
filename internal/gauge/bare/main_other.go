//go:build !linux

// Command bare is measured on the virtual desktop that only Linux has.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bare: the virtual desktop runs on Linux only")
	os.Exit(1)
}
