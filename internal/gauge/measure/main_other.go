//go:build !linux

// Command measure needs the virtual desktop that only Linux has.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "measure: the virtual desktop runs on Linux only")
	os.Exit(1)
}
