package notify

import (
	"time"

	"github.com/godbus/dbus/v5"
)

// closedByPerson is the reason in NotificationClosed; the others are: 1
// expired, 3 closed by CloseNotification, 4 not defined.
const closedByPerson = uint32(2)

// clickClose is how long after a click on its body a notification that closes
// was closed by that click.
const clickClose = time.Second

// signal handles what the service or the bus says. Only the present owner of
// the service's name is heard: ids of one that is gone mean other calls now,
// and anyone on the bus could send the same signals.
func (w *worker) signal(s *dbus.Signal) {
	if s.Name == signalOwner {
		w.ownerChanged(s)
		return
	}
	if w.bus.owner == "" || s.Sender != w.bus.owner || s.Path != servicePath {
		return
	}
	switch s.Name {
	case signalAction:
		if !w.bus.actions {
			return
		}
		var id uint32
		var key string
		if dbus.Store(s.Body, &id, &key) == nil {
			w.pressed(w.find(id), key)
		}
	case signalClosed:
		var id, reason uint32
		if dbus.Store(s.Body, &id, &reason) == nil {
			w.closed(w.find(id), reason)
		}
	}
}

// ownerChanged follows the service: gone, come, or replaced by another. The
// signal only says that something changed. When the service restarts quickly it
// may tell of one that is gone again, and to present twice on the same service
// would leave a notification that nobody can take back.
func (w *worker) ownerChanged(s *dbus.Signal) {
	if s.Sender != "org.freedesktop.DBus" {
		return
	}
	owner, err := w.bus.currentOwner()
	if (err == nil || isGone(err)) && owner == w.bus.owner {
		return
	}
	w.log.Info("notification service changed", "present", owner != "")
	w.bus.service = service{}
	w.blank()
	w.connect()
}

// find returns the call that the service shows under an id, nil if there is
// none.
func (w *worker) find(id uint32) *ring {
	for _, r := range w.calls {
		if r.id == id && id != 0 {
			return r
		}
	}
	return nil
}

// pressed handles a button or a click on the body.
func (w *worker) pressed(r *ring, key string) {
	if r == nil || r.answered {
		return
	}
	switch key {
	case keyAccept:
		r.answered = true
		w.tell(PressedAccept, r.call.ID, nil)
	case keyDecline:
		r.answered = true
		w.tell(PressedDecline, r.call.ID, nil)
	case keyDefault:
		r.clicked = w.opts.Now()
		w.tell(Opened, r.call.ID, nil)
	}
}

// closed handles a notification that left the screen. Some services close it
// after a press too (xfce4-notifyd and dunst do, with the reason of a person's
// own closing): an answer or a click is then not reported a second time.
func (w *worker) closed(r *ring, reason uint32) {
	if r == nil {
		return
	}
	r.id = 0
	if reason != closedByPerson {
		// It expired or something swept it away: shown again with the next
		// Present or Update.
		return
	}
	r.silenced = true
	byClick := !r.clicked.IsZero() && w.opts.Now().Sub(r.clicked) < clickClose
	if !r.answered && !byClick {
		w.tell(Closed, r.call.ID, nil)
	}
}
