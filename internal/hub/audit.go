package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"time"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/outbound"
	"github.com/deskbell/deskbell/internal/wire"
)

// localUser is what the audit log calls whoever came by the unix socket. No user
// may have the name.
const localUser = "local"

const (
	maxTarget = 80
	maxAudits = 10_000 // of one answer
)

// AdminAudit is an entry of the audit log as administration shows it.
type AdminAudit struct {
	ID      uint64         `json:"id"`
	At      wire.Time      `json:"at"`
	User    string         `json:"user"` // a username, or "local"
	Action  string         `json:"action"`
	Target  string         `json:"target"`
	Options map[string]any `json:"options"`
	Made    string         `json:"made,omitempty"`
	Refused string         `json:"refused,omitempty"`
}

// change is what of a request belongs in the audit log.
type change struct {
	action  string // a stable code; empty: the request changes nothing of others
	options func(body []byte) (target string, options map[string]any)
}

// naming has the options noted that the request's body names.
func (r rule) naming(options func([]byte) (string, map[string]any)) rule {
	r.change.options = options
	return r
}

// noting has a change noted in the audit log under an action.
func (r rule) noting(action string) rule {
	r.change.action = action
	return r
}

// audited notes what a caller asks for, has it done, and notes what came of it
// unless it was plainly done. What can't be noted is not done: of each change
// there is an entry, though one may stand for a change that a fault prevented
// afterwards.
func (h *Hub) audited(ctx context.Context, by caller, a calllog.Audit, do func(caller) error) error {
	a.At, a.User = h.now(), by.name()
	id, err := h.audit(ctx, a)
	if err != nil {
		h.log.Error("change refused: it could not be noted in the audit log", "action", a.Action, "err", err)
		return err
	}
	by.note = &calllog.Audit{At: a.At, User: a.User, Action: a.Action, Target: a.Target, Of: id}
	err = do(by)
	if err != nil {
		by.note.Refused = string(codeOf(err))
	}
	if by.note.Refused == "" && by.note.Made == "" {
		return nil
	}
	late, cancel := h.requestContext() // who asked may have gone
	defer cancel()
	if _, e := h.audit(late, *by.note); e != nil {
		h.log.Error("the audit log does not tell what came of a change", "action", a.Action, "entry", id, "err", e)
	}
	return err
}

// name is what the audit log calls a caller.
func (by caller) name() string {
	if by.local {
		return localUser
	}
	return by.Username
}

// made notes the id of what a change has made.
func (by caller) made(id string) {
	if by.note != nil {
		by.note.Made = id
	}
}

// audits notes the changes that a route of administration makes.
func (h *Hub) audits(rt adminRoute) adminHandler {
	if rt.change.action == "" {
		return rt.answer
	}
	return func(r *http.Request, by caller) (status int, v any, err error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return 0, nil, bodyError(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		err = h.audited(r.Context(), by, rt.entry(r, body), func(by caller) error {
			status, v, err = rt.answer(r, by)
			return err
		})
		return status, v, err
	}
}

// tokenIDForm is the form of a token's id.
var tokenIDForm = regexp.MustCompile(`^[0-9a-f]{12}$`)

// entry is what a request of administration asks for: to what, and the options
// that it names. Nothing else of the request is taken over.
func (rt adminRoute) entry(r *http.Request, body []byte) calllog.Audit {
	a := calllog.Audit{Action: rt.change.action, Target: r.PathValue("name") + r.PathValue("id")}
	if rt.change.options != nil {
		var target string
		if target, a.Options = rt.change.options(body); a.Target == "" {
			a.Target = target
		}
	}
	a.Target = clean.Text(a.Target, maxTarget)
	query := r.URL.Query()
	if query.Has("force") {
		a.Options = map[string]any{"force": true}
	}
	if id := query.Get("id"); tokenIDForm.MatchString(id) {
		a.Options = map[string]any{"id": id}
	}
	return a
}

// asked gives the options that a request of a type names, but no secret: of a
// password only that there is one, of an address the host.
func asked[T interface{ target() string }](body []byte) (string, map[string]any) {
	var in T
	if json.Unmarshal(body, &in) != nil { // it is refused
		return "", nil
	}
	data, err := json.Marshal(in)
	var options map[string]any
	if err != nil || json.Unmarshal(data, &options) != nil {
		return in.target(), nil
	}
	if _, ok := options["password"]; ok {
		options["password"] = "(changed)"
	}
	for _, address := range []string{"forward", "motion_url", "url"} { // it may hold a key
		if text, ok := options[address].(string); ok {
			options[address] = outbound.Target{URL: text}.Shown()
		}
	}
	return in.target(), options
}

func (in QueueChange) target() string { return in.Name }
func (in UserChange) target() string  { return in.Username }
func (RulesChange) target() string    { return "rules" }

// entryOf is what a supervisor's request asks for.
func entryOf(action string, r wire.Request) calllog.Audit {
	a := calllog.Audit{Action: action, Target: r.Call}
	switch r.Type {
	case wire.ActAssign:
		a.Options = map[string]any{"agent": r.Agent}
	case wire.ActSetPresence:
		a.Target, a.Options = r.Agent, map[string]any{"state": r.State}
		if reason := clean.Text(r.Reason, maxReason); reason != "" {
			a.Options["reason"] = reason
		}
	}
	a.Target = clean.Text(a.Target, maxTarget)
	return a
}

// adminListAudit lists changes, the oldest first: of ?since (a duration or a
// time), by ?user.
func (h *Hub) adminListAudit(r *http.Request, _ caller) (int, any, error) {
	since, err := h.since(r.URL.Query().Get("since"))
	if err != nil {
		return 0, nil, err
	}
	entries, err := h.calls.Audits(r.Context(), since)
	all, user := []AdminAudit{}, r.URL.Query().Get("user")
	for _, a := range entries {
		if user == "" || a.User == user {
			all = append(all, adminAudit(a))
		}
	}
	if len(all) > maxAudits {
		return 0, nil, badRequest("Those are %d changes, and %d can be listed: ask for a shorter time (--since) or for one user.", len(all), maxAudits)
	}
	return http.StatusOK, all, err
}

func adminAudit(a calllog.Audit) AdminAudit {
	shown := AdminAudit{ID: a.ID, At: wire.At(a.At), User: a.User, Action: a.Action, Target: a.Target, Options: a.Options, Made: a.Made, Refused: a.Refused}
	if shown.Options == nil {
		shown.Options = map[string]any{}
	}
	return shown
}

// defaultSince is how far back the audit log is listed.
const defaultSince = 24 * time.Hour

// since reads a duration before now, or a time.
func (h *Hub) since(text string) (time.Time, error) {
	if text == "" {
		return h.now().Add(-defaultSince), nil
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return h.now().Add(-d), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, badRequest("%q is neither a duration such as 24h nor a time such as 2026-03-02T09:00:00Z.", clean.Text(text, 40))
	}
	return t, nil
}
