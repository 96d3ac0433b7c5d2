package ui

import (
	"net/url"
	"os/exec"
	"time"
)

// RunOpener is how an address comes to the browser.
func RunOpener(address *url.URL, patience time.Duration) error {
	return runOpener(exec.Command("xdg-open", address.String()), patience)
}

// OpenWith is how it comes to a command of the person's.
var OpenWith = openWith
