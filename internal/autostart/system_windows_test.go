package autostart_test

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/deskbell/deskbell/internal/autostart"
)

// The real registry, under a name that nobody has.
func TestCurrentUser(t *testing.T) {
	o := app("")
	o.AppName = fmt.Sprintf("Deskbell test %d", os.Getpid())
	here := newCurrentUser(t, o)
	t.Cleanup(func() {
		if err := here.Set(false); err != nil {
			t.Error(err)
		}
	})
	o.Executable = `C:\nowhere\deskbell.exe`
	moved := newCurrentUser(t, o)

	expect(t, here, false)
	change(t, here, false)
	change(t, here, true)
	expect(t, moved, false)
	change(t, moved, true)
	expect(t, here, false)
	change(t, here, true)

	switchOff(t, o.AppName)
	expect(t, here, false)
	change(t, here, true)
	switchOff(t, o.AppName)
	change(t, here, false)
	change(t, here, true)
	change(t, here, false)
	t.Log("real: the Run key of the Windows registry")
}

func newCurrentUser(t *testing.T, o autostart.Options) *autostart.Autostart {
	t.Helper()
	a, err := autostart.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// switchOff does what the Task Manager does.
func switchOff(t *testing.T, name string) {
	t.Helper()
	key, _, err := registry.CreateKey(registry.CURRENT_USER, autostart.ApprovedKey, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	if err := key.SetBinaryValue(name, []byte{3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}); err != nil {
		t.Fatal(err)
	}
}

// A value that another program wrote with a variable in it, or as a number.
func TestStrangeValue(t *testing.T) {
	o := app(`C:\Windows\deskbell.exe`)
	o.AppName = fmt.Sprintf("Deskbell test %d", os.Getpid())
	a := newCurrentUser(t, o)
	key, _, err := registry.CreateKey(registry.CURRENT_USER, autostart.RunKey, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	t.Setenv("DESKBELL_TEST", `C:\Windows`)
	if err := key.SetExpandStringValue(o.AppName, `"%DESKBELL_TEST%\deskbell.exe" --hidden`); err != nil {
		t.Fatal(err)
	}
	expect(t, a, true)
	if err := key.SetDWordValue(o.AppName, 1); err != nil {
		t.Fatal(err)
	}
	expect(t, a, false)
	change(t, a, true)
	change(t, a, false)
}

// Windows takes the command line apart into what it was made of.
func TestWindowsReadsTheCommandLine(t *testing.T) {
	for _, args := range [][]string{
		{"--hidden"},
		{nasty, nasty},
		{"", "a", ""},
		{`\`, `a\`, `a b\`, `a b\\`, `\"`, `\\" \"`, `"`, `""`, "a\tb"},
	} {
		o := app(`C:\Program Files\Glocke 100%\deskbell.exe`, args...)
		line, err := autostart.CommandLine(o)
		if err != nil {
			t.Fatal(err)
		}
		got, err := windows.DecomposeCommandLine(line)
		if want := append([]string{o.Executable}, args...); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s is read as %q, %v; want %q", line, got, err, want)
		}
	}
}
