package web

import (
	"net/http"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// setUpPage is what the page of the first admin shows.
type setUpPage struct {
	Gone  bool // the link is used
	Plain bool // nobody can send a password over plain HTTP
	Form  *form
}

func setUpForm(r *http.Request, v visit) *form {
	return newForm("/set-up/"+segment(r.PathValue("secret")), v.T("Make the administrator"), 0, group{Fields: []*field{
		{Name: "username", Kind: kindText, Label: v.T("Username"), Must: true, Auto: "username", Help: v.T("For signing in. It can't be changed later."),
			mistake: v.T("A username is 1 to 64 letters (a to z), digits and . _ @ + -, and begins with a letter or digit. It can't be local.")},
		{Name: "name", Kind: kindText, Label: v.T("Display name"), Auto: "name", Help: v.T("What others see.")},
		{Name: "password", Kind: kindPassword, Label: v.T("Password"), Must: true, Auto: "new-password", Help: v.T("At least 8 characters."),
			mistake: v.T("A password has at least 8 characters.")},
	}})
}

func (s *Site) showSetUp(w http.ResponseWriter, r *http.Request, v visit) {
	err := s.ask(r, "", "GET", "/api/v1/set-up/"+segment(r.PathValue("secret")), nil, nil)
	s.answerSetUp(w, r, v, setUpForm(r, v), err)
}

// answerSetUp shows the form, or that the link is good no more.
func (s *Site) answerSetUp(w http.ResponseWriter, r *http.Request, v visit, f *form, err error) {
	p := setUpPage{Plain: s.plain, Form: f}
	switch {
	case err == nil:
		s.show(w, v, http.StatusOK, "set-up", p)
	case codeOf(err) == call.NotFound:
		p.Gone = true
		s.show(w, v, http.StatusNotFound, "set-up", p)
	case codeOf(err) != call.TooMany && f.refuse(v, err):
		s.show(w, v, statusOf(err), "set-up", p)
	default:
		s.fail(w, r, v, err)
	}
}

// setUp makes the first admin and signs it in.
func (s *Site) setUp(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	f := setUpForm(r, v)
	f.read(r)
	if s.plain {
		s.show(w, v, http.StatusForbidden, "set-up", setUpPage{Plain: true, Form: f})
		return
	}
	in := f.request(v)
	if in == nil {
		s.show(w, v, http.StatusBadRequest, "set-up", setUpPage{Form: f})
		return
	}
	var made wire.SignedIn
	if err := s.ask(r, "", "POST", "/api/v1/set-up/"+segment(r.PathValue("secret")), in, &made); err != nil {
		s.answerSetUp(w, r, v, f, err)
		return
	}
	s.keep(w, made.Token, made.Expires.Time)
	done(w, r, "/admin/queues", "welcome")
}
