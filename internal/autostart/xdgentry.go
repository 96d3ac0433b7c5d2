//go:build !windows && !darwin

package autostart

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// xdgEntry is the autostart file of one program in the folders of the Desktop
// Application Autostart specification.
type xdgEntry struct {
	options Options
	program program

	home     string   // the person's folder
	shared   []string // the administrator's, the most important first
	desktops []string // the names that the running desktop goes by
}

func (e xdgEntry) path(folder string) string {
	return filepath.Join(folder, e.options.AppID+".desktop")
}

// starts asks the first file only: it hides all others of its name.
func (e xdgEntry) starts() (bool, error) {
	return e.startsFrom(append([]string{e.home}, e.shared...))
}

func (e xdgEntry) startsFrom(folders []string) (bool, error) {
	for _, folder := range folders {
		content, err := readFile(e.path(folder))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return false, err
		}
		return parseDesktopFile(content).starts(e.program, e.desktops), nil
	}
	return false, nil
}

func (e xdgEntry) write() error { return e.put(false) }

// remove leaves a file that says no where the administrator's would say yes;
// who can't read that one is on the safe side with it, too.
func (e xdgEntry) remove() error {
	if starts, err := e.startsFrom(e.shared); err != nil || starts {
		return e.put(true)
	}
	return removeFile(e.path(e.home))
}

func (e xdgEntry) put(hidden bool) error {
	return writeFile(e.path(e.home), desktopFile(e.options, e.program, hidden))
}
