package ui_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/deskbell/deskbell/ui"
)

// installOpener makes a shell script the only xdg-open, and returns its folder.
func installOpener(t *testing.T, script string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte("#!/bin/sh\ncd '"+dir+"'\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	return dir
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func address(t *testing.T) *url.URL {
	t.Helper()
	u, err := url.Parse("https://vidaoo.example/s?a=1&b=$(id)")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestOpenHandsOverTheAddress(t *testing.T) {
	dir := installOpener(t, `echo "$*" >link; echo $$ >pid`)
	if err := ui.RunOpener(address(t), time.Minute); err != nil {
		t.Fatal(err)
	}
	if got := readFile(t, filepath.Join(dir, "link")); got != address(t).String() {
		t.Errorf("the opener got %q", got)
	}
	if _, err := os.Stat("/proc/" + readFile(t, filepath.Join(dir, "pid"))); !os.IsNotExist(err) {
		t.Errorf("the opener is left as a zombie: %v", err)
	}
}

func TestOpenTellsOfAFailure(t *testing.T) {
	installOpener(t, `exit 3`)
	if err := ui.RunOpener(address(t), time.Minute); err == nil {
		t.Error("there is no browser, and nobody is told")
	}
	t.Setenv("PATH", t.TempDir())
	err := ui.RunOpener(address(t), time.Minute)
	if err == nil {
		t.Fatal("there is no opener, and nobody is told")
	}
	if strings.Contains(err.Error(), "vidaoo") {
		t.Errorf("the error tells the link: %v", err)
	}
}

func TestOpenDoesNotWaitForTheBrowser(t *testing.T) {
	dir := installOpener(t, `read wait <gate`)
	gate := filepath.Join(dir, "gate")
	if err := syscall.Mkfifo(gate, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ui.RunOpener(address(t), time.Millisecond); err != nil {
		t.Errorf("a browser that runs: %v", err)
	}
	// This waits for the opener, and lets it end.
	if err := os.WriteFile(gate, []byte("go\n"), 0); err != nil {
		t.Fatal(err)
	}
}
