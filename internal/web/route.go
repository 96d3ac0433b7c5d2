package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	// anybody is who need not have signed in.
	anybody call.Role = ""
	// watchers are wallboards and supervisors.
	watchers call.Role = "wallboard"
)

// route is a page or what its forms send, and for whom it is.
type route struct {
	pattern string
	needs   call.Role // the least role
	handle  handler
}

// handler answers a visit whom the table lets in.
type handler func(w http.ResponseWriter, r *http.Request, v visit)

// routes are all pages. What a page shows and does is allowed or refused by the
// hub's API; this only keeps people from pages that have nothing for them.
func (s *Site) routes() []route {
	return append(s.buttonRoutes(), []route{
		{"GET /{$}", anybody, s.home},
		{"GET /sign-in", anybody, s.showSignIn},
		{"POST /sign-in", anybody, s.signIn},
		{"POST /sign-out", anybody, s.signOut},
		{"GET /wallboard", watchers, s.wallboard},
		{"GET /wallboard/live", watchers, s.stream},
		{"GET /reports", call.RoleSupervisor, s.reports},
		{"GET /reports/{file}", call.RoleSupervisor, s.download},
	}...)
}

// guard puts what holds for all pages around one.
func (s *Site) guard(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		w.Header().Set("Cache-Control", "no-store")
		if rt.needs == customers {
			s.serveCustomer(rt, w, r)
			return
		}
		v := s.visitOf(r)
		if s.foreign(r) {
			s.log.Warn("a form of another site was refused", "page", r.Pattern)
			s.fail(w, r, v, &refused{wire.Problem{Code: call.Forbidden}})
			return
		}
		if rt.needs == watchers && r.URL.Query().Get("token") != "" {
			s.takeWallToken(w, r, v)
			return
		}
		if s.chooseLanguage(w, r) {
			return
		}
		if cookieWithheld(r) {
			s.again(w, v, r.URL.RequestURI())
			return
		}
		if err := s.admit(rt, r, &v); err != nil {
			s.fail(w, r, v, err)
			return
		}
		rt.handle(w, r, v)
	})
}

// admit finds who visits, and tells why that one may not see a page.
func (s *Site) admit(rt route, r *http.Request, v *visit) error {
	var me wire.Me
	err := errNotSignedIn
	if v.token != "" {
		err = s.ask(r, v.token, "GET", "/api/v1/me", nil, &me)
	}
	switch {
	case err == nil:
		v.User = &me.User
	case codeOf(err) == call.Forbidden: // a wallboard's token is nobody's
		v.wall, err = true, errNotSignedIn
	}
	switch {
	case rt.needs == watchers && v.wall:
		return nil
	case rt.needs == anybody && (err == nil || codeOf(err) == wire.CodeUnauthorized):
		return nil
	case err != nil:
		return err
	case !v.May(rt.needs) && !(rt.needs == watchers && v.May(call.RoleSupervisor)):
		return errNothingHere
	}
	return nil
}

var (
	errNotSignedIn error = &refused{wire.Problem{Code: wire.CodeUnauthorized}}
	errNothingHere       = errors.New("this page has nothing for the visitor's role")
)

// foreign tells whether a form was sent by another site's page, or by something
// that is no browser. Browsers say where each comes from.
func (s *Site) foreign(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return false
	}
	tells := r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != ""
	return !tells || s.own.Check(r) != nil
}

// cookieWithheld tells whether somebody follows a link of another site: browsers
// leave a strict cookie out then, though the visitor may well have signed in.
func cookieWithheld(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Header.Get("Sec-Fetch-Mode") == "navigate"
}

// again has the browser come again by itself. It is our own page then that leads
// there, and the cookie comes along; a redirect would count as the other site's.
func (s *Site) again(w http.ResponseWriter, v visit, uri string) {
	if !local(uri) {
		uri = "/"
	}
	s.show(w, v, http.StatusOK, "again", uri)
}

// fail answers with why there is no page.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, v visit, err error) {
	if err == errNothingHere {
		s.show(w, v, http.StatusForbidden, "nothing", nil)
		return
	}
	code := codeOf(err)
	if code == wire.CodeUnauthorized && r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/admin/") {
		s.show(w, v, http.StatusUnauthorized, "signed-out", nil)
		return
	}
	if code == wire.CodeUnauthorized {
		to := "/sign-in"
		if r.Method == http.MethodGet && r.URL.Path != "/" {
			to += "?" + url.Values{"next": {r.URL.RequestURI()}}.Encode()
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	if !slices.Contains([]call.Code{call.Forbidden, call.NotFound, call.TooMany, call.BadRequest, wire.CodeTooLarge}, code) {
		s.log.Error("page not made", "page", r.Pattern, "err", err)
	}
	s.show(w, v, wire.Status(code), "failed", string(code))
}
