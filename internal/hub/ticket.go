package hub

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

// maxReach is the longest phone number or e-mail address to call back.
const maxReach = vidaoo.MaxEmail

// ticketSecret is the key of the secret that tickets are signed with. It is not the
// queue's: that one is in the Receive URL, so others have it, and it changes while
// customers wait.
const ticketSecret = "tickets"

// ticketOf is with what a customer asks for its call: agents know the call's id,
// and nobody but the hub can make the rest of it. Nothing has to be kept of each.
func (h *Hub) ticketOf(q Queue, id string) string {
	key, _ := h.directory.secrets.get(ticketSecret) // there since the hub was opened
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("ticket\x00" + q.Name + "\x00" + id))
	return id + "-" + hex.EncodeToString(mac.Sum(nil)[:16])
}

// ticketFor finds the call of a ticket.
func (h *Hub) ticketFor(ctx context.Context, q Queue, ticket string) (call.Call, error) {
	id, _, _ := strings.Cut(ticket, "-")
	if !callID.MatchString(id) || !hmac.Equal([]byte(h.ticketOf(q, id)), []byte(ticket)) {
		return call.Call{}, unknownTicket
	}
	e, err := h.find(ctx, id)
	if err != nil && call.CodeOf(err) != call.NotFound { // it may be there: a page that asks again finds it
		return call.Call{}, err
	}
	if err != nil || e.Call.Queue != q.Name || h.now().Sub(e.Call.Received) >= sameCall {
		return call.Call{}, unknownTicket
	}
	return e.Call, nil
}

// showTicket tells a customer how it stands.
func (h *Hub) showTicket(w http.ResponseWriter, r *http.Request, _ caller) {
	q, err := h.buttonFor(r)
	var c call.Call
	if err == nil {
		c, err = h.ticketFor(r.Context(), q, r.PathValue("ticket"))
	}
	t := wire.Ticket{State: c.State, Outcome: c.Outcome, Noted: c.Outcome != call.Completed && c.Note != "", Reachable: c.Customer.Email != "" || c.Customer.Phone != ""}
	if c.Open() {
		t.Link = c.Link
	}
	if c.Unanswered() {
		t.Ahead = len(h.live.open(func(other call.Call) bool {
			return other.Queue == q.Name && other.Unanswered() && other.ID != c.ID && other.Since.Before(c.Since)
		}))
	}
	answer(w, http.StatusOK, t, err)
}

// leaveTicket takes the call of a customer who waits no more off the desks.
func (h *Hub) leaveTicket(w http.ResponseWriter, r *http.Request, _ caller) {
	q, err := h.buttonFor(r)
	var c call.Call
	if err == nil {
		c, err = h.ticketFor(r.Context(), q, r.PathValue("ticket"))
	}
	if err == nil {
		ctx, cancel := h.requestContext()
		defer cancel()
		err = h.leaves(ctx, c.ID)
	}
	answer(w, http.StatusOK, status{"left"}, err)
}

// leaves ends a call that nobody has accepted; another one is left as it is.
func (h *Hub) leaves(ctx context.Context, id string) error {
	_, err := h.change(ctx, id, func(c call.Call) (call.Event, error) {
		if !c.Unanswered() {
			return call.Event{}, errDone
		}
		return h.ending(c, call.KindLeft), nil
	})
	return unlessDone(err)
}

// leaveNote keeps the note of a customer who wants to be called back.
func (h *Hub) leaveNote(w http.ResponseWriter, r *http.Request, _ caller) {
	q, err := h.buttonFor(r)
	var in wire.CallBack
	if err == nil {
		in, err = readPress(w, r, func(in wire.CallBack) (string, string) { return in.Key, in.Website })
	}
	if err == nil {
		err = q.Button.checkNote(&in)
	}
	var pressed wire.Pressed
	if err == nil {
		pressed, err = h.presses.once(r.Context(), q.Name, "note "+in.Key, func() error { return h.mayPress(r, q) }, func() (wire.Pressed, error) {
			return h.keepNote(q, in)
		})
	}
	answer(w, http.StatusCreated, pressed, err)
}

// checkNote cleans a note, and tells what is missing. Without an own word of the
// customer's it still says whom to call.
func (b Button) checkNote(in *wire.CallBack) error {
	wrong := fieldsError{}
	in.Name, in.Reach = clean.Text(in.Name, vidaoo.MaxName), clean.Text(in.Reach, maxReach+1)
	in.Note = clean.Text(in.Note, maxNote-maxReach-10)
	switch {
	case in.Reach == "":
		wrong["reach"] = wire.FieldMissing
	case !email(in.Reach) && !phone(in.Reach):
		wrong["reach"] = wire.FieldMalformed
	}
	if f, asked := b.field(fieldConsent); asked && f.Required && !in.Consent {
		wrong[fieldConsent] = wire.FieldMissing
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// keepNote puts a note on the call that nobody took, or makes an ended call of
// it: it is in the list, the reports and the history like any other, and rings
// nowhere.
func (h *Hub) keepNote(q Queue, in wire.CallBack) (wire.Pressed, error) {
	ctx, cancel := h.requestContext()
	defer cancel()
	text := in.Reach
	if in.Note != "" {
		text += " · " + in.Note
	}
	if in.Ticket == "" {
		return h.noteAlone(ctx, q, in, text)
	}
	c, err := h.ticketFor(ctx, q, in.Ticket)
	if err == nil {
		err = h.leaves(ctx, c.ID)
	}
	if err == nil {
		_, err = h.change(ctx, c.ID, func(c call.Call) (call.Event, error) {
			if c.Note == text {
				return call.Event{}, errDone
			}
			return call.Event{Kind: call.KindNoted, At: h.now(), Note: text}, nil
		})
	}
	return wire.Pressed{Ticket: in.Ticket}, unlessDone(err)
}
