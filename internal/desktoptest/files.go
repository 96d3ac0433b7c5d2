//go:build linux

package desktoptest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// FilesContaining lists the files below the folder that hold the text in their bytes or in their name. A
// file that disappears during the search is passed over; one that cannot be read is an error, so that an
// empty list is a proof.
func FilesContaining(folder, text string) ([]string, error) {
	if text == "" {
		return nil, errors.New("desktop: no text to search files for")
	}
	var found []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path != folder {
			return nil
		}
		if err != nil {
			return err
		}
		contains := strings.Contains(entry.Name(), text)
		if entry.Type().IsRegular() && !contains {
			if contains, err = fileContains(path, []byte(text)); err != nil {
				return err
			}
		}
		if contains {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("desktop: %s was not searched: %w", folder, err)
	}
	return found, nil
}

// fileContains reads the file piece by piece, and keeps the end of each piece: the text may begin there.
func fileContains(path string, text []byte) (bool, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }() // only read
	buffer := make([]byte, 64<<10+len(text))
	kept := 0
	for {
		n, err := file.Read(buffer[kept:])
		if bytes.Contains(buffer[:kept+n], text) {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		keep := min(kept+n, len(text)-1)
		copy(buffer, buffer[kept+n-keep:kept+n])
		kept = keep
	}
}
