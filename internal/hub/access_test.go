package hub_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	pathpkg "path"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/wire"
)

// floor is a hub with a queue that rings at ben's desk, and one of each who may
// ask: anna serves no queue, sara supervises web, otto supervises sales only,
// eva is an admin.
type floor struct {
	*hubtest.Server
	t       *testing.T
	receive string
	ben     *hubtest.App
	calls   int
}

func mustFloor(t *testing.T, c hub.Config) *floor {
	t.Helper()
	f := &floor{Server: hubtest.MustStartWith(t, c), t: t}
	f.receive = f.MustQueue(t, hub.Queue{Name: "web"})
	f.MustQueue(t, hub.Queue{Name: "sales"})
	f.ben, _ = f.MustDial(t, f.MustUser(t, "ben", call.RoleAgent, "web"))
	f.MustUser(t, "anna", call.RoleAgent)
	f.MustUser(t, "eva", call.RoleAdmin)
	for name, queue := range map[string]string{"sara": "web", "otto": "sales"} {
		f.mustAdd(hub.User{Username: name, Role: call.RoleSupervisor, Supervises: []string{queue}})
	}
	return f
}

func (f *floor) mustAdd(u hub.User) {
	f.t.Helper()
	if _, err := f.Hub.Directory().AddUser(f.t.Context(), u, ""); err != nil {
		f.t.Fatal(err)
	}
}

// newCall rings at ben's desk.
func (f *floor) newCall() (id string) {
	f.t.Helper()
	f.calls++
	id = hubtest.MustPost(f.t, f.receive, fmt.Sprint("s", f.calls))
	f.ben.Offered(id)
	return id
}

// callers are who may ask, in the order of the tables' columns.
var callers = []string{"anna", "sara", "otto", "eva"}

// strangers hold what is no good token.
var strangers = map[string]func(*floor) (token string){
	"no token":        func(*floor) string { return "" },
	"malformed token": func(*floor) string { return "not a token" },
	"expired token": func(f *floor) string {
		token, _, err := f.Hub.Directory().IssueToken(f.t.Context(), "eva", time.Now().Add(-100*24*time.Hour))
		if err != nil {
			f.t.Fatal(err)
		}
		return token
	},
	"revoked token": func(f *floor) string {
		token := f.MustToken(f.t, "eva")
		if status, answer := hubtest.Do(f.t, "DELETE", f.URL+"/api/v1/sessions/current", token, "", ""); status != http.StatusNoContent {
			f.t.Fatalf("sign out: %d %s", status, answer)
		}
		return token
	},
	"removed user": func(f *floor) string {
		f.calls++
		name := fmt.Sprint("gone", f.calls)
		token := f.MustUser(f.t, name, call.RoleAdmin)
		if err := f.Hub.Directory().RemoveUser(f.t.Context(), name); err != nil {
			f.t.Fatal(err)
		}
		return token
	},
}

// answers are what an agent, a supervisor of the queue, one of another queue,
// and an admin are answered: the status, and the code of a problem.
type answers [4]string

func all(same string) answers { return answers{same, same, same, same} }
func adminOnly(admin string) answers {
	return answers{"403 forbidden", "403 forbidden", "403 forbidden", admin}
}

const (
	toNobody = "401 unauthorized"
	refused  = "403 forbidden"
	unseen   = "404 not_found"
)

// routeRows are all routes. {id} in a path is a call that rings at ben's desk.
var routeRows = []struct {
	route, path, body string // path: where it is not the route's
	open              bool   // without a token too
	wall              bool   // with a wallboard's token
	want              answers
}{
	{route: "POST /receive/{queue}/{secret}", open: true, want: all(unseen)},
	{route: "POST /api/openchannel/accounts/{number}/notify", open: true, want: all(unseen)},
	{route: "GET /api/v1/button/{queue}", path: "../button/web", open: true, want: all(unseen)},
	{route: "POST /api/v1/button/{queue}/presses", path: "../button/web/presses", open: true, want: all(unseen)},
	{route: "GET /api/v1/button/{queue}/presses/{ticket}", path: "../button/web/presses/x", open: true, want: all(unseen)},
	{route: "POST /api/v1/button/{queue}/presses/{ticket}/leave", path: "../button/web/presses/x/leave", open: true, want: all(unseen)},
	{route: "POST /api/v1/button/{queue}/notes", path: "../button/web/notes", open: true, want: all(unseen)},
	{route: "GET /healthz", open: true, want: all("200")},
	{route: "GET /readyz", open: true, want: all("200")},
	{route: "GET /api/v1/set-up/{secret}", open: true, want: all(unseen)},
	{route: "POST /api/v1/set-up/{secret}", body: `{"username":"x"}`, open: true, want: all(unseen)},
	{route: "POST /api/v1/sessions", body: `{"username":"x","password":"y"}`, open: true, want: all(toNobody)},
	{route: "DELETE /api/v1/sessions/current", want: all("204")},
	{route: "GET /api/v1/connect", want: all("400 bad_request")}, // let in, but it asks for no WebSocket
	{route: "GET /api/v1/me", want: all("200")},
	{route: "GET /api/v1/me/calls", want: all("200")},
	{route: "GET /api/v1/calls", want: all("200")},
	{route: "GET /api/v1/calls/{id}", want: answers{unseen, "200", unseen, "200"}},
	{route: "GET /api/v1/calls/{id}/trail", want: answers{refused, "200", unseen, "200"}},
	{route: "GET /api/v1/calls/{id}/recordings/{recording}", want: answers{refused, unseen, unseen, unseen}}, // it has none
	{route: "GET /api/v1/queues", want: all("200")},
	{route: "GET /api/v1/wallboard", wall: true, want: answers{refused, "200", "200", "200"}},
	{route: "GET /api/v1/wallboard/charts", wall: true, want: answers{refused, "200", "200", "200"}},
	{route: "GET /api/v1/agents", want: answers{refused, "200", "200", "200"}},
	{route: "GET /api/v1/reports/{file}", path: "../reports/calls.csv", want: answers{refused, "400 bad_request", "400 bad_request", "400 bad_request"}},
	{route: "GET /api/v1/admin/reports/{file}", path: "reports/calls.csv", want: adminOnly("400 bad_request")},
	{route: "POST /api/v1/calls/{id}/link", want: answers{refused, "200", unseen, "200"}},
	{route: "POST /api/v1/calls/{id}/accept", want: all("409 not_offered")},
	{route: "POST /api/v1/calls/{id}/decline", want: all("409 not_offered")},
	{route: "POST /api/v1/calls/{id}/finish", want: all(refused)},
	{route: "POST /api/v1/calls/{id}/return", want: answers{"400 bad_request", "400 bad_request", unseen, "400 bad_request"}},
	{route: "POST /api/v1/calls/{id}/assign", body: `{"agent":"ben"}`, want: answers{refused, "200", unseen, "200"}},
	{route: "POST /api/v1/calls/{id}/cancel", want: answers{refused, "200", unseen, "200"}},

	{route: "POST /api/v1/admin/queues", body: `{"name":"new"}`, want: adminOnly("201")},
	{route: "GET /api/v1/admin/queues", want: adminOnly("200")},
	{route: "GET /api/v1/admin/queues/{name}", path: "queues/web", want: adminOnly("200")},
	{route: "PATCH /api/v1/admin/queues/{name}", path: "queues/new", body: `{"ring":"30s"}`, want: adminOnly("200")},
	{route: "DELETE /api/v1/admin/queues/{name}", path: "queues/new", want: adminOnly("200")},
	{route: "GET /api/v1/admin/queues/{name}/payloads", path: "queues/web/payloads", want: adminOnly("200")},
	{route: "POST /api/v1/admin/queues/{name}/rotate", path: "queues/sales/rotate", want: adminOnly("200")},
	{route: "GET /api/v1/admin/queues/{name}/payloads/{id}", path: "queues/web/payloads/99", want: adminOnly(unseen)},
	{route: "GET /api/v1/admin/queues/{name}/preview", path: "queues/web/preview", want: adminOnly("200")},
	{route: "POST /api/v1/admin/payloads/{id}/replay", path: "payloads/99/replay", want: adminOnly(unseen)},
	{route: "POST /api/v1/admin/users", body: `{"username":"new"}`, want: adminOnly("201")},
	{route: "GET /api/v1/admin/users", want: adminOnly("200")},
	{route: "GET /api/v1/admin/users/{name}", path: "users/new", want: adminOnly("200")},
	{route: "PATCH /api/v1/admin/users/{name}", path: "users/new", body: `{"name":"New"}`, want: adminOnly("200")},
	{route: "POST /api/v1/admin/users/{name}/tokens", path: "users/new/tokens", want: adminOnly("201")},
	{route: "GET /api/v1/admin/users/{name}/tokens", path: "users/new/tokens", want: adminOnly("200")},
	{route: "DELETE /api/v1/admin/users/{name}/tokens", path: "users/new/tokens", want: adminOnly("200")},
	{route: "DELETE /api/v1/admin/users/{name}", path: "users/new", want: adminOnly("200")},
	{route: "GET /api/v1/admin/presence", want: adminOnly("200")},
	{route: "PATCH /api/v1/admin/presence", body: `{}`, want: adminOnly("200")},
	{route: "POST /api/v1/admin/wallboards", body: `{"name":"new"}`, want: adminOnly("201")},
	{route: "GET /api/v1/admin/wallboards", want: adminOnly("200")},
	{route: "DELETE /api/v1/admin/wallboards/{name}", path: "wallboards/new", want: adminOnly("200")},
	{route: "POST /api/v1/admin/hooks", body: `{"name":"new","url":"https://hook.example/"}`, want: adminOnly("201")},
	{route: "GET /api/v1/admin/hooks", want: adminOnly("200")},
	{route: "POST /api/v1/admin/hooks/{name}/test", path: "hooks/other/test", want: adminOnly(unseen)},
	{route: "DELETE /api/v1/admin/hooks/{name}", path: "hooks/new", want: adminOnly("200")},
	{route: "GET /api/v1/admin/motion", want: adminOnly("200")},
	{route: "PUT /api/v1/admin/motion/key", body: `{"key":"right horse"}`, want: adminOnly("400 bad_request")},
	{route: "DELETE /api/v1/admin/motion/key", want: adminOnly("200")},
	{route: "GET /api/v1/admin/vidaoo", want: adminOnly("200")},
	{route: "POST /api/v1/admin/vidaoo/connect", body: `{"queue":"nowhere"}`, want: adminOnly("400 bad_request")},
	{route: "GET /api/v1/admin/audit", want: adminOnly("200")},
	{route: "GET /api/v1/admin/calls", want: adminOnly("200")},
	{route: "GET /api/v1/admin/calls/{id}", want: adminOnly("200")},
	{route: "POST /api/v1/admin/calls/{id}/cancel", want: adminOnly("200")},
	{route: "DELETE /api/v1/admin/calls/{id}", want: adminOnly("409 in_use")},
}

// TestEveryRoute: each request over HTTP, against everybody who may send it.
func TestEveryRoute(t *testing.T) {
	f := mustFloor(t, hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	_, wall, err := f.Hub.Directory().AddWallboard(t.Context(), "foyer", nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, row := range routeRows {
		rows = append(rows, row.route)
		method, path, _ := strings.Cut(row.route, " ")
		if row.path != "" {
			path = pathpkg.Join("/api/v1/admin", row.path)
		}
		path = strings.ReplaceAll(path, "{id}", f.newCall())
		ask := func(who, token, want string) {
			t.Helper()
			status, answer := hubtest.Do(t, method, f.URL+path, token, "application/json", row.body)
			got := fmt.Sprint(status)
			if status >= 400 {
				got += " " + string(problem(t, answer).Code)
			}
			if got != want {
				t.Errorf("%s by %s: %s, want %s: %s", row.route, who, got, want, answer)
			}
		}
		for who, token := range strangers {
			want := toNobody
			if row.open {
				want = row.want[0]
			}
			ask(who, token(f), want)
		}
		switch {
		case row.open:
			ask("a wallboard", wall, row.want[0])
		case row.wall:
			ask("a wallboard", wall, "200")
		default:
			ask("a wallboard", wall, refused)
		}
		for i, who := range callers {
			ask(who, f.MustToken(t, who), row.want[i])
		}
	}
	same(t, "routes", rows, hub.Routes())
}

// TestNoRouteWithoutARule: a hub does not start with a route that has none.
func TestNoRouteWithoutARule(t *testing.T) {
	defer func() {
		if said := fmt.Sprint(recover()); !strings.Contains(said, "nobody said who may send GET /unruled") {
			t.Errorf("it was served: %s", said)
		}
	}()
	hub.ServeUnruled()
}

// same tells what a table lacks, or has too much of.
func same(t *testing.T, what string, table, served []string) {
	t.Helper()
	for _, s := range served {
		if !slices.Contains(table, s) {
			t.Errorf("the table of %s has no row for %s", what, s)
		}
	}
	for _, s := range table {
		if !slices.Contains(served, s) {
			t.Errorf("the table of %s has a row for %s, which there is not", what, s)
		}
	}
	if len(table) != len(served) {
		t.Errorf("%d rows for %d %s", len(table), len(served), what)
	}
}

// messageRows are all requests of apps, about a call that rings at ben's desk.
var messageRows = []struct {
	request wire.Request
	want    answers // codes; none: done
}{
	{wire.Request{Type: wire.ActAccept}, all("not_offered")},
	{wire.Request{Type: wire.ActDecline}, all("not_offered")},
	{wire.Request{Type: wire.ActFinish}, all("forbidden")},
	{wire.Request{Type: wire.ActReturn}, answers{"bad_request", "bad_request", "not_found", "bad_request"}},
	{wire.Request{Type: wire.ActRecord, On: true}, all("forbidden")},
	{wire.Request{Type: wire.ActShown, Surface: wire.SurfaceWindow}, all("not_offered")},
	{wire.Request{Type: wire.ActPresence, State: call.Ready}, all("")},
	{wire.Request{Type: wire.ActTest}, all("")},
	{wire.Request{Type: wire.ActAssign, Agent: "ben"}, answers{"forbidden", "", "not_found", ""}},
	{wire.Request{Type: wire.ActCancel}, answers{"forbidden", "", "not_found", ""}},
	{wire.Request{Type: wire.ActSetPresence, Agent: "ben", State: call.Ready}, answers{"forbidden", "", "not_found", ""}},
}

// TestEveryMessage: each request of an app, against everybody who is connected.
func TestEveryMessage(t *testing.T) {
	f := mustFloor(t, hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	apps := map[string]*hubtest.App{}
	for _, who := range callers {
		apps[who], _ = f.MustDial(t, f.MustToken(t, who))
	}
	removed, _ := f.MustDial(t, f.MustUser(t, "gone", call.RoleAdmin))
	if err := f.Hub.Directory().RemoveUser(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, row := range messageRows {
		rows = append(rows, row.request.Type)
		id := f.newCall()
		for i, who := range callers {
			r := row.request
			r.Call = id
			if got := codeOf(apps[who].Ask(r)); string(got) != row.want[i] {
				t.Errorf("%s by %s: %q, want %q", r.Type, who, got, row.want[i])
			}
		}
		r := row.request
		r.Call = id
		if got := codeOf(removed.Ask(r)); got != call.Forbidden {
			t.Errorf("%s by a removed user: %q", r.Type, got)
		}
	}
	same(t, "messages", rows, hub.Messages())
	same(t, "actions on the wire", wire.Acts, hub.Messages())
}

// TestExpiredOnTheSocket: an app that connected in time is asked to sign in again
// when its token has expired.
func TestExpiredOnTheSocket(t *testing.T) {
	var later atomic.Int64
	f := mustFloor(t, hub.Config{
		Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) },
	})
	id := f.newCall()
	eva, _ := f.MustDial(t, f.MustToken(t, "eva"))
	later.Store(int64(100 * 24 * time.Hour))
	for _, row := range messageRows {
		r := row.request
		r.Call = id
		if got := codeOf(eva.Ask(r)); got != call.Forbidden {
			t.Errorf("%s with an expired token: %q", r.Type, got)
		}
	}
}

// TestLimitedSupervisor: a supervisor of some queues is told of nothing else, and
// of what it may see the same as any other.
func TestLimitedSupervisor(t *testing.T) {
	f := mustFloor(t, hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	f.MustUser(t, "carla", call.RoleAgent, "sales")
	web := f.newCall()
	q, _ := f.Hub.Directory().Queue("sales")
	sales := hubtest.MustPost(t, f.Hub.ReceiveURL(q), "other")
	sara, seen := f.MustDial(t, f.MustToken(t, "sara"))
	eva, _ := f.MustDial(t, f.MustToken(t, "eva"))
	otto, _ := f.MustDial(t, f.MustToken(t, "otto"))

	if len(seen.Calls) != 1 || seen.Calls[0].ID != web || len(seen.Queues) != 1 || seen.Queues[0].Name != "web" {
		t.Errorf("the welcome: calls %+v, queues %+v", seen.Calls, seen.Queues)
	}
	if names := namesOf(seen.Agents); !slices.Equal(names, []string{"ben", "sara"}) {
		t.Errorf("the welcome's agents: %v", names)
	}
	if !slices.Equal(seen.User.Supervises, []string{"web"}) {
		t.Errorf("the welcome's user: %+v", seen.User)
	}
	token := f.MustToken(t, "sara")
	for path, not := range map[string]string{"/calls": sales, "/agents": `"username":"carla"`, "/queues": `"name":"sales"`} {
		if status, answer := hubtest.Do(t, "GET", f.URL+"/api/v1"+path, token, "", ""); status != 200 || strings.Contains(answer, not) {
			t.Errorf("GET %s: %d %s", path, status, answer)
		}
	}
	// Frames: eva is told of both, and each supervisor of its own.
	carla, _ := f.MustDial(t, f.MustToken(t, "carla"))
	carla.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Paused})
	f.ben.MustAsk(accept(web))
	for _, app := range []*hubtest.App{eva, sara} {
		inState(app, web, call.Accepted)
	}
	eva.MustAsk(wire.Request{Type: wire.ActCancel, Call: sales})
	inState(otto, sales, call.Ended)
	eva.MustAsk(wire.Request{Type: wire.ActCancel, Call: web})
	inState(sara, web, call.Ended)
	for _, frame := range sara.Frames() {
		if strings.Contains(frame, sales) || strings.Contains(frame, "carla") {
			t.Errorf("the supervisor of web was told: %s", frame)
		}
	}
	for _, frame := range otto.Frames() {
		if strings.Contains(frame, web) || strings.Contains(frame, `"username":"ben"`) {
			t.Errorf("the supervisor of sales was told: %s", frame)
		}
	}
	// Who is not seen can't be chosen either.
	next := f.newCall()
	if got := codeOf(sara.Ask(wire.Request{Type: wire.ActAssign, Call: next, Agent: "carla"})); got != call.NotFound {
		t.Errorf("assign to an agent of another queue: %q", got)
	}
}

// TestRemovedQueueWidensNothing: who was limited to a queue that is gone sees
// nothing, and not everything.
func TestRemovedQueueWidensNothing(t *testing.T) {
	f := mustFloor(t, hub.Config{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	f.newCall()
	if err := f.Hub.Directory().RemoveQueue(context.WithoutCancel(t.Context()), "sales"); err != nil {
		t.Fatal(err)
	}
	if _, w := f.MustDial(t, f.MustToken(t, "otto")); len(w.Calls) != 0 || len(w.Agents) != 1 {
		t.Errorf("calls %+v, agents %+v", w.Calls, w.Agents)
	}
	u, err := f.Hub.Directory().SetUser(t.Context(), "otto", "", func(u *hub.User) error { u.Name = "Otto"; return nil })
	if err != nil || !slices.Equal(u.Supervises, []string{"sales"}) {
		t.Errorf("%+v, %v", u, err)
	}
}

func namesOf(agents []wire.Agent) (names []string) {
	for _, a := range agents {
		names = append(names, a.Username)
	}
	return names
}
