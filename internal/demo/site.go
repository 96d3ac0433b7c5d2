package demo

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
)

//go:embed site.html
var pageSource string

//go:embed site.css
var styleSheet []byte

var page = template.Must(template.New("site").Parse(pageSource))

// newSite is the website with the video button: a page that knows nothing but
// where the hub is.
func newSite(o Options) (http.Handler, error) {
	var b bytes.Buffer
	if err := page.Execute(&b, o); err != nil {
		return nil, fmt.Errorf("make the demo's website: %w", err)
	}
	policy := "default-src 'none'; style-src 'self'; script-src " + o.Hub + "; connect-src " + o.Hub + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		_, _ = w.Write(b.Bytes()) // a reader who has gone needs nothing
	})
	mux.HandleFunc("GET /site.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(styleSheet) // a reader who has gone needs nothing
	})
	return mux, nil
}
