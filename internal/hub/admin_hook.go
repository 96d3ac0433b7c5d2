package hub

import (
	"net/http"

	"github.com/deskbell/deskbell/internal/outbound"
	"github.com/deskbell/deskbell/internal/outbox"
	"github.com/deskbell/deskbell/internal/wire"
)

// AdminHook is a hook as administration shows it; with its secret only when it is
// made.
type AdminHook struct {
	Name     string    `json:"name"`
	URL      string    `json:"url"` // its host: the rest may hold keys
	Private  bool      `json:"private"`
	Queues   []string  `json:"queues"` // none: all
	Events   []string  `json:"events"`
	Customer bool      `json:"customer"`
	Created  wire.Time `json:"created"`
	Secret   string    `json:"secret,omitempty"`
	AdminTarget
}

// HookChange asks for a hook.
type HookChange struct {
	Name     string   `json:"name"`
	URL      string   `json:"url"`
	Private  bool     `json:"private,omitempty"`
	Queues   []string `json:"queues,omitempty"` // none: all
	Events   []string `json:"events,omitempty"` // none: all
	Customer bool     `json:"customer,omitempty"`
}

func (in HookChange) target() string { return in.Name }

// HookTest tells what came of a test.
type HookTest struct {
	State string `json:"state"` // delivered, or refused
	Error string `json:"error,omitempty"`
}

func (h *Hub) adminHook(k Hook) AdminHook {
	return AdminHook{
		Name: k.Name, URL: k.Target.Shown(), Private: k.Target.Private, Queues: listed(k.Queues), Events: listed(k.Events),
		Customer: k.Customer, Created: wire.At(k.Created), AdminTarget: h.adminTarget(kindHook, k.Name),
	}
}

func (h *Hub) adminAddHook(r *http.Request, _ caller) (int, any, error) {
	in, err := readAdmin[HookChange](r)
	if err != nil {
		return 0, nil, err
	}
	k, err := h.directory.AddHook(r.Context(), Hook{
		Name: in.Name, Target: outbound.Target{URL: in.URL, Private: in.Private}, Queues: in.Queues, Events: in.Events,
		Customer: in.Customer, Created: h.now(),
	})
	shown := h.adminHook(k)
	shown.Secret = k.Secret
	return http.StatusCreated, shown, err
}

func (h *Hub) adminListHooks(*http.Request, caller) (int, any, error) {
	all := []AdminHook{}
	for _, k := range h.directory.Hooks() {
		all = append(all, h.adminHook(k))
	}
	return http.StatusOK, all, nil
}

func (h *Hub) adminRemoveHook(r *http.Request, _ caller) (int, any, error) {
	name := r.PathValue("name")
	if err := h.directory.RemoveHook(r.Context(), name); err != nil {
		return 0, nil, err
	}
	h.outbox.Hasten(outbox.Target{Kind: kindHook, Name: name})
	return http.StatusOK, struct{}{}, nil
}

// adminTestHook sends a hook a message now, and tells what came of it.
func (h *Hub) adminTestHook(r *http.Request, _ caller) (int, any, error) {
	k, ok := h.directory.hooks.get(r.PathValue("name"))
	if !ok {
		return 0, nil, noHook(r.PathValue("name"))
	}
	a, err := h.testHook(r.Context(), k)
	if err != nil {
		return 0, nil, err
	}
	state := a.How
	if state == "" {
		state = outbox.Refused
	}
	return http.StatusOK, HookTest{State: state, Error: a.Detail}, nil
}
