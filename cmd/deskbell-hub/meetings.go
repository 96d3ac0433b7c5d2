package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

// meetings makes those of the web button, with the key and the settings that
// 'vidaoo connect' or the page of the same stored. They are read again when their files have changed: the
// hub need not be started anew.
type meetings struct {
	cmd *cobra.Command
	dir string

	mu     sync.Mutex
	client *vidaoo.Client
	config vidaooConfig // of the client
	stamp  string
}

// newMeetings takes what vidaooClient reads its flags from: nothing was asked for
// but the data folder.
func newMeetings(dir string) *meetings {
	cmd := newVerify()
	f := cmd.Flags()
	f.String("data", dir, "")
	f.String("base-url", "", "")
	f.StringArray("set", nil, "")
	f.String("ca-file", "", "")
	f.Bool("key-stdin", false, "")
	cmd.SetIn(noInput{})
	return &meetings{cmd: cmd, dir: dir}
}

// noInput keeps the hub from waiting for a key on its standard input.
type noInput struct{}

func (noInput) Read([]byte) (int, error) {
	return 0, errors.New("the hub reads no key from standard input")
}

// CreateMeeting creates a meeting.
func (m *meetings) CreateMeeting(ctx context.Context, wanted vidaoo.NewMeeting) (vidaoo.Meeting, error) {
	client, err := m.current()
	if err != nil {
		return vidaoo.Meeting{}, fmt.Errorf("make a meeting for the web button: %w", err)
	}
	return client.CreateMeeting(ctx, wanted)
}

// current is the client, made anew if its files have changed.
func (m *meetings) current() (*vidaoo.Client, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	stamp := m.now()
	if m.client != nil && stamp == m.stamp {
		return m.client, nil
	}
	client, config, err := vidaooClient(m.cmd)
	if err != nil {
		return nil, err
	}
	if m.client != nil {
		m.client.Close()
	}
	m.client, m.config, m.stamp = client, config, stamp
	return client, nil
}

// now is how the files are that a client is made from.
func (m *meetings) now() (stamp string) {
	for _, name := range []string{keySecret.file, passwordSecret.file, settingsName} {
		stamp += changedAt(filepath.Join(m.dir, name)) + " "
	}
	return stamp
}

// kept are the key and the password that the client has.
func (m *meetings) kept() (key, password found) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.config.key, m.config.password
}

// changedAt is when a file was written last; empty if it is not there.
func changedAt(path string) string {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if err != nil {
		return err.Error()
	}
	return info.ModTime().Format(time.RFC3339Nano)
}

// Close closes the connections that wait for more requests.
func (m *meetings) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.client != nil {
		m.client.Close()
	}
}
