//go:build !linux

package ui

import (
	"net/url"
	"os/exec"

	"fyne.io/fyne/v2"
)

// openURL hands the address to the browser as Fyne knows to.
func openURL(app fyne.App, address *url.URL) error { return app.OpenURL(address) }

// detach has nothing to do: a program with windows has no terminal here.
func detach(*exec.Cmd) {}
