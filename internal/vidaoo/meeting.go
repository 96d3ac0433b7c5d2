package vidaoo

import (
	"context"
	"encoding/json"
	"slices"
)

// NewMeeting is a meeting to be created.
type NewMeeting struct {
	Topic               string
	Metadata            map[string]any // sent as JSON text in a form; nil sends none
	GuestRedirectionURL string         // where guests go when they leave; "" sends none
}

// Meeting is a meeting as Vidaoo tells of it. What its reply lacks is empty and in Missing: the
// meeting is there all the same.
type Meeting struct {
	ID      string // its name in the API
	Session string // its name as a session, for recordings; mostly the same
	Link    string // passes link.Check
	Topic   string
	Missing []*FieldError   // of the settings meeting-id, meeting-session and meeting-link
	Raw     json.RawMessage // the whole reply; it may hold links, so it is no matter for logs
}

// Lacks is what a reply lacked: one of Missing by its setting, as an error.
func (m Meeting) Lacks(setting string) error {
	if i := slices.IndexFunc(m.Missing, func(f *FieldError) bool { return f.Setting == setting }); i >= 0 {
		return m.Missing[i]
	}
	return nil
}

// CreateMeeting creates a meeting. It is sent once, unless Vidaoo surely did not take it on; after a
// [*NetworkError] the meeting may exist all the same.
func (c *Client) CreateMeeting(ctx context.Context, m NewMeeting) (Meeting, error) {
	fields := []field{{"topic", m.Topic}}
	if m.Metadata != nil {
		fields = append(fields, field{"metadata", m.Metadata})
	}
	if m.GuestRedirectionURL != "" {
		fields = append(fields, field{"guestRedirectionUrl", m.GuestRedirectionURL})
	}
	return c.meeting(ctx, call{op: MeetingCreate, fields: fields})
}

// Meeting retrieves a meeting.
func (c *Client) Meeting(ctx context.Context, id string) (Meeting, error) {
	return c.meeting(ctx, call{op: MeetingGet, id: id})
}

// Meetings lists meetings: those of one reply, for how Vidaoo pages is not published. The raw reply is
// there also when the error says that the list was not found in it.
func (c *Client) Meetings(ctx context.Context) ([]Meeting, json.RawMessage, error) {
	return listOf(ctx, c, MeetingList, c.readMeeting)
}

// DeleteMeeting deletes a meeting and returns Vidaoo's reply, which may be empty.
func (c *Client) DeleteMeeting(ctx context.Context, id string) (json.RawMessage, error) {
	return c.call(ctx, call{op: MeetingDelete, id: id})
}

func (c *Client) meeting(ctx context.Context, what call) (Meeting, error) {
	body, err := c.call(ctx, what)
	if err != nil {
		return Meeting{}, err
	}
	r, err := c.decode(what.op, body)
	if err != nil {
		return Meeting{}, err
	}
	return c.readMeeting(r), nil
}

func (c *Client) readMeeting(r reply) Meeting {
	m := Meeting{Raw: r.raw}
	var id, session, sessionLink *FieldError
	m.ID, id = r.text(c.settings, SettingMeetingID)
	m.Session, session = r.text(c.settings, SettingMeetingSession)
	m.Link, sessionLink = r.link(c.settings, SettingMeetingLink)
	m.Topic = r.first("topic", "data.topic", "meeting.topic")
	m.Missing = missing(id, session, sessionLink)
	return m
}

// first is the text at the first of some paths that has one.
func (r reply) first(paths ...string) string {
	object, _ := r.value.(map[string]any)
	return firstText(object, paths)
}

// listOf asks for a list and reads each of its elements.
func listOf[T any](ctx context.Context, c *Client, op Operation, read func(reply) T) ([]T, json.RawMessage, error) {
	body, err := c.call(ctx, call{op: op})
	if err != nil {
		return nil, nil, err
	}
	r, err := c.decode(op, body)
	if err != nil {
		return nil, nil, err
	}
	elements, err := r.list(c.settings)
	if err != nil {
		return nil, r.raw, err
	}
	all := []T{}
	for _, element := range elements {
		all = append(all, read(element))
	}
	return all, r.raw, nil
}
