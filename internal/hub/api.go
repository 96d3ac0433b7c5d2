package hub

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

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

func (h *Hub) healthy(w http.ResponseWriter, _ *http.Request, _ caller) {
	writeJSON(w, http.StatusOK, status{"ok"})
}

func (h *Hub) ready(w http.ResponseWriter, _ *http.Request, _ caller) {
	if h.ctx.Err() != nil || !h.calls.Sound() {
		writeProblem(w, &call.Error{Code: call.Unavailable, Message: "The hub takes no calls now: it shuts down, or its log can't be written."})
		return
	}
	writeJSON(w, http.StatusOK, status{"ready"})
}

func (h *Hub) me(w http.ResponseWriter, _ *http.Request, by caller) {
	writeJSON(w, http.StatusOK, wire.Me{User: wireUser(by.User), Presence: wirePresence(h.live.presenceOf(by.Username))})
}

// myDay lists an agent's last calls, the newest first.
func (h *Hub) myDay(w http.ResponseWriter, _ *http.Request, by caller) {
	writeJSON(w, http.StatusOK, h.live.dayOf(by.Username))
}

// callFor is a call as somebody may see it: the owner with the link, who
// supervises it with for whom it rings.
func (h *Hub) callFor(by caller, c call.Call) wire.Call {
	switch {
	case c.Agent == by.Username:
		return h.live.forOwner(c)
	case by.sight().supervises(c.Queue):
		return wire.ForSupervisor(c)
	default:
		return wire.FromCall(c)
	}
}

func (h *Hub) listCalls(w http.ResponseWriter, _ *http.Request, by caller) {
	calls := []wire.Call{}
	for _, c := range h.live.open(by.sight().call) {
		calls = append(calls, h.callFor(by, c))
	}
	writeJSON(w, http.StatusOK, calls)
}

func (h *Hub) showCall(w http.ResponseWriter, r *http.Request, by caller) {
	e, err := h.find(r.Context(), r.PathValue("id"))
	if err == nil && !by.sight().call(e.Call) {
		err = notFound("There is no such call.")
	}
	answer(w, http.StatusOK, h.callFor(by, e.Call), err)
}

func (h *Hub) listQueues(w http.ResponseWriter, _ *http.Request, by caller) {
	writeJSON(w, http.StatusOK, h.live.wireQueues(by.sight()))
}

func (h *Hub) listAgents(w http.ResponseWriter, _ *http.Request, by caller) {
	writeJSON(w, http.StatusOK, h.live.agents(by.sight()))
}

// bodies say what the body of an action is, for those that take one.
var bodies = map[string]string{
	wire.ActFinish: `Send {"disposition":…,"note":…} as JSON, or no body.`,
	wire.ActAssign: `Send {"agent":…} as JSON: the username of whom the call shall ring for first.`,
}

// actOnCall carries out an action and answers with the call as it is then.
func (h *Hub) actOnCall(act string) handler {
	return func(w http.ResponseWriter, r *http.Request, by caller) {
		var in wire.Request
		if want := bodies[act]; want != "" {
			var ok bool
			if in, ok = readOptional(w, r, want); !ok {
				return
			}
		}
		in.Type, in.Call = act, r.PathValue("id")
		if act == wire.ActAssign && in.Agent == "" {
			writeProblem(w, badRequest("%s", bodies[act]))
			return
		}
		ctx, cancel := h.requestContext()
		defer cancel()
		if err := h.act(ctx, by, in); err != nil {
			writeProblem(w, err)
			return
		}
		e, err := h.find(ctx, in.Call)
		answer(w, http.StatusOK, h.callFor(by, e.Call), err)
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
