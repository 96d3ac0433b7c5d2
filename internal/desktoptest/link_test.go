//go:build linux

package desktoptest_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

func TestLinks(t *testing.T) {
	d := desktoptest.MustStart(t, desktoptest.Options{WithoutKeyring: true, WithoutTray: true, WithoutNotifications: true})
	ctx := within(t, 30*time.Second)
	open := func(link string) {
		t.Helper()
		if text, err := d.Command(ctx, "/bin/sh", "-c", `xdg-open "$1"`, "sh", link).CombinedOutput(); err != nil {
			t.Fatalf("xdg-open: %v: %s", err, text)
		}
	}

	if links, err := d.Links(); err != nil || len(links) != 0 {
		t.Errorf("before any was opened: %q, %v", links, err)
	}
	if err := os.WriteFile(filepath.Join(d.Dir(), "links"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if links, err := d.Links(); err != nil || len(links) != 0 {
		t.Errorf("while the first is being written: %q, %v", links, err)
	}
	nasty := `https://vidaoo.example/s1?a='b'&c=$(touch "$HOME/broken")` + "\n;x"
	open(nasty)
	if links, err := d.WaitLinks(ctx, 1); err != nil || !slices.Equal(links, []string{nasty}) {
		t.Errorf("the links are %q, %v", links, err)
	}

	opened := filepath.Join(d.Home(), "it's opened")
	if err := d.OpenLinksWith("/bin/sh", "-c", `printf %s "$2" >"$1.new" && mv "$1.new" "$1"`, "sh", opened, "link=%u"); err != nil {
		t.Fatal(err)
	}
	open(nasty)
	if links, err := d.WaitLinks(ctx, 2); err != nil || len(links) != 2 {
		t.Errorf("the links are %q, %v", links, err)
	}
	var text []byte
	waitFor(ctx, t, "the command to run", func() bool {
		var err error
		text, err = os.ReadFile(opened)
		return err == nil
	})
	if got, want := string(text), "link="+nasty; got != want {
		t.Errorf("the command got %q, want %q", got, want)
	}
	if _, err := os.Stat(filepath.Join(d.Home(), "broken")); err == nil {
		t.Error("a link ran as a command")
	}

	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	if _, err := d.WaitLinks(short, 3); err == nil {
		t.Error("a third link came from nowhere")
	}
}
