package hub

import (
	"encoding/json"
	"net/http"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// AdminHandler answers administration. Who reaches it is an administrator: the
// hub serves it only on the unix socket, which the file's permissions guard.
func (h *Hub) AdminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /admin/queues", h.adminAddQueue)
	mux.HandleFunc("GET /admin/queues", h.adminListQueues)
	mux.HandleFunc("GET /admin/queues/{name}", h.adminShowQueue)
	mux.HandleFunc("PATCH /admin/queues/{name}", h.adminSetQueue)
	mux.HandleFunc("DELETE /admin/queues/{name}", h.adminRemoveQueue)
	mux.HandleFunc("GET /admin/queues/{name}/payloads", h.adminListPayloads)
	mux.HandleFunc("POST /admin/payloads/{id}/replay", h.adminReplayPayload)
	mux.HandleFunc("POST /admin/users", h.adminAddUser)
	mux.HandleFunc("GET /admin/users", h.adminListUsers)
	mux.HandleFunc("PATCH /admin/users/{name}", h.adminSetUser)
	mux.HandleFunc("DELETE /admin/users/{name}", h.adminRemoveUser)
	mux.HandleFunc("POST /admin/users/{name}/tokens", h.adminIssueToken)
	mux.HandleFunc("GET /admin/users/{name}/tokens", h.adminListTokens)
	mux.HandleFunc("DELETE /admin/users/{name}/tokens", h.adminRevokeTokens)
	mux.HandleFunc("GET /admin/presence", h.adminShowRules)
	mux.HandleFunc("PATCH /admin/presence", h.adminSetRules)
	mux.HandleFunc("GET /admin/calls", h.adminListCalls)
	mux.HandleFunc("GET /admin/calls/{id}", h.adminShowCall)
	mux.HandleFunc("POST /admin/calls/{id}/cancel", h.adminCancelCall)
	mux.HandleFunc("DELETE /admin/calls/{id}", h.adminEraseCall)
	mux.HandleFunc("GET /admin/reports/{file}", h.adminShowReport)
	return problems(mux)
}

// readAdmin reads a request's JSON body, or answers 400.
func readAdmin[T any](w http.ResponseWriter, r *http.Request) (in T, ok bool) {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil {
		writeProblem(w, badRequest("The request is not the JSON it should be: use a deskbell-hub of the hub's version."))
		return in, false
	}
	return in, true
}

// answer writes what a request made, or why it failed.
func answer(w http.ResponseWriter, status int, v any, err error) {
	if err != nil {
		writeProblem(w, err)
		return
	}
	writeJSON(w, status, v)
}

// RulesChange asks for other rules of presence; what is not set stays.
type RulesChange struct {
	Reasons          *[]string `json:"reasons,omitempty"`
	SignInPaused     *bool     `json:"sign_in_paused,omitempty"`
	PauseAfterMissed *int      `json:"pause_after_missed,omitempty"`
}

func (h *Hub) adminShowRules(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, shownRules(h.directory.Rules()))
}

// shownRules has no null in JSON.
func shownRules(r routing.Rules) routing.Rules {
	r.Reasons = append([]string{}, r.Reasons...)
	return r
}

func (h *Hub) adminSetRules(w http.ResponseWriter, r *http.Request) {
	in, ok := readAdmin[RulesChange](w, r)
	if !ok {
		return
	}
	rules, err := h.directory.SetRules(r.Context(), func(r *routing.Rules) {
		set(&r.Reasons, in.Reasons)
		set(&r.SignInPaused, in.SignInPaused)
		set(&r.PauseAfterMissed, in.PauseAfterMissed)
	})
	if err == nil {
		h.live.welcomeAgain(func(string) bool { return true })
	}
	answer(w, http.StatusOK, shownRules(rules), err)
}

// set takes over a value that was asked for.
func set[T any](into *T, asked *T) {
	if asked != nil {
		*into = *asked
	}
}

func (h *Hub) adminListPayloads(w http.ResponseWriter, r *http.Request) {
	q, ok := h.directory.Queue(r.PathValue("name"))
	if !ok {
		writeProblem(w, noQueue)
		return
	}
	h.payloads.flush(r.Context())
	all, err := h.calls.Payloads(r.Context(), q.Name)
	answer(w, http.StatusOK, all, err)
}

// adminReplayPayload takes a kept payload as if it had come now: the mapping was
// corrected.
func (h *Hub) adminReplayPayload(w http.ResponseWriter, r *http.Request) {
	answered, err := h.replay(r)
	answer(w, http.StatusOK, answered, err)
}

func (h *Hub) replay(r *http.Request) (wire.Received, error) {
	id, err := payloadID(r.PathValue("id"))
	if err != nil {
		return wire.Received{}, err
	}
	h.payloads.flush(r.Context())
	p, err := h.calls.Payload(r.Context(), id)
	if err != nil {
		return wire.Received{}, err
	}
	q, ok := h.directory.Queue(p.Queue)
	if !ok {
		return wire.Received{}, noQueue
	}
	return h.takePayload(r.Context(), q, calllog.Payload{
		Queue: p.Queue, At: h.now(), ContentType: p.ContentType, Event: p.Event, Body: p.Body, Replays: p.ID,
	})
}
