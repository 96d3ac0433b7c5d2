package idle

import (
	"context"
	"errors"
	"time"

	"github.com/godbus/dbus/v5"
)

// inquiry is a way to ask the owner of a service's name, each question with a
// deadline.
type inquiry struct {
	ctx      context.Context
	conn     *dbus.Conn
	owner    string
	deadline time.Duration
}

// reply is what comes of one question.
type reply struct {
	body []any
	at   dbus.Sequence
	err  error
}

// call calls a method that changes nothing.
func (q inquiry) call(path dbus.ObjectPath, method string, args ...any) reply {
	ctx, cancel := context.WithTimeout(q.ctx, q.deadline)
	defer cancel()
	c := q.conn.Object(q.owner, path).CallWithContext(ctx, method, dbus.FlagNoAutoStart, args...)
	return reply{c.Body, c.ResponseSequence, c.Err}
}

// silent tells whether there is no answer. Errors of the bus itself are none of
// the service's words: it died meanwhile, or too many questions are open.
func (r reply) silent() bool {
	if r.err == nil {
		return false
	}
	var refusal dbus.Error
	if !errors.As(r.err, &refusal) {
		return true // the deadline, or the connection is lost
	}
	switch refusal.Name {
	case "org.freedesktop.DBus.Error.NoReply",
		"org.freedesktop.DBus.Error.Timeout",
		"org.freedesktop.DBus.Error.TimedOut",
		"org.freedesktop.DBus.Error.LimitsExceeded",
		"org.freedesktop.DBus.Error.Disconnected":
		return true
	}
	return false
}

// refused tells whether the service does not know, or not want, to answer.
func (r reply) refused() bool { return r.err != nil && !r.silent() }

// busName is the name of the bus itself.
const busName = "org.freedesktop.DBus"

const busPath = dbus.ObjectPath("/org/freedesktop/DBus")

// ofBus is the same inquiry, of the bus itself.
func (q inquiry) ofBus() inquiry {
	q.owner = busName
	return q
}

// ownerOf asks the bus who has a name; nobody is the empty string.
func (q inquiry) ownerOf(service string) (owner string, r reply) {
	r = q.ofBus().call(busPath, busName+".GetNameOwner", service)
	owner, _ = only[string](r.body)
	return owner, r
}

// busAnswers tells whether the bus itself does.
func (q inquiry) busAnswers() bool {
	return q.ofBus().call(busPath, busName+".GetId").err == nil
}
