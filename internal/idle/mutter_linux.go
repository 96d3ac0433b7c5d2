package idle

import "github.com/godbus/dbus/v5"

const (
	mutterName = "org.gnome.Mutter.IdleMonitor"
	mutterPath = dbus.ObjectPath("/org/gnome/Mutter/IdleMonitor/Core")
)

// mutter is the window manager of GNOME and its kin, which sees every input.
type mutter struct{}

func (mutter) service() string { return mutterName }

func (mutter) signals() []dbus.MatchOption { return nil }

func (mutter) hear(*dbus.Signal) (lock State, ours bool) { return Unknown, false }

func (mutter) ask(q inquiry) answer {
	r := q.call(mutterPath, mutterName+".GetIdletime")
	a := answer{silent: r.silent()}
	if len(r.body) == 1 {
		a.idle, a.idles = milliseconds(r.body[0])
		a.exact = a.idles
	}
	return a
}
