package web

import (
	"net/http"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const maxForm = 64 << 10

// signInForm is what the page of signing in shows.
type signInForm struct {
	Username string
	Next     string // where to go then
	Problem  string
	Plain    bool // nobody can sign in over plain HTTP
}

// home leads to what there is for the visitor.
func (s *Site) home(w http.ResponseWriter, r *http.Request, v visit) {
	switch {
	case v.wall:
		http.Redirect(w, r, "/wallboard", http.StatusSeeOther)
	case v.User == nil:
		s.fail(w, r, v, errNotSignedIn)
	case !v.May(call.RoleSupervisor):
		s.fail(w, r, v, errNothingHere)
	default:
		http.Redirect(w, r, "/wallboard", http.StatusSeeOther)
	}
}

func (s *Site) showSignIn(w http.ResponseWriter, r *http.Request, v visit) {
	next := nextPage(r.URL.Query().Get("next"))
	if v.User != nil {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return
	}
	s.show(w, v, http.StatusOK, "sign-in", signInForm{Next: next, Plain: s.plain})
}

// nextPage is where to go after signing in: a page of ours.
func nextPage(asked string) string {
	if !local(asked) {
		return "/"
	}
	return asked
}

func (s *Site) signIn(w http.ResponseWriter, r *http.Request, v visit) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	form := signInForm{Username: r.PostFormValue("username"), Next: nextPage(r.PostFormValue("next")), Plain: s.plain}
	if s.plain {
		s.show(w, v, http.StatusForbidden, "sign-in", form)
		return
	}
	var in wire.SignedIn
	err := s.ask(r, "", "POST", "/api/v1/sessions", wire.SignIn{Username: form.Username, Password: r.PostFormValue("password"), Pages: true}, &in)
	switch codeOf(err) {
	case wire.CodeUnauthorized:
		form.Problem = v.T("Wrong username or password.")
	case call.TooMany:
		form.Problem = v.T("Too many sign-ins: wait a minute and try again.")
	default:
		form.Problem = v.T("The hub can't answer at the moment. Try again.")
	}
	if err != nil {
		s.show(w, v, wire.Status(codeOf(err)), "sign-in", form)
		return
	}
	s.keep(w, in.Token, in.Expires.Time)
	http.Redirect(w, r, form.Next, http.StatusSeeOther)
}

// signOut makes the token worthless and has the browser drop it.
func (s *Site) signOut(w http.ResponseWriter, r *http.Request, v visit) {
	if v.User != nil {
		if err := s.ask(r, v.token, "DELETE", "/api/v1/sessions/current", nil, nil); err != nil {
			s.fail(w, r, v, err)
			return
		}
	}
	s.forget(w)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
}
