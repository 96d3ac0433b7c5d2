package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// choosePlatform has nothing to choose.
func choosePlatform() error { return nil }

// tellFatal says why the program can't run. A program of the tray has no
// console, so it says so in a message box, too.
func tellFatal(err error) {
	fmt.Fprintf(os.Stderr, "deskbell: %v\n", err)
	text, badText := windows.UTF16PtrFromString("Deskbell can't run: " + err.Error() + ".")
	title, badTitle := windows.UTF16PtrFromString(appName)
	if badText == nil && badTitle == nil {
		windows.MessageBox(0, text, title, windows.MB_OK|windows.MB_ICONERROR)
	}
}
