package web

import (
	"net/http"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/wire"
)

// target tells how something outside does to which the hub sends.
type target struct {
	Delivered    int       `json:"delivered"`
	Refused      int       `json:"refused"`
	Waiting      int       `json:"waiting"`
	Dropped      int       `json:"dropped"`
	FailingSince wire.Time `json:"failing_since"`
	LastError    string    `json:"last_error"`
	LastErrorAt  wire.Time `json:"last_error_at"`
}

// Failing tells whether what is sent there does not arrive now.
func (t target) Failing() bool { return !t.FailingSince.IsZero() }

// shownTarget is a target with its times for people who have no script.
type shownTarget struct {
	target
	Since, At string
}

// Target is a target as the part of a page shows it.
func (v visit) Target(of interface{ its() target }) shownTarget {
	t := of.its()
	return shownTarget{t, v.Stamp(t.FailingSince), v.Stamp(t.LastErrorAt)}
}

func (t target) its() target { return t }

// hook is an address outside that is told of calls.
type hook struct {
	Name     string    `json:"name"`
	URL      string    `json:"url"` // its host
	Private  bool      `json:"private"`
	Queues   []string  `json:"queues"`
	Events   []string  `json:"events"`
	Customer bool      `json:"customer"`
	Created  wire.Time `json:"created"`
	Secret   string    `json:"secret"`
	target
}

// hooksPage is what the page of outgoing webhooks shows.
type hooksPage struct {
	Hooks   []hook
	Form    *form
	Made    string // the name of the one that was made now
	Secret  string // of it: it is shown this once
	Problem string
}

// EventWords say of what a hook is told.
func (v visit) EventWords(event string) string {
	switch event {
	case "missed":
		return v.T("missed calls")
	case "waiting":
		return v.T("calls that wait too long")
	}
	return event
}

func (s *Site) hookForm(r *http.Request, v visit) (*form, error) {
	all, err := s.queues(r, v)
	if err != nil {
		return nil, err
	}
	return newForm("/admin/hooks", v.T("Make the webhook"), 0, group{Fields: []*field{
		{Name: "name", Kind: kindText, Label: v.T("Name"), Must: true, Wide: true, Help: v.T("What it is for, such as alarm."),
			mistake: v.T("A name is 1 to 40 letters (a to z), digits, - and _, and begins with a letter or digit."),
			taken:   v.T("There is a webhook of this name already. Choose another name, or remove it first.")},
		{Name: "url", Kind: kindText, Label: v.T("Address"), Must: true, Wide: true, Help: v.T("Where messages are sent to: an https address. It may hold a key, so only its host is shown later."),
			mistake: v.T("The hub can't send there. Write an https address; one in a private network or on the hub's machine needs the box below.")},
		{Name: "private", Kind: kindCheck, Label: v.T("The address is in a private network or on the hub's machine"), Wide: true},
		{Name: "events", Kind: kindSeveral, Label: v.T("What to tell of"), Choices: []choice{{"missed", v.EventWords("missed")}, {"waiting", v.EventWords("waiting")}}, Help: v.T("None: both.")},
		{Name: "queues", Kind: kindSeveral, Label: v.T("Queues to tell of"), Choices: queueChoices(all, nil), Help: v.T("None: all queues."),
			mistake: v.T("One of these queues is not there any more. Save again.")},
		{Name: "customer", Kind: kindCheck, Label: v.T("Tell the customer's name too"), Wide: true, Help: v.T("Otherwise messages name no customer.")},
	}}), nil
}

func (s *Site) readHooks(w http.ResponseWriter, r *http.Request, v visit) (p hooksPage, ok bool) {
	err := s.admin(r, v, "GET", "/hooks", nil, &p.Hooks)
	if err == nil {
		p.Form, err = s.hookForm(r, v)
	}
	if err != nil {
		s.fail(w, r, v, err)
	}
	return p, err == nil
}

func (s *Site) listHooks(w http.ResponseWriter, r *http.Request, v visit) {
	if p, ok := s.readHooks(w, r, v); ok {
		s.show(w, v, http.StatusOK, "admin-hooks", p)
	}
}

// addHook makes a hook. Its secret is shown in the answer and nowhere else: a
// redirect would have to carry it.
func (s *Site) addHook(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	f, err := s.hookForm(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	f.read(r)
	f.Revision = 0
	var made hook
	in := f.request(v)
	if in != nil {
		err = s.admin(r, v, "POST", "/hooks", in, &made)
		if err != nil && !f.refuse(v, err) {
			s.fail(w, r, v, err)
			return
		}
	}
	p, ok := s.readHooks(w, r, v)
	switch {
	case !ok:
	case in == nil || err != nil:
		p.Form = f
		s.show(w, v, statusOf(err), "admin-hooks", p)
	default:
		p.Made, p.Secret = made.Name, made.Secret
		s.show(w, v, http.StatusOK, "admin-hooks", p)
	}
}

// testHook sends a message now and says what came of it.
func (s *Site) testHook(w http.ResponseWriter, r *http.Request, v visit) {
	name := r.PathValue("name")
	var tested struct{ State, Error string }
	err := s.admin(r, v, "POST", "/hooks/"+segment(name)+"/test", nil, &tested)
	switch {
	case codeOf(err) == call.NotFound && err != nil:
		done(w, r, "/admin/hooks", "hook-gone")
		return
	case err != nil:
		s.fail(w, r, v, err)
		return
	case tested.State == "delivered":
		done(w, r, "/admin/hooks", "hook-tested")
		return
	}
	if p, ok := s.readHooks(w, r, v); ok {
		p.Problem = v.T("The test of %s did not arrive: %s", name, clean.Text(tested.Error, maxSentence))
		s.show(w, v, http.StatusOK, "admin-hooks", p)
	}
}

func (s *Site) removeHook(w http.ResponseWriter, r *http.Request, v visit) {
	err := s.admin(r, v, "DELETE", "/hooks/"+segment(r.PathValue("name")), nil, nil)
	if err != nil && codeOf(err) != call.NotFound { // it is gone already
		s.fail(w, r, v, err)
		return
	}
	done(w, r, "/admin/hooks", "removed")
}
