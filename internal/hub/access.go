package hub

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// anybody is who needs no token: a Receive URL and a password prove themselves.
const anybody call.Role = "anybody"

// rule says who may send a request. One without a rule is a mistake: the hub
// does not start.
type rule struct {
	needs call.Role // the least role
	// limited is what a supervisor who is limited to queues may do there only.
	limited bool
	// change is what the audit log notes of it.
	change change
}

// The rules.
var (
	forAnybody     = rule{needs: anybody}
	forAgents      = rule{needs: call.RoleAgent} // of their own calls and presence: who has a call or an offer is no matter of roles
	forWallboards  = rule{needs: roleWallboard}  // and for supervisors
	forSupervisors = rule{needs: call.RoleSupervisor}
	forAdmins      = rule{needs: call.RoleAdmin}
)

// ofQueues is the rule for who may do it in some queues only.
func (r rule) ofQueues() rule {
	r.limited = true
	return r
}

// handler answers a request of a caller whom the table lets in.
type handler func(w http.ResponseWriter, r *http.Request, by caller)

// route is a request over HTTP, who may send it, and what answers it.
type route struct {
	method, path string
	rule
	handle handler
}

// adminRoute is a request of administration.
type adminRoute struct {
	method, path string
	rule
	answer adminHandler
}

// routes are all requests over HTTP but those of administration. Nothing is
// served that has no line here or in adminRoutes.
func (h *Hub) routes() []route {
	routes := []route{
		{"POST", "/receive/{queue}/{secret}", forAnybody, h.receive},
		{"POST", "/api/openchannel/accounts/{number}/notify", forAnybody, h.receiveMotion},
		{"GET", "/api/v1/button/{queue}", forAnybody, h.showButton},
		{"POST", "/api/v1/button/{queue}/presses", forAnybody, h.press},
		{"GET", "/api/v1/button/{queue}/presses/{ticket}", forAnybody, h.showTicket},
		{"POST", "/api/v1/button/{queue}/presses/{ticket}/leave", forAnybody, h.leaveTicket},
		{"POST", "/api/v1/button/{queue}/notes", forAnybody, h.leaveNote},
		{"GET", "/healthz", forAnybody, h.healthy},
		{"GET", "/readyz", forAnybody, h.ready},
		{"GET", "/api/v1/set-up/{secret}", forAnybody, h.showSetUp},
		{"POST", "/api/v1/set-up/{secret}", forAnybody, h.setUp},
		{"POST", "/api/v1/sessions", forAnybody, h.signIn},
		{"DELETE", "/api/v1/sessions/current", forAgents, h.signOut},
		{"GET", "/api/v1/connect", forAgents.ofQueues(), h.connect},
		{"GET", "/api/v1/me", forAgents, h.me},
		{"GET", "/api/v1/me/calls", forAgents, h.myDay},
		{"GET", "/api/v1/calls", forAgents.ofQueues(), h.listCalls},
		{"GET", "/api/v1/calls/{id}", forAgents.ofQueues(), h.showCall},
		{"POST", "/api/v1/calls/{id}/link", forSupervisors.ofQueues().noting(linkShown), h.callLink},
		{"GET", "/api/v1/calls/{id}/trail", forSupervisors.ofQueues(), h.callTrail},
		{"GET", "/api/v1/calls/{id}/recordings/{recording}", forSupervisors.ofQueues().noting(recordingDownloaded), h.downloadRecording},
		{"GET", "/api/v1/queues", forAgents.ofQueues(), h.listQueues},
		{"GET", "/api/v1/reports/{file}", forSupervisors.ofQueues(), h.showReport},
		{"GET", "/api/v1/wallboard", forWallboards.ofQueues(), h.board},
		{"GET", "/api/v1/wallboard/charts", forWallboards.ofQueues(), h.boardCharts},
		{"GET", "/api/v1/agents", forSupervisors.ofQueues(), h.listAgents},
	}
	for _, act := range []string{wire.ActAccept, wire.ActDecline, wire.ActFinish, wire.ActReturn, wire.ActAssign, wire.ActCancel} {
		routes = append(routes, route{"POST", "/api/v1/calls/{id}/" + act, messages[act].rule, h.actOnCall(act)})
	}
	return routes
}

// adminRoutes are the requests of administration. They are served to admins
// below /api/v1, and on the unix socket to whoever may open it.
func (h *Hub) adminRoutes() []adminRoute {
	return []adminRoute{
		{"POST", "/admin/queues", forAdmins.noting("queue.add").naming(asked[QueueChange]), h.adminAddQueue},
		{"GET", "/admin/queues", forAdmins, h.adminListQueues},
		{"GET", "/admin/queues/{name}", forAdmins, h.adminShowQueue},
		{"PATCH", "/admin/queues/{name}", forAdmins.noting("queue.set").naming(asked[QueueChange]), h.adminSetQueue},
		{"DELETE", "/admin/queues/{name}", forAdmins.noting("queue.remove"), h.adminRemoveQueue},
		{"POST", "/admin/queues/{name}/rotate", forAdmins.noting("queue.rotate"), h.adminRotateQueue},
		{"GET", "/admin/queues/{name}/payloads", forAdmins, h.adminListPayloads},
		{"GET", "/admin/queues/{name}/payloads/{id}", forAdmins, h.adminShowPayload},
		{"GET", "/admin/queues/{name}/preview", forAdmins, h.adminPreview},
		{"POST", "/admin/payloads/{id}/replay", forAdmins.noting("payload.replay"), h.adminReplayPayload},
		{"POST", "/admin/users", forAdmins.noting("user.add").naming(asked[UserChange]), h.adminAddUser},
		{"GET", "/admin/users", forAdmins, h.adminListUsers},
		{"GET", "/admin/users/{name}", forAdmins, h.adminShowUser},
		{"PATCH", "/admin/users/{name}", forAdmins.noting("user.set").naming(asked[UserChange]), h.adminSetUser},
		{"DELETE", "/admin/users/{name}", forAdmins.noting("user.remove"), h.adminRemoveUser},
		{"POST", "/admin/users/{name}/tokens", forAdmins.noting("token.issue"), h.adminIssueToken},
		{"GET", "/admin/users/{name}/tokens", forAdmins, h.adminListTokens},
		{"DELETE", "/admin/users/{name}/tokens", forAdmins.noting("token.revoke"), h.adminRevokeTokens},
		{"GET", "/admin/presence", forAdmins, h.adminShowRules},
		{"PATCH", "/admin/presence", forAdmins.noting("rules.set").naming(asked[RulesChange]), h.adminSetRules},
		{"GET", "/admin/calls", forAdmins, h.adminListCalls},
		{"GET", "/admin/calls/{id}", forAdmins, h.adminShowCall},
		{"POST", "/admin/calls/{id}/cancel", forAdmins.noting("call.cancel"), h.adminCancelCall},
		{"POST", "/admin/wallboards", forAdmins.noting("wallboard.add").naming(asked[WallboardChange]), h.adminAddWallboard},
		{"GET", "/admin/wallboards", forAdmins, h.adminListWallboards},
		{"DELETE", "/admin/wallboards/{name}", forAdmins.noting("wallboard.remove"), h.adminRemoveWallboard},
		{"POST", "/admin/hooks", forAdmins.noting("hook.add").naming(asked[HookChange]), h.adminAddHook},
		{"GET", "/admin/hooks", forAdmins, h.adminListHooks},
		{"POST", "/admin/hooks/{name}/test", forAdmins.noting("hook.test"), h.adminTestHook},
		{"DELETE", "/admin/hooks/{name}", forAdmins.noting("hook.remove"), h.adminRemoveHook},
		{"GET", "/admin/motion", forAdmins, h.adminShowMotion},
		{"PUT", "/admin/motion/key", forAdmins.noting("motion.key"), h.adminSetMotionKey},
		{"DELETE", "/admin/motion/key", forAdmins.noting("motion.forget"), h.adminForgetMotionKey},
		{"GET", "/admin/vidaoo", forAdmins, h.adminShowVidaoo},
		{"POST", "/admin/vidaoo/connect", forAdmins.noting("vidaoo.connect").naming(connectAsked), h.adminConnectVidaoo},
		{"GET", "/admin/audit", forAdmins, h.adminListAudit},
		{"DELETE", "/admin/calls/{id}", forAdmins.noting("call.erase"), h.adminEraseCall},
	}
}

// administration are the routes of administration with what answers them. What
// they change is noted: one that changes something has an action.
func (h *Hub) administration() (routes []route) {
	for _, rt := range h.adminRoutes() {
		if rt.method != http.MethodGet && rt.change.action == "" {
			panic(fmt.Sprintf("hub: nobody said how the audit log calls %s %s", rt.method, rt.path))
		}
		routes = append(routes, route{rt.method, rt.path, rt.rule, h.answering(h.audits(rt))})
	}
	return append(routes, route{"GET", "/admin/reports/{file}", forAdmins, h.showReport}) // it streams
}

// message is a request of an app, over its socket or over HTTP: who may send it,
// and what carries it out.
type message struct {
	rule
	perform func(h *Hub, ctx context.Context, by caller, r wire.Request) error
}

// messages are all requests of apps, by type.
var messages = map[string]message{
	wire.ActAccept: {forAgents, func(h *Hub, ctx context.Context, by caller, r wire.Request) error {
		again, err := h.accept(ctx, by.Username, r.Call)
		if again && by.app != nil { // no entry of the log will bring the link once more
			h.live.repeat(by.app, r.Call)
		}
		return err
	}},
	wire.ActDecline: {forAgents, func(h *Hub, ctx context.Context, by caller, r wire.Request) error {
		return h.decline(ctx, by.Username, r.Call)
	}},
	wire.ActFinish: {forAgents, func(h *Hub, ctx context.Context, by caller, r wire.Request) error {
		return h.finish(ctx, by.Username, r.Call, r.Disposition, r.Note)
	}},
	wire.ActRecord: {forAgents, func(h *Hub, _ context.Context, by caller, r wire.Request) error {
		return h.record(by.Username, r.Call, r.On) // it has a deadline of its own
	}},
	wire.ActShown: {forAgents, func(h *Hub, _ context.Context, by caller, r wire.Request) error {
		return h.shown(by.Username, r.Call, r.Surface, r.Ms)
	}},
	wire.ActPresence: {forAgents, func(h *Hub, ctx context.Context, by caller, r wire.Request) error {
		return h.setPresence(ctx, by.Username, r.State, r.Reason, "")
	}},
	wire.ActTest: {forAgents, func(h *Hub, _ context.Context, by caller, _ wire.Request) error {
		return h.testRing(by.Username)
	}},
	// An agent returns its own call, a supervisor any that it supervises.
	wire.ActReturn: {forAgents.ofQueues().noting("call.return"), func(h *Hub, ctx context.Context, by caller, r wire.Request) error {
		return h.giveBack(ctx, by, r.Call)
	}},
	wire.ActAssign: {forSupervisors.ofQueues().noting("call.assign"), func(h *Hub, ctx context.Context, by caller, r wire.Request) error {
		return h.assign(ctx, by.Username, r.Call, r.Agent)
	}},
	wire.ActCancel: {forSupervisors.ofQueues().noting("call.cancel"), func(h *Hub, ctx context.Context, by caller, r wire.Request) error {
		return h.cancel(ctx, by.Username, r.Call, call.BySupervisor)
	}},
	wire.ActSetPresence: {forSupervisors.ofQueues().noting("presence.set"), func(h *Hub, ctx context.Context, by caller, r wire.Request) error {
		return h.setPresence(ctx, r.Agent, r.State, r.Reason, call.CauseSupervisor)
	}},
}

// refusals say who may, to who may not.
var refusals = map[call.Role]string{
	call.RoleAgent:      "A wallboard's token reads the wallboard and nothing else.",
	roleWallboard:       "Only wallboards and supervisors may do that.",
	call.RoleSupervisor: "Only supervisors may do that.",
	call.RoleAdmin:      "Only admins may do that.",
}

// admits tells why a caller may not send a request, if it may not.
func (r rule) admits(by caller) error {
	enough := false
	switch r.needs {
	case anybody:
		enough = true
	case roleWallboard:
		enough = by.Role == roleWallboard || by.Role.Supervises()
	default:
		least := slices.Index(call.Roles, r.needs)
		enough = least >= 0 && slices.Index(call.Roles, by.Role) >= least
	}
	if enough {
		return nil
	}
	return &call.Error{Code: call.Forbidden, Message: refusals[r.needs]}
}

// admit lets those in whom the table lets in.
func (h *Hub) admit(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var by caller
		if rt.needs != anybody {
			var err error
			if by, err = h.callerOf(r); err == nil {
				err = rt.admits(by)
			}
			if err != nil {
				writeProblem(w, err)
				return
			}
		}
		rt.handle(w, r, by)
	}
}

// act carries out a request of an app, if the table lets the caller. What a
// limited supervisor may not see is answered as if it were not there.
func (h *Hub) act(ctx context.Context, by caller, r wire.Request) error {
	m, ok := messages[r.Type]
	if !ok {
		return badRequest("There is no request %q.", r.Type)
	}
	if err := m.admits(by); err != nil {
		return err
	}
	if m.limited {
		if err := h.inSight(ctx, by.sight(), r); err != nil {
			return err
		}
	}
	if m.change.action == "" || r.Type == wire.ActReturn && !h.anothers(by, r.Call) {
		return m.perform(h, ctx, by, r)
	}
	return h.audited(ctx, by, entryOf(m.change.action, r), func(by caller) error { return m.perform(h, ctx, by, r) })
}

// anothers tells whether a supervisor is about to take a call from another agent:
// to return its own is what any agent does.
func (h *Hub) anothers(by caller, id string) bool {
	e, _ := h.live.call(id)
	return by.Role.Supervises() && e.Call.Agent != "" && e.Call.Agent != by.Username
}

// register serves routes, each to those whom let lets in.
func register(prefix string, routes []route, let func(route) http.HandlerFunc, into *http.ServeMux) {
	for _, rt := range routes {
		if rt.needs != anybody && rt.needs != roleWallboard && !slices.Contains(call.Roles, rt.needs) {
			panic(fmt.Sprintf("hub: nobody said who may send %s %s", rt.method, rt.path))
		}
		into.HandleFunc(rt.method+" "+prefix+rt.path, let(rt))
	}
}

// Handler answers everything that comes over HTTP from outside.
func (h *Hub) Handler() http.Handler {
	all := http.NewServeMux()
	register("", h.routes(), h.admit, all)
	register("/api/v1", h.administration(), h.admit, all)
	return problems(all)
}

// AdminHandler answers administration. Who reaches it is an administrator: the
// hub serves it only on the unix socket, which the file's permissions guard.
func (h *Hub) AdminHandler() http.Handler {
	all := http.NewServeMux()
	register("", h.administration(), func(rt route) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { rt.handle(w, r, caller{local: true}) }
	}, all)
	return problems(all)
}
