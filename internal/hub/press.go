package hub

import (
	"context"
	"encoding/json"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	maxPress   = 16 << 10 // bytes of a form
	maxAnswer  = 500      // characters of a field
	phoneParts = "0123456789 +-/().#*x"
)

// fieldsError says why fields of a form can't be taken, by name.
type fieldsError map[string]string

func (e fieldsError) Error() string {
	return "fields of the form are missing or can't be read: fill them in and send it again"
}

// noButton is the one answer to an unknown queue and to one without a button.
var noButton = notFound("There is no button: its queue does not exist, or an administrator has not switched it on.")

var (
	pressKey  = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)
	pageOf    = regexp.MustCompile(`^https?://[^?#]*`)
	emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

// buttonFor finds the button that a page asks for, and refuses pages that may
// not: browsers say of every form and script where it is from.
func (h *Hub) buttonFor(r *http.Request) (Queue, error) {
	q, ok := h.directory.Queue(r.PathValue("queue"))
	if !ok || !q.Button.On {
		return q, noButton
	}
	origin := r.Header.Get("Origin")
	if origin == "" && r.Method == http.MethodGet || q.Button.allows(origin) || origin != "" && origin == h.origin() {
		return q, nil
	}
	h.log.Warn("the button was pressed on a site that the queue does not allow", "queue", q.Name)
	return q, &call.Error{Code: call.Forbidden, Message: "This site may not show the button: an administrator allows it with 'queue set --button-sites'."}
}

// origin is that of the hub's own pages.
func (h *Hub) origin() string {
	u, err := url.Parse(h.publicURL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// takesCalls tells whether a press makes a call now.
func (h *Hub) takesCalls(q Queue) bool { return q.Open(h.now()) || q.WhenClosed == routing.RingAnyway }

func (h *Hub) showButton(w http.ResponseWriter, r *http.Request, _ caller) {
	q, err := h.buttonFor(r)
	b := wire.Button{
		Queue: q.Name, Open: err == nil && h.takesCalls(q), Fields: []wire.ButtonField{}, Texts: q.Button.Texts,
		Sites: append([]string{}, q.Button.Sites...), Return: q.Button.Return,
	}
	for _, f := range q.Button.form() {
		b.Fields = append(b.Fields, wire.ButtonField(f))
	}
	answer(w, http.StatusOK, b, err)
}

// readPress reads the body of a form that came with a key.
func readPress[T any](w http.ResponseWriter, r *http.Request, key func(T) (key, website string)) (in T, err error) {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPress)).Decode(&in); err != nil {
		return in, bodyError(err)
	}
	switch k, website := key(in); {
	case !pressKey.MatchString(k):
		return in, badRequest("A form comes with a key of 16 to 64 letters and digits.")
	case website != "": // people do not see that field
		return in, badRequest("The form was filled in by a program.")
	}
	return in, nil
}

// press makes a meeting and a call of a customer's press.
func (h *Hub) press(w http.ResponseWriter, r *http.Request, _ caller) {
	var pressed wire.Pressed
	q, err := h.buttonFor(r)
	var in wire.Press
	if err == nil {
		in, err = readPress(w, r, func(in wire.Press) (string, string) { return in.Key, in.Website })
	}
	var values map[string]string
	if err == nil {
		values, err = q.Button.read(in.Values)
	}
	if err == nil {
		pressed, err = h.presses.once(r.Context(), q.Name, in.Key, func() error { return h.mayPress(r, q) }, func() (wire.Pressed, error) {
			if !h.takesCalls(q) {
				return wire.Pressed{Closed: true}, nil
			}
			return h.meet(q, values, in)
		})
	}
	answer(w, http.StatusCreated, pressed, err)
}

var tooManyPresses = &call.Error{Code: call.TooMany, Message: "The button is pressed too often: wait a minute and try again."}

func (h *Hub) mayPress(r *http.Request, q Queue) error {
	if !h.presses.allow(h.source(r), q.Name, h.now()) {
		return tooManyPresses
	}
	return nil
}

// read takes over what a customer wrote, clean, and tells which fields can't be
// taken. What the form does not ask for is left out.
func (b Button) read(sent map[string]string) (map[string]string, error) {
	values, wrong := map[string]string{}, fieldsError{}
	for _, f := range b.form() {
		text := clean.Text(sent[f.Name], maxAnswer)
		switch {
		case text == "" && f.Required:
			wrong[f.Name] = wire.FieldMissing
		case text == "":
		case f.Name == fieldEmail && !email(text), f.Name == fieldPhone && !phone(text):
			wrong[f.Name] = wire.FieldMalformed
		default:
			values[f.Name] = text
		}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return values, nil
}

func email(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && emailForm.MatchString(text) && len(text) <= vidaoo.MaxEmail
}

func phone(text string) bool {
	digits := strings.Count(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, text), "0")
	return digits >= 4 && len(text) <= vidaoo.MaxPhone && strings.Trim(text, phoneParts) == ""
}

// meet makes the meeting, and the call at once: the bell rings also if Vidaoo's
// webhook is late, or never comes. When it comes it is the call's duplicate.
func (h *Hub) meet(q Queue, values map[string]string, in wire.Press) (wire.Pressed, error) {
	if h.meetings == nil {
		h.log.Error("the button makes no meetings: the hub has no API key of Vidaoo; run 'deskbell-hub vidaoo connect'", "queue", q.Name)
		return wire.Pressed{}, noMeeting
	}
	ctx, cancel := context.WithTimeout(h.ctx, pressTimeout)
	defer cancel()
	metadata := q.Button.metadata(values, in)
	topic := firstOf(q.Button.Topic, values[fieldSubject], q.Name)
	m, err := h.meetings.CreateMeeting(ctx, vidaoo.NewMeeting{Topic: topic, Metadata: metadata, GuestRedirectionURL: q.Button.Return})
	if err == nil {
		err = m.Lacks(vidaoo.SettingMeetingLink)
	}
	if err == nil {
		err = q.checkHost(m.Link)
	}
	if err != nil {
		h.log.Error("the button got no meeting", "queue", q.Name, "err", err)
		return wire.Pressed{}, noMeeting
	}
	got, err := h.takeMeeting(ctx, q, m, vidaoo.Session{
		ID: firstOf(m.Session, m.ID), Link: m.Link, Topic: clean.Text(topic, vidaoo.MaxTopic), Metadata: metadata,
		Customer: vidaoo.Customer{Name: clean.Text(values[fieldName], vidaoo.MaxName), Email: values[fieldEmail], Phone: values[fieldPhone]},
	})
	if err != nil {
		return wire.Pressed{}, err
	}
	return wire.Pressed{Ticket: h.ticketOf(q, got.Call.ID)}, nil
}

var noMeeting = &call.Error{Code: call.Unavailable, Message: "No video session could be made: try again, or leave a note."}

// takeMeeting makes the call of a meeting. The webhook may name it by the
// meeting's id, its session id or its link, and may have been faster.
func (h *Hub) takeMeeting(ctx context.Context, q Queue, m vidaoo.Meeting, s vidaoo.Session) (wire.Received, error) {
	names := slices.Compact([]string{s.ID, m.ID, m.Session, m.Link})
	for _, name := range names {
		if r, ok := h.live.known(call.Call{Queue: q.Name, Session: name, Link: m.Link, Received: h.now()}); ok {
			return received(r.id, r.state, true), nil
		}
	}
	got, err := h.take(ctx, q, s, m.ID)
	if err != nil {
		return got, err
	}
	for _, name := range names {
		h.live.alias(call.Call{ID: got.Call.ID, Queue: q.Name, Received: h.now(), State: call.Waiting}, name)
	}
	return got, nil
}

// metadata is what the meeting tells of the customer.
func (b Button) metadata(values map[string]string, in wire.Press) map[string]any {
	extra := map[string]string{fromPage: clean.Text(pageOf.FindString(in.Page), maxAnswer), fromLanguage: clean.Text(in.Language, 10)}
	mapping := b.Metadata
	if len(mapping) == 0 {
		mapping = map[string]string{fromPage: fromPage, fromLanguage: fromLanguage}
		for _, f := range b.form() {
			mapping[f.Name] = f.Name
		}
	}
	all := map[string]any{}
	for key, from := range mapping {
		fixed, is := strings.CutPrefix(from, fixedMark)
		if !is {
			fixed = firstOf(values[from], extra[from])
		}
		if fixed != "" {
			all[key] = fixed
		}
	}
	return all
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// unknownTicket is the one answer to a ticket that is not good.
var unknownTicket = notFound("There is no such ticket, or not any more: one is good for a day.")
