package autostart

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/deskbell/deskbell/internal/lang"
)

// maxFile bounds what is read; an entry has some hundred bytes.
const maxFile = 64 << 10

// readFile returns the content of an entry; the error is fs.ErrNotExist if
// there is none.
func readFile(path string) ([]byte, error) {
	// To open a pipe could wait for ever.
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, lang.Errorf("%s is not a file: remove it", path)
	}
	if err != nil {
		return nil, unlessMissing(path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unlessMissing(path, err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, lang.Errorf("can't read %s (%w): make it readable for you, or remove it", path, cause(err))
	}
	if len(content) > maxFile {
		return nil, lang.Errorf("%s is larger than %d KiB, which is no entry of Deskbell: remove it", path, maxFile>>10)
	}
	return content, nil
}

func unlessMissing(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fs.ErrNotExist
	}
	return lang.Errorf("can't read %s (%w): make it readable for you, or remove it", path, cause(err))
}

// writeFile puts the content in place of what is there, whole or not at all. A
// link is replaced and not followed: where it leads to may be shared by many
// machines.
func writeFile(path string, content []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return lang.Errorf("can't make the folder %s (%w): make sure that its folder is yours and that the disk is not full", folder, cause(err))
	}
	// Without the ending of an entry, or the system would start it, too.
	f, err := os.CreateTemp(folder, ".deskbell-*")
	if err != nil {
		return lang.Errorf("can't write %s (%w): make sure that its folder is yours and that the disk is not full", path, cause(err))
	}
	_, err = f.Write(content)
	// The rename must not be on the disk before the content is.
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return lang.Errorf("can't write %s (%w): make sure that its folder is yours and that the disk is not full", path, cause(err))
	}
	return nil
}

// removeFile takes an entry away; it is no error if there is none.
func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return lang.Errorf("can't remove %s (%w): make sure that its folder is yours, or remove it yourself", path, cause(err))
	}
	return nil
}
