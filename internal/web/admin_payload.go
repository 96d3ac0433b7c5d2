package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/wire"
)

// payload is a webhook's body as it came, and what became of it.
type payload struct {
	ID          uint64            `json:"id"`
	At          wire.Time         `json:"at"`
	Event       string            `json:"event"`
	ContentType string            `json:"content_type"`
	Body        string            `json:"body"`
	Call        string            `json:"call"`
	Duplicate   bool              `json:"duplicate"`
	Code        string            `json:"code"`
	Detail      string            `json:"detail"`
	Found       map[string]string `json:"found"`
	Replays     uint64            `json:"replays"`
}

// Paths are those at which fields were found, in words.
func (p payload) Paths() (all []string) {
	for _, name := range slices.Sorted(maps.Keys(p.Found)) {
		all = append(all, name+" ← "+p.Found[name])
	}
	return all
}

// Shown is the body so that nothing in it can play tricks: JSON is laid out, and
// what can't be seen is written as its code.
func (p payload) Shown() string {
	text := p.Body
	var b bytes.Buffer
	if json.Indent(&b, []byte(text), "", "  ") == nil {
		text = b.String()
	}
	return strings.Map(func(r rune) rune {
		if r == '\r' {
			return -1
		}
		return r
	}, visible(text))
}

// visible writes what can't be seen as its code.
func visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r != '\n' && r != '\t' && r != '\r' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) || r == unicode.ReplacementChar {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Began is the beginning of the body, for a list.
func (p payload) Began() string {
	words := []rune(visible(strings.Join(strings.Fields(p.Body), " ")))
	if len(words) > maxBegan {
		return string(words[:maxBegan]) + "…"
	}
	return string(words)
}

const maxBegan = 160

// payloadsPage is what the page of a queue's payloads shows.
type payloadsPage struct {
	Queue    string
	Payloads []payload
	Mapping  mappingPart
}

// payloadPage is what the page of one payload shows.
type payloadPage struct {
	Queue   string
	Payload payload
	Mapping mappingPart
	Problem string // why it could not be taken again
}

func (s *Site) listPayloads(w http.ResponseWriter, r *http.Request, v visit) {
	p := payloadsPage{Queue: r.PathValue("name")}
	var err error
	if p.Mapping, err = s.mapping(r, v, p.Queue, ""); err == nil {
		err = s.admin(r, v, "GET", "/queues/"+segment(p.Queue)+"/payloads", nil, &p.Payloads)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, v, http.StatusOK, "admin-payloads", p)
}

// readPayload reads what the page of a payload shows, or answers why there is
// none.
func (s *Site) readPayload(w http.ResponseWriter, r *http.Request, v visit) (p payloadPage, ok bool) {
	p.Queue = r.PathValue("name")
	err := s.admin(r, v, "GET", "/queues/"+segment(p.Queue)+"/payloads/"+segment(r.PathValue("id")), nil, &p.Payload)
	if err == nil {
		p.Mapping, err = s.mapping(r, v, p.Queue, r.PathValue("id"))
	}
	if err != nil {
		s.fail(w, r, v, err)
	}
	return p, err == nil
}

func (s *Site) showPayload(w http.ResponseWriter, r *http.Request, v visit) {
	if p, ok := s.readPayload(w, r, v); ok {
		s.show(w, v, http.StatusOK, "admin-payload", p)
	}
}

// mapQueue saves the mapping of a queue, without a payload to try it on.
func (s *Site) mapQueue(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	p := payloadsPage{Queue: r.PathValue("name")}
	var err error
	if p.Mapping, err = s.mapping(r, v, p.Queue, ""); err == nil {
		err = s.admin(r, v, "GET", "/queues/"+segment(p.Queue)+"/payloads", nil, &p.Payloads)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	if status := s.saveMapping(w, r, v, &p.Mapping); status != 0 {
		s.show(w, v, status, "admin-payloads", p)
	}
}

// mapPayload tries a mapping on a payload, or saves it.
func (s *Site) mapPayload(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	p, ok := s.readPayload(w, r, v)
	if !ok {
		return
	}
	status := http.StatusOK
	if r.PostFormValue("do") == "save" {
		status = s.saveMapping(w, r, v, &p.Mapping)
	} else {
		p.Mapping.Form.read(r)
		s.tryMapping(r, v, &p.Mapping)
	}
	if status != 0 {
		s.show(w, v, status, "admin-payload", p)
	}
}

// replayPayload has the hub take a payload as if it had come now.
func (s *Site) replayPayload(w http.ResponseWriter, r *http.Request, v visit) {
	var got wire.Received
	err := s.admin(r, v, "POST", "/payloads/"+segment(r.PathValue("id"))+"/replay", nil, &got)
	if err == nil {
		query := url.Values{"done": {"replayed"}, "call": {got.Call.ID}}
		if got.Duplicate {
			query.Set("done", "replayed-known")
		}
		http.Redirect(w, r, "/admin/queues/"+segment(r.PathValue("name"))+"/payloads/"+segment(r.PathValue("id"))+"?"+query.Encode(), http.StatusSeeOther)
		return
	}
	switch codeOf(err) {
	case wire.CodeNoSessionLink, wire.CodeUnreadable, "bad_request":
	default:
		s.fail(w, r, v, err)
		return
	}
	if p, ok := s.readPayload(w, r, v); ok {
		p.Problem = v.T("It still makes no call: %s", v.becauseOf(string(codeOf(err))))
		s.show(w, v, statusOf(err), "admin-payload", p)
	}
}

// Called is the call that a payload made a moment ago, when it was taken again.
func (v visit) Called() string { return clean.Text(v.at.Query().Get("call"), maxName) }

// becauseOf says why a payload made no call.
func (v visit) becauseOf(code string) string {
	switch code {
	case string(wire.CodeNoSessionLink):
		return v.T("no session link that may be opened was found in it.")
	case string(wire.CodeUnreadable):
		return v.T("it is neither JSON nor a form.")
	case "not_found":
		return v.T("it is about a call that this queue does not know.")
	default:
		return v.T("the event in its address is none that Deskbell knows.")
	}
}

// Became says what became of a payload.
func (v visit) Became(p payload) string {
	switch {
	case p.Code != "":
		return v.T("Made no call: %s", v.becauseOf(p.Code))
	case p.Duplicate:
		return v.T("Belongs to the call %s, which was there already", p.Call)
	case p.Event != "":
		return v.T("Told of the call %s: %s", p.Call, p.Event)
	default:
		return v.T("Made the call %s", p.Call)
	}
}
