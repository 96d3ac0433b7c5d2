package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
)

const (
	languageCookie = "deskbell-language"
	languageLife   = 365 * 24 * time.Hour
)

// voiceOf speaks the language that the reader has chosen, or that the browser
// asks for.
func voiceOf(r *http.Request) *lang.Voice {
	if c, err := r.Cookie(languageCookie); err == nil && spoken(c.Value) {
		return lang.For(c.Value)
	}
	return lang.For(r.Header.Get("Accept-Language"))
}

func spoken(tag string) bool {
	return slices.ContainsFunc(lang.Languages, func(l lang.Language) bool { return l.Tag == tag })
}

// chooseLanguage keeps the language that an address asks for (?lang=de), and
// leads to the same address without it.
func (s *Site) chooseLanguage(w http.ResponseWriter, r *http.Request) (answered bool) {
	q := r.URL.Query()
	if r.Method != http.MethodGet || !spoken(q.Get("lang")) {
		return false
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: q.Get("lang"), Path: "/", MaxAge: int(languageLife.Seconds()),
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
	http.Redirect(w, r, address(r.URL, func(q url.Values) { q.Del("lang") }), http.StatusSeeOther)
	return true
}

// languageChoice is a language in the foot of a page.
type languageChoice struct {
	lang.Language
	Href    string
	Current bool
}

// Languages are those of the foot: each leads to the same page in another one.
func (v visit) Languages() (all []languageChoice) {
	for _, l := range lang.Languages {
		href := address(v.at, func(q url.Values) {
			if v.customer { // who gets no cookie
				q.Set("language", l.Tag)
				return
			}
			q.Set("lang", l.Tag)
		})
		all = append(all, languageChoice{Language: l, Href: href, Current: l.Tag == v.Lang()})
	}
	return all
}

// address is a page's with another query, and never with a token. A path that a
// browser could take for another site's leads home.
func address(of *url.URL, change func(url.Values)) string {
	q := of.Query()
	q.Del("token")
	change(q)
	u := url.URL{Path: of.Path, RawQuery: q.Encode()}
	if !local(u.String()) {
		return "/"
	}
	return u.String()
}
