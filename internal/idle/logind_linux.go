package idle

import (
	"math"
	"os"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names of org.freedesktop.login1(5).
const (
	logindName    = "org.freedesktop.login1"
	logindPath    = dbus.ObjectPath("/org/freedesktop/login1")
	managerIface  = logindName + ".Manager"
	sessionIface  = logindName + ".Session"
	userIface     = logindName + ".User"
	sessionsPath  = logindPath + "/session"
	properties    = "org.freedesktop.DBus.Properties"
	propertiesGet = properties + ".Get"
	propertiesAll = properties + ".GetAll"
)

// logind keeps the sessions of systemd. The locker of the desktop tells it of
// the lock, and the desktop may tell it that the person is idle.
type logind struct {
	now     func() time.Time
	session dbus.ObjectPath // empty until it is found
	hinted  bool            // the desktop has said once that the person is idle
}

func (*logind) service() string { return logindName }

// signals match those of all sessions: which is ours is not known yet.
func (*logind) signals() []dbus.MatchOption {
	return []dbus.MatchOption{
		dbus.WithMatchSender(logindName),
		dbus.WithMatchPathNamespace(sessionsPath),
	}
}

// hear takes a signal for a hint to ask. Lock and Unlock only ask the locker of
// the desktop to do so: there may be none, and then the screen stays open. A
// locker that does it sets LockedHint, which is a change of properties.
func (*logind) hear(s *dbus.Signal) (lock State, ours bool) {
	switch s.Name {
	case properties + ".PropertiesChanged", sessionIface + ".Lock", sessionIface + ".Unlock":
		return Unknown, strings.HasPrefix(string(s.Path), string(sessionsPath))
	}
	return Unknown, false
}

func (l *logind) ask(q inquiry) answer {
	known := l.session != ""
	if !known {
		if r := l.find(q); l.session == "" {
			return answer{lockAt: r.at, silent: r.silent()}
		}
	}
	r := q.call(l.session, propertiesAll, sessionIface)
	if r.refused() {
		l.session = "" // it has ended
		if known {
			return l.ask(q)
		}
	}
	return l.read(r)
}

// find looks for the session of the desktop. An app that the user's own systemd
// started belongs to no session, and its environment may not name one. The
// reply is the last one.
func (l *logind) find(q inquiry) reply {
	var r reply
	if id := os.Getenv("XDG_SESSION_ID"); id != "" {
		r = q.call(logindPath, managerIface+".GetSession", id)
		if l.found(r.body) || r.silent() {
			return r
		}
	}
	r = q.call(logindPath, managerIface+".GetSessionByPID", uint32(os.Getpid()))
	if l.found(r.body) || r.silent() {
		return r
	}
	r = q.call(logindPath, managerIface+".GetUser", uint32(os.Getuid()))
	user, ok := only[dbus.ObjectPath](r.body)
	if !ok {
		return r
	}
	r = q.call(user, propertiesGet, userIface, "Display")
	if display, ok := only[dbus.Variant](r.body); ok {
		if pair, ok := display.Value().([]any); ok && len(pair) == 2 { // its id, its path
			l.found(pair[1:])
		}
	}
	return r
}

// found keeps the path of a session.
func (l *logind) found(body []any) bool {
	path, ok := only[dbus.ObjectPath](body)
	if !ok || !strings.HasPrefix(string(path), string(sessionsPath)+"/") {
		return false // a user without a desktop has the path /
	}
	l.session = path
	return true
}

// read reads the properties of the session.
func (l *logind) read(r reply) answer {
	a := answer{lockAt: r.at, silent: r.silent()}
	all, _ := only[map[string]dbus.Variant](r.body)
	if locked, ok := all["LockedHint"].Value().(bool); ok {
		a.lock = lockedIf(locked)
	}
	idle, ok := all["IdleHint"].Value().(bool)
	switch {
	case ok && idle:
		l.hinted = true
		a.idle, a.idles = l.since(all["IdleSinceHint"].Value())
	case ok && l.hinted:
		a.idles = true // and not idle. Where the desktop never hints, no says nothing.
	}
	return a
}

// since is the time since a moment in microseconds of the clock on the wall.
func (l *logind) since(micros any) (time.Duration, bool) {
	n, ok := micros.(uint64)
	if !ok || n == 0 || n > math.MaxInt64 {
		return 0, false
	}
	idle := max(0, l.now().Sub(time.UnixMicro(int64(n))))
	return idle, idle <= maxIdle
}
