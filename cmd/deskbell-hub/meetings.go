package main

import (
	"context"
	"encoding/json"
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

// meetings asks Vidaoo for those of the web button, for their end and for recordings,
// with the key and the settings that 'vidaoo connect' or the page of the same stored. They are read again when their files have changed: the
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
	return asked(m, func(c *vidaoo.Client) (vidaoo.Meeting, error) { return c.CreateMeeting(ctx, wanted) })
}

// Ready tells why Vidaoo can't be asked.
func (m *meetings) Ready() error {
	_, err := m.current()
	return err
}

// DeleteMeeting deletes a meeting.
func (m *meetings) DeleteMeeting(ctx context.Context, id string) (json.RawMessage, error) {
	return asked(m, func(c *vidaoo.Client) (json.RawMessage, error) { return c.DeleteMeeting(ctx, id) })
}

// StartRecording starts to record a session.
func (m *meetings) StartRecording(ctx context.Context, session string) (vidaoo.Recording, error) {
	return asked(m, func(c *vidaoo.Client) (vidaoo.Recording, error) { return c.StartRecording(ctx, session) })
}

// StopRecording ends a recording.
func (m *meetings) StopRecording(ctx context.Context, id string) (json.RawMessage, error) {
	return asked(m, func(c *vidaoo.Client) (json.RawMessage, error) { return c.StopRecording(ctx, id) })
}

// OpenRecording asks for a recording.
func (m *meetings) OpenRecording(ctx context.Context, id string) (*vidaoo.Media, error) {
	return asked(m, func(c *vidaoo.Client) (*vidaoo.Media, error) { return c.OpenRecording(ctx, id) })
}

// asked asks with the client as it is now.
func asked[T any](m *meetings, ask func(*vidaoo.Client) (T, error)) (answer T, err error) {
	client, err := m.current()
	if err != nil {
		return answer, err
	}
	return ask(client)
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
		return nil, fmt.Errorf("ask Vidaoo: %w", err)
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
