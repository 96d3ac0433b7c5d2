//go:build linux

package desktoptest

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// startDeadline bounds Start on a busy machine; it takes about two seconds on an idle one.
const startDeadline = 60 * time.Second

// Options choose the desktop. The zero value is a complete light desktop of 1280 by 800 pixels.
type Options struct {
	// Width and Height of the screen in pixels.
	Width, Height int
	// Dark makes the panel, the notifications, the window frames, the browser and Fyne programs dark.
	Dark bool
	// Sound gives the desktop a sound device, which nobody hears but WaitSound and WaitSilence.
	Sound bool
	// WithoutKeyring leaves out the Secret Service.
	WithoutKeyring bool
	// WithoutTray leaves out the tray: no StatusNotifierWatcher and no host.
	WithoutTray bool
	// WithoutNotifications leaves out the notification daemon.
	WithoutNotifications bool
	// Keep leaves the desktop's folder in place on Close, for a look at its logs.
	Keep bool
}

// A Desktop is one running desktop. Its methods may be called from several goroutines.
type Desktop struct {
	options   Options
	dir       string
	display   string
	wallpaper *image.NRGBA

	bus   *dbus.Conn // the session bus
	sight *dbus.Conn // the accessibility bus

	speaker *speaker // nil without Options.Sound

	mu        sync.Mutex
	launched  []*Process // in order of their start, the services first
	services  int        // how many of launched are services
	closed    bool
	closeOnce sync.Once
	closeErr  error
}

// Start runs a desktop and returns when its window manager, tray, notifications and keyring answer. The
// context bounds the start only; the desktop runs until Close. A program that is missing, or ends, or does
// not answer in time, is an error that names it and says what to do; nothing is left running then.
func Start(ctx context.Context, options Options) (*Desktop, error) {
	if options.Width == 0 && options.Height == 0 {
		options.Width, options.Height = 1280, 800
	}
	if options.Width < 320 || options.Height < 200 {
		return nil, fmt.Errorf("desktop: a screen of %dx%d pixels is too small; 320x200 is the least", options.Width, options.Height)
	}
	if err := checkPrograms(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startDeadline)
	defer cancel()

	d := &Desktop{options: options}
	if err := d.start(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *Desktop) start(ctx context.Context) error {
	steps := []func(context.Context) error{
		d.makeFolder,
		d.startSpeaker,
		d.startScreen,
		d.hangWallpaper,
		d.startBus,
		d.startWindowManager,
		d.startKeyring,
		d.startPanel,
		d.startNotifications,
		d.WaitStill, // all is drawn then; only the clock may take a second more
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return fmt.Errorf("desktop did not start: %w", err)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.services = len(d.launched)
	return nil
}

// makeFolder lays out the desktop's folder. Paths of unix sockets may have 107 bytes only, so it stays
// out of deep temporary folders.
func (d *Desktop) makeFolder(context.Context) error {
	base := os.TempDir()
	if len(base) > 30 {
		base = "/tmp"
	}
	dir, err := os.MkdirTemp(base, "deskbell-desktop-")
	if err != nil {
		return fmt.Errorf("no folder for the desktop: %w; set TMPDIR to a folder that can be written", err)
	}
	d.dir = dir
	for _, name := range []string{"bin", "log", "run", "services", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			return err
		}
	}
	if err := d.writeHome(); err != nil {
		return err
	}
	return d.writeOpener(nil)
}

// Dir is the folder that holds all files of the desktop: HOME, logs, sockets and temporary files.
func (d *Desktop) Dir() string { return d.dir }

// Home is the HOME of the person at this desktop.
func (d *Desktop) Home() string { return filepath.Join(d.dir, "home") }

// RuntimeDir is the XDG_RUNTIME_DIR of the person at this desktop.
func (d *Desktop) RuntimeDir() string { return filepath.Join(d.dir, "run") }

// Size is the size of the screen in pixels.
func (d *Desktop) Size() image.Point { return image.Pt(d.options.Width, d.options.Height) }

// Bus connects to the session bus of the desktop. The caller closes the connection.
func (d *Desktop) Bus() (*dbus.Conn, error) {
	return dialBus(d.busAddress())
}

// Close ends every process of the desktop, within seconds even if some do not listen, and removes its folder unless
// Options.Keep is set. Further calls return the result of the first.
func (d *Desktop) Close() error {
	d.closeOnce.Do(func() { d.closeErr = d.close() })
	return d.closeErr
}

func (d *Desktop) close() error {
	d.mu.Lock()
	d.closed = true
	services, programs := d.launched[:d.services], d.launched[d.services:]
	d.mu.Unlock()

	for _, conn := range []*dbus.Conn{d.sight, d.bus} {
		if conn != nil {
			_ = conn.Close() // its other end is ended next
		}
	}
	if d.dir == "" {
		return nil
	}
	err := endProcesses(d.mark(), services, programs)
	if d.speaker != nil {
		d.speaker.close() // after the programs that play on it
	}
	if d.options.Keep {
		return err
	}
	if gone := os.RemoveAll(d.dir); gone != nil {
		err = errors.Join(err, fmt.Errorf("desktop: its folder %s is left behind: %w; remove it by hand", d.dir, gone))
	}
	return err
}
