package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/deskbell/deskbell/internal/lang"
)

//go:embed templates
var templateFiles embed.FS

// policy allows what the pages are made of and nothing else: no inline script or
// style, no other site, no frame around them.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// protect sets what holds for pages and assets alike.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// pages are the templates of one language, by name.
type pages map[string]*template.Template

// parsePages reads each page together with the layout and the parts that pages
// share, once for each language.
func parsePages(a *assets) (map[string]pages, error) {
	all := map[string]pages{}
	for _, l := range lang.Languages {
		set := pages{}
		common, err := template.New("").Funcs(functions(lang.For(l.Tag), a)).ParseFS(templateFiles, "templates/layout.html", "templates/parts/*.html")
		if err != nil {
			return nil, fmt.Errorf("read the layout of the pages: %w", err)
		}
		names, err := fs.Glob(templateFiles, "templates/*.html")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if set[strings.TrimSuffix(path.Base(name), ".html")], err = template.Must(common.Clone()).ParseFS(templateFiles, name); err != nil {
				return nil, fmt.Errorf("read the page %s: %w", name, err)
			}
		}
		all[l.Tag] = set
	}
	return all, nil
}

// functions are those that templates call.
func functions(voice *lang.Voice, a *assets) template.FuncMap {
	return template.FuncMap{
		"t":       voice.T,
		"n":       voice.N,
		"number":  voice.Number,
		"span":    span,
		"percent": percentBy(voice),
		"asset":   a.address,
	}
}

// view is what a template is given: who visits, and what the page is about.
type view struct {
	visit
	Page any
}

// show answers with a page.
func (s *Site) show(w http.ResponseWriter, v visit, status int, name string, about any) {
	var b bytes.Buffer
	if err := s.pages[v.Lang()][name].ExecuteTemplate(&b, "layout.html", view{v, about}); err != nil {
		s.log.Error("page not made", "page", name, "err", err)
		http.Error(w, v.T("The page can't be shown. Try again."), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.Lang())
	h.Set("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a reader who has gone needs nothing
}
