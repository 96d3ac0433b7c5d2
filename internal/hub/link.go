package hub

import (
	"net/http"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/wire"
)

// linkShown is how the audit log calls that a supervisor has seen a session link.
const linkShown = "call.link"

// callLink shows a supervisor the session link of an open call. Whoever reads it
// can enter the session, so it is told on demand only, and noted before.
func (h *Hub) callLink(w http.ResponseWriter, r *http.Request, by caller) {
	ctx, cancel := h.requestContext()
	defer cancel()
	e, err := h.find(ctx, r.PathValue("id"))
	switch {
	case err != nil:
	case !by.sight().call(e.Call):
		err = notFound("There is no such call.")
	case !e.Call.Open():
		err = &call.Error{Code: call.Gone, Message: "The call has ended."}
	default:
		err = h.audited(ctx, by, calllog.Audit{Action: linkShown, Target: e.Call.ID}, func(caller) error { return nil })
	}
	answer(w, http.StatusOK, wire.Link{Link: e.Call.Link}, err)
}
