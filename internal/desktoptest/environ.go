//go:build linux

package desktoptest

import (
	"os"
	"path/filepath"
)

// passed are the variables of the test's own environment that programs on the desktop see too: they
// steer the Go runtime of what is tested, or name the user.
var passed = []string{"USER", "LOGNAME", "GOCOVERDIR", "GORACE", "GOTRACEBACK", "GODEBUG", "SSL_CERT_FILE", "SSL_CERT_DIR"}

// Env is the environment of the programs on the desktop, complete: nothing else of the test's environment
// gets through, no proxy and no setting of the user's desktop.
func (d *Desktop) Env() []string {
	theme := "light"
	if d.options.Dark {
		theme = "dark"
	}
	env := []string{
		d.mark(),
		"HOME=" + d.Home(),
		"PATH=" + filepath.Join(d.dir, "bin") + ":" + os.Getenv("PATH"),
		"TMPDIR=" + filepath.Join(d.dir, "tmp"),
		"LANG=C.UTF-8",
		"LANGUAGE=en_US",
		"DISPLAY=" + d.display,
		"DBUS_SESSION_BUS_ADDRESS=" + d.busAddress(),
		"XDG_RUNTIME_DIR=" + d.RuntimeDir(),
		"XDG_CURRENT_DESKTOP=XFCE",
		"XDG_SESSION_TYPE=x11",
		"GDK_BACKEND=x11",
		"LIBGL_ALWAYS_SOFTWARE=1",
		// Without a settings portal on the bus, Fyne reads light or dark from here only.
		"FYNE_THEME=" + theme,
		// Chromium tells its widgets to the accessibility bus only when asked to.
		"ACCESSIBILITY_ENABLED=1",
	}
	if d.options.Sound {
		env = append(env, "PULSE_SERVER=none") // the name of a sound server makes ALSA's default device worth a try
	}
	for _, name := range passed {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
