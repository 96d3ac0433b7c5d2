package vidaoo

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// Media is a recording as it comes. Whoever reads it closes it.
type Media struct {
	ContentType string // as the server says; may be empty
	Length      int64  // in bytes; -1 if the server does not tell
	Extension   string // what files of its type are called, such as ".mp4"; may be empty

	body   io.ReadCloser
	stall  *time.Timer
	within time.Duration
	cancel context.CancelCauseFunc
	// trouble makes a sentence of what went wrong.
	trouble func(error) error
}

// OpenRecording asks for a recording and returns it when its bytes begin to come. They take as long as
// they take, but none may be waited for longer than the client's timeout.
func (c *Client) OpenRecording(ctx context.Context, id string) (*Media, error) {
	e, err := c.endpointOf(call{op: RecordingDownload, id: id})
	if err != nil {
		return nil, err
	}
	m, err := c.openRecording(ctx, e, id)
	var status *StatusError
	if errors.As(err, &status) && status.Status == http.StatusUnauthorized && c.signOut() {
		return c.openRecording(ctx, e, id) // the access token had expired
	}
	return m, err
}

func (c *Client) openRecording(ctx context.Context, e endpoint, id string) (*Media, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	m := &Media{within: c.timeout, cancel: cancel, stall: time.AfterFunc(c.timeout, func() { cancel(errStalled) })}
	d := &download{client: c, endpoint: e, id: id}
	m.trouble = func(err error) error { return d.trouble(ctx, err) }
	response, err := d.ask(ctx)
	if err != nil {
		err = m.trouble(err)
		m.Close()
		return nil, err
	}
	m.body = response.Body
	if err := d.whole(response); err != nil {
		m.Close()
		return nil, err
	}
	m.stall.Stop()
	m.ContentType, m.Length = response.Header.Get("Content-Type"), response.ContentLength
	m.Extension = extension(m.ContentType)
	return m, nil
}

// whole refuses an answer that is no recording, or a part of one only.
func (d *download) whole(response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return d.isRecording(response)
	}
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxReply)) // what came of it
	return d.client.refusal(d.endpoint, call{op: RecordingDownload}, response, body)
}

// Read reads what comes next. The time in which nobody reads does not count.
func (m *Media) Read(p []byte) (int, error) {
	m.stall.Reset(m.within)
	n, err := m.body.Read(p)
	m.stall.Stop()
	if err != nil && err != io.EOF {
		err = m.trouble(err)
	}
	return n, err
}

// Close ends it, whether all was read or not.
func (m *Media) Close() {
	m.stall.Stop()
	m.cancel(nil)
	if m.body != nil {
		_ = m.body.Close() // nothing was written
	}
}
