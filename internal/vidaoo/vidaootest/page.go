package vidaootest

import (
	"bytes"
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

var page = template.Must(template.New("session").Parse(pageSource))

// pagePolicy lets the page load nothing at all, and only its own style count.
var pagePolicy = func() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

const maxDetails = 8 // lines of metadata on the page

type pageData struct {
	Style   template.CSS
	Topic   string
	Who     string
	Initial string
	Details []detail
}

type detail struct{ Name, Value string }

// showSession is where the session link leads. That somebody came is what "First Participant Joined"
// waits for.
func (s *Server) showSession(w http.ResponseWriter, r *http.Request) {
	m := s.find(func(m *meeting) bool { return m.room == r.PathValue("room") })
	if m == nil {
		http.Error(w, "There is no such session, or it was deleted. Ask for a new link.", http.StatusNotFound)
		return
	}
	var body bytes.Buffer
	if err := page.Execute(&body, newPageData(m)); err != nil {
		http.Error(w, "The session page cannot be shown. Try again.", http.StatusInternalServerError)
		return
	}
	if r.Method == http.MethodGet && s.join(m) {
		s.trigger(r.Context(), FirstParticipantJoined, m)
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", pagePolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
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
	data := pageData{Style: template.CSS(pageStyle), Topic: clean.Text(m.topic, 200), Who: who}
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
