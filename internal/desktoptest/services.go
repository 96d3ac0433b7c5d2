//go:build linux

package desktoptest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// KeyringPassword unlocks the desktop's keyring.
const KeyringPassword = "test"

// serviceFolder holds the machine's D-Bus services; the desktop offers its own bus only some of them.
const serviceFolder = "/usr/share/dbus-1/services"

const (
	xfconfService   = "org.xfce.Xfconf.service"
	sightService    = "org.a11y.Bus.service"
	prompterService = "org.gnome.keyring.SystemPrompter.service"
	notifydService  = "org.xfce.xfce4-notifyd.Notifications.service"
)

const (
	notificationsName = "org.freedesktop.Notifications"
	secretsName       = "org.freedesktop.secrets"
	watcherName       = "org.kde.StatusNotifierWatcher"
)

// checkPrograms names everything that is not installed at once.
func checkPrograms() error {
	var missing []string
	for _, name := range []string{
		"Xvfb", "dbus-daemon", "openbox", "gnome-keyring-daemon", "xfce4-panel",
		"secret-tool", "xdotool", "wmctrl", "xwininfo", "import", "display",
	} {
		if _, err := exec.LookPath(name); err != nil {
			missing = append(missing, name)
		}
	}
	for _, file := range []string{xfconfService, sightService, notifydService} {
		path := filepath.Join(serviceFolder, file)
		if _, err := os.Stat(path); err != nil {
			missing = append(missing, path)
		}
	}
	if missing != nil {
		return fmt.Errorf("desktop: not installed: %s; run .ci/setup desktop", strings.Join(missing, ", "))
	}
	return nil
}

// serve starts a program that runs as long as the desktop, and waits until it is ready.
func (d *Desktop) serve(ctx context.Context, program Program, what string, ready func(context.Context) (bool, error)) error {
	process, err := d.Launch(program)
	if err != nil {
		return err
	}
	return await(ctx, what, func(ctx context.Context) (bool, error) {
		select {
		case <-process.done:
			return true, process.failure()
		default:
			return ready(ctx)
		}
	})
}

// startScreen lets Xvfb choose a free display, which it writes down when it is ready.
func (d *Desktop) startScreen(ctx context.Context) error {
	// Xvfb makes this folder only as root, and nobody can connect without it.
	if err := os.Mkdir("/tmp/.X11-unix", 0o777); err == nil {
		if err := os.Chmod("/tmp/.X11-unix", os.ModeSticky|0o777); err != nil {
			return err
		}
	}
	displayFile := filepath.Join(d.dir, "display")
	script := `exec 3>"$1"; exec Xvfb -displayfd 3 -screen 0 "$2" -nolisten tcp -noreset +extension GLX`
	return d.serve(ctx, Program{
		Name: "xvfb",
		Path: "/bin/sh",
		Args: []string{"-c", script, "sh", displayFile, fmt.Sprintf("%dx%dx24", d.options.Width, d.options.Height)},
	}, "the screen", func(context.Context) (bool, error) {
		number, err := os.ReadFile(displayFile)
		if err != nil || !strings.HasSuffix(string(number), "\n") {
			return false, err
		}
		d.display = ":" + strings.TrimSpace(string(number))
		return true, nil
	})
}

// hangWallpaper judges by the screen: ImageMagick's display ends with status 1 even when it did its work.
func (d *Desktop) hangWallpaper(ctx context.Context) error {
	file, err := d.writeWallpaper()
	if err != nil {
		return err
	}
	_, failed := d.output(ctx, "display", "-window", "root", file)
	screen, err := d.Screen(ctx)
	if err != nil {
		return err
	}
	if d.bare(screen, screen.Bounds()) < 0.99 {
		return fmt.Errorf("the wallpaper does not show (%v)", failed)
	}
	return nil
}

// startWindowManager also puts the pointer where it hovers over nothing.
func (d *Desktop) startWindowManager(ctx context.Context) error {
	if err := d.MovePointer(ctx, d.Size().Div(2)); err != nil {
		return err
	}
	return d.serve(ctx, Program{Path: "openbox"}, "the window manager", func(ctx context.Context) (bool, error) {
		_, err := d.output(ctx, "wmctrl", "-m")
		return err == nil, err
	})
}

// startKeyring makes the login keyring, which becomes the default one, and leaves it unlocked.
func (d *Desktop) startKeyring(ctx context.Context) error {
	if d.options.WithoutKeyring {
		return nil
	}
	return d.serve(ctx, Program{
		Path:  "gnome-keyring-daemon",
		Args:  []string{"--unlock", "--foreground", "--components=secrets"},
		Stdin: strings.NewReader(KeyringPassword),
	}, "the keyring", func(ctx context.Context) (bool, error) {
		if !d.owned(ctx, secretsName) {
			return false, nil
		}
		collection, err := d.defaultCollection(ctx)
		if err != nil {
			return false, err
		}
		locked, err := property[bool](ctx, d.bus.Object(secretsName, collection), "org.freedesktop.Secret.Collection.Locked")
		return err == nil && !locked, err
	})
}

// startPanel waits until the panel is drawn and takes tray items, if it has a tray.
func (d *Desktop) startPanel(ctx context.Context) error {
	return d.serve(ctx, Program{
		Path: "xfce4-panel",
		Args: []string{"--disable-wm-check", "--sm-client-disable"},
	}, "the panel", func(ctx context.Context) (bool, error) {
		drawn, err := d.Widgets(ctx, Target{App: "xfce4-panel", Role: RoleToggle})
		if err != nil || len(drawn) == 0 {
			return false, err
		}
		if d.options.WithoutTray {
			return true, nil
		}
		if !d.owned(ctx, watcherName) {
			return false, nil
		}
		return property[bool](ctx, d.bus.Object(watcherName, watcherPath), watcherName+".IsStatusNotifierHostRegistered")
	})
}

func (d *Desktop) startNotifications(ctx context.Context) error {
	if d.options.WithoutNotifications {
		return nil
	}
	path, err := serviceProgram(notifydService)
	if err != nil {
		return err
	}
	return d.serve(ctx, Program{Path: path}, "the notifications", func(ctx context.Context) (bool, error) {
		return d.owned(ctx, notificationsName), nil
	})
}

// serviceProgram returns the program that a service file starts: it may be outside PATH.
func serviceProgram(file string) (string, error) {
	service, err := os.Open(filepath.Join(serviceFolder, file))
	if err != nil {
		return "", err
	}
	defer func() { _ = service.Close() }() // only read
	for lines := bufio.NewScanner(service); lines.Scan(); {
		if command, ok := strings.CutPrefix(lines.Text(), "Exec="); ok {
			program, _, _ := strings.Cut(command, " ")
			return program, nil
		}
	}
	return "", fmt.Errorf("%s names no program", service.Name())
}
