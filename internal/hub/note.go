package hub

import (
	"context"
	"errors"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/wire"
)

// noteAlone makes an ended call of a note that belongs to none: the queue was
// closed, or Vidaoo made no meeting.
func (h *Hub) noteAlone(ctx context.Context, q Queue, in wire.CallBack, text string) (wire.Pressed, error) {
	customer := call.Customer{Name: in.Name}
	if email(in.Reach) {
		customer.Email = in.Reach
	} else {
		customer.Phone = in.Reach
	}
	c, event := call.New(call.Call{Queue: q.Name, Customer: customer, Session: "note " + in.Key, Received: h.now()})
	c.ID = newCallID(c, q.Secret)
	c.Closed = !q.Open(c.Received)
	c.State, c.Outcome, c.Reason, c.Ended, c.Note = call.Ended, call.Missed, call.NoSession, c.Received, text
	if !h.takesCalls(q) {
		c.Reason = call.OutOfHours
	}
	seq, err := h.calls.Append(ctx, calllog.Entry{Event: event, Call: c}, 0)
	if errors.Is(err, calllog.ErrConflict) { // the same note, before the hub was started anew
		return wire.Pressed{Ticket: h.ticketOf(q, c.ID)}, nil
	}
	if err != nil {
		h.log.Error("note not written; the customer is told to try again", "queue", q.Name, "err", err)
		return wire.Pressed{}, err
	}
	h.log.Info("call-back note received", "queue", q.Name, "call", c.ID)
	h.await(ctx, seq)
	return wire.Pressed{Ticket: h.ticketOf(q, c.ID)}, nil
}

// leftNote tells whether an entry is a customer's note.
func leftNote(e calllog.Entry) bool {
	c := e.Call
	return c.Note != "" && (e.Event.Kind == call.KindReceived || e.Event.Kind == call.KindNoted && e.Event.Agent == "")
}
