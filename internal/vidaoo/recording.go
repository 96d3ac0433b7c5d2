package vidaoo

import (
	"context"
	"encoding/json"
)

// Recording is a recording of a session.
type Recording struct {
	ID      string
	Session string
	Raw     json.RawMessage
	Missing []*FieldError // of the setting recording-id
}

// StartRecording starts to record a session, by its session id.
func (c *Client) StartRecording(ctx context.Context, session string) (Recording, error) {
	body, err := c.call(ctx, call{op: RecordingStart, fields: []field{{"session_id", session}}})
	if err != nil {
		return Recording{}, err
	}
	r, err := c.decode(RecordingStart, body)
	if err != nil {
		return Recording{}, err
	}
	return c.readRecording(r), nil
}

// StopRecording ends a recording; any success of Vidaoo's will do. It returns the reply, which may be
// empty.
func (c *Client) StopRecording(ctx context.Context, id string) (json.RawMessage, error) {
	return c.call(ctx, call{op: RecordingStop, id: id})
}

// Recordings lists recordings.
func (c *Client) Recordings(ctx context.Context) ([]Recording, json.RawMessage, error) {
	return listOf(ctx, c, RecordingList, c.readRecording)
}

func (c *Client) readRecording(r reply) Recording {
	id, lacks := r.text(c.settings, SettingRecordingID)
	session, _ := r.text(c.settings, SettingRecordingSession)
	return Recording{ID: id, Session: session, Raw: r.raw, Missing: missing(lacks)}
}
