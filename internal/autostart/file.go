package autostart

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxFile bounds what is read; an entry has some hundred bytes.
const maxFile = 64 << 10

// What to do about a file that resists.
const (
	adviceRead  = "make it readable for you, or remove it"
	adviceWrite = "make sure that its folder is yours and that the disk is not full"
)

// readFile returns the content of an entry; the error is fs.ErrNotExist if
// there is none.
func readFile(path string) ([]byte, error) {
	// To open a pipe could wait for ever.
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file: remove it", path)
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
		return nil, failure("read", path, err, adviceRead)
	}
	if len(content) > maxFile {
		return nil, fmt.Errorf("%s is larger than %d KiB, which is no entry of Deskbell: remove it", path, maxFile>>10)
	}
	return content, nil
}

func unlessMissing(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fs.ErrNotExist
	}
	return failure("read", path, err, adviceRead)
}

// writeFile puts the content in place of what is there, whole or not at all. A
// link is replaced and not followed: where it leads to may be shared by many
// machines.
func writeFile(path string, content []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return failure("make the folder", folder, err, adviceWrite)
	}
	// Without the ending of an entry, or the system would start it, too.
	f, err := os.CreateTemp(folder, ".deskbell-*")
	if err != nil {
		return failure("write", path, err, adviceWrite)
	}
	_, err = f.Write(content)
	// The rename must not be on the disk before the content is.
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return failure("write", path, err, adviceWrite)
	}
	return nil
}

// removeFile takes an entry away; it is no error if there is none.
func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failure("remove", path, err, "make sure that its folder is yours, or remove it yourself")
	}
	return nil
}
