package vidaootest

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/clean"
)

//go:embed session.html
var pageSource string

//go:embed session.css
var pageStyle string

//go:embed session.js
var pageScript string

var page = template.Must(template.New("session").Parse(pageSource))

// pagePolicy lets the page load nothing at all, and only its own style and script
// count.
var pagePolicy = "default-src 'none'; style-src " + hashOf(pageStyle) + "; script-src " + hashOf(pageScript) +
	"; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

const maxDetails = 8 // lines of metadata on the page

type pageData struct {
	Style   template.CSS
	Script  template.JS
	Room    string
	Me      string // who looks at the page
	Over    bool
	Topic   string
	Who     string
	Initial string
	Details []detail
}

type detail struct{ Name, Value string }

// showSession is where the session link leads. That somebody came is what "First Participant Joined"
// waits for.
func (s *Server) showSession(w http.ResponseWriter, r *http.Request) {
	m, over := s.roomOf(r)
	switch {
	case m == nil:
		http.Error(w, "There is no such session. Ask for a new link.", http.StatusNotFound)
		return
	case over && m.redirect != "":
		http.Redirect(w, r, m.redirect, http.StatusSeeOther)
		return
	}
	data := newPageData(m)
	data.Over = over
	var body bytes.Buffer
	if err := page.Execute(&body, data); err != nil {
		http.Error(w, "The session page cannot be shown. Try again.", http.StatusInternalServerError)
		return
	}
	if !over && r.Method == http.MethodGet && s.join(m) {
		s.trigger(r.Context(), FirstParticipantJoined, m)
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", pagePolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	if over {
		w.WriteHeader(http.StatusGone)
	}
	w.Write(body.Bytes())
}

// join tells whether this is the first to come.
func (s *Server) join(m *meeting) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !m.joined
	m.joined = true
	return first
}

func newPageData(m *meeting) pageData {
	metadata, _ := clean.Object(m.metadata)
	who, _ := metadata["name"].(string)
	data := pageData{Style: template.CSS(pageStyle), Script: template.JS(pageScript), Room: m.room, Me: rand.Text(), Topic: clean.Text(m.topic, 200), Who: who}
	for _, r := range who {
		data.Initial = strings.ToUpper(string(r))
		break
	}
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		if key == "name" || len(data.Details) == maxDetails {
			continue
		}
		text, ok := metadata[key].(string)
		if !ok {
			text = marshal(metadata[key])
		}
		data.Details = append(data.Details, detail{Name: key, Value: text})
	}
	return data
}
