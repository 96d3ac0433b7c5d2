package hub

import (
	"net/http"

	"github.com/deskbell/deskbell/internal/wire"
)

// AdminWallboard is a wallboard as administration shows it; with its token only
// when it is made.
type AdminWallboard struct {
	Name    string    `json:"name"`
	Queues  []string  `json:"queues"` // none: all
	ID      string    `json:"id"`     // of its token
	Created wire.Time `json:"created"`
	Token   string    `json:"token,omitempty"`
}

// WallboardChange asks for a wallboard.
type WallboardChange struct {
	Name   string   `json:"name"`
	Queues []string `json:"queues,omitempty"` // none: all
}

func (in WallboardChange) target() string { return in.Name }

func adminWallboard(b Wallboard) AdminWallboard {
	return AdminWallboard{Name: b.Name, Queues: listed(b.Queues), ID: tokenID(b.Hash), Created: wire.At(b.Created)}
}

func (h *Hub) adminAddWallboard(r *http.Request, by caller) (int, any, error) {
	in, err := readAdmin[WallboardChange](r)
	if err != nil {
		return 0, nil, err
	}
	b, token, err := h.directory.AddWallboard(r.Context(), in.Name, in.Queues, h.now())
	if err != nil {
		return 0, nil, err
	}
	shown := adminWallboard(b)
	by.made(shown.ID)
	shown.Token = token
	return http.StatusCreated, shown, nil
}

func (h *Hub) adminListWallboards(*http.Request, caller) (int, any, error) {
	all := []AdminWallboard{}
	for _, b := range h.directory.Wallboards() {
		all = append(all, adminWallboard(b))
	}
	return http.StatusOK, all, nil
}

func (h *Hub) adminRemoveWallboard(r *http.Request, _ caller) (int, any, error) {
	return http.StatusOK, struct{}{}, h.directory.RemoveWallboard(r.Context(), r.PathValue("name"))
}
