package hub

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/wire"
)

// Routes are all requests over HTTP, like "GET /api/v1/me".
func Routes() (all []string) {
	var h *Hub
	for _, r := range h.routes() {
		all = append(all, r.method+" "+r.path)
	}
	for _, r := range h.administration() {
		all = append(all, r.method+" /api/v1"+r.path)
	}
	return all
}

// Messages are the types of all requests of apps.
func Messages() []string { return slices.Sorted(maps.Keys(messages)) }

// KeepUses writes when sign-ins were used last.
func (h *Hub) KeepUses() { h.keepUses() }

// FailAudit has the audit log fail from now on.
func (h *Hub) FailAudit(err error) {
	h.audit = func(context.Context, calllog.Audit) (uint64, error) { return 0, err }
}

// RequestTimeout bounds requests, and what is noted late.
const RequestTimeout = requestTimeout

// HoldChanges has the changes of a call wait. Waiting tells whether one does.
func (h *Hub) HoldChanges(id string) (waiting func() bool, release func()) {
	release = h.oneChange.lock(id)
	return func() bool {
		h.oneChange.mu.Lock()
		defer h.oneChange.mu.Unlock()
		return h.oneChange.held[id].users > 1
	}, release
}

// Presses are what customers have pressed lately.
type Presses struct{ p *presses }

// MaxKeys is how many presses are remembered.
const MaxKeys = maxKeys

// NewPresses remembers none.
func NewPresses() Presses { return Presses{newPresses()} }

// Once does a press under a key, unless it was done or may not be. Kept is how
// many names it keeps.
func (p Presses) Once(key string, may error, do func() (wire.Pressed, error)) (answer wire.Pressed, kept int, err error) {
	answer, err = p.p.once(context.Background(), "web", key, func() error { return may }, do)
	p.p.mu.Lock()
	defer p.p.mu.Unlock()
	return answer, max(len(p.p.order), len(p.p.keys)), err
}

// ServeUnruled serves a route of which nobody said who may send it.
func ServeUnruled() {
	serve := func(http.ResponseWriter, *http.Request, caller) {}
	register("", []route{{"GET", "/unruled", rule{}, serve}}, (*Hub)(nil).admit, http.NewServeMux())
}
