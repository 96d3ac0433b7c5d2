package autostart

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/deskbell/deskbell/internal/lang"
)

// Options say what is started.
type Options struct {
	AppID   string // names the entry, e.g. io.github.deskbell.Deskbell: letters, digits, dots, dashes
	AppName string // what people see in their system's list, e.g. Deskbell

	// Executable is the absolute path of the program; empty is the one that runs.
	Executable string
	Args       []string // e.g. --hidden
}

// Autostart is the system's entry for one program.
type Autostart struct {
	entry entry
}

// entry is what a system keeps about a program that it starts at login.
type entry interface {
	// starts tells whether the system will start the program by this entry.
	starts() (bool, error)
	write() error
	remove() error
}

// New returns the entry of a program. It reads and writes nothing yet; an
// error means that this program can't be started at login, and says why.
func New(o Options) (*Autostart, error) {
	return newAutostart(o, systemEntry)
}

func newAutostart(o Options, place func(Options, program) (entry, error)) (*Autostart, error) {
	if o.AppID == "" || strings.ContainsFunc(o.AppID, notInID) {
		return nil, fmt.Errorf("application id %q: use letters, digits, dots and dashes", o.AppID)
	}
	if o.AppName == "" || !isPlain(o.AppName) {
		return nil, fmt.Errorf("application name %q: use printable characters", o.AppName)
	}
	if o.Executable == "" {
		running, err := os.Executable()
		if err != nil {
			return nil, lang.Errorf("can't start Deskbell at login because the system does not say where it is (%w): start it by its full path", err)
		}
		o.Executable = running
	}
	p, err := newProgram(o.Executable, o.Args)
	if err != nil {
		return nil, err
	}
	e, err := place(o, p)
	if err != nil {
		return nil, err
	}
	return &Autostart{e}, nil
}

func notInID(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '-' || r == '_')
}

// Enabled tells whether the system will start this executable at the next
// login. An error means that it can't be told, and says what to do.
func (a *Autostart) Enabled() (bool, error) {
	on, err := a.entry.starts()
	if err != nil {
		return false, lang.Errorf("can't tell whether Deskbell starts at login: %w", err)
	}
	return on, nil
}

// Set makes the system start this executable at login, or not. It needs no
// Enabled before it, and mends an entry that can't be read.
func (a *Autostart) Set(on bool) error {
	var err error
	if on {
		err = a.turnOn()
	} else {
		err = a.entry.remove()
	}
	if err != nil {
		return lang.Errorf("start at login stays as it was: %w", err)
	}
	return nil
}

func (a *Autostart) turnOn() error {
	if starts, err := a.entry.starts(); err == nil && starts {
		return nil // as the person edited it, with a delay or other options
	}
	return a.entry.write()
}

// absolute refuses a path that means something else at login, in another folder.
func absolute(path string) error {
	if !filepath.IsAbs(path) {
		return lang.Errorf("%q can't be started at login: its path is not absolute", path)
	}
	return nil
}

// cause is the error without the path, which the sentence names already.
func cause(err error) error {
	var path *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
