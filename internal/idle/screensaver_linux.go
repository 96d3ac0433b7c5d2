package idle

import (
	"time"

	"github.com/godbus/dbus/v5"
)

// screenSaver is one of the services that lock or cover the screen; they all
// have the same methods and signal.
type screenSaver struct {
	name  string // of the service and of its interface
	path  dbus.ObjectPath
	idles bool // it knows the idle time
}

var screenSavers = []screenSaver{
	// KDE. On GNOME another program has the name and refuses these questions.
	{"org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", true},
	{"org.gnome.ScreenSaver", "/org/gnome/ScreenSaver", false},
	{"org.xfce.ScreenSaver", "/org/xfce/ScreenSaver", false},
	{"org.mate.ScreenSaver", "/org/mate/ScreenSaver", false},
	{"org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver", false},
}

func (s screenSaver) service() string { return s.name }

func (s screenSaver) signals() []dbus.MatchOption {
	return []dbus.MatchOption{
		dbus.WithMatchSender(s.name),
		dbus.WithMatchInterface(s.name),
		dbus.WithMatchMember("ActiveChanged"),
	}
}

func (s screenSaver) hear(signal *dbus.Signal) (lock State, ours bool) {
	if signal.Name != s.name+".ActiveChanged" {
		return Unknown, false
	}
	active, ok := only[bool](signal.Body)
	if !ok {
		return Unknown, true
	}
	return lockedIf(active), true
}

func (s screenSaver) ask(q inquiry) answer {
	r := q.call(s.path, s.name+".GetActive")
	a := answer{lockAt: r.at, silent: r.silent()}
	if active, ok := only[bool](r.body); ok {
		a.lock = lockedIf(active)
	}
	if s.idles && !a.silent {
		a.idle, a.idles = s.askIdle(q)
	}
	return a
}

// askIdle takes milliseconds for an answer. The draft of the specification says
// seconds, but the only desktop that answers, KDE on X11, says milliseconds.
func (s screenSaver) askIdle(q inquiry) (idle time.Duration, ok bool) {
	r := q.call(s.path, s.name+".GetSessionIdleTime")
	if len(r.body) != 1 {
		return 0, false
	}
	return milliseconds(r.body[0])
}
