package vidaootest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// FaultKind is what can be wrong with a Vidaoo.
type FaultKind string

// The faults.
const (
	Slow      FaultKind = "slow"      // no answer until the client gives up
	Broken    FaultKind = "broken"    // 500
	Busy      FaultKind = "busy"      // 429 with Retry-After: 1
	Cut       FaultKind = "cut"       // the connection ends in the middle of the answer
	Garbled   FaultKind = "garbled"   // half of a JSON text
	Page      FaultKind = "page"      // a web page with 200
	Renamed   FaultKind = "renamed"   // other names for the reply's fields
	Short     FaultKind = "short"     // half of what the Content-Length says
	Forbidden FaultKind = "forbidden" // 403: the key's user may not do this
	Gone      FaultKind = "gone"      // 404 in JSON
	Absent    FaultKind = "absent"    // 404 with a web page: there is no such path
	Silent    FaultKind = "silent"    // automations send nothing
)

var faultKinds = []FaultKind{Slow, Broken, Busy, Cut, Garbled, Page, Renamed, Short, Forbidden, Gone, Absent, Silent}

// Fault has the server do something wrong.
type Fault struct {
	Kind  FaultKind
	On    string // an operation, such as "meeting-create"; "" for all
	Times int    // 0 for always
}

// SetFaults has the server do wrong what is named, and nothing else any more.
func (s *Server) SetFaults(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = slices.Clone(faults)
}

// fault takes the fault that an operation has now.
func (s *Server) fault(on string, kinds ...FaultKind) FaultKind {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.faults {
		f := &s.faults[i]
		if f.On != "" && f.On != on || f.Times < 0 || !slices.Contains(kinds, f.Kind) {
			continue
		}
		if f.Times == 1 {
			f.Times = -1 // used up
		} else if f.Times > 1 {
			f.Times--
		}
		return f.Kind
	}
	return ""
}

// FaultHandler sets the fault by PUT ?kind=&on=&times= and ends it by DELETE.
func (s *Server) FaultHandler(w http.ResponseWriter, r *http.Request) {
	kind := FaultKind(r.FormValue("kind"))
	times, err := strconv.Atoi(r.FormValue("times"))
	switch {
	case r.Method == http.MethodDelete:
		s.SetFaults()
	case r.Method != http.MethodPut || !slices.Contains(faultKinds, kind) || err != nil && r.FormValue("times") != "":
		refuse(w, http.StatusBadRequest, fmt.Sprintf("PUT ?kind=&on=&times= with one of %v, or DELETE", faultKinds))
		return
	default:
		s.SetFaults(Fault{kind, r.FormValue("on"), times})
	}
	reply(w, http.StatusOK, map[string]string{"fault": string(kind)})
}

// withFaults does wrong what it was told to.
func (s *Server) withFaults(on string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch s.fault(on, Slow, Broken, Busy, Cut, Garbled, Page, Renamed, Short, Forbidden, Gone, Absent) {
		case Slow:
			select {
			case <-r.Context().Done():
			case <-s.stopped.Done():
			}
		case Broken:
			refuse(w, http.StatusInternalServerError, "something is broken")
		case Busy:
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusTooManyRequests, "too many requests")
		case Cut:
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "1000")
			w.Write([]byte(`{"id":`))
			abort(w)
		case Garbled:
			w.Header().Set("Content-Type", "application/json")
			w.Write([]byte(`{"id": "m1", "li`))
		case Page:
			webPage(w, http.StatusOK)
		case Renamed:
			rename(w, r, next)
		case Short:
			half(w, r, next)
		case Forbidden:
			refuse(w, http.StatusForbidden, "permission denied")
		case Gone:
			refuse(w, http.StatusNotFound, "not found")
		case Absent:
			webPage(w, http.StatusNotFound)
		default:
			next(w, r)
		}
	}
}

func webPage(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	w.Write([]byte("<!DOCTYPE html><title>Vidaoo</title>"))
}

// abort ends the connection when what was written is on its way.
func abort(w http.ResponseWriter) {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	panic(http.ErrAbortHandler)
}

// kept keeps an answer.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func keep(r *http.Request, next http.HandlerFunc) *kept {
	k := &kept{header: http.Header{}, status: http.StatusOK}
	next(k, r)
	return k
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(status int)      { k.status = status }
func (k *kept) Write(p []byte) (int, error) { return k.body.Write(p) }

// half sends the half of an answer whose length is that of the whole.
func half(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
	k := keep(r, next)
	for name, values := range k.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(k.body.Len()))
	w.WriteHeader(k.status)
	w.Write(k.body.Bytes()[:k.body.Len()/2])
	abort(w)
}

// rename answers with other names, as after a change of the API.
func rename(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
	k := keep(r, next)
	var v any
	if err := json.Unmarshal(k.body.Bytes(), &v); err != nil {
		refuse(w, http.StatusInternalServerError, "the reply is no JSON")
		return
	}
	if list, ok := v.([]any); ok {
		v = map[string]any{"page": list}
	}
	reply(w, k.status, renamed(v))
}

func renamed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, member := range v {
			out["v2"+strings.ToUpper(key[:1])+key[1:]] = renamed(member)
		}
		return out
	case []any:
		for i := range v {
			v[i] = renamed(v[i])
		}
	}
	return v
}
