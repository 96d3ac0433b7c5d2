package hub

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

// AdminMapped tells what a queue's mapping finds in a payload.
type AdminMapped struct {
	Fields   []AdminField   `json:"fields"`
	Metadata map[string]any `json:"metadata"`
	Warnings []string       `json:"warnings"`
	// Code and Detail say why the payload would make no call.
	Code   string `json:"code,omitempty"`
	Detail string `json:"detail,omitempty"`
	// Of a payload without a session link: where it was looked for, where a
	// template was left unfilled, and links that may not be opened.
	Looked   []string `json:"looked"`
	Unfilled []string `json:"unfilled"`
	Refused  []string `json:"refused"`
	// Paths are those of the payload's values, to choose from.
	Paths []string `json:"paths"`
}

// AdminField is one field of a mapping.
type AdminField struct {
	Field string   `json:"field"`
	Paths []string `json:"paths"` // of the queue; none: the usual ones
	Usual []string `json:"usual"`
	Found string   `json:"found,omitempty"` // the path at which it was found
	Value string   `json:"value,omitempty"`
}

// adminPreview tries the mapping of a queue, or with ?map (once for each
// field=path) another one, on a kept payload (?payload); nothing is changed.
func (h *Hub) adminPreview(r *http.Request, _ caller) (int, any, error) {
	q, ok := h.directory.Queue(r.PathValue("name"))
	if !ok {
		return 0, nil, noQueue
	}
	query := r.URL.Query()
	if pairs, asked := query["map"]; asked {
		if err := (QueueChange{Map: &pairs}).apply(&q); err != nil {
			return 0, nil, err
		}
	}
	shown := AdminMapped{Metadata: map[string]any{}, Warnings: []string{}, Looked: []string{}, Unfilled: []string{}, Refused: []string{}, Paths: []string{}}
	usual := vidaoo.DefaultMapping()
	for _, field := range vidaoo.Fields {
		shown.Fields = append(shown.Fields, AdminField{Field: field, Paths: listed(q.Map[field]), Usual: usual[field]})
	}
	if query.Get("payload") == "" {
		return http.StatusOK, shown, nil
	}
	p, err := h.payloadOf(r, q.Name, query.Get("payload"))
	if err != nil {
		return 0, nil, err
	}
	shown.try(q, p)
	return http.StatusOK, shown, nil
}

// try fills in what the mapping finds.
func (a *AdminMapped) try(q Queue, p calllog.Payload) {
	payload, err := vidaoo.Parse(p.ContentType, []byte(p.Body))
	if err != nil {
		a.Code, a.Detail = string(wire.CodeUnreadable), sentence(err)
		return
	}
	a.Paths = append(a.Paths, vidaoo.Paths(payload)...)
	s, err := q.mapping().Map(payload)
	var missing *vidaoo.NoLinkError
	if errors.As(err, &missing) {
		a.Looked, a.Unfilled, a.Refused = listed(missing.Looked), listed(missing.Unfilled), listed(missing.Refused)
	}
	if err == nil {
		err = q.checkHost(s.Link)
	}
	if err != nil {
		problem := problemOf(err)
		a.Code, a.Detail = string(problem.Code), problem.Detail
	}
	values := map[string]string{
		vidaoo.FieldLink: s.Link, vidaoo.FieldText: s.Link, vidaoo.FieldSession: s.ID, vidaoo.FieldTopic: s.Topic,
		vidaoo.FieldName: s.Customer.Name, vidaoo.FieldEmail: s.Customer.Email, vidaoo.FieldPhone: s.Customer.Phone,
	}
	for i := range a.Fields {
		f := &a.Fields[i]
		if f.Found = s.Found[f.Field]; f.Found != "" {
			f.Value = values[f.Field]
		}
	}
	if s.Metadata != nil {
		a.Metadata = s.Metadata
	}
	a.Warnings = append(a.Warnings, s.Warnings...)
}

// payloadOf reads a kept payload of a queue.
func (h *Hub) payloadOf(r *http.Request, queue, text string) (calllog.Payload, error) {
	id, err := payloadID(text)
	if err != nil {
		return calllog.Payload{}, err
	}
	h.payloads.flush(r.Context())
	p, err := h.calls.Payload(r.Context(), id)
	if err == nil && p.Queue != queue {
		err = notFound("Queue %s has no payload %s: 'payload list %s' shows those that are kept.", queue, strconv.FormatUint(id, 10), queue)
	}
	return p, err
}

func (h *Hub) adminShowPayload(r *http.Request, _ caller) (int, any, error) {
	if _, ok := h.directory.Queue(r.PathValue("name")); !ok {
		return 0, nil, noQueue
	}
	p, err := h.payloadOf(r, r.PathValue("name"), r.PathValue("id"))
	return http.StatusOK, p, err
}
