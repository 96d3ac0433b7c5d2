package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/clean"
)

const (
	// requestTimeout bounds every request of an app.
	requestTimeout = 10 * time.Second
	// maxTries bounds how often a change is tried again because the dispatcher
	// or another hub was faster. Each try means that another change went through.
	maxTries = 20

	maxDisposition = 80
	maxNote        = 1000
	maxReason      = 80
)

// requestContext bounds a request and ends with the hub.
func (h *Hub) requestContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(h.ctx, requestTimeout)
}

// errDone says that a change is not needed: the call is as it was asked for.
var errDone = errors.New("done already")

// change appends to a call's log the event that decide makes of the call as it
// is. If another hub was faster, or if nobody knows whether the append went
// through, it reads the call again and decides again. It returns when the
// follower has applied the change. Within this hub the changes of one call take
// turns: a hundred agents who answer at one moment each meet the call as the
// one before left it, and lose no time with appends that can't win.
func (h *Hub) change(ctx context.Context, id string, decide func(call.Call) (call.Event, error)) (call.Call, error) {
	unlock := h.oneChange.lock(id)
	defer unlock()
	e, err := h.find(ctx, id)
	for range maxTries {
		if err != nil {
			return call.Call{}, err
		}
		event, refused := decide(e.Call)
		if refused != nil {
			return e.Call, refused
		}
		after, refused := e.Call.Apply(event)
		if refused != nil {
			return e.Call, h.naming(refused)
		}
		var seq uint64
		if seq, err = h.calls.Append(ctx, calllog.Entry{Event: event, Call: after}, e.Seq); err == nil {
			return after, h.live.seen(ctx, seq)
		}
		if !errors.Is(err, calllog.ErrConflict) {
			h.log.Warn("event perhaps not written; reading the call again", "call", id, "event", event.Kind, "err", err)
		}
		if ctx.Err() != nil {
			return call.Call{}, ctx.Err()
		}
		e, err = h.calls.Last(ctx, e.Call.Queue, id)
	}
	return call.Call{}, fmt.Errorf("change call %s: another change was faster %d times", id, maxTries)
}

// find reads an open call from memory and any other from the log.
func (h *Hub) find(ctx context.Context, id string) (calllog.Entry, error) {
	if e, ok := h.live.call(id); ok {
		return e, nil
	}
	if !callID.MatchString(id) {
		return calllog.Entry{}, &call.Error{Code: call.NotFound, Message: "There is no such call."}
	}
	return h.calls.Last(ctx, "*", id)
}

// naming puts the owner's display name into a "taken".
func (h *Hub) naming(err error) error {
	var e *call.Error
	if errors.As(err, &e) && e.Code == call.Taken {
		by := h.directory.DisplayName(e.By)
		return &call.Error{Code: call.Taken, By: by, Message: by + " has the call."}
	}
	return err
}

// accept makes the agent the call's owner. An owner who asks again succeeds
// again, and again is true.
func (h *Hub) accept(ctx context.Context, username, id string) (again bool, err error) {
	unlock := h.oneAccept.lock(username)
	defer unlock()
	_, err = h.change(ctx, id, func(c call.Call) (call.Event, error) {
		if c.State == call.Accepted && c.Agent == username {
			return call.Event{}, errDone
		}
		if c.Unanswered() && h.live.hasCall(username, id) {
			return call.Event{}, &call.Error{Code: call.NotOffered, Message: "You have a call already: finish it first."}
		}
		return call.Event{Kind: call.KindAccepted, At: h.now(), Agent: username}, nil
	})
	if errors.Is(err, errDone) {
		return true, nil
	}
	return false, err
}

// decline gives an offer back. Who has declined already succeeds again.
func (h *Hub) decline(ctx context.Context, username, id string) error {
	_, err := h.change(ctx, id, func(c call.Call) (call.Event, error) {
		_, rings := c.OfferTo(username)
		switch {
		case c.State == call.Accepted && c.Agent == username:
			return call.Event{}, &call.Error{Code: call.NotOffered, Message: "The call is yours: finish it instead."}
		case c.Unanswered() && !rings && !c.RefusedBy(username).IsZero():
			return call.Event{}, errDone
		}
		return call.Event{Kind: call.KindDeclined, At: h.now(), Agent: username}, nil
	})
	return unlessDone(err)
}

// finish ends an own call. Who has finished it already succeeds again.
func (h *Hub) finish(ctx context.Context, username, id, disposition, note string) error {
	_, err := h.change(ctx, id, func(c call.Call) (call.Event, error) {
		if c.State == call.Ended && c.Outcome == call.Completed && c.Agent == username {
			return call.Event{}, errDone
		}
		return call.Event{
			Kind: call.KindFinished, At: h.now(), Agent: username,
			Disposition: clean.Text(disposition, maxDisposition), Note: clean.Text(note, maxNote),
		}, nil
	})
	return unlessDone(err)
}

func unlessDone(err error) error {
	if errors.Is(err, errDone) {
		return nil
	}
	return err
}

// setPresence notes what an agent chose: ready, or paused with a reason.
func (h *Hub) setPresence(ctx context.Context, username string, state call.PresenceState, reason string) error {
	c := chosen{User: username, State: state, Since: h.now()}
	if state == call.Paused {
		c.Reason = clean.Text(reason, maxReason)
	}
	if err := h.directory.presence.put(ctx, userKey(username), c); err != nil {
		return err
	}
	h.live.chosen(username)
	return nil
}

// shown notes a delivery receipt. It may come when another agent has the call
// already, so any member of the queue may send one; nobody else, so that the
// log can't be filled by strangers to the call.
func (h *Hub) shown(username, id, surface string, ms int64) error {
	e, ok := h.live.call(id)
	if !ok {
		return &call.Error{Code: call.Gone, Message: "The call has ended."}
	}
	if !slices.Contains(h.directory.Members(e.Call.Queue), username) {
		return &call.Error{Code: call.NotOffered, Message: "The call does not ring for you."}
	}
	h.receipts.add(e.Call.Queue, id, calllog.Receipt{Agent: username, Surface: surface, Ms: ms, At: h.now()})
	return nil
}
