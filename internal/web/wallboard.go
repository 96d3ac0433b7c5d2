package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	// wallLife is how long a browser keeps a wallboard's token: longer than it
	// hangs on the wall. The hub says when it is over.
	wallLife = 10 * 365 * 24 * time.Hour
	// maxShown is how much of what somebody wrote is shown again.
	maxShown = 80
)

// wallPage is what the wallboard's page says before the numbers come.
type wallPage struct {
	Queue   string // the one that is shown; empty: all
	Queues  []string
	Unknown string // that was asked for, and can't be seen
	Version string
}

func (s *Site) wallboard(w http.ResponseWriter, r *http.Request, v visit) {
	var board wire.Wallboard
	if err := s.ask(r, v.token, "GET", "/api/v1/wallboard", nil, &board); err != nil {
		s.fail(w, r, v, err)
		return
	}
	p := wallPage{Version: s.assets.version}
	for _, q := range board.Queues {
		p.Queues = append(p.Queues, q.Name)
	}
	if asked := r.URL.Query().Get("queue"); slices.Contains(p.Queues, asked) {
		p.Queue = asked
	} else {
		p.Unknown = clean.Text(asked, maxShown)
	}
	s.show(w, v, http.StatusOK, "wallboard", p)
}

// takeWallToken exchanges the token of a wallboard's link for a cookie, and
// leads to the same page without it: the token stays in no address bar. A
// redirect would not do, see [Site.again].
func (s *Site) takeWallToken(w http.ResponseWriter, r *http.Request, v visit) {
	token := r.URL.Query().Get("token")
	err := s.ask(r, token, "GET", "/api/v1/wallboard", nil, nil)
	if codeOf(err) == wire.CodeUnauthorized {
		s.show(w, v, http.StatusUnauthorized, "failed", "wall_token")
		return
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.keep(w, token, s.now().Add(wallLife))
	s.again(w, v, address(r.URL, func(url.Values) {}))
}
