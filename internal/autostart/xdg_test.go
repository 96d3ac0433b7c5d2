//go:build !windows && !darwin

package autostart_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/adrg/xdg"

	"github.com/deskbell/deskbell/internal/autostart"
)

// home is a fresh place for the files of the person and the administrator.
type home struct {
	config, shared string
	executable     string // an installed program, also in PATH
}

func newHome(t *testing.T) home {
	t.Helper()
	root := t.TempDir()
	h := home{
		config:     filepath.Join(root, "config"),
		shared:     filepath.Join(root, "etc"),
		executable: filepath.Join(root, "my bin", "deskbell"),
	}
	writeFile(t, h.executable, "")
	if err := os.Chmod(h.executable, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(xdg.Reload) // after the environment is back
	t.Setenv("XDG_CONFIG_HOME", h.config)
	t.Setenv("XDG_CONFIG_DIRS", h.shared)
	t.Setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
	t.Setenv("PATH", filepath.Dir(h.executable))
	xdg.Reload()
	return h
}

func (h home) file() string       { return filepath.Join(h.config, "autostart", appID+".desktop") }
func (h home) sharedFile() string { return filepath.Join(h.shared, "autostart", appID+".desktop") }

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func newAutostart(t *testing.T, executable string) *autostart.Autostart {
	t.Helper()
	a, err := autostart.New(app(executable))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func set(t *testing.T, a *autostart.Autostart, on bool) {
	t.Helper()
	if err := a.Set(on); err != nil {
		t.Fatal(err)
	}
	wantEnabled(t, a, on)
}

func wantEnabled(t *testing.T, a *autostart.Autostart, want bool) {
	t.Helper()
	if on, err := a.Enabled(); on != want || err != nil {
		t.Errorf("Enabled: %v, %v; want %v", on, err, want)
	}
}

func wantMissing(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("%s is there: %v", path, err)
	}
}

func TestOnAndOff(t *testing.T) {
	h := newHome(t)
	a := newAutostart(t, h.executable)
	wantEnabled(t, a, false)
	for range 2 {
		set(t, a, true)
		set(t, a, true)
		info, err := os.Stat(h.file())
		if err != nil || info.Mode() != 0o644 {
			t.Fatalf("the file is %v, %v", info, err)
		}
		set(t, a, false)
		set(t, a, false)
		wantMissing(t, h.file())
	}
	if left, err := os.ReadDir(filepath.Dir(h.file())); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Without a path, it is the program that runs.
func TestRunningProgram(t *testing.T) {
	newHome(t)
	a := newAutostart(t, "")
	set(t, a, true)
	running, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	wantEnabled(t, newAutostart(t, running), true)
}

// Folders whose names need more than quotes.
func TestStrangeFolder(t *testing.T) {
	h := newHome(t)
	for _, folder := range []string{"a b", "100%", "%u", "a=b", `\`, `"quoted"`, "$HOME", "`id`", "~", "Glocke für 日本"} {
		path := filepath.Join(h.config, folder, "deskbell")
		a := newAutostart(t, path)
		wantEnabled(t, a, false)
		set(t, a, true)
	}
}

func TestMovedProgram(t *testing.T) {
	h := newHome(t)
	set(t, newAutostart(t, h.executable), true)
	moved := filepath.Join(filepath.Dir(h.executable), "deskbell-2")
	if err := os.Rename(h.executable, moved); err != nil {
		t.Fatal(err)
	}
	a := newAutostart(t, moved)
	wantEnabled(t, a, false)
	set(t, a, true)
	content, err := os.ReadFile(h.file())
	if err != nil || !strings.Contains(string(content), "deskbell-2") {
		t.Errorf("the file is %q, %v", content, err)
	}
}

// A file that an editor or another program made of ours.
func TestEditedFile(t *testing.T) {
	h := newHome(t)
	link := filepath.Join(t.TempDir(), "bell")
	if err := os.Symlink(h.executable, link); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(filepath.Dir(h.executable), "other")
	writeFile(t, other, "")
	quoted := `"` + h.executable + `"`
	base := "[Desktop Entry]\nType=Application\nExec=" + quoted + "\n"
	for _, tt := range []struct {
		name, content string
		want          bool
	}{
		{"other options", base + "Exec=" + quoted + " --hub https://hub --hidden\n", true},
		{"delay and translations", base + "X-GNOME-Autostart-Delay=10\nName[de]=Tischglocke\n", true},
		{"windows line ends", strings.ReplaceAll(base, "\n", "\r\n"), true},
		{"byte order mark", "\ufeff" + base, true},
		{"comments and spaces", "# mine\n\n [Desktop Entry] \n Type = Application\n#Hidden=true\nExec  =  " + quoted + "  \n", true},
		{"by name", "[Desktop Entry]\nType=Application\nExec=deskbell\n", true},
		{"by a link", "[Desktop Entry]\nType=Application\nExec=" + link + "\n", true},
		{"single quotes", "[Desktop Entry]\nType=Application\nExec='" + h.executable + "'\n", true},
		{"behind env", "[Desktop Entry]\nType=Application\nExec=env LANG=de nice " + quoted + " %U\n", true},
		{"another group after it", base + "[Desktop Action x]\nHidden=true\nExec=/bin/true\n", true},
		{"no end of line", strings.TrimSuffix(base, "\n"), true},
		{"hidden no", base + "Hidden=false\n", true},
		{"gnome yes", base + "X-GNOME-Autostart-enabled=true\n", true},
		{"for this desktop", base + "OnlyShowIn=KDE;GNOME;\n", true},
		{"not for others", base + "NotShowIn=KDE;\n", true},
		{"installed", base + "TryExec=deskbell\n", true},

		{"hidden", base + "Hidden=true\n", false},
		{"hidden with spaces", base + "Hidden = True\n", false},
		{"gnome no", base + "X-GNOME-Autostart-enabled=false\n", false},
		{"for another desktop", base + "OnlyShowIn=KDE;\n", false},
		{"not for this desktop", base + "NotShowIn=XFCE;GNOME\n", false},
		{"not installed", base + "TryExec=/nonexistent/deskbell\n", false},
		{"another program", base + "Exec=" + strings.ReplaceAll(quoted, "deskbell", "other") + "\n", false},
		{"a program that is gone", base + "Exec=/nonexistent/deskbell\n", false},
		{"no program", "[Desktop Entry]\nType=Application\n", false},
		{"a link", strings.Replace(base, "Application", "Link", 1), false},
		{"open quote", "[Desktop Entry]\nType=Application\nExec=\"" + h.executable + "\n", false},
		{"other group", strings.Replace(base, "Desktop Entry", "Desktop", 1), false},
		{"empty", "", false},
		{"binary", "\x00\xff\xfe[Desktop Entry]\x00", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			writeFile(t, h.file(), tt.content)
			a := newAutostart(t, h.executable)
			wantEnabled(t, a, tt.want)
			set(t, a, true)
			content, err := os.ReadFile(h.file())
			if kept := string(content) == tt.content; err != nil || kept != tt.want {
				t.Errorf("after Set(true) the file is kept: %v, want %v (%v)", kept, tt.want, err)
			}
			set(t, a, false)
			wantMissing(t, h.file())
		})
	}
}

// An administrator starts it for all users; a person can say no, and yes again.
func TestSharedFile(t *testing.T) {
	h := newHome(t)
	writeFile(t, h.sharedFile(), "[Desktop Entry]\nType=Application\nExec=deskbell --hidden\n")
	a := newAutostart(t, h.executable)
	wantEnabled(t, a, true)
	set(t, a, true)
	wantMissing(t, h.file())
	set(t, a, false)
	content, err := os.ReadFile(h.file())
	if err != nil || !strings.Contains(string(content), "\nHidden=true\n") {
		t.Errorf("the person's file is %q, %v", content, err)
	}
	set(t, a, true)

	// One that starts nothing needs nothing against it.
	writeFile(t, h.sharedFile(), "[Desktop Entry]\nType=Application\nExec=deskbell\nHidden=true\n")
	set(t, a, false)
	wantMissing(t, h.file())
}

func TestLinkIsReplaced(t *testing.T) {
	h := newHome(t)
	const theirs = "[Desktop Entry]\nHidden=true\n"
	target := filepath.Join(t.TempDir(), "dotfiles.desktop")
	writeFile(t, target, theirs)
	if err := os.MkdirAll(filepath.Dir(h.file()), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, h.file()); err != nil {
		t.Fatal(err)
	}
	set(t, newAutostart(t, h.executable), true)
	if content, err := os.ReadFile(target); err != nil || string(content) != theirs {
		t.Errorf("behind the link is now %q, %v", content, err)
	}
}

func TestFileResists(t *testing.T) {
	huge := "[Desktop Entry]\n" + strings.Repeat("# much\n", 20_000)
	for _, tt := range []struct {
		name        string
		prepare     func(t *testing.T, h home)
		read, write string // what the errors say; empty for none
	}{
		{"too large", func(t *testing.T, h home) { writeFile(t, h.file(), huge) }, "is larger than 64 KiB", ""},
		{"a folder", func(t *testing.T, h home) {
			if err := os.MkdirAll(filepath.Join(h.file(), "x"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, "is not a file: remove it", "can't write %s"},
		{"no folder", func(t *testing.T, h home) { writeFile(t, filepath.Dir(h.file()), "") }, "can't read %s (not a directory)", "can't make the folder"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHome(t)
			tt.prepare(t, h)
			a := newAutostart(t, h.executable)
			_, err := a.Enabled()
			wantSentence(t, err, "can't tell whether Deskbell starts at login: ", tt.read, h)
			err = a.Set(true)
			if tt.write == "" {
				if err != nil {
					t.Errorf("Set(true): %v", err)
				}
				return
			}
			wantSentence(t, err, "start at login stays as it was: ", tt.write, h)
			wantSentence(t, a.Set(false), "start at login stays as it was: ", "can't remove %s", h)
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(h.file()), ".*")); left != nil {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func wantSentence(t *testing.T, err error, prefix, want string, h home) {
	t.Helper()
	if strings.Contains(want, "%s") {
		want = fmt.Sprintf(want, h.file())
	}
	if err == nil || !strings.HasPrefix(err.Error(), prefix) || !strings.Contains(err.Error(), want) {
		t.Errorf("%v; want %q and %q", err, prefix, want)
	}
}
