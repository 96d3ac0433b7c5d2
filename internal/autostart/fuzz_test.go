package autostart_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/autostart"
)

// Whatever a desktop file holds, it is read without a fault, and what is not
// there starts nothing.
func FuzzDesktopFile(f *testing.F) {
	f.Add("[Desktop Entry]\nType=Application\nExec=\"/opt/desk bell\" --hidden %u\nHidden=false\n")
	f.Add("[Desktop Entry]\nExec='a\\'b' \"c\\$d\" \\e")
	f.Fuzz(func(t *testing.T, content string) {
		autostart.ExecWords(content)
		if autostart.DesktopFileStarts(content, "/nonexistent/deskbell") && !strings.Contains(content, "Exec") {
			t.Errorf("%q starts something", content)
		}
	})
}

// Whatever the words of a program are, both files give them back.
func FuzzWords(f *testing.F) {
	f.Add("/opt/desk bell", nasty)
	f.Add("100% a=b", `%%\\`)
	f.Add("\ufffe", "\uffff")
	f.Fuzz(func(t *testing.T, path, arg string) {
		o := app("/"+path, arg)
		if _, err := autostart.New(o); err != nil {
			return
		}
		want := []string{o.Executable, arg}
		content := autostart.DesktopFile(o, false)
		// A shell may be in front.
		if got := autostart.ExecWords(content); len(got) < 2 || !slices.Equal(got[len(got)-2:], want) {
			t.Errorf("%q is read as %q in %s", want, got, content)
		}
		if got := autostart.PlistWords(autostart.LaunchAgentFile(o)); !slices.Equal(got, want) {
			t.Errorf("a property list with %q is read as %q", want, got)
		}
	})
}

// Whatever a property list holds, it is read without a fault.
func FuzzPlist(f *testing.F) {
	f.Add(autostart.LaunchAgentFile(app("/opt/deskbell")))
	f.Fuzz(func(_ *testing.T, content string) { autostart.PlistWords(content) })
}
