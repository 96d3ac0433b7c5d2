package instance

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/Microsoft/go-winio"
	"golang.org/x/sys/windows"
)

// place is the named pipe and the mutex that guards it. The system ends both
// with the process.
type place struct {
	listener net.Listener
	mutex    windows.Handle
}

// claim makes the mutex and then the pipe; the error is errTaken if another
// process has one of them.
func claim(name string) (*place, error) {
	sid, err := userSID()
	if err != nil {
		return nil, err
	}
	mutex, err := createMutex(`Global\` + name + "-" + sid)
	if err != nil {
		return nil, err
	}
	listener, err := winio.ListenPipe(pipePath(name, sid), &winio.PipeConfig{
		SecurityDescriptor: "D:P(A;;GA;;;" + sid + ")", // this user and nobody else
	})
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		err = errTaken // the pipe of a process that is just ending
	}
	if err != nil {
		windows.CloseHandle(mutex)
		return nil, err
	}
	return &place{listener, mutex}, nil
}

// createMutex makes a mutex that nobody has yet. To have it is to hold a handle
// of it; nobody ever waits for it.
func createMutex(name string) (windows.Handle, error) {
	wide, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return 0, err
	}
	mutex, err := windows.CreateMutex(nil, false, wide)
	if errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		windows.CloseHandle(mutex)
		return 0, errTaken
	}
	if err != nil {
		return 0, fmt.Errorf("create the mutex %s: %w", name, err)
	}
	return mutex, nil
}

// release gives up the mutex. The pipe is gone with its listener.
func (p *place) release() error { return windows.CloseHandle(p.mutex) }

func dial(ctx context.Context, name string) (net.Conn, error) {
	sid, err := userSID()
	if err != nil {
		return nil, err
	}
	return winio.DialPipeContext(ctx, pipePath(name, sid))
}

// pipePath has the user in it, because the names of pipes are the machine's.
func pipePath(name, sid string) string {
	return `\\.\pipe\` + name + "-" + sid
}

func userSID() (string, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return "", fmt.Errorf("ask Windows who the user is: %w", err)
	}
	return user.User.Sid.String(), nil
}
