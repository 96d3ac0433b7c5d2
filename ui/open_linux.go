package ui

import (
	"net/url"
	"os/exec"
	"syscall"

	"fyne.io/fyne/v2"
)

// openURL hands the address to xdg-open. Fyne's OpenURL does not wait for it:
// each would stay behind as a zombie, and that there is no browser would stay
// untold.
func openURL(_ fyne.App, address *url.URL) error {
	return runOpener(exec.Command("xdg-open", address.String()), openerPatience)
}

// detach keeps Ctrl-C in the terminal that started Deskbell from closing the
// browser.
func detach(opener *exec.Cmd) { opener.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
