package notify

import (
	"errors"
	"time"

	"github.com/godbus/dbus/v5"
)

// maxCrashes is how often one call is sent to a service that dies of it.
const maxCrashes = 3

// ring is a call that rings.
type ring struct {
	call    Call
	id      uint32  // the service's, 0 while it is not on the screen
	message message // as it was last sent

	pending bool // sent, and the service has not answered yet
	changed bool // while pending
	crashes int  // of the service while it was sent

	shown    bool      // told
	failed   bool      // told, in this outage
	answered bool      // by a button: later signals mean nothing
	silenced bool      // the person closed it
	clicked  time.Time // on its body
}

// lateReply is the answer to a Notify that came after its deadline.
type lateReply struct {
	to    *ring
	owner string // of the service that was asked
	reply *dbus.Call
}

func (w *worker) present(c Call) {
	r := w.calls[c.ID]
	if r == nil {
		r = new(ring)
		w.calls[c.ID] = r
	}
	r.call = c
	if errors.Is(w.down, ErrNoService) {
		// If the bus knows how to start one, asking for it does.
		w.connect()
	}
	w.show(r)
}

// show puts a call on the screen, or its new words. The person's own doing
// stands: what was answered or closed stays off the screen.
func (w *worker) show(r *ring) {
	switch {
	case r.answered || r.silenced:
		return
	case r.pending:
		r.changed = true
		return
	case w.down != nil:
		w.failCall(r, w.down)
		return
	case r.crashes >= maxCrashes:
		w.failCall(r, ErrRefused)
		return
	}
	m := w.writer().ring(r.call)
	if r.id != 0 && m.sameWords(r.message) {
		return
	}
	r.message = m
	id, late, err := w.bus.notify(m, r.id)
	switch {
	case err == nil:
		w.onScreen(r, id)
	case late != nil:
		r.pending = true
		w.await(r, late)
		w.fail(ErrSlow, err)
		w.failCall(r, ErrSlow)
		w.later()
	case isGone(err):
		// The signal that the service went away leads to the next try.
		r.id = 0
		if died(err) {
			r.crashes++
		}
	case w.bus.conn.Connected():
		w.log.Warn("call not shown", "call", r.call.ID, "err", errName(err))
		w.failCall(r, ErrRefused)
	}
}

func (w *worker) onScreen(r *ring, id uint32) {
	r.id, r.failed, r.crashes = id, false, 0
	if !r.shown {
		r.shown = true
		w.tell(Shown, r.call.ID, nil)
	}
}

// failCall tells once in an outage that a call is not on the screen.
func (w *worker) failCall(r *ring, err error) {
	if !r.failed {
		r.failed = true
		w.tell(Failed, r.call.ID, err)
	}
}

// await hands a reply that is late to the loop; it ends with the connection.
func (w *worker) await(r *ring, late <-chan *dbus.Call) {
	owner, lost := w.bus.owner, w.bus.lost()
	go func() {
		select {
		case reply := <-late:
			select {
			case w.late <- lateReply{r, owner, reply}:
			case <-lost:
			}
		case <-lost:
		}
	}()
}

func (w *worker) lateReply(l lateReply) {
	if w.bus == nil || l.owner != w.bus.owner {
		return // ids mean other calls now
	}
	var id uint32
	err := l.reply.Store(&id)
	current := w.calls[l.to.call.ID] == l.to && l.to.pending
	switch {
	case err == nil && current:
		l.to.pending = false
		w.onScreen(l.to, id)
		if l.to.changed {
			l.to.changed = false
			w.show(l.to)
		}
	case err == nil:
		// Dismissed meanwhile.
		w.bus.takeBack(id)
	case current:
		l.to.pending = false
	}
}

// end takes a call off the screen. When another agent has it, that agent's name
// stays there for a moment, unless the person closed the notification.
func (w *worker) end(id string, why Why) {
	r := w.calls[id]
	if r == nil {
		return
	}
	delete(w.calls, id)
	visible := r.id != 0
	switch {
	case why.Reason == Answered && (visible || r.answered && w.down == nil):
		w.bus.post(w.writer().taken(r.call, why.By), r.id)
	case visible:
		w.bus.takeBack(r.id)
	}
}
