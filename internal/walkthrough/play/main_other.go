//go:build !linux

// Command play needs the virtual desktop that only Linux has.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "demo: the virtual desktop runs on Linux only: start deskbell-hub demo and deskbell by hand")
	os.Exit(1)
}
