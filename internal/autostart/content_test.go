package autostart_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/autostart"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	appID   = "io.github.deskbell.Deskbell"
	appName = "Deskbell"
)

// app are the options of a program that starts hidden.
func app(executable string, args ...string) autostart.Options {
	if args == nil {
		args = []string{"--hidden"}
	}
	return autostart.Options{AppID: appID, AppName: appName, Executable: executable, Args: args}
}

// nasty is an argument with every character that one of the formats treats
// differently.
const nasty = `a b "c" 'd' \e\\ $HOME ` + "`id`" + ` 100% %u <&> ; | # * ? ~ (f) =`

func TestContentIsAsEver(t *testing.T) {
	for _, tt := range []struct {
		golden  string
		content func() (string, error)
	}{
		{"plain.desktop", desktopFile(app("/usr/bin/deskbell"), false)},
		{"hidden.desktop", desktopFile(app("/usr/bin/deskbell"), true)},
		{"spaces.desktop", desktopFile(app("/opt/desk bell/Glocke für $5/deskbell"), false)},
		{"percent.desktop", desktopFile(app("/opt/100% a=b/deskbell"), false)},
		{"nasty.desktop", desktopFile(app("/opt/deskbell", nasty, "", `C:\x`), false)},
		{"plain.command", commandLine(app(`C:\deskbell.exe`))},
		{"spaces.command", commandLine(app(`C:\Program Files\Glocke für 100%\deskbell.exe`))},
		{"nasty.command", commandLine(app(`C:\deskbell.exe`, nasty, "", `C:\x`, `C:\x y\`))},
		{"plain.plist", launchAgentFile(app("/Applications/Deskbell.app/Contents/MacOS/deskbell"))},
		{"nasty.plist", launchAgentFile(app("/Applications/Glocke & <Söhne>.app/Contents/MacOS/deskbell", nasty, ""))},
	} {
		t.Run(tt.golden, func(t *testing.T) {
			got, err := tt.content()
			if err != nil {
				t.Fatal(err)
			}
			wantGolden(t, tt.golden, got)
		})
	}
}

func desktopFile(o autostart.Options, hidden bool) func() (string, error) {
	return func() (string, error) { return autostart.DesktopFile(o, hidden), nil }
}

func commandLine(o autostart.Options) func() (string, error) {
	return func() (string, error) {
		line, err := autostart.CommandLine(o)
		return line + "\n", err
	}
}

func launchAgentFile(o autostart.Options) func() (string, error) {
	return func() (string, error) { return autostart.LaunchAgentFile(o), nil }
}

func wantGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed:\n%s\nwant:\n%s", name, got, want)
	}
}

// What is written is read back as the same words.
func TestWordsComeBack(t *testing.T) {
	for _, args := range [][]string{
		{"--hidden"},
		{"", "a", ""},
		{nasty, nasty},
		{"%", "%%", "%u", `\`, `\\`, `"`, "'", "`", "$"},
		{"=", "é", "日本", "\u200b"},
	} {
		o := app("/opt/desk bell/deskbell", args...)
		want := append([]string{o.Executable}, args...)
		if got := autostart.ExecWords(autostart.DesktopFile(o, false)); !slices.Equal(got, want) {
			t.Errorf("a desktop file with %q is read as %q", want, got)
		}
		if got := autostart.PlistWords(autostart.LaunchAgentFile(o)); !slices.Equal(got, want) {
			t.Errorf("a property list with %q is read as %q", want, got)
		}
	}
}

func TestProgramIsRefused(t *testing.T) {
	for _, tt := range []struct {
		name    string
		options autostart.Options
		want    string
	}{
		{"no id", autostart.Options{AppName: appName}, "use letters, digits, dots and dashes"},
		{"id of another folder", autostart.Options{AppID: "../deskbell", AppName: appName}, "use letters, digits, dots and dashes"},
		{"no name", autostart.Options{AppID: appID}, "use printable characters"},
		{"name of two lines", autostart.Options{AppID: appID, AppName: "Desk\nbell"}, "use printable characters"},
		{"path of two lines", app("/opt/desk\nbell"), "move Deskbell to a folder with a plain name"},
		{"path in Latin-1", app("/opt/f\xfcr/deskbell"), "move Deskbell to a folder with a plain name"},
		{"argument with a null", app("/opt/deskbell", "a\x00"), "control character"},
		{"relative path", app("bin/deskbell"), "is not absolute"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := autostart.New(tt.options)
			if a != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, %v; want an error with %q", a, err, tt.want)
			}
		})
	}
}

func TestWindowsRefuses(t *testing.T) {
	if _, err := autostart.CommandLine(app(`C:\a"b\deskbell.exe`)); err == nil || !strings.Contains(err.Error(), "has a quote") {
		t.Errorf("a command line of a path with a quote: %v", err)
	}
	fits := app(`C:\` + strings.Repeat("x", autostart.MaxCommand-len(`"C:\" --hidden`)))
	if line, err := autostart.CommandLine(fits); err != nil || len(line) != autostart.MaxCommand {
		t.Errorf("a command line that just fits: %d characters, %v", len(line), err)
	}
	fits.Executable += "x"
	if _, err := autostart.CommandLine(fits); err == nil || !strings.Contains(err.Error(), "shorter path") {
		t.Errorf("a command line that is too long: %v", err)
	}
}
