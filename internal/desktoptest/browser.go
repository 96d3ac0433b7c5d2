//go:build linux

package desktoptest

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
)

// browsers are the names of Chromium and of its sibling for systems that have it only as a snap.
var browsers = []string{"chromium", "google-chrome-stable", "google-chrome"}

// BrowserOptions choose a browser's window.
type BrowserOptions struct {
	// Rect is the inside of the window on the screen; most of the screen if empty.
	Rect image.Rectangle
	// Profile names the browser's profile. Pages of one profile are windows of one browser.
	Profile string
}

// Browse opens a page in a browser window of its own, without an address bar. The process ends at once if
// a browser of that profile is running: it takes the page. Wait for the page by its title with WaitWindow,
// and press on it with Press.
func (d *Desktop) Browse(url string, options BrowserOptions) (*Process, error) {
	command, err := d.browserCommand(url, options)
	if err != nil {
		return nil, err
	}
	return d.Launch(Program{Name: "browser", Path: command[0], Args: command[1:]})
}

func (d *Desktop) browserCommand(url string, options BrowserOptions) ([]string, error) {
	path, err := findBrowser()
	if err != nil {
		return nil, err
	}
	if options.Rect.Empty() {
		options.Rect = image.Rectangle{Max: d.Size()}.Inset(d.Size().Y / 8)
	}
	if options.Profile == "" {
		options.Profile = "default"
	}
	command := []string{
		path,
		"--user-data-dir=" + filepath.Join(d.dir, "browser", options.Profile),
		"--no-first-run",
		"--no-default-browser-check",
		"--password-store=basic",
		"--force-renderer-accessibility",
		"--disable-gpu",
		"--disable-dev-shm-usage", // small in containers
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--disable-features=Translate,MediaRouter",
		"--test-type", // no bar that warns of the flags
		fmt.Sprintf("--window-position=%d,%d", options.Rect.Min.X, options.Rect.Min.Y),
		fmt.Sprintf("--window-size=%d,%d", options.Rect.Dx(), options.Rect.Dy()),
	}
	if d.options.Dark {
		command = append(command, "--force-dark-mode")
	}
	if !sandboxWorks() {
		command = append(command, "--no-sandbox")
	}
	return append(command, "--app="+url), nil
}

func findBrowser() (string, error) {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("desktop: no browser is installed: neither Chromium nor Google Chrome; run .ci/setup desktop")
}

// sandboxWorks tells whether the browser can build its sandbox: it refuses to as root, and cannot in a
// container that has no user namespaces.
var sandboxWorks = sync.OnceValue(func() bool {
	if os.Geteuid() == 0 {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), toolDeadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/bin/true")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER}
	return cmd.Run() == nil
})
