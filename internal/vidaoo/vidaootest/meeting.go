package vidaootest

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// meeting is what the API calls a meeting. Its link ends in room and not in id, so that who knows the
// id does not know the link.
type meeting struct {
	id, room string
	link     string
	topic    string
	metadata map[string]any
	redirect string               // guestRedirectionUrl
	joined   bool                 // somebody opened the session page
	guests   map[string]time.Time // who have the session page open, and when it asked last
}

// object is the meeting as replies show it, and as templates name it under data.
func (s *Server) object(m *meeting) map[string]any {
	var redirect any
	if m.redirect != "" {
		redirect = m.redirect
	}
	return map[string]any{
		s.options.IDField:     m.id,
		s.options.LinkField:   m.link,
		"topic":               m.topic,
		"metadata":            m.metadata,
		"guestRedirectionUrl": redirect,
	}
}

func (s *Server) createMeeting(w http.ResponseWriter, r *http.Request) {
	if !form(w, r) {
		return
	}
	metadata, ok := parseMetadata(r.PostForm.Get("metadata"))
	if !ok {
		refuse(w, http.StatusBadRequest, "metadata must be a JSON object")
		return
	}
	m := &meeting{
		id:       s.options.NewID(),
		room:     rand.Text(),
		topic:    r.PostForm.Get("topic"),
		metadata: metadata,
		redirect: r.PostForm.Get("guestRedirectionUrl"),
		guests:   map[string]time.Time{},
	}
	m.link = s.publicURL(r) + "/session/" + m.room

	s.mu.Lock()
	s.meetings = append(s.meetings, m)
	s.meetings = s.meetings[max(0, len(s.meetings)-maxMeetings):]
	s.mu.Unlock()

	s.trigger(r.Context(), MeetingCreated, m)
	reply(w, http.StatusCreated, s.object(m))
}

func parseMetadata(text string) (map[string]any, bool) {
	metadata := map[string]any{}
	if text == "" {
		return metadata, true
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber() // numbers reach the webhook with the digits they came with
	err := decoder.Decode(&metadata)
	return metadata, err == nil && metadata != nil && json.Valid([]byte(text))
}

func (s *Server) publicURL(r *http.Request) string {
	if s.options.PublicURL != "" {
		return s.options.PublicURL
	}
	return "http://" + r.Host
}

func (s *Server) showMeeting(w http.ResponseWriter, r *http.Request) {
	m := s.find(func(m *meeting) bool { return m.id == r.PathValue("id") })
	if m == nil {
		refuse(w, http.StatusNotFound, "there is no such meeting")
		return
	}
	reply(w, http.StatusOK, s.object(m))
}

func (s *Server) listMeetings(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []any{}
	for _, m := range s.meetings {
		all = append(all, s.object(m))
	}
	reply(w, http.StatusOK, all)
}

func (s *Server) deleteMeeting(w http.ResponseWriter, r *http.Request) {
	byID := func(m *meeting) bool { return m.id == r.PathValue("id") }
	m := s.find(byID)
	if m == nil {
		refuse(w, http.StatusNotFound, "there is no such meeting")
		return
	}
	s.mu.Lock()
	s.meetings = slices.DeleteFunc(s.meetings, byID)
	s.over = append(s.over, m)
	s.over = s.over[max(0, len(s.over)-maxMeetings):]
	s.mu.Unlock()
	reply(w, http.StatusOK, s.object(m))
}

// find returns the first meeting that is meant, or nil.
func (s *Server) find(meant func(*meeting) bool) *meeting {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.meetings, meant); i >= 0 {
		return s.meetings[i]
	}
	return nil
}
