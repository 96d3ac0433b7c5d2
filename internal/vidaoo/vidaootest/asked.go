package vidaootest

import "net/http"

const maxAsked = 10_000 // kept; the oldest go first

// Asked is a request that brought a good key, whatever came of it.
type Asked struct {
	Operation string // such as "meeting-delete"
	ID        string // what it was about; "" for what is about none
}

// Asked are all requests, the oldest first.
func (s *Server) Asked() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Asked{}, s.asked...)
}

// noting keeps what was asked for.
func (s *Server) noting(name string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, Asked{name, r.PathValue("id")})
		s.asked = s.asked[max(0, len(s.asked)-maxAsked):]
		s.mu.Unlock()
		next(w, r)
	}
}
