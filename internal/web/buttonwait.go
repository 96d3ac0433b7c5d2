package web

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// noteForm is where a customer asks to be called back.
type noteForm struct {
	button
	Ticket  string // of the call it belongs to
	Key     string
	Values  url.Values
	Wrong   map[string]string
	Problem string
}

func (b button) note(ticket string, values url.Values, err error) *noteForm {
	n := &noteForm{button: b, Ticket: ticket, Key: rand.Text(), Values: values, Wrong: wrongFields(b.v, err)}
	if err != nil {
		n.Problem = problemWords(b.v, err)
	}
	return n
}

// Value is what was written in a field.
func (n *noteForm) Value(name string) string { return n.Values.Get(name) }

// waitingPage is what the page shows on which a customer waits.
type waitingPage struct {
	button
	wire.Ticket
	At    string // of the page
	Words string
	Note  *noteForm
	// Writes is when somebody without scripts writes a note: the page stays as it is.
	Writes bool
}

// Drawn is how the page looks, for its script: when that is no more so, it is to be
// drawn anew.
func (w waitingPage) Drawn() call.State {
	if w.Waits() {
		return call.Waiting
	}
	return w.State
}

// Waits tells whether an agent is looked for.
func (w waitingPage) Waits() bool { return w.State == call.Waiting || w.State == call.Ringing }

// Here tells whether an agent is there.
func (w waitingPage) Here() bool { return w.State == call.Accepted }

// ticketOf asks the hub how it stands with a customer's call.
func (s *Site) ticketOf(r *http.Request, b button, ticket string) (t wire.Ticket, err error) {
	err = s.ask(r, "", "GET", "/api/v1/button/"+url.PathEscape(b.Queue)+"/presses/"+url.PathEscape(ticket), nil, &t)
	return t, err
}

func (b button) words(t wire.Ticket) string {
	switch {
	case t.State == call.Accepted:
		return b.v.T("An agent is here: the video call starts now.")
	case t.Noted:
		return b.v.T("Thank you. We have your message and will call you back.")
	case t.Outcome == call.Completed:
		return b.v.T("The call has ended. Thank you.")
	case t.Outcome == call.Missed:
		return b.v.T("We are sorry: nobody could take your call.")
	case t.State == call.Ended:
		return b.v.T("You are not waiting any more.")
	case t.Ahead > 0:
		return b.v.N(t.Ahead, "%d customer is ahead of you. Please keep this page open.", "%d customers are ahead of you. Please keep this page open.", t.Ahead)
	}
	return b.text("waiting", b.v.T("You are next: an agent is coming. Please keep this page open."))
}

func (s *Site) showWaiting(w http.ResponseWriter, r *http.Request, v visit) {
	b, ok := s.buttonOf(w, r, v)
	if !ok {
		return
	}
	ticket := r.PathValue("ticket")
	t, err := s.ticketOf(r, b, ticket)
	if err != nil {
		s.failCustomer(w, v, err)
		return
	}
	page := b.waits(t, ticket, b.note(ticket, nil, nil))
	page.Writes = r.URL.Query().Has("note")
	s.show(w, v, http.StatusOK, "button-wait", page)
}

func (b button) waits(t wire.Ticket, ticket string, note *noteForm) waitingPage {
	if t.Noted || t.State == call.Accepted || t.Outcome == call.Completed {
		note = nil
	}
	return waitingPage{button: b, Ticket: t, At: b.waitingAt(ticket), Words: b.words(t), Note: note}
}

// waitingNow is what the waiting page's script is told.
type waitingNow struct {
	State call.State `json:"state"`
	Words string     `json:"words"`
	Link  string     `json:"link,omitempty"`
}

func (s *Site) waitingState(w http.ResponseWriter, r *http.Request, v visit) {
	b, ok := s.buttonOf(w, r, v)
	if !ok {
		return
	}
	t, err := s.ticketOf(r, b, r.PathValue("ticket"))
	if err != nil {
		http.Error(w, problemWords(v, err), wire.Status(codeOf(err)))
		return
	}
	now := waitingNow{State: t.State, Words: b.words(t)}
	if t.State == call.Accepted {
		now.Link = t.Link
	}
	writeJSON(w, http.StatusOK, now)
}

// leaveWaiting ends the waiting, and leads back to where the customer came from.
func (s *Site) leaveWaiting(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.ownForm(w, r, v) {
		return
	}
	b, ok := s.buttonOf(w, r, v)
	if !ok {
		return
	}
	path := "/api/v1/button/" + url.PathEscape(b.Queue) + "/presses/" + url.PathEscape(r.PathValue("ticket")) + "/leave"
	if err := s.ask(r, "", "POST", path, nil, nil); err != nil {
		s.failCustomer(w, v, err)
		return
	}
	to := b.Return
	if to == "" {
		to = b.waitingAt(r.PathValue("ticket")) + b.In()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// leaveNote keeps a call-back note, and says so.
func (s *Site) leaveNote(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.ownForm(w, r, v) {
		return
	}
	b, ok := s.buttonOf(w, r, v)
	if !ok {
		return
	}
	in := wire.CallBack{
		Key: r.PostFormValue("key"), Ticket: r.PostFormValue("ticket"), Name: r.PostFormValue("name"), Reach: r.PostFormValue("reach"),
		Note: r.PostFormValue("note"), Consent: r.PostFormValue("consent") != "", Website: r.PostFormValue("website"),
	}
	var left wire.Pressed
	err := s.ask(r, "", "POST", "/api/v1/button/"+url.PathEscape(b.Queue)+"/notes", in, &left)
	if err == nil {
		http.Redirect(w, r, b.waitingAt(left.Ticket)+b.In(), http.StatusSeeOther)
		return
	}
	note := b.note(in.Ticket, r.PostForm, err)
	status := wire.Status(codeOf(err))
	if t, failed := s.ticketOf(r, b, in.Ticket); in.Ticket != "" && failed == nil {
		page := b.waits(t, in.Ticket, note)
		page.Writes = true
		s.show(w, v, status, "button-wait", page)
		return
	}
	s.show(w, v, status, "button", buttonForm{button: b, Note: note, Only: true})
}

func writeJSON(w http.ResponseWriter, status int, about any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(about) // our own types encode; a reader who has gone needs nothing
}
