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
	// Kind is what it was made for: "app", "pages" or "issued" (by an
	// administrator); empty if that is not known.
	Kind string    `json:"kind,omitempty"`
	Used wire.Time `json:"used,omitzero"` // last
	// Current is true for the one with which this was asked.
	Current bool `json:"current,omitempty"`
}

// Revoked tells how many sign-ins were ended.
type Revoked struct {
	Revoked int `json:"revoked"`
}

func (h *Hub) adminIssueToken(r *http.Request, by caller) (int, any, error) {
	name := r.PathValue("name")
	token, expires, err := h.directory.IssueToken(r.Context(), name, h.now())
	by.made(tokenID(hashToken(token)))
	u, _ := h.directory.User(name)
	return http.StatusCreated, wire.SignedIn{Token: token, Expires: wire.At(expires), User: wireUser(u)}, err
}

func (h *Hub) adminListTokens(r *http.Request, by caller) (int, any, error) {
	name := r.PathValue("name")
	if !h.directory.Known(name) {
		return 0, nil, noUser(name)
	}
	connected := map[string]bool{}
	for _, c := range h.live.connected(name) {
		connected[c.token] = true
	}
	all := []AdminToken{}
	for _, s := range h.directory.tokensOf(name) {
		all = append(all, AdminToken{
			ID: s.tokenID(), User: s.User, Created: wire.At(s.Created), Expires: wire.At(s.Expires), Connected: connected[s.Hash],
			Kind: s.Kind, Used: wire.At(h.uses.last(s)), Current: s.Hash == by.token.Hash,
		})
	}
	return http.StatusOK, all, nil
}

// adminRevokeTokens ends a user's sign-ins, all or (?id=) one; their apps ask
// for the password.
func (h *Hub) adminRevokeTokens(r *http.Request, _ caller) (int, any, error) {
	name, id := r.PathValue("name"), r.URL.Query().Get("id")
	if !h.directory.Known(name) {
		return 0, nil, noUser(name)
	}
	revoked := map[string]bool{}
	for _, s := range h.directory.tokensOf(name) {
		if id != "" && s.tokenID() != id {
			continue
		}
		if err := h.directory.revoke(r.Context(), s); err != nil {
			return 0, nil, err
		}
		revoked[s.Hash] = true
	}
	if id != "" && len(revoked) == 0 {
		return 0, nil, notFound("%s has no such token: 'token list %s' shows them.", name, name)
	}
	for _, c := range h.live.connected(name) {
		if revoked[c.token] {
			c.close(wire.CloseSignedOut)
		}
	}
	return http.StatusOK, Revoked{Revoked: len(revoked)}, nil
}
