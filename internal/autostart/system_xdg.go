//go:build !windows && !darwin

package autostart

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
)

func systemEntry(o Options, p program) (entry, error) {
	if err := absolute(p.path); err != nil {
		return nil, err
	}
	e := xdgEntry{
		options:  o,
		program:  p,
		home:     filepath.Join(xdg.ConfigHome, "autostart"),
		desktops: strings.Split(os.Getenv("XDG_CURRENT_DESKTOP"), ":"),
	}
	for _, folder := range xdg.ConfigDirs {
		e.shared = append(e.shared, filepath.Join(folder, "autostart"))
	}
	return e, nil
}
