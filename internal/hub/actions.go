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
	"github.com/deskbell/deskbell/internal/routing"
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
		if c.Unanswered() && !h.live.hasRoom(username, c) {
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
		case c.Unanswered() && !rings && c.PassedBy(username).Refused():
			return call.Event{}, errDone
		}
		return call.Event{Kind: call.KindDeclined, At: h.now(), Agent: username}, nil
	})
	return unlessDone(err)
}

// finish ends an own call, with a disposition of the queue's list if it has
// one. Who has finished it already succeeds again; where the customer ended it
// by leaving, what the agent says of it is kept still.
func (h *Hub) finish(ctx context.Context, username, id, disposition, note string) error {
	disposition, note = clean.Text(disposition, maxDisposition), clean.Text(note, maxNote)
	_, err := h.change(ctx, id, func(c call.Call) (call.Event, error) {
		ended := c.State == call.Ended && c.Outcome == call.Completed && c.Agent == username
		if ended && (disposition == "" && note == "" || disposition == c.Disposition && note == c.Note) {
			return call.Event{}, errDone
		}
		q, _ := h.directory.Queue(c.Queue)
		if disposition != "" && len(q.Dispositions) > 0 && !slices.Contains(q.Dispositions, disposition) {
			return call.Event{}, badRequest("There is no disposition %q in queue %s: use %s.", disposition, c.Queue, routing.OneOf(q.Dispositions))
		}
		e := h.ending(c, call.KindFinished)
		if ended { // the customer left first
			e.Kind = call.KindNoted
		}
		e.Agent, e.Disposition, e.Note = username, disposition, note
		e.DeleteMeeting = q.DeleteMeeting && e.Kind == call.KindFinished
		return e, nil
	})
	return unlessDone(err)
}

// ending is an event that may end a call, with the time its agent has to wrap
// up after it.
func (h *Hub) ending(c call.Call, k call.Kind) call.Event {
	e := call.Event{Kind: k, At: h.now()}
	if o, ok := h.directory.Options(c.Queue); ok && c.State == call.Accepted && o.WrapUp > 0 {
		e.Until = e.At.Add(o.WrapUp)
	}
	return e
}

// giveBack has an accepted call wait again. The agent may do that, and who
// supervises its queue.
func (h *Hub) giveBack(ctx context.Context, by caller, id string) error {
	may := by.sight()
	_, err := h.change(ctx, id, func(c call.Call) (call.Event, error) {
		switch {
		case c.Unanswered() && c.PassedBy(by.Username).How == call.KindReturned:
			return call.Event{}, errDone
		case c.Unanswered():
			return call.Event{}, &call.Error{Code: call.BadRequest, Message: "Nobody has the call: there is nothing to return."}
		case c.Open() && c.Agent != by.Username && !may.supervises(c.Queue):
			return call.Event{}, &call.Error{Code: call.Forbidden, Message: "Only the agent who has the call can return it, or a supervisor."}
		}
		if _, ok := h.directory.Queue(c.Queue); c.Open() && !ok {
			return call.Event{}, &call.Error{Code: call.BadRequest, Message: "The call's queue is gone: finish the call instead."}
		}
		e := call.Event{Kind: call.KindReturned, At: h.now(), Agent: c.Agent}
		if c.Agent != by.Username {
			e.By = by.Username
		}
		return e, nil
	})
	return unlessDone(err)
}

// assign has a call ring for one agent first. By is who chose it.
func (h *Hub) assign(ctx context.Context, by, id, agent string) error {
	chosen, ok := h.directory.User(agent)
	if !ok {
		return noUser(agent)
	}
	_, err := h.change(ctx, id, func(c call.Call) (call.Event, error) {
		if c.State == call.Accepted && c.Agent == agent || c.Unanswered() && c.Assigned == agent {
			return call.Event{}, errDone
		}
		if p := h.live.presenceOf(agent); c.Unanswered() && p.State != call.Ready && p.State != call.Busy {
			return call.Event{}, badRequest("%s is %s: choose an agent who is ready.", chosen.Name, p.State)
		}
		if c.Unanswered() && !h.live.hasRoom(agent, c) {
			return call.Event{}, badRequest("%s has a call already: choose an agent who is ready.", chosen.Name)
		}
		return call.Event{Kind: call.KindAssigned, At: h.now(), Agent: agent, By: by}, nil
	})
	return unlessDone(err)
}

// cancel closes a call. By is who did it, as the trail shows it.
func (h *Hub) cancel(ctx context.Context, by, id string, reason call.Reason) error {
	_, err := h.change(ctx, id, func(c call.Call) (call.Event, error) {
		// With its queue a call goes only while nobody has it.
		if c.State == call.Ended && c.Outcome == call.Canceled || reason == call.QueueRemoved && !c.Unanswered() {
			return call.Event{}, errDone
		}
		e := h.ending(c, call.KindCanceled)
		e.By, e.Reason = by, string(reason)
		return e, nil
	})
	return unlessDone(err)
}

func unlessDone(err error) error {
	if errors.Is(err, errDone) {
		return nil
	}
	return err
}

// setPresence notes what an agent chose, or was made to be: ready, or paused
// with a reason.
func (h *Hub) setPresence(ctx context.Context, username string, state call.PresenceState, reason string, cause call.Cause) error {
	p := call.Presence{State: state, Cause: cause, Since: h.now()}
	if state == call.Paused {
		p.Reason = clean.Text(reason, maxReason)
		if reasons := h.directory.Rules().Reasons; p.Reason != "" && len(reasons) > 0 && !slices.Contains(reasons, p.Reason) {
			return badRequest("There is no reason %q for a pause: use %s.", p.Reason, routing.OneOf(reasons))
		}
	}
	unlock := h.onePresence.lock(username)
	defer unlock()
	if err := h.directory.chosen.put(ctx, userKey(username), p); err != nil {
		return err
	}
	h.live.chosen(username)
	return nil
}

// keepPause keeps a pause that a rule made, unless the agent has chosen again
// since.
func (h *Hub) keepPause(ctx context.Context, username string, p call.Presence) error {
	unlock := h.onePresence.lock(username)
	defer unlock()
	if chosen, ok := h.directory.Chosen(username); ok && chosen.Since.After(p.Since) {
		return nil
	}
	return h.directory.chosen.put(ctx, userKey(username), p)
}

// concerns tells whether a call may ring for an agent, or did.
func (h *Hub) concerns(username string, c call.Call) bool {
	_, rings := c.OfferTo(username)
	return rings || c.Assigned == username || c.Agent == username || c.PassedBy(username).Agent != "" ||
		slices.Contains(h.directory.Members(c.Queue), username) ||
		c.Overflow != "" && slices.Contains(h.directory.Members(c.Overflow), username)
}

// shown notes a delivery receipt. It may come when another agent has the call
// already, so whomever the call may ring for may send one; nobody else, so that
// the log can't be filled by strangers to the call.
func (h *Hub) shown(username, id, surface string, ms int64) error {
	e, ok := h.live.call(id)
	if !ok {
		return &call.Error{Code: call.Gone, Message: "The call has ended."}
	}
	if !h.concerns(username, e.Call) {
		return &call.Error{Code: call.NotOffered, Message: "The call does not ring for you."}
	}
	h.receipts.add(e.Call.Queue, id, call.Receipt{Agent: username, Surface: surface, Ms: ms, At: h.now()})
	return nil
}
