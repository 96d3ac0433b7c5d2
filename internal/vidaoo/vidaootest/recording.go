package vidaootest

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// recording is what the API calls a recording.
type recording struct {
	id, session string
	stopped     bool
}

const maxRecordings = 1_000 // kept; the oldest go first

// RecordingBytes is what a recording of the fake holds: bytes that differ from place to place.
func RecordingBytes() []byte {
	var b strings.Builder
	for n := 0; b.Len() < 300_000; n++ {
		fmt.Fprintf(&b, "%08d\n", n)
	}
	return []byte(b.String())
}

// recorded is when all recordings were made.
var recorded = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func (s *Server) startRecording(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Session string `json:"session_id"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Session == "" {
		refuse(w, http.StatusBadRequest, "the body must be JSON with session_id")
		return
	}
	if s.find(func(m *meeting) bool { return m.id == in.Session }) == nil {
		refuse(w, http.StatusUnprocessableEntity, "there is no such session")
		return
	}
	rec := recording{id: rand.Text(), session: in.Session}
	s.mu.Lock()
	s.recordings = append(s.recordings, rec)
	s.recordings = s.recordings[max(0, len(s.recordings)-maxRecordings):]
	s.mu.Unlock()
	reply(w, http.StatusCreated, rec.object())
}

func (rec recording) object() map[string]any {
	return map[string]any{"id": rec.id, "session_id": rec.session, "stopped": rec.stopped}
}

func (s *Server) listRecordings(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []any{}
	for _, rec := range s.recordings {
		all = append(all, rec.object())
	}
	reply(w, http.StatusOK, all)
}

// Recording is what the fake has recorded, or records.
type Recording struct {
	ID, Session string
	Stopped     bool
}

// Recordings are all recordings, the oldest first.
func (s *Server) Recordings() []Recording {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []Recording{}
	for _, rec := range s.recordings {
		all = append(all, Recording{rec.id, rec.session, rec.stopped})
	}
	return all
}

// withRecording does something with the recording of a request, and answers if there is none.
func (s *Server) withRecording(w http.ResponseWriter, r *http.Request, do func(*recording)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.recordings {
		if s.recordings[i].id == r.PathValue("id") {
			do(&s.recordings[i])
			return true
		}
	}
	refuse(w, http.StatusNotFound, "there is no such recording")
	return false
}

func (s *Server) stopRecording(w http.ResponseWriter, r *http.Request) {
	if !s.withRecording(w, r, func(rec *recording) { rec.stopped = true }) {
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) downloadRecording(w http.ResponseWriter, r *http.Request) {
	if !s.withRecording(w, r, func(*recording) {}) {
		return
	}
	w.Header().Set("Content-Type", s.options.RecordingType)
	if s.options.WholeOnly {
		r.Header.Del("Range")
		w.Header().Set("Accept-Ranges", "none")
	} else {
		w.Header().Set("ETag", fmt.Sprintf("%q", r.PathValue("id")))
	}
	http.ServeContent(w, r, "", recorded, bytes.NewReader(RecordingBytes()))
}
