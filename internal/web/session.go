package web

import (
	"net/http"
	"time"
)

// cookieName is the name of the cookie with the sign-in token. Over https its
// prefix has browsers refuse one that another host or a plain page has set.
func (s *Site) cookieName() string {
	if s.secure {
		return "__Host-deskbell"
	}
	return "deskbell"
}

// tokenOf is the token that the browser keeps.
func (s *Site) tokenOf(r *http.Request) string {
	if c, err := r.Cookie(s.cookieName()); err == nil {
		return c.Value
	}
	return ""
}

// keep has the browser keep a token; scripts never see it.
func (s *Site) keep(w http.ResponseWriter, token string, expires time.Time) {
	http.SetCookie(w, s.cookie(token, expires))
}

// forget has the browser drop its token.
func (s *Site) forget(w http.ResponseWriter) {
	c := s.cookie("", time.Time{})
	c.MaxAge = -1
	http.SetCookie(w, c)
}

func (s *Site) cookie(token string, expires time.Time) *http.Cookie {
	return &http.Cookie{
		Name: s.cookieName(), Value: token, Path: "/", Expires: expires,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteStrictMode,
	}
}
