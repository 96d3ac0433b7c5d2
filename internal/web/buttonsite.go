package web

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

//go:embed assets/embed/button.js
var buttonScript []byte

// buttonScript is what a site names in its script tag: at an address that stays,
// so that it is asked for again now and then.
func (s *Site) buttonScript(w http.ResponseWriter, _ *http.Request, _ visit) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	_, _ = w.Write(buttonScript) // a reader who has gone needs nothing
}

// siteWords are a button for the script on another site: it has no words of its
// own.
type siteWords struct {
	Open     bool        `json:"open"`
	Language string      `json:"language"`
	Label    string      `json:"label"`
	Title    string      `json:"title"`
	Intro    string      `json:"intro"`
	Close    string      `json:"close"`
	Busy     string      `json:"busy"`
	Optional string      `json:"optional"`
	Failed   string      `json:"failed"`
	NoteLink string      `json:"note_link"`
	Note     string      `json:"note"` // the page where a message can be left
	Page     string      `json:"page"` // the hub's own page with the form
	Fields   []formField `json:"fields"`
}

// share lets the page of an allowed site read an answer. The hub's API has let
// the origin in by then, or this is not called.
func share(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Origin")
	if origin := r.Header.Get("Origin"); origin != "" {
		w.Header().Set("Access-Control-Allow-Origin", origin)
	}
}

func (s *Site) buttonOptions(w http.ResponseWriter, r *http.Request, v visit) {
	b, ok := s.siteButton(w, r, v)
	if !ok {
		return
	}
	share(w, r)
	writeJSON(w, http.StatusOK, siteWords{
		Open: b.Open, Language: v.Lang(), Label: b.Label(), Title: b.Title(), Intro: b.Intro(), Close: v.T("Close"), Busy: v.T("One moment…"),
		Optional: v.T("(optional)"), Failed: problemWords(v, nil), NoteLink: v.T("Leave a message"), Note: s.noteAt(b), Page: s.origin + b.At(), Fields: b.fields(nil, nil),
	})
}

func (s *Site) noteAt(b button) string {
	return s.origin + "/button/" + b.Queue + "?" + url.Values{"note": {""}, "language": {b.v.Lang()}}.Encode()
}

// siteButton asks for a button for another site's page. To one that may not have
// it, it says so without letting its scripts read it.
func (s *Site) siteButton(w http.ResponseWriter, r *http.Request, v visit) (b button, ok bool) {
	b.v = v
	err := s.ask(r, "", "GET", "/api/v1/button/"+url.PathEscape(r.PathValue("queue")), nil, &b.Button)
	if err != nil {
		writeJSON(w, wire.Status(codeOf(err)), siteProblem{Problem: problemWords(v, err)})
	}
	return b, err == nil
}

// preflight is a browser's question before a site's script sends a press.
func (s *Site) preflight(w http.ResponseWriter, r *http.Request, v visit) {
	if _, ok := s.siteButton(w, r, v); !ok {
		return
	}
	share(w, r)
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", http.MethodPost)
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// sitePressed answers a press from another site: where the customer waits, or
// where a message can be left because the queue is closed.
type sitePressed struct {
	Go string `json:"go"`
}

type siteProblem struct {
	Problem string            `json:"problem"`
	Fields  map[string]string `json:"fields,omitempty"`
	Note    string            `json:"note,omitempty"`
}

// pressFromSite makes the call of a form in another site's page.
func (s *Site) pressFromSite(w http.ResponseWriter, r *http.Request, v visit) {
	b, ok := s.siteButton(w, r, v)
	if !ok {
		return
	}
	share(w, r)
	var press wire.Press
	err := error(&refused{wire.Problem{Code: wire.CodeUnreadable}})
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, maxForm)).Decode(&press) == nil && strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		press.Language = v.Lang()
		var pressed wire.Pressed
		if err = s.ask(r, "", "POST", "/api/v1/button/"+url.PathEscape(b.Queue)+"/presses", press, &pressed); err == nil {
			to := s.origin + b.At()
			if !pressed.Closed {
				to = s.origin + b.waitingAt(pressed.Ticket) + b.In()
			}
			writeJSON(w, http.StatusCreated, sitePressed{Go: to})
			return
		}
	}
	problem := siteProblem{Problem: problemWords(v, err), Fields: wrongFields(v, err)}
	if codeOf(err) == call.Unavailable {
		problem.Note = s.noteAt(b)
	}
	writeJSON(w, wire.Status(codeOf(err)), problem)
}
