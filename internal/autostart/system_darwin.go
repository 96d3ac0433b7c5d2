package autostart

import (
	"os"
	"path/filepath"

	"github.com/deskbell/deskbell/internal/lang"
)

func systemEntry(o Options, p program) (entry, error) {
	if err := absolute(p.path); err != nil {
		return nil, err
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, lang.Errorf("can't start Deskbell at login because there is no home folder (%w): set HOME", err)
	}
	return launchAgent{label: o.AppID, program: p, folder: filepath.Join(home, "Library", "LaunchAgents")}, nil
}
