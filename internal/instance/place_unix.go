//go:build !windows

package instance

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
	"golang.org/x/sys/unix"
)

// place is the socket and the lock that guards it.
type place struct {
	listener net.Listener
	lock     *os.File
}

// claim takes the lock and then the socket; the error is errTaken if another
// process has the lock.
func claim(name string) (*place, error) {
	path, err := socketPath(name)
	if err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	listener, err := listen(lock, path)
	if err != nil {
		lock.Close()
		return nil, err
	}
	return &place{listener, lock}, nil
}

func listen(lock *os.File, path string) (net.Listener, error) {
	err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, errTaken
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", lock.Name(), err)
	}
	// What lies there now is of a process that ended without a Close.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return net.Listen("unix", path)
}

// release gives up the lock. The listener is closed already and has removed
// its socket.
func (p *place) release() error { return p.lock.Close() }

func dial(ctx context.Context, name string) (net.Conn, error) {
	path, err := socketPath(name)
	if err != nil {
		return nil, err
	}
	return new(net.Dialer).DialContext(ctx, "unix", path)
}

// socketPath is where the socket of that name is; its folder exists.
func socketPath(name string) (string, error) {
	folder := os.Getenv("XDG_RUNTIME_DIR")
	if info, err := os.Stat(folder); err != nil || !info.IsDir() || !filepath.IsAbs(folder) {
		folder = filepath.Join(xdg.StateHome, name)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return "", err
		}
	}
	path := filepath.Join(folder, name+".sock")
	if limit := len(unix.RawSockaddrUnix{}.Path); len(path) >= limit {
		return "", fmt.Errorf("%s is too long for a socket (%d bytes, limit %d); set XDG_RUNTIME_DIR to a folder with a shorter path",
			path, len(path), limit-1)
	}
	return path, nil
}
