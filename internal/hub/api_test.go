package hub_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// problem reads an answer as problem+json.
func problem(t *testing.T, answer string) wire.Problem {
	t.Helper()
	var p wire.Problem
	if err := json.Unmarshal([]byte(answer), &p); err != nil {
		t.Fatalf("no problem: %s", answer)
	}
	if p.Title == "" || p.Detail == "" || !strings.HasSuffix(p.Detail, ".") {
		t.Errorf("a problem has a title, and a sentence as its detail: %+v", p)
	}
	return p
}

func TestReceiveURL(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	secret := receive[strings.LastIndex(receive, "/")+1:]
	motion := s.URL + "/api/openchannel/accounts/1/notify?apikey="
	const good = `{"session_id":"%d","link":"https://vidaoo.example/%[1]d"}`
	for i, tc := range []struct {
		name, url, contentType, body string
		status                       int
		code                         call.Code
	}{
		{"JSON", receive, "application/json", good, 200, ""},
		{"JSON called a form", receive, "application/x-www-form-urlencoded", good, 200, ""},
		{"a form", receive, "application/x-www-form-urlencoded", "session_id=%d&link=https%%3A%%2F%%2Fvidaoo.example%%2F%[1]d", 200, ""},
		{"Motion's shape", motion + secret, "application/json", good, 200, ""},
		{"Motion's shape, wrong secret", motion + "x", "application/json", good, 404, call.NotFound},
		{"Motion's shape, unknown number", s.URL + "/api/openchannel/accounts/7/notify?apikey=" + secret, "application/json", good, 404, call.NotFound},
		{"Motion's shape, no number", s.URL + "/api/openchannel/accounts/x/notify", "application/json", good, 404, call.NotFound},
		{"wrong secret", receive + "x", "application/json", good, 404, call.NotFound},
		{"unknown queue", s.URL + "/receive/nobody/" + secret, "application/json", good, 404, call.NotFound},
		{"unknown queue, no secret", s.URL + "/receive/nobody/x", "application/json", good, 404, call.NotFound},
		{"unreadable", receive, "application/json", `{"session_id":"%d`, 400, wire.CodeUnreadable},
		{"empty", receive, "application/json", "", 400, wire.CodeUnreadable},
		{"too large", receive, "application/json", `{"x":"%d` + strings.Repeat("x", 64<<10) + `"}`, 413, wire.CodeTooLarge},
		{"no link", receive, "application/json", `{"session_id":"%d"}`, 422, wire.CodeNoSessionLink},
		{"a link that must not be opened", receive, "application/json", `{"session_id":"%d","link":"http://vidaoo.example/"}`, 422, wire.CodeNoSessionLink},
		{"an unfilled template", receive, "application/json", `{"session_id":"%d","link":"<$data.link$>"}`, 422, wire.CodeNoSessionLink},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := tc.body
			if strings.Contains(body, "%") {
				body = fmt.Sprintf(body, i)
			}
			status, answer := hubtest.Post(t, tc.url, tc.contentType, body)
			if status != tc.status {
				t.Fatalf("%d %s, want %d", status, answer, tc.status)
			}
			if tc.code == "" {
				var got wire.Received
				if err := json.Unmarshal([]byte(answer), &got); err != nil || got.Call.ID == "" || got.Interaction.ID != got.Call.ID || got.Call.State != "waiting" || got.Duplicate {
					t.Errorf("answer %s", answer)
				}
				return
			}
			p := problem(t, answer)
			if p.Code != tc.code {
				t.Errorf("code %s, want %s", p.Code, tc.code)
			}
			if tc.status == 422 && (len(p.Keys) == 0 || !strings.Contains(p.Detail, "meetingUrl")) {
				t.Errorf("the keys that were looked at are not named: %+v", p)
			}
		})
	}
	t.Run("404 tells nothing apart", func(t *testing.T) {
		_, wrong := hubtest.Post(t, receive+"x", "application/json", "{}")
		_, unknown := hubtest.Post(t, s.URL+"/receive/nobody/x", "application/json", "{}")
		if wrong != unknown {
			t.Errorf("%s differs from %s", wrong, unknown)
		}
	})
}

func TestSignIn(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	if _, err := s.Hub.Directory().AddUser(t.Context(), hub.User{Username: "anna@example.com", Name: "Anna"}, "right horse"); err != nil {
		t.Fatal(err)
	}
	s.MustUser(t, "tokenonly", call.RoleAgent)
	url := s.URL + "/api/v1/sessions"
	_, wrong := hubtest.Post(t, url, "application/json", `{"username":"anna@example.com","password":"wrong"}`)
	for _, body := range []string{
		`{"username":"nobody","password":"right horse"}`,
		`{"username":"tokenonly","password":""}`,
		`{"username":"","password":""}`,
		// Another spelling of a user's key is not the user.
		`{"username":"anna=40example=2Ecom","password":"right horse"}`,
	} {
		status, answer := hubtest.Post(t, url, "application/json", body)
		if status != http.StatusUnauthorized || answer != wrong {
			t.Errorf("%s: %d %s, want the same as for a wrong password: %s", body, status, answer, wrong)
		}
	}
	if p := problem(t, wrong); p.Code != wire.CodeUnauthorized {
		t.Errorf("%+v", p)
	}
	if status, answer := hubtest.Post(t, url, "application/json", `{"username`); status != 400 || problem(t, answer).Code != call.BadRequest {
		t.Errorf("half a body: %d %s", status, answer)
	}
	status, answer := hubtest.Post(t, url, "application/json", `{"username":"anna@example.com","password":"right horse"}`)
	var in wire.SignedIn
	if err := json.Unmarshal([]byte(answer), &in); err != nil || status != http.StatusCreated || in.User.Name != "Anna" || in.Expires.IsZero() {
		t.Fatalf("sign-in: %d %s", status, answer)
	}
	status, answer = hubtest.Do(t, "GET", s.URL+"/api/v1/me", in.Token, "", "")
	var me wire.Me
	if err := json.Unmarshal([]byte(answer), &me); err != nil || status != 200 || me.User.Username != "anna@example.com" {
		t.Errorf("me: %d %s", status, answer)
	}
}

func TestGuessingIsSlowed(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	url := s.URL + "/api/v1/sessions"
	for range 60 {
		status, answer := hubtest.Post(t, url, "application/json", `{"username":"anna","password":"guess"}`)
		if status == http.StatusTooManyRequests {
			if problem(t, answer).Code != call.TooMany {
				t.Errorf("answer %s", answer)
			}
			return
		}
	}
	t.Error("60 wrong passwords in a row were all looked at")
}

// TestActionsOverHTTP: the same actions as on the socket.
func TestActionsOverHTTP(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web"})
	annaToken, benToken := s.MustUser(t, "anna", call.RoleAgent, "web"), s.MustUser(t, "ben", call.RoleAgent, "web")
	saraToken := s.MustUser(t, "sara", call.RoleSupervisor)
	anna, _ := s.MustDial(t, annaToken)
	ben, _ := s.MustDial(t, benToken)
	id := hubtest.MustPost(t, receive, "s1")
	anna.Offered(id)
	ben.Offered(id)
	calls := s.URL + "/api/v1/calls"
	for _, step := range []struct {
		token, method, path, body string
		status                    int
		code                      call.Code
		link                      bool
	}{
		{"", "GET", "", "", 401, wire.CodeUnauthorized, false},
		{"wrong", "GET", "", "", 401, wire.CodeUnauthorized, false},
		{annaToken, "GET", "", "", 200, "", false},
		{annaToken, "GET", "/" + id, "", 200, "", false},
		{saraToken, "GET", "/" + id, "", 200, "", false},
		{saraToken, "POST", "/" + id + "/accept", "", 409, call.NotOffered, false},
		{annaToken, "POST", "/unknown/accept", "", 404, call.NotFound, false},
		{annaToken, "POST", "/aaaaaaaaaaaaaaaa/accept", "", 404, call.NotFound, false},
		{annaToken, "POST", "/" + id + "/finish", "", 403, call.Forbidden, false},
		{annaToken, "POST", "/" + id + "/accept", "", 200, "", true},
		{annaToken, "POST", "/" + id + "/accept", "", 200, "", true}, // a retry
		{benToken, "POST", "/" + id + "/accept", "", 409, call.Taken, false},
		{benToken, "POST", "/" + id + "/decline", "", 409, call.Taken, false},
		{benToken, "GET", "/" + id, "", 404, call.NotFound, false},
		{saraToken, "GET", "", "", 200, "", false},
		{annaToken, "GET", "", "", 200, "", true},
		{annaToken, "POST", "/" + id + "/finish", `{"disposition"`, 400, call.BadRequest, false},
		{annaToken, "POST", "/" + id + "/finish", `{"disposition":"sold","note":"two"}`, 200, "", false},
		{annaToken, "POST", "/" + id + "/accept", "", 410, call.Gone, false},
	} {
		status, answer := hubtest.Do(t, step.method, calls+step.path, step.token, "application/json", step.body)
		if status != step.status {
			t.Fatalf("%s %s: %d %s, want %d", step.method, step.path, status, answer, step.status)
		}
		if step.code != "" {
			p := problem(t, answer)
			if p.Code != step.code {
				t.Errorf("%s %s: code %s, want %s", step.method, step.path, p.Code, step.code)
			}
			if p.Code == call.Taken && p.By != "Desk anna" {
				t.Errorf("taken by %q", p.By)
			}
		}
		if has := strings.Contains(answer, hubtest.Link("s1")); has != step.link {
			t.Errorf("%s %s: the link is there: %v; %s", step.method, step.path, has, answer)
		}
	}
}

func TestOtherAddresses(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	agent, supervisor := s.MustUser(t, "anna", call.RoleAgent), s.MustUser(t, "sara", call.RoleSupervisor)
	s.MustQueue(t, hub.Queue{Name: "web"})
	for _, tc := range []struct {
		method, path, token string
		status              int
		says                string
	}{
		{"GET", "/healthz", "", 200, "ok"},
		{"GET", "/readyz", "", 200, "ready"},
		{"GET", "/nothing", "", 404, "not_found"},
		{"GET", "/api/v1/sessions", "", 404, "not_found"},
		{"GET", "/api/v1/agents", agent, 403, "forbidden"},
		{"GET", "/api/v1/agents", supervisor, 200, `"username":"anna"`},
		{"GET", "/api/v1/queues", agent, 200, "[]"},
		{"GET", "/api/v1/queues", supervisor, 200, `"name":"web"`},
		{"GET", "/api/v1/connect", agent, 400, "deskbell.v1"},
		{"GET", "/api/v1/connect", "", 401, "unauthorized"},
		{"GET", "/admin/queues", supervisor, 404, "not_found"},
	} {
		if status, answer := hubtest.Do(t, tc.method, s.URL+tc.path, tc.token, "", ""); status != tc.status || !strings.Contains(answer, tc.says) {
			t.Errorf("%s %s: %d %s, want %d %s", tc.method, tc.path, status, answer, tc.status, tc.says)
		}
	}
}

// TestBadFrames: what makes no sense is answered, and the connection lives on.
func TestBadFrames(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	anna, _ := s.MustDial(t, s.MustUser(t, "anna", call.RoleAgent))
	for _, tc := range []struct{ frame, to string }{
		{`{"type":"accept","id":"a1"}`, `"a1"`},
		{`{"type":"dance","id":"a2"}`, `"a2"`},
		{`{"type":7,"id":3}`, `3`},
		{`[`, `null`},
	} {
		anna.Send(tc.frame)
		r := hubtest.Await(anna, func(r wire.Reply) bool { return string(r.To) == tc.to })
		if r.Error == nil || r.Error.Code != call.BadRequest {
			t.Errorf("%s: %+v", tc.frame, r)
		}
	}
	if r := anna.Ask(accept("aaaaaaaaaaaaaaaa")); r.Error == nil || r.Error.Code != call.NotFound {
		t.Errorf("an unknown call: %+v", r.Error)
	}
	for i := range 1000 {
		anna.Send(fmt.Sprintf(`{"type":"accept","id":"flood%d","call":"x"}`, i))
		if i%100 == 99 { // a reader that does not keep up would be closed
			hubtest.Await(anna, func(r wire.Reply) bool { return string(r.To) == fmt.Sprintf(`"flood%d"`, i) })
		}
	}
	hubtest.Await(anna, func(r wire.Reply) bool { return r.Error != nil && r.Error.Code == call.TooMany })
}

// usual fills in the options that a test does not name.
func usual(q hub.Queue) hub.Queue {
	q.Options = q.WithDefaults()
	return q
}

func TestDirectory(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	d := s.Hub.Directory()
	s.MustQueue(t, hub.Queue{Name: "web"})
	for _, tc := range []struct {
		queue hub.Queue
		code  call.Code
	}{
		{hub.Queue{Name: "web"}, wire.CodeExists},
		{hub.Queue{Name: "WEB"}, wire.CodeExists},
		{hub.Queue{Name: ""}, call.BadRequest},
		{hub.Queue{Name: "a b"}, call.BadRequest},
		{hub.Queue{Name: "a.b"}, call.BadRequest},
		{hub.Queue{Name: strings.Repeat("a", 41)}, call.BadRequest},
		{hub.Queue{Name: "x", Options: routing.Options{Strategy: "loud"}}, call.BadRequest},
		{hub.Queue{Name: "x", Options: routing.Options{Ring: 1}}, call.BadRequest},
		{hub.Queue{Name: "x", Options: routing.Options{Ring: 2e9, Patience: 1e9}}, call.BadRequest},
	} {
		if _, err := d.AddQueue(t.Context(), usual(tc.queue)); call.CodeOf(err) != tc.code {
			t.Errorf("%+v: %v, want %s", tc.queue, err, tc.code)
		}
	}
	s.MustUser(t, "anna@example.com", call.RoleAgent, "web")
	for _, tc := range []struct {
		user     hub.User
		password string
		code     call.Code
	}{
		{hub.User{Username: "anna@example.com"}, "", wire.CodeExists},
		{hub.User{Username: "a/b"}, "", call.BadRequest},
		{hub.User{Username: ""}, "", call.BadRequest},
		{hub.User{Username: "x", Role: "king"}, "", call.BadRequest},
		{hub.User{Username: "x", Queues: []string{"nowhere"}}, "", call.BadRequest},
		{hub.User{Username: "x"}, "short", call.BadRequest},
	} {
		if _, err := d.AddUser(t.Context(), tc.user, tc.password); call.CodeOf(err) != tc.code {
			t.Errorf("%+v: %v, want %s", tc.user, err, tc.code)
		}
	}
	q2, err := d.AddQueue(t.Context(), usual(hub.Queue{Name: "sales"}))
	if err != nil || q2.Number != 2 {
		t.Errorf("the second queue: %+v, %v", q2, err)
	}
}
