//go:build linux

package desktoptest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// linkField stands for the link in the command of OpenLinksWith, as in a .desktop file.
const linkField = "%u"

// OpenLinksWith sets the command that opens the links that programs hand to xdg-open; "%u" in an argument
// stands for the link. Without a command, as at the start, links are only recorded.
func (d *Desktop) OpenLinksWith(command ...string) error {
	return d.writeOpener(command)
}

// OpenLinksInBrowser lets links open in the browser, each in a window of its own at that place.
func (d *Desktop) OpenLinksInBrowser(options BrowserOptions) error {
	command, err := d.browserCommand(linkField, options)
	if err != nil {
		return err
	}
	return d.writeOpener(command)
}

// writeOpener puts an xdg-open first in the desktop's PATH. It writes down each link before it opens it,
// in one piece, and does not wait for the command, as the real one does not wait for a running browser.
func (d *Desktop) writeOpener(command []string) error {
	script := "#!/bin/sh\nprintf '%s\\000' \"$1\" >>" + quote(d.linksFile()) + "\n"
	if len(command) > 0 {
		for i, argument := range command {
			command[i] = strings.ReplaceAll(quote(argument), linkField, `'"$1"'`)
		}
		script += strings.Join(command, " ") + " >>" + quote(filepath.Join(d.dir, "log", "opener.log")) + " 2>&1 &\n"
	}
	// A program may be running the old script just now: replace the file, never write into it.
	path := filepath.Join(d.dir, "bin", "xdg-open")
	if err := os.WriteFile(path+".new", []byte(script), 0o700); err != nil {
		return fmt.Errorf("desktop: xdg-open was not installed: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("desktop: xdg-open was not installed: %w", err)
	}
	return nil
}

// quote makes one word of the shell of a text.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

func (d *Desktop) linksFile() string { return filepath.Join(d.dir, "links") }

// Links lists the links that were handed to xdg-open so far, oldest first.
func (d *Desktop) Links() ([]string, error) {
	text, err := os.ReadFile(d.linksFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("desktop: the opened links are not readable: %w", err)
	}
	end := bytes.LastIndexByte(text, 0)
	if end < 0 {
		return nil, nil // the shell has made the file, and is about to write
	}
	return strings.Split(string(text[:end]), "\x00"), nil
}

// WaitLinks waits until at least that many links were handed to xdg-open, and returns all of them.
func (d *Desktop) WaitLinks(ctx context.Context, count int) ([]string, error) {
	var links []string
	err := await(ctx, fmt.Sprintf("%d opened links", count), func(context.Context) (bool, error) {
		var err error
		links, err = d.Links()
		if err == nil && len(links) < count {
			return false, fmt.Errorf("%d were opened: %q", len(links), links)
		}
		return true, err
	})
	return links, err
}
