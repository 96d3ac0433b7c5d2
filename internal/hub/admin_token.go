package hub

import (
	"net/http"

	"github.com/deskbell/deskbell/internal/wire"
)

// AdminToken is a sign-in as administration shows it: never the token itself.
type AdminToken struct {
	ID      string    `json:"id"`
	User    string    `json:"user"`
	Created wire.Time `json:"created"`
	Expires wire.Time `json:"expires"`
	// Connected tells whether an app uses it at this moment.
	Connected bool `json:"connected"`
}

// Revoked tells how many sign-ins were ended.
type Revoked struct {
	Revoked int `json:"revoked"`
}

func (h *Hub) adminIssueToken(w http.ResponseWriter, r *http.Request) {
	token, expires, err := h.directory.IssueToken(r.Context(), r.PathValue("name"), h.now())
	if err != nil {
		writeProblem(w, err)
		return
	}
	u, _ := h.directory.User(r.PathValue("name"))
	writeJSON(w, http.StatusCreated, wire.SignedIn{Token: token, Expires: wire.At(expires), User: wireUser(u)})
}

func (h *Hub) adminListTokens(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if !h.directory.Known(name) {
		writeProblem(w, noUser(name))
		return
	}
	connected := map[string]bool{}
	for _, c := range h.live.connected(name) {
		connected[c.token] = true
	}
	all := []AdminToken{}
	for _, s := range h.directory.tokensOf(name) {
		all = append(all, AdminToken{ID: s.tokenID(), User: s.User, Created: wire.At(s.Created), Expires: wire.At(s.Expires), Connected: connected[s.Hash]})
	}
	writeJSON(w, http.StatusOK, all)
}

// adminRevokeTokens ends a user's sign-ins, all or (?id=) one; their apps ask
// for the password.
func (h *Hub) adminRevokeTokens(w http.ResponseWriter, r *http.Request) {
	name, id := r.PathValue("name"), r.URL.Query().Get("id")
	if !h.directory.Known(name) {
		writeProblem(w, noUser(name))
		return
	}
	revoked := map[string]bool{}
	for _, s := range h.directory.tokensOf(name) {
		if id != "" && s.tokenID() != id {
			continue
		}
		if err := h.directory.revoke(r.Context(), s); err != nil {
			writeProblem(w, err)
			return
		}
		revoked[s.Hash] = true
	}
	if id != "" && len(revoked) == 0 {
		writeProblem(w, notFound("%s has no such token: 'token list %s' shows them.", name, name))
		return
	}
	for _, c := range h.live.connected(name) {
		if revoked[c.token] {
			c.close(wire.CloseSignedOut)
		}
	}
	writeJSON(w, http.StatusOK, Revoked{Revoked: len(revoked)})
}
