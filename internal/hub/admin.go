package hub

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// adminHandler answers a request of administration with a status and a value, or
// with why it failed.
type adminHandler func(r *http.Request, by caller) (status int, v any, err error)

// answering writes what an administration's handler answers. Some work takes
// long.
func (h *Hub) answering(handle adminHandler) handler {
	return func(w http.ResponseWriter, r *http.Request, by caller) {
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(LongWork)); err != nil {
			h.log.Info("the answer to long work may come too late", "err", err)
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		status, v, err := handle(r, by)
		answer(w, status, v, err)
	}
}

// readAdmin reads a request's JSON body.
func readAdmin[T any](r *http.Request) (in T, err error) {
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		return in, badRequest("The request is not the JSON it should be: use a deskbell-hub of the hub's version.")
	}
	return in, nil
}

// ifMatch is the revision that a request means to change: in its body, or in
// If-Match as an entity tag.
func ifMatch(r *http.Request, asked *uint64) (*uint64, error) {
	tag := r.Header.Get("If-Match")
	if tag == "" || tag == "*" || asked != nil {
		return asked, nil
	}
	revision, err := strconv.ParseUint(strings.Trim(tag, `"`), 10, 64)
	if err != nil {
		return nil, badRequest("If-Match is the revision of what is to be changed, as it was read.")
	}
	return &revision, nil
}

func changedMeanwhile(what, name string) error {
	return &call.Error{Code: wire.CodeChanged, Message: fmt.Sprintf(
		"The %s %s was changed meanwhile by somebody else: look at it again, and then change what is still to be changed.", what, name)}
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

func (h *Hub) adminShowRules(*http.Request, caller) (int, any, error) {
	return http.StatusOK, shownRules(h.directory.Rules()), nil
}

// shownRules has no null in JSON.
func shownRules(r routing.Rules) routing.Rules {
	r.Reasons = append([]string{}, r.Reasons...)
	return r
}

func (h *Hub) adminSetRules(r *http.Request, _ caller) (int, any, error) {
	in, err := readAdmin[RulesChange](r)
	if err != nil {
		return 0, nil, err
	}
	rules, err := h.directory.SetRules(r.Context(), func(r *routing.Rules) {
		set(&r.Reasons, in.Reasons)
		set(&r.SignInPaused, in.SignInPaused)
		set(&r.PauseAfterMissed, in.PauseAfterMissed)
	})
	if err == nil {
		h.live.welcomeAgain(func(string) bool { return true })
	}
	return http.StatusOK, shownRules(rules), err
}

// set takes over a value that was asked for.
func set[T any](into *T, asked *T) {
	if asked != nil {
		*into = *asked
	}
}

func (h *Hub) adminListPayloads(r *http.Request, _ caller) (int, any, error) {
	q, ok := h.directory.Queue(r.PathValue("name"))
	if !ok {
		return 0, nil, noQueue
	}
	h.payloads.flush(r.Context())
	all, err := h.calls.Payloads(r.Context(), q.Name)
	return http.StatusOK, all, err
}

// adminReplayPayload takes a kept payload as if it had come now: the mapping was
// corrected.
func (h *Hub) adminReplayPayload(r *http.Request, by caller) (int, any, error) {
	answered, err := h.replay(r)
	by.made(answered.Call.ID)
	return http.StatusOK, answered, err
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
