//go:build linux && wine

package winetest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// iconClass is the class of every tray icon of Wine's.
const iconClass = "explorer.exe"

// exitNotFound is the credential program's answer for an entry that is not there.
const exitNotFound = 3

// windows is a Windows of its own on a desktop: a fresh Wine prefix in the desktop's folder, which goes
// with it.
type windows struct {
	*desktoptest.Desktop
	prefix string
	built  string // folder of the programs
}

// installWindows makes the prefix and puts into it what Go programs need of Windows and an old Wine lacks.
func installWindows(ctx context.Context, t *testing.T, d *desktoptest.Desktop, built string) *windows {
	t.Helper()
	w := &windows{Desktop: d, prefix: filepath.Join(d.Dir(), "wine"), built: built}
	if err := w.run(ctx, "wine", "wineboot", "--init"); err != nil {
		t.Fatal(err)
	}
	system := filepath.Join(w.prefix, "drive_c", "windows", "system32")
	const dll = "bcryptprimitives.dll"
	if _, err := os.Stat(filepath.Join(system, dll)); err == nil {
		return w // a newer Wine's own
	}
	code, err := os.ReadFile(filepath.Join(built, dll))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(system, dll), code, 0o644); err != nil {
		t.Fatal(err)
	}
	return w
}

// env is the desktop's environment and Wine's. Wine's own browser and .NET would ask to be downloaded, and
// its menu builder writes menus for the Linux desktop.
func (w *windows) env() []string {
	return []string{
		"WINEPREFIX=" + w.prefix,
		"WINEARCH=win64",
		"WINEDEBUG=fixme-all",
		"WINEDLLOVERRIDES=mscoree,mshtml,winemenubuilder.exe=",
	}
}

// run runs a tool of Wine's to its end. Its output is a file: the services of Windows, which it may start,
// would keep a pipe open.
func (w *windows) run(ctx context.Context, name string, args ...string) error {
	process, err := w.Launch(desktoptest.Program{Path: name, Env: w.env(), Args: args})
	if err != nil {
		return err
	}
	if err := process.Wait(ctx); err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, process.Output())
	}
	return nil
}

func (w *windows) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := w.Command(ctx, name, args...)
	cmd.Env = append(cmd.Env, w.env()...)
	return cmd
}

// start runs deskbell.exe.
func (w *windows) start(args ...string) (*desktoptest.Process, error) {
	return w.Launch(desktoptest.Program{
		Name: "deskbell.exe", Path: "wine", Env: w.env(),
		Args: append([]string{filepath.Join(w.built, "deskbell.exe")}, args...),
	})
}

// shutDown waits until Windows has ended, as it does by itself a few seconds after its last program; then
// the registry is on disk.
func (w *windows) shutDown(ctx context.Context) error {
	return w.run(ctx, "wineserver", "--wait")
}

// credential asks the Credential Manager with a program that is not the app. It is empty if there is no
// such entry.
func (w *windows) credential(ctx context.Context, account string) (string, error) {
	cmd := w.command(ctx, "wine", filepath.Join(w.built, "credential.exe"), account)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == exitNotFound:
		return "", nil
	case err != nil:
		return "", fmt.Errorf("credential.exe: %w: %s", err, stderr.String())
	}
	return stdout.String(), nil
}

// registryHas tells whether the registry on disk has a key of the Credential Manager's for the account.
func (w *windows) registryHas(account string) (bool, error) {
	text, err := os.ReadFile(filepath.Join(w.prefix, "user.reg"))
	return strings.Contains(string(text), `\\Credential Manager\\Generic: deskbell:`+account+"]"), err
}

// filesWith lists all files of the desktop, of Windows and of the hub that hold the secret as Linux or as
// Windows writes it.
func (w *windows) filesWith(secret string) ([]string, error) {
	var wide strings.Builder
	for _, letter := range []byte(secret) {
		wide.Write([]byte{letter, 0})
	}
	narrow, err := desktoptest.FilesContaining(w.Dir(), secret)
	if err != nil {
		return nil, err
	}
	more, err := desktoptest.FilesContaining(w.Dir(), wide.String())
	return append(narrow, more...), err
}
