package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// adminRoutes are the pages of administration, of calls, and of the first start.
func (s *Site) adminRoutes() []route {
	admins := func(pattern string, handle handler) route { return route{pattern, call.RoleAdmin, handle} }
	return []route{
		admins("GET /admin", s.adminHome),
		admins("GET /admin/queues", s.listQueues),
		admins("GET /admin/new-queue", s.newQueue),
		admins("POST /admin/new-queue", s.addQueue),
		admins("GET /admin/queues/{name}", s.showQueue),
		admins("POST /admin/queues/{name}", s.setQueue),
		admins("POST /admin/queues/{name}/rotate", s.rotateQueue),
		admins("POST /admin/queues/{name}/members", s.setMembers),
		admins("POST /admin/queues/{name}/remove", s.removeQueue),
		admins("GET /admin/queues/{name}/button", s.showQueueButton),
		admins("POST /admin/queues/{name}/button", s.setQueueButton),
		admins("GET /admin/queues/{name}/motion", s.showMotion),
		admins("POST /admin/queues/{name}/motion", s.setMotion),
		admins("POST /admin/queues/{name}/motion/stop", s.stopMotion),
		admins("POST /admin/queues/{name}/motion/key", s.setMotionKey),
		admins("GET /admin/queues/{name}/payloads", s.listPayloads),
		admins("POST /admin/queues/{name}/payloads", s.mapQueue),
		admins("GET /admin/queues/{name}/payloads/{id}", s.showPayload),
		admins("POST /admin/queues/{name}/payloads/{id}", s.mapPayload),
		admins("POST /admin/queues/{name}/payloads/{id}/replay", s.replayPayload),
		admins("GET /admin/users", s.listUsers),
		admins("GET /admin/new-user", s.newUser),
		admins("POST /admin/new-user", s.addUser),
		admins("GET /admin/import", s.newImport),
		admins("POST /admin/import", s.importUsers),
		admins("GET /admin/users/{name}", s.showUser),
		admins("POST /admin/users/{name}", s.setUser),
		admins("POST /admin/users/{name}/remove", s.removeUser),
		admins("POST /admin/users/{name}/revoke", s.revokeSignIns),
		admins("GET /admin/wallboards", s.listWallboards),
		admins("POST /admin/wallboards", s.addWallboard),
		admins("POST /admin/wallboards/{name}/remove", s.removeWallboard),
		admins("GET /admin/rules", s.showRules),
		admins("POST /admin/rules", s.setRules),
		admins("GET /admin/hooks", s.listHooks),
		admins("POST /admin/hooks", s.addHook),
		admins("POST /admin/hooks/{name}/test", s.testHook),
		admins("POST /admin/hooks/{name}/remove", s.removeHook),
		admins("GET /admin/vidaoo", s.showVidaoo),
		admins("POST /admin/vidaoo", s.connectVidaoo),
		admins("GET /admin/audit", s.listAudit),
		{"GET /calls", call.RoleSupervisor, s.listCalls},
		{"GET /calls/{id}", call.RoleSupervisor, s.showCall},
		{"GET /calls/{id}/recordings/{recording}", call.RoleSupervisor, s.downloadRecording},
		{"GET /set-up/{secret}", anybody, s.showSetUp},
		{"POST /set-up/{secret}", anybody, s.setUp},
	}
}

func (s *Site) adminHome(w http.ResponseWriter, r *http.Request, _ visit) {
	http.Redirect(w, r, "/admin/queues", http.StatusSeeOther)
}

// admin asks for something of administration.
func (s *Site) admin(r *http.Request, v visit, method, path string, in, out any) error {
	return s.ask(r, v.token, method, "/api/v1/admin"+path, in, out)
}

// segment is a name as a part of a path. Dots alone would be a way to another
// place.
func segment(name string) string {
	if strings.Trim(name, ".") == "" {
		name = "'" + name + "'" // which nothing is called
	}
	return url.PathEscape(name)
}

// readForm reads what a form has sent, or answers why that is not done.
func (s *Site) readForm(w http.ResponseWriter, r *http.Request, v visit, max int64) (ok bool) {
	r.Body = http.MaxBytesReader(w, r.Body, max)
	err := r.ParseForm() // by itself: it would not be told if this failed in the next
	if err == nil {
		err = r.ParseMultipartForm(max)
	}
	if errors.Is(err, http.ErrNotMultipart) {
		err = nil
	}
	if err != nil {
		code := call.BadRequest
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			code = wire.CodeTooLarge
		}
		s.fail(w, r, v, &refused{wire.Problem{Code: code}})
	}
	return err == nil
}

// done leads to a page that says what was done.
func done(w http.ResponseWriter, r *http.Request, path, what string) {
	http.Redirect(w, r, path+"?"+url.Values{"done": {what}}.Encode(), http.StatusSeeOther)
}

// Done says what was done a moment ago; empty if nothing was.
func (v visit) Done() string {
	switch v.at.Query().Get("done") {
	case "saved":
		return v.T("Saved.")
	case "same":
		return v.T("Nothing was changed, so nothing was saved.")
	case "added":
		return v.T("It is made.")
	case "removed":
		return v.T("It is removed.")
	case "rotated":
		return v.T("The queue has a new Receive URL. Put it into Vidaoo's automation now: the old one does not work any more.")
	case "key":
		return v.T("The key is stored.")
	case "hook-tested":
		return v.T("The test has arrived.")
	case "hook-gone":
		return v.T("That webhook is not there any more.")
	case "member":
		return v.T("The members are changed.")
	case "revoked":
		return v.T("The sign-in is ended. The app or browser asks for the password.")
	case "replayed":
		return v.T("The call is there now and rings.")
	case "replayed-known":
		return v.T("The call of this payload was there already.")
	case "welcome":
		return v.T("Welcome! You are the first administrator. Add a queue next, then the agents who serve it.")
	}
	return ""
}

// saved answers after the hub was asked for the change of a form, if it made it or
// why it did not is no matter of the form. Otherwise the form says why; now is the
// form as it was made of what is there.
func (s *Site) saved(w http.ResponseWriter, r *http.Request, v visit, f, now *form, here string, err error) (answered bool) {
	switch {
	case err == nil:
		done(w, r, here, "saved")
	case codeOf(err) == wire.CodeChanged:
		f.merge(v, now)
		return false
	case !f.refuse(v, err):
		s.fail(w, r, v, err)
	default:
		return false
	}
	return true
}

// statusOf is the HTTP status of a form that is shown again.
func statusOf(err error) int {
	if err == nil {
		return http.StatusBadRequest
	}
	return wire.Status(codeOf(err))
}

// Stamp is a time for people who have no script: in UTC.
func (v visit) Stamp(t wire.Time) string {
	if t.IsZero() {
		return v.T("never")
	}
	return t.UTC().Format("2006-01-02 15:04") + " UTC"
}

// short is a span of time without what is nothing in it: 5m and not 5m0s.
func short(text string) string {
	d, err := time.ParseDuration(text)
	if err != nil {
		return text
	}
	text = d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// duration is a span of time as the hub reads it: 20 s is 20s, and 20 too.
func duration(typed string) string {
	text := strings.ToLower(strings.Join(strings.Fields(typed), ""))
	if text != "" && !strings.ContainsFunc(text, func(c rune) bool { return c < '0' || c > '9' }) {
		text += "s"
	}
	return text
}

// durations brings the times in a request into the form that the hub reads.
func durations(in map[string]any, names ...string) {
	for name, value := range in {
		if text, is := value.(string); is && slices.Contains(names, name) {
			in[name] = duration(text)
		}
	}
}
