package notify

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"

	"github.com/deskbell/deskbell/internal/lang"
)

// Keys of the actions. "default" is the specification's name for a click on the
// body.
const (
	keyAccept  = "accept"
	keyDecline = "decline"
	keyDefault = "default"
)

// Urgency levels of the specification.
const (
	urgencyNormal   = byte(1)
	urgencyCritical = byte(2)
)

const (
	expireNever   = int32(0)
	expireDefault = int32(-1)
	expireTaken   = int32(6000) // milliseconds: time to read one name
)

// message is the arguments of Notify.
type message struct {
	app, icon     string
	summary, body string
	actions       []string
	hints         map[string]dbus.Variant
	expire        int32
}

// sameWords tells whether two messages look the same on one service. Sending
// the second would only make the notification flicker.
func (m message) sameWords(n message) bool {
	return m.summary == n.summary && m.body == n.body && slices.Equal(m.actions, n.actions)
}

func (m message) arguments(replaces uint32) []any {
	return []any{m.app, replaces, m.icon, m.summary, m.body, m.actions, m.hints, m.expire}
}

// writer turns calls into messages for one service.
type writer struct {
	Options
	service
}

// ring is the message of a call that rings: it stays until it is answered, with
// the buttons if the service has any.
func (w writer) ring(c Call) message {
	text := lines(c)
	var actions []string
	if w.actions {
		// Without a label, since xfce4-notifyd draws a button for each that has one.
		actions = []string{keyAccept, lang.T("Accept"), keyDecline, lang.T("Decline"), keyDefault, ""}
	}
	if !w.actions || w.name == "dunst" {
		// dunst says that it has actions, but hides them in a menu.
		text = append(text, lang.T("Answer in the %s window", w.AppName))
	}
	m := w.message(summary(c), text)
	m.actions = actions
	m.expire = expireNever
	w.hint(&m, "urgency", urgencyCritical)
	w.hint(&m, "category", "call.incoming")
	w.hint(&m, "resident", true)
	w.hint(&m, "transient", false)
	return m
}

// taken is the message that takes the place of a call another agent answered.
func (w writer) taken(c Call, by string) message {
	title, text := taken(c, by)
	m := w.message(title, []string{text})
	m.expire = expireTaken
	w.hint(&m, "urgency", urgencyNormal)
	w.hint(&m, "transient", true)
	return m
}

// notice is a plain message.
func (w writer) notice(n notice) message {
	m := w.message(cut(clean(n.title), maxTitle), []string{cut(clean(n.text), maxText)})
	m.expire = expireDefault
	w.hint(&m, "urgency", urgencyNormal)
	return m
}

func (w writer) message(summary string, text []string) message {
	body := strings.Join(text, "\n")
	if w.markup {
		body = escape(body)
	}
	m := message{
		app:     w.AppName,
		icon:    w.IconPath,
		summary: summary,
		body:    body,
		actions: []string{},
		hints:   make(map[string]dbus.Variant),
	}
	if filepath.IsAbs(m.icon) {
		m.icon = (&url.URL{Scheme: "file", Path: m.icon}).String()
	}
	if w.AppID != "" {
		w.hint(&m, "desktop-entry", w.AppID)
	}
	// The app has one ringer for all surfaces.
	w.hint(&m, "suppress-sound", true)
	return m
}

func (writer) hint(m *message, name string, value any) {
	m.hints[name] = dbus.MakeVariant(value)
}
