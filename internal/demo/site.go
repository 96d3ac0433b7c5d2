package demo

import (
	"bytes"
	_ "embed"
	"html/template"
	"log/slog"
	"net/http"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

//go:embed site.html
var pageSource string

//go:embed site.css
var styleSheet []byte

var page = template.Must(template.New("site").Parse(pageSource))

const (
	topic   = "MY_WEBSITE"
	maxForm = 8 << 10
	maxText = 80
)

// view is what the page shows: the button, that the call is on its way, or
// what went wrong.
type view struct {
	Name    string
	Calling bool
	Problem string
}

// site is the website with the video button.
type site struct {
	vidaoo *vidaoo.Client
	log    *slog.Logger
}

func newSite(client *vidaoo.Client, log *slog.Logger) http.Handler {
	s := &site{client, log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { s.show(w, http.StatusOK, view{Name: "Maria Rossi"}) })
	mux.HandleFunc("POST /{$}", s.press)
	mux.HandleFunc("GET /site.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(styleSheet) // a reader who has gone needs nothing
	})
	// Only the site's own page may press the button.
	return http.NewCrossOriginProtection().Handler(mux)
}

// press creates a meeting; Vidaoo's automation does the rest.
func (s *site) press(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	name := clean.Text(r.FormValue("name"), maxText)
	if name == "" {
		s.show(w, http.StatusUnprocessableEntity, view{Problem: "Please tell us your name."})
		return
	}
	_, err := s.vidaoo.CreateMeeting(r.Context(), vidaoo.NewMeeting{Topic: topic, Metadata: map[string]any{
		"name": name, "language": clean.Text(r.FormValue("language"), maxText), "page": "/checkout",
	}})
	if err != nil {
		s.log.Error("no meeting made", "err", err)
		s.show(w, http.StatusBadGateway, view{Name: name, Problem: "We can't start a video call now. Please try again."})
		return
	}
	s.show(w, http.StatusOK, view{Name: name, Calling: true})
}

func (s *site) show(w http.ResponseWriter, status int, v view) {
	var b bytes.Buffer
	if err := page.Execute(&b, v); err != nil {
		s.log.Error("page not made", "err", err)
		http.Error(w, "The page can't be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a reader who has gone needs nothing
}
