package hub

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// Handler answers everything that comes over HTTP from outside.
func (h *Hub) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /receive/{queue}/{secret}", h.receive)
	mux.HandleFunc("POST /api/openchannel/accounts/{number}/notify", h.receiveMotion)
	mux.HandleFunc("POST /api/v1/sessions", h.signIn)
	mux.HandleFunc("DELETE /api/v1/sessions/current", h.signOut)
	mux.HandleFunc("GET /api/v1/connect", h.connect)
	mux.HandleFunc("GET /api/v1/me", h.signedIn(h.me))
	mux.HandleFunc("GET /api/v1/me/calls", h.signedIn(h.myDay))
	mux.HandleFunc("GET /api/v1/calls", h.signedIn(h.listCalls))
	mux.HandleFunc("GET /api/v1/calls/{id}", h.signedIn(h.showCall))
	mux.HandleFunc("GET /api/v1/queues", h.signedIn(h.listQueues))
	mux.HandleFunc("GET /api/v1/agents", h.signedIn(h.listAgents))
	mux.HandleFunc("GET /api/v1/reports/{file}", h.signedIn(h.showReport))
	mux.HandleFunc("POST /api/v1/calls/{id}/accept", h.signedIn(h.acceptCall))
	mux.HandleFunc("POST /api/v1/calls/{id}/decline", h.signedIn(h.declineCall))
	mux.HandleFunc("POST /api/v1/calls/{id}/finish", h.signedIn(h.finishCall))
	for _, act := range []string{wire.ActReturn, wire.ActAssign, wire.ActCancel} {
		mux.HandleFunc("POST /api/v1/calls/{id}/"+act, h.signedIn(h.actOnCall(act)))
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, status{"ok"}) })
	mux.HandleFunc("GET /readyz", h.ready)
	return problems(mux)
}

type status struct {
	Status string `json:"status"`
}

// problems answers what no route fits with a problem too.
func problems(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern == "" {
			writeProblem(w, &call.Error{Code: call.NotFound, Message: "There is nothing at this address, or not with this method: see docs/protocol.md."})
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// signedIn runs a handler for whoever holds the request's token.
func (h *Hub) signedIn(handle func(http.ResponseWriter, *http.Request, User)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if u, _, ok := h.authenticate(w, r); ok {
			handle(w, r, u)
		}
	}
}

func (h *Hub) ready(w http.ResponseWriter, _ *http.Request) {
	if h.ctx.Err() != nil || !h.calls.Sound() {
		writeProblem(w, &call.Error{Code: call.Unavailable, Message: "The hub takes no calls now: it shuts down, or its log can't be written."})
		return
	}
	writeJSON(w, http.StatusOK, status{"ready"})
}

func (h *Hub) me(w http.ResponseWriter, _ *http.Request, u User) {
	writeJSON(w, http.StatusOK, wire.Me{User: wireUser(u), Presence: wirePresence(h.live.presenceOf(u.Username))})
}

// myDay lists an agent's last calls, the newest first.
func (h *Hub) myDay(w http.ResponseWriter, _ *http.Request, u User) {
	writeJSON(w, http.StatusOK, h.live.dayOf(u.Username))
}

// mayRead tells whether a user may know of a call: supervisors of all, agents
// of those that are theirs or ring for them.
func mayRead(u User, c call.Call) bool {
	_, rings := c.OfferTo(u.Username)
	return u.Role.Supervises() || c.Agent == u.Username || rings
}

// callFor is a call as a user may see it: the owner with the link.
func (h *Hub) callFor(u User, c call.Call) wire.Call {
	if c.Agent == u.Username {
		return h.live.forOwner(c)
	}
	return wire.FromCall(c)
}

func (h *Hub) listCalls(w http.ResponseWriter, _ *http.Request, u User) {
	calls := []wire.Call{}
	for _, c := range h.live.open(func(c call.Call) bool { return mayRead(u, c) }) {
		calls = append(calls, h.callFor(u, c))
	}
	writeJSON(w, http.StatusOK, calls)
}

func (h *Hub) showCall(w http.ResponseWriter, r *http.Request, u User) {
	e, err := h.find(r.Context(), r.PathValue("id"))
	if err == nil && !mayRead(u, e.Call) {
		err = &call.Error{Code: call.NotFound, Message: "There is no such call."}
	}
	if err != nil {
		writeProblem(w, err)
		return
	}
	writeJSON(w, http.StatusOK, h.callFor(u, e.Call))
}

func (h *Hub) listQueues(w http.ResponseWriter, _ *http.Request, u User) {
	writeJSON(w, http.StatusOK, h.live.wireQueues(u))
}

func (h *Hub) listAgents(w http.ResponseWriter, _ *http.Request, u User) {
	if !u.Role.Supervises() {
		writeProblem(w, &call.Error{Code: call.Forbidden, Message: "Only supervisors see the other agents."})
		return
	}
	writeJSON(w, http.StatusOK, h.live.allAgents())
}

func (h *Hub) acceptCall(w http.ResponseWriter, r *http.Request, u User) {
	ctx, cancel := h.requestContext()
	defer cancel()
	_, err := h.accept(ctx, u.Username, r.PathValue("id"))
	h.answerCall(w, r, u, err)
}

func (h *Hub) declineCall(w http.ResponseWriter, r *http.Request, u User) {
	ctx, cancel := h.requestContext()
	defer cancel()
	h.answerCall(w, r, u, h.decline(ctx, u.Username, r.PathValue("id")))
}

func (h *Hub) finishCall(w http.ResponseWriter, r *http.Request, u User) {
	in, ok := readOptional(w, r, `Send {"disposition":…,"note":…} as JSON, or no body.`)
	if !ok {
		return
	}
	ctx, cancel := h.requestContext()
	defer cancel()
	h.answerCall(w, r, u, h.finish(ctx, u.Username, r.PathValue("id"), in.Disposition, in.Note))
}

// actOnCall carries out an action that depends on the role.
func (h *Hub) actOnCall(act string) func(http.ResponseWriter, *http.Request, User) {
	return func(w http.ResponseWriter, r *http.Request, u User) {
		in, ok := readOptional(w, r, `Send {"agent":…} as JSON to assign a call, and no body for the others.`)
		if !ok {
			return
		}
		in.Type, in.Call = act, r.PathValue("id")
		if act == wire.ActAssign && in.Agent == "" {
			writeProblem(w, badRequest(`Send {"agent":…} as JSON: the username of whom the call shall ring for first.`))
			return
		}
		ctx, cancel := h.requestContext()
		defer cancel()
		h.answerCall(w, r, u, h.actAs(ctx, u, in))
	}
}

// readOptional reads the fields of a request that may have no body, or answers
// 400.
func readOptional(w http.ResponseWriter, r *http.Request, want string) (in wire.Request, ok bool) {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, wire.MaxRequest)).Decode(&in)
	if err != nil && !errors.Is(err, io.EOF) {
		writeProblem(w, badRequest("%s", want))
		return in, false
	}
	return in, true
}

// answerCall answers an action with the call as it is now.
func (h *Hub) answerCall(w http.ResponseWriter, r *http.Request, u User, err error) {
	if err != nil {
		writeProblem(w, err)
		return
	}
	e, err := h.find(r.Context(), r.PathValue("id"))
	if err != nil {
		writeProblem(w, err)
		return
	}
	writeJSON(w, http.StatusOK, h.callFor(u, e.Call))
}
