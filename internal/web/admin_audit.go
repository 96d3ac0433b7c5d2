package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/wire"
)

// change is an entry of the audit log.
type change struct {
	At      wire.Time      `json:"at"`
	User    string         `json:"user"`
	Action  string         `json:"action"`
	Target  string         `json:"target"`
	Options map[string]any `json:"options"`
	Refused string         `json:"refused"`
}

// OfCall tells whether the change is one of a call.
func (c change) OfCall() bool { return strings.HasPrefix(c.Action, "call.") && c.Target != "" }

// Named are the options that a change named.
func (c change) Named() (all []string) {
	for _, name := range slices.Sorted(maps.Keys(c.Options)) {
		value := fmt.Sprint(c.Options[name])
		if list, is := c.Options[name].([]any); is {
			var words []string
			for _, one := range list {
				words = append(words, fmt.Sprint(one))
			}
			value = strings.Join(words, ", ")
		}
		all = append(all, name+" = "+clean.Text(value, maxOption))
	}
	return all
}

const maxOption = 200 // of an option, in characters

// auditPage is what the page of the audit log shows.
type auditPage struct {
	Since, User, Action, Target string
	Spans, Actions              []choice
	Changes                     []change // the newest first
	All                         int      // that fit the filter
	TooMany                     bool
}

// maxChanges is how many changes are shown.
const maxChanges = 300

func (s *Site) listAudit(w http.ResponseWriter, r *http.Request, v visit) {
	q := r.URL.Query()
	p := auditPage{
		User: clean.Text(q.Get("user"), maxName), Action: q.Get("action"), Target: clean.Text(q.Get("target"), maxName),
		Spans: []choice{{"24h", v.T("24 hours")}, {"168h", v.T("7 days")}, {"720h", v.T("30 days")}, {"9600h", v.T("400 days")}},
	}
	p.Since = p.Spans[1].Value
	if asked := q.Get("since"); slices.ContainsFunc(p.Spans, func(c choice) bool { return c.Value == asked }) {
		p.Since = asked
	}
	for _, action := range actions {
		p.Actions = append(p.Actions, choice{action, v.Action(action)})
	}
	query := url.Values{"since": {p.Since}}
	if p.User != "" {
		query.Set("user", p.User)
	}
	var all []change
	err := s.admin(r, v, "GET", "/audit?"+query.Encode(), nil, &all)
	switch {
	case codeOf(err) == call.BadRequest: // too many
		p.TooMany = true
	case err != nil:
		s.fail(w, r, v, err)
		return
	}
	slices.Reverse(all)
	for _, c := range all {
		if p.Action != "" && c.Action != p.Action || !strings.Contains(c.Target, p.Target) {
			continue
		}
		if p.All++; p.All <= maxChanges {
			p.Changes = append(p.Changes, c)
		}
	}
	s.show(w, v, http.StatusOK, "admin-audit", p)
}

// actions are those of the audit log.
var actions = []string{
	"queue.add", "queue.set", "queue.rotate", "queue.remove", "user.add", "user.set", "user.remove", "token.issue", "token.revoke",
	"wallboard.add", "wallboard.remove", "rules.set", "payload.replay", "call.assign", "call.return", "call.cancel", "call.erase", "presence.set",
	"vidaoo.connect", "hook.add", "hook.test", "hook.remove", "motion.key", "motion.forget",
	"recording.download",
}

// Action is an action of the audit log in words. More may come.
func (v visit) Action(action string) string {
	words := map[string]string{
		"queue.add": v.T("Queue added"), "queue.set": v.T("Queue changed"), "queue.rotate": v.T("New Receive URL"), "queue.remove": v.T("Queue removed"),
		"user.add": v.T("User added"), "user.set": v.T("User changed"), "user.remove": v.T("User removed"),
		"token.issue": v.T("Token made"), "token.revoke": v.T("Sign-in ended"),
		"wallboard.add": v.T("Wallboard made"), "wallboard.remove": v.T("Wallboard removed"), "rules.set": v.T("Rules changed"),
		"payload.replay": v.T("Payload taken again"), "call.assign": v.T("Call assigned"), "call.return": v.T("Call taken back"),
		"call.cancel": v.T("Call canceled"), "call.erase": v.T("Call erased"), "presence.set": v.T("Presence set"),
		"vidaoo.connect": v.T("Connection with Vidaoo tried"), "hook.add": v.T("Webhook made"), "hook.test": v.T("Webhook tested"), "hook.remove": v.T("Webhook removed"),
		"motion.key": v.T("Key of Motion stored"), "motion.forget": v.T("Key of Motion removed"),
		"recording.download": v.T("Recording downloaded"),
	}[action]
	if words == "" {
		return action
	}
	return words
}
