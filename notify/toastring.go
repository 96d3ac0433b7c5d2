package notify

import "errors"

// toastRing is a call that rings.
type toastRing struct {
	call Call
	xml  string // of its toast, as it was last shown

	visible  bool // the toast is on the screen, or in the history
	plain    bool // it is a plain notice instead
	told     bool // that it is shown, or refused
	answered bool // by a button: later presses mean nothing
	silenced bool // the person clicked it away
}

// renew takes news of a call, or a new one.
func (w *toastWorker) renew(c Call) {
	r := w.calls[c.ID]
	if r == nil {
		r = new(toastRing)
		w.calls[c.ID] = r
	}
	r.call = c
	if r.visible && !r.answered && !r.silenced && ringToast(c) != r.xml {
		w.stale = true
	}
}

// show puts a call on the screen. The person's own doing stands: what was
// answered or clicked away stays off it.
func (w *toastWorker) show(r *toastRing) {
	if r.answered || r.silenced || r.visible {
		return
	}
	if !r.plain {
		r.xml = ringToast(r.call)
		switch err := w.push(callToasts, r.xml); {
		case err == nil:
			r.visible = true
			w.shown(r)
			return
		case errors.Is(err, errClosing):
			return
		default:
			w.log.Warn("call shows as a plain notice", "call", r.call.ID, "cause", cause(err))
			r.plain = true
		}
	}
	w.fallback().Present(r.call)
}

// shown tells once what became of a call's toast.
func (w *toastWorker) shown(r *toastRing) {
	if r.told {
		return
	}
	r.told = true
	var allowed bool
	err := w.try(func() (err error) {
		allowed, err = w.toaster.Allowed()
		return err
	})
	if err == nil && !allowed {
		w.log.Warn("call not shown, the system's settings forbid it", "call", r.call.ID)
		w.tell(Failed, r.call.ID, ErrRefused)
		return
	}
	w.tell(Shown, r.call.ID, nil)
}

// end takes a call off the screen, and returns what to say in its place: when
// another agent has it, that agent's name, unless the person put the call away.
func (w *toastWorker) end(id string, why Why) []notice {
	r := w.calls[id]
	if r == nil {
		return nil
	}
	delete(w.calls, id)
	if r.plain {
		w.fallback().Dismiss(id, why)
		return nil
	}
	w.stale = w.stale || r.visible
	if why.Reason != Answered || r.silenced || !r.visible && !r.answered {
		return nil
	}
	title, text := taken(r.call, why.By)
	return []notice{{title, text}}
}

// pressed handles a button or a click on the body. Windows takes the toast off
// the screen then, but nobody says so: it is swept away with the call's end.
func (w *toastWorker) pressed(arguments string) {
	a, ok := parseActivation(arguments)
	if !ok {
		w.log.Warn("press on a toast not understood", "bytes", len(arguments))
		return
	}
	if a.call == "" {
		w.tell(a.kind, "", nil)
		return
	}
	r := w.calls[a.call]
	if r == nil || r.answered {
		return
	}
	if a.kind == Opened {
		r.silenced = true
	} else {
		r.answered = true
	}
	w.tell(a.kind, a.call, nil)
}
