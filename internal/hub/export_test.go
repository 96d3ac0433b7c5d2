package hub

import (
	"maps"
	"slices"
)

// Routes are all requests over HTTP, like "GET /api/v1/me".
func Routes() (all []string) {
	var h *Hub
	for _, r := range h.routes() {
		all = append(all, r.method+" "+r.path)
	}
	for _, r := range h.adminRoutes() {
		all = append(all, r.method+" /api/v1"+r.path)
	}
	return all
}

// Messages are the types of all requests of apps.
func Messages() []string { return slices.Sorted(maps.Keys(messages)) }
