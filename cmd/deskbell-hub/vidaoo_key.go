package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

// secret is something that only the hub's user may read, and the places where it may be.
type secret struct {
	what       string
	variable   string // of the environment
	credential string // a file in systemd's $CREDENTIALS_DIRECTORY
	file       string // in the data folder
}

var (
	keySecret      = secret{"API key of Vidaoo", "DESKBELL_VIDAOO_KEY", "vidaoo-key", "vidaoo.key"}
	passwordSecret = secret{"password of Vidaoo", "DESKBELL_VIDAOO_PASSWORD", "vidaoo-password", "vidaoo.password"}
)

// found is a secret, and where it was if that matters.
type found struct {
	value    vidaoo.Key
	systemd  bool // in its care
	variable bool // in the environment, from which it is gone now
}

const maxSecret = 8 << 10

// find looks for a secret: on standard input if that is asked for, in the environment, among systemd's
// credentials, in the data folder, and at last on standard input.
func (s secret) find(cmd *cobra.Command) (found, error) {
	if fromStdin, _ := cmd.Flags().GetBool("key-stdin"); fromStdin && s == keySecret {
		return s.read(cmd.InOrStdin())
	}
	if value := strings.TrimSpace(os.Getenv(s.variable)); value != "" {
		// Nothing that this process starts is to have it.
		if err := os.Unsetenv(s.variable); err != nil {
			return found{}, fmt.Errorf("take %s out of the environment: %w", s.variable, err)
		}
		return found{value: vidaoo.Key(value), variable: true}, nil
	}
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" {
		value, err := os.ReadFile(filepath.Join(dir, s.credential))
		if err == nil {
			return found{value: vidaoo.Key(strings.TrimSpace(string(value))), systemd: true}, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return found{}, fmt.Errorf("read the %s from systemd's credentials: %w", s.what, err)
		}
	}
	dir, _ := cmd.Flags().GetString("data")
	value, err := s.stored(filepath.Join(dir, s.file))
	if !errors.Is(err, fs.ErrNotExist) {
		return found{value: value}, err
	}
	if s == keySecret && piped(cmd.InOrStdin()) {
		return s.read(cmd.InOrStdin())
	}
	return found{}, usageError{fmt.Errorf("there is no %s: put it into %s, or pipe it in with --key-stdin", s.what, s.variable)}
}

// given is a secret from the environment or, piped in, from standard input.
func (s secret) given(cmd *cobra.Command) (string, error) {
	if value := strings.TrimSpace(os.Getenv(s.variable)); value != "" {
		return value, nil
	}
	if !piped(cmd.InOrStdin()) {
		return "", usageError{fmt.Errorf("there is no %s: pipe it in, or put it into %s", s.what, s.variable)}
	}
	value, err := s.read(cmd.InOrStdin())
	return string(value.value), err
}

// piped tells whether there is more than a terminal to read from.
func piped(r io.Reader) bool {
	file, ok := r.(*os.File)
	return !ok || !terminal(file)
}

// terminal tells whether a person sits at a file.
func terminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (s secret) read(r io.Reader) (found, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxSecret))
	if err != nil {
		return found{}, fmt.Errorf("read the %s from standard input: %w", s.what, err)
	}
	if value := strings.TrimSpace(string(data)); value != "" {
		return found{value: vidaoo.Key(value)}, nil
	}
	return found{}, usageError{fmt.Errorf("standard input has no %s: pipe it in, or put it into %s", s.what, s.variable)}
}

// stored reads a secret that was stored, unless others could have read it too.
func (s secret) stored(path string) (vidaoo.Key, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fs.ErrNotExist
	case err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return "", fmt.Errorf("%s can be read by others (%v): generate a new one in Vidaoo, then chmod 600 it or run 'deskbell-hub vidaoo connect' again", path, info.Mode().Perm())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the %s: %w: run this as the user the hub runs as", s.what, err)
	}
	return vidaoo.Key(strings.TrimSpace(string(data))), nil
}

// store keeps a text in the data folder, for the folder's user only.
func store(dir, name, text string) error {
	path := filepath.Join(dir, name)
	file, err := os.CreateTemp(dir, "."+name+"-") // 0600
	if err != nil {
		return fmt.Errorf("store %s: %w: run this as the user the hub runs as", path, err)
	}
	defer os.Remove(file.Name()) // it has its name by then, unless something failed
	_, err = file.WriteString(text)
	err = errors.Join(err, giveTo(file, dir), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("store %s: %w", path, err)
	}
	return nil
}
