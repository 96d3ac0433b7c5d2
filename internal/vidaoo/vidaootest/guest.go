package vidaootest

import (
	"net/http"
	"slices"
	"time"
)

// Guests are all who open a session's link. Their page asks every second how the
// session is, and leads them to guestRedirectionUrl when it is over or when they
// leave.

const (
	guestStays = 5 * time.Second // after a page has asked last
	maxGuests  = 100             // counted in one session
)

// session is how it stands with a session, as its pages ask.
type session struct {
	People int    `json:"people"` // who have the page open
	Over   bool   `json:"over"`
	To     string `json:"to,omitempty"` // where guests go then
}

// roomOf finds the meeting of a session link, also one that was deleted.
func (s *Server) roomOf(r *http.Request) (m *meeting, over bool) {
	meant := func(m *meeting) bool { return m.room == r.PathValue("room") }
	if m := s.find(meant); m != nil {
		return m, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.over, meant); i >= 0 {
		return s.over[i], true
	}
	return nil, false
}

// showGuests tells a page how its session is.
func (s *Server) showGuests(w http.ResponseWriter, r *http.Request) {
	m, over := s.roomOf(r)
	if m == nil {
		refuse(w, http.StatusNotFound, "there is no such session")
		return
	}
	now := time.Now()
	s.mu.Lock()
	for who, seen := range m.guests {
		if now.Sub(seen) > guestStays {
			delete(m.guests, who)
		}
	}
	if me := r.FormValue("me"); me != "" && len(m.guests) < maxGuests {
		m.guests[me] = now
	}
	people := len(m.guests)
	s.mu.Unlock()
	reply(w, http.StatusOK, session{People: people, Over: over, To: m.redirect})
}

// leave is what a guest presses.
func (s *Server) leave(w http.ResponseWriter, r *http.Request) {
	m, _ := s.roomOf(r)
	if m == nil {
		refuse(w, http.StatusNotFound, "there is no such session")
		return
	}
	s.mu.Lock()
	delete(m.guests, r.FormValue("me"))
	s.mu.Unlock()
	if m.redirect == "" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("You have left the session.\n")) // a guest who has gone needs nothing
		return
	}
	http.Redirect(w, r, m.redirect, http.StatusSeeOther)
}
