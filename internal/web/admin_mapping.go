package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// mapped tells what a mapping finds in a payload.
type mapped struct {
	Fields []struct {
		Field string   `json:"field"`
		Paths []string `json:"paths"`
		Usual []string `json:"usual"`
		Found string   `json:"found"`
		Value string   `json:"value"`
	} `json:"fields"`
	Metadata map[string]any `json:"metadata"`
	Warnings []string       `json:"warnings"`
	Code     string         `json:"code"`
	Detail   string         `json:"detail"`
	Looked   []string       `json:"looked"`
	Unfilled []string       `json:"unfilled"`
	Refused  []string       `json:"refused"`
	Paths    []string       `json:"paths"`
}

// Keys are those of the metadata.
func (m mapped) Keys() []string { return slices.Sorted(maps.Keys(m.Metadata)) }

// mappingPart is the form of a mapping with what it finds.
type mappingPart struct {
	Queue   string
	Payload string // its id; empty: there is none to try it on
	Form    *form
	Result  mapped
	Tried   bool // the result is that of what was typed
}

// Found is where a field was found, and what.
func (p mappingPart) Found(field string) (found struct{ Path, Value string }) {
	for _, f := range p.Result.Fields {
		if f.Field == field {
			found.Path, found.Value = f.Found, visible(f.Value)
		}
	}
	return found
}

// mapping reads the mapping of a queue and what it finds in a payload.
func (s *Site) mapping(r *http.Request, v visit, queueName, payload string) (p mappingPart, err error) {
	p = mappingPart{Queue: queueName, Payload: payload}
	var q queue
	if err = s.admin(r, v, "GET", "/queues/"+segment(queueName), nil, &q); err != nil {
		return p, err
	}
	if p.Result, err = s.preview(r, v, queueName, payload, nil); err != nil {
		return p, err
	}
	p.Form = mappingForm(v, q, p.Result)
	p.Form.Action += "/payloads"
	if payload != "" {
		p.Form.Action += "/" + segment(payload)
	}
	return p, nil
}

// preview tries a mapping; nil: the queue's.
func (s *Site) preview(r *http.Request, v visit, queueName, payload string, pairs []string) (m mapped, err error) {
	query := url.Values{"payload": {payload}}
	if pairs != nil {
		query["map"] = pairs
	}
	return m, s.admin(r, v, "GET", "/queues/"+segment(queueName)+"/preview?"+query.Encode(), nil, &m)
}

func mappingForm(v visit, q queue, m mapped) *form {
	labels := map[string]string{
		"link": v.T("Session link"), "text": v.T("Text in which the link stands"), "session": v.T("Session id"), "topic": v.T("Topic"),
		"name": v.T("Customer's name"), "email": v.T("Customer's e-mail"), "phone": v.T("Customer's phone"), "metadata": v.T("Metadata"),
	}
	var g group
	for _, f := range m.Fields {
		g.Fields = append(g.Fields, &field{
			Name: f.Field, Kind: kindText, Label: labels[f.Field], Value: strings.Join(f.Paths, ", "), Suggest: "paths",
			Help:    v.T("Usually: %s", strings.Join(f.Usual, ", ")),
			mistake: v.T("This can't be read. Write keys joined by dots, such as data.url or data.0.url; several separated by commas."),
		})
	}
	return newForm("/admin/queues/"+segment(q.Name), v.T("Save the mapping"), q.Revision, g)
}

// pairs is what was typed as the hub reads it; a field without paths has the
// usual ones.
func pairs(fields ...*field) []string {
	all := []string{}
	for _, f := range fields {
		some := slices.DeleteFunc(strings.Split(f.Value, ","), func(path string) bool { return strings.TrimSpace(path) == "" })
		if len(some) == 0 {
			all = append(all, f.Name+"=")
		}
		for _, path := range some {
			all = append(all, f.Name+"="+strings.TrimSpace(path))
		}
	}
	return all
}

// tryMapping has the form say what the typed mapping finds, and which paths are
// wrong.
func (s *Site) tryMapping(r *http.Request, v visit, p *mappingPart) (ok bool) {
	m, err := s.preview(r, v, p.Queue, p.Payload, pairs(p.Form.fields()...))
	if err == nil {
		p.Result, p.Tried = m, true
		return true
	}
	p.Form.Problem = v.T("Nothing was saved. Put the marked fields right and save again.")
	for _, f := range p.Form.fields() {
		if _, err := s.preview(r, v, p.Queue, p.Payload, pairs(f)); codeOf(err) == call.BadRequest {
			f.Wrong = f.mistake
		}
	}
	if len(p.Form.Wrong()) == 0 && !p.Form.refuse(v, err) {
		p.Form.Problem = v.T("The hub can't answer at the moment, and nothing was saved. Try again.")
	}
	return false
}

// saveMapping saves what was typed and leads back, or answers 0 for that; else
// with which status the form is to be shown again.
func (s *Site) saveMapping(w http.ResponseWriter, r *http.Request, v visit, p *mappingPart) (status int) {
	now := *p.Form
	fresh, err := s.mapping(r, v, p.Queue, p.Payload)
	if err != nil {
		s.fail(w, r, v, err)
		return 0
	}
	p.Form.read(r)
	if p.Form.untouched() {
		done(w, r, now.Action, "same")
		return 0
	}
	if !s.tryMapping(r, v, p) {
		return http.StatusBadRequest
	}
	in := map[string]any{"map": pairs(touched(p.Form)...), "revision": p.Form.Revision}
	err = s.admin(r, v, "PATCH", "/queues/"+segment(p.Queue), in, nil)
	switch {
	case err == nil:
		done(w, r, now.Action, "saved")
		return 0
	case codeOf(err) == wire.CodeChanged:
		p.Form.merge(v, fresh.Form)
	case !p.Form.refuse(v, err):
		s.fail(w, r, v, err)
		return 0
	}
	return statusOf(err)
}

// touched are the fields that were changed.
func touched(f *form) []*field {
	return slices.DeleteFunc(f.fields(), func(one *field) bool { return one.Value == one.Was })
}

// Warning says what is odd about a payload. Warnings are the hub's sentences;
// what is not one of these stays as it is.
func (v visit) Warning(sentence string) string {
	path, rest, ok := strings.Cut(sentence, ": ")
	if !ok {
		return sentence
	}
	switch {
	case strings.HasPrefix(rest, "the template was not filled"):
		return v.T("%s: the template was not filled. Check the name between <$ and $> in the automation.", path)
	case strings.HasPrefix(rest, "the metadata has this key too"):
		return v.T("%s: the metadata has this key too, and its value was kept.", path)
	case strings.HasSuffix(rest, "another link was used"):
		return v.T("%s: this link may not be opened, and another one was used.", path)
	case path == "the session id holds the session link", path == "the session id is too long to be kept":
		return v.T("The session id can't be kept: calls are told apart by their link.")
	case path == "the metadata is too large and was cut":
		return v.T("The metadata is too large and was cut. Send what an agent needs to know.")
	}
	return sentence
}
