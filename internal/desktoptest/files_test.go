//go:build linux

package desktoptest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

func TestFilesContaining(t *testing.T) {
	const secret = "s3cr3t-token"
	piece := 64<<10 + len(secret)
	for _, test := range []struct {
		name, file, content string
		found               bool
	}{
		{"absent", "a", "nothing here", false},
		{"empty file", "a", "", false},
		{"whole file", "a", secret, true},
		{"below", "deep/er/a", "x" + secret + "x", true},
		{"in the name", secret + ".json", "", true},
		{"in a folder's name", secret + "/a", "", true},
		{"half of it", "a", secret[:6], false},
		{"across two pieces", "a", strings.Repeat("x", piece-5) + secret, true},
		{"across later pieces", "a", strings.Repeat("x", 2*piece-len(secret)+1-3) + secret + strings.Repeat("x", piece), true},
		{"at the end", "a", strings.Repeat("\x00", 3*piece) + secret, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, test.file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			found, err := desktoptest.FilesContaining(folder, secret)
			if err != nil {
				t.Fatal(err)
			}
			if len(found) > 0 != test.found {
				t.Errorf("found in %v", found)
			}
		})
	}
}

func TestFilesContainingProvesNothing(t *testing.T) {
	if _, err := desktoptest.FilesContaining(filepath.Join(t.TempDir(), "missing"), "x"); err == nil {
		t.Error("a missing folder was searched")
	}
	if _, err := desktoptest.FilesContaining(t.TempDir(), ""); err == nil {
		t.Error("an empty text was searched for")
	}
	folder := t.TempDir()
	if err := os.Symlink("/proc/self/environ", filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	if found, err := desktoptest.FilesContaining(folder, "PATH="); err != nil || !slices.Equal(found, nil) {
		t.Errorf("a link was followed: %v, %v", found, err)
	}
}
