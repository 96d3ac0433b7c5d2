package ui

import (
	"net/url"
	"os/exec"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
)

// openerPatience is how long the opener is watched for a failure. One that runs
// longer has become the browser.
const openerPatience = 2 * time.Second

// openURL hands the address to xdg-open. Fyne's OpenURL does not wait for it:
// each would stay behind as a zombie, and that there is no browser would stay
// untold.
func openURL(_ fyne.App, address *url.URL) error {
	return runOpener(address, openerPatience)
}

func runOpener(address *url.URL, patience time.Duration) error {
	opener := exec.Command("xdg-open", address.String())
	// Ctrl-C in the terminal that started Deskbell must not close the browser.
	opener.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := opener.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- opener.Wait() }()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case err := <-ended:
		return err
	case <-timeout.C:
		return nil
	}
}
