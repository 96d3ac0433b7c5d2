package hub

import (
	"net/http"
	"strings"

	"github.com/deskbell/deskbell/internal/calllog"
)

// caller is who sends a request.
type caller struct {
	User
	token signIn
	app   *connection // whose socket it came by; nil over HTTP
	local bool        // came by the unix socket: nobody's, and an administrator's
	// note is where it is said what came of a change that the audit log notes.
	note *calllog.Audit
}

// callerOf finds who sends a request over HTTP.
func (h *Hub) callerOf(r *http.Request) (caller, error) {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if bearer {
		if u, s, ok := h.directory.byHash(hashToken(token), h.now()); ok {
			h.uses.note(s, h.now())
			return caller{User: u, token: s}, nil
		}
		if b, ok := h.directory.wallboards.get(hashToken(token)); ok {
			return caller{User: b.user()}, nil
		}
	}
	return caller{}, notSignedIn
}

// callerOn finds who sends a request by an app's socket: what has happened to
// the user or the token since the app connected counts.
func (h *Hub) callerOn(c *connection) (caller, error) {
	if u, s, ok := h.directory.byHash(c.token, h.now()); ok {
		return caller{User: u, token: s, app: c}, nil
	}
	return caller{}, signInAgain
}
