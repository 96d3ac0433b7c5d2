package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// visit is one person's request for a page.
type visit struct {
	voice *lang.Voice
	token string     // of the cookie; empty: none came
	wall  bool       // it is a wallboard's
	User  *wire.User // who has signed in; nil: nobody
	Look  string     // "dark" or "light"; empty: as the reader's system has it
	at    *url.URL
	// customer tells that it is one, who presses the button.
	customer bool
}

// looks are those that an address may ask for, with ?look=.
var looks = []string{"dark", "light"}

func (s *Site) visitOf(r *http.Request) visit {
	v := visit{voice: voiceOf(r), token: s.tokenOf(r), at: r.URL}
	if look := r.URL.Query().Get("look"); slices.Contains(looks, look) {
		v.Look = look
	}
	return v
}

// May tells whether the visitor has a role or one that includes it.
func (v visit) May(role call.Role) bool {
	needed := slices.Index(call.Roles, role)
	return v.User != nil && needed >= 0 && slices.Index(call.Roles, v.User.Role) >= needed
}

// T says a sentence in the visitor's language.
func (v visit) T(english string, parts ...any) string { return v.voice.T(english, parts...) }

// N says a sentence about n things in the visitor's language.
func (v visit) N(n int, one, other string, parts ...any) string {
	return v.voice.N(n, one, other, parts...)
}

// Lang is the language of the page.
func (v visit) Lang() string { return v.voice.Tag() }

// In tells whether the visitor looks at a page, or at one below it.
func (v visit) In(path string) bool {
	return v.at.Path == path || strings.HasPrefix(v.at.Path, path+"/")
}

// local tells whether an address stays within the site: a path, and nothing that
// a browser could take for another host.
func local(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(uri, "/") &&
		!strings.HasPrefix(uri, "//") && !strings.ContainsAny(uri, "\\\r\n\t")
}
