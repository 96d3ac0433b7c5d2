package autostart

import (
	"os/exec"
	"slices"
	"strings"
)

// desktopEntry is the group [Desktop Entry] of an XDG autostart file: raw
// values by key.
type desktopEntry map[string]string

const desktopGroup = "[Desktop Entry]"

var (
	escapes   = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`, "\r", `\r`)
	unescapes = strings.NewReplacer(`\\`, `\`, `\s`, " ", `\n`, "\n", `\t`, "\t", `\r`, "\r")
)

// desktopFile is an autostart file that starts the program, or, if hidden, one
// that hides the file of the same name for all users.
func desktopFile(o Options, p program, hidden bool) []byte {
	lines := []string{
		desktopGroup,
		"Type=Application",
		"Name=" + escapes.Replace(o.AppName),
		"Exec=" + escapes.Replace(execLine(p)),
		"Icon=" + o.AppID,
		"Terminal=false",
		"StartupNotify=false", // there is no window to wait for
		"X-GNOME-Autostart-enabled=true",
	}
	if hidden {
		lines = append(lines, "Hidden=true")
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}

// parseDesktopFile reads what an editor may have made of a file: with comments,
// spaces around the equals sign, line ends of Windows, or keys twice, of which
// the last one holds. It is nil if the group is not there.
func parseDesktopFile(content []byte) desktopEntry {
	var e desktopEntry
	inGroup := false
	for line := range strings.Lines(strings.TrimPrefix(string(content), "\ufeff")) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			inGroup = line == desktopGroup
			if inGroup && e == nil {
				e = desktopEntry{}
			}
		case inGroup:
			key, value, _ := strings.Cut(line, "=")
			e[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return e
}

// starts tells whether a desktop of one of these names starts the program by
// this entry at login.
func (e desktopEntry) starts(p program, desktops []string) bool {
	return e != nil &&
		e["Type"] == "Application" &&
		!e.is("Hidden", true) &&
		!e.is("X-GNOME-Autostart-enabled", false) &&
		e.isFor(desktops) &&
		e.isInstalled() &&
		p.runs(execWords(unescapes.Replace(e["Exec"])))
}

// is tells whether a key is there and has that value.
func (e desktopEntry) is(key string, want bool) bool {
	switch strings.ToLower(e[key]) {
	case "true", "1":
		return want
	case "false", "0":
		return !want
	}
	return false
}

func (e desktopEntry) isFor(desktops []string) bool {
	listed := func(key string) bool {
		return slices.ContainsFunc(strings.Split(e[key], ";"), func(name string) bool {
			return name != "" && slices.Contains(desktops, name)
		})
	}
	if _, only := e["OnlyShowIn"]; only {
		return listed("OnlyShowIn")
	}
	return !listed("NotShowIn")
}

// isInstalled heeds TryExec, which switches the entry off when that program is
// not there.
func (e desktopEntry) isInstalled() bool {
	try, has := e["TryExec"]
	if !has {
		return true
	}
	_, err := exec.LookPath(unescapes.Replace(try))
	return err == nil
}
