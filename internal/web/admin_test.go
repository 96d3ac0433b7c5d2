package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

// post sends a form.
func (b *browser) post(path string, form url.Values) answered {
	b.tb.Helper()
	return b.do(http.MethodPost, path, form)
}

// adminPages are addresses of administration that [administered] has.
var adminPages = []string{
	"/admin", "/admin/queues", "/admin/new-queue", "/admin/queues/web", "/admin/queues/web/payloads", "/admin/queues/web/payloads/1",
	"/admin/queues/nowhere", "/admin/queues/%2e%2e", "/admin/users", "/admin/users?q=%3Cscript%3E", "/admin/new-user", "/admin/users/desk1", "/admin/import",
	"/admin/wallboards", "/admin/rules", "/admin/audit", "/admin/vidaoo", "/admin/hooks", "/admin/queues/web/button", "/admin/queues/web/motion", "/admin/queues/nowhere/button", "/admin/queues/%3Cscript%3E/motion", "/admin/audit?user=%3Cscript%3E&since=x", "/set-up/x",
	"/calls", "/calls?id=%3Cscript%3E", "/calls/%3Cscript%3E",
}

// TestAdminPolicy: only admins see administration, and every page of it has the
// headers that keep others out, and nothing inline.
func TestAdminPolicy(t *testing.T) {
	p := administered(t)
	for _, who := range []string{"", "anna", "sara", "ada"} {
		b := p.browser(t)
		if who != "" {
			b.signIn(who)
		}
		for _, path := range adminPages {
			got := b.get(path)
			checkHeaders(t, who+path, got.Header, "no-store")
			checkInline(t, who+path, got.body)
			if strings.HasPrefix(path, "/admin") && who != "ada" && got.StatusCode != http.StatusForbidden && got.StatusCode != http.StatusSeeOther {
				t.Errorf("%s for %q answered %d", path, who, got.StatusCode)
			}
			if got.StatusCode >= 500 || strings.Contains(got.body, "<script>") {
				t.Errorf("%s for %q answered %d %s", path, who, got.StatusCode, got.body)
			}
		}
		for _, form := range []string{"/admin/new-queue", "/admin/queues/web/remove", "/admin/queues/web/rotate", "/admin/users/desk1/remove", "/admin/rules",
			"/admin/vidaoo", "/admin/hooks", "/admin/hooks/x/test", "/admin/hooks/x/remove", "/admin/queues/web/button", "/admin/queues/web/motion", "/admin/queues/web/motion/stop", "/admin/queues/web/motion/key"} {
			if got := b.post(form, url.Values{"name": {"new"}}); who != "ada" && got.StatusCode != http.StatusForbidden && got.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s sent by %q answered %d", form, who, got.StatusCode)
			}
		}
	}
}

// hostile are names that do harm where they are not escaped.
var hostile = []string{"<script>alert(1)</script>", `=cmd|' /C calc'!A0`, `"><img src=x onerror=alert(1)>`, strings.Repeat("😀", 2500), "a\x00b\u202e", "../../etc"}

// TestHostileWords: whatever is typed comes back as text beside its field, and
// nothing else that was typed is lost.
func TestHostileWords(t *testing.T) {
	p := administered(t)
	b := p.browser(t)
	b.signIn("ada")
	for _, words := range hostile {
		short := words[:min(len(words), 40)]
		got := b.post("/admin/new-queue", url.Values{"name": {words}, "ring": {words}, "was-ring": {"20s"}, "dispositions": {"kept as typed"}, "was-dispositions": {""}})
		checkInline(t, "a queue "+short, got.body)
		if got.StatusCode != http.StatusBadRequest || !strings.Contains(got.body, "kept as typed") || !strings.Contains(got.body, "A name is 1 to 40 letters") || !strings.Contains(got.body, "Write a time from 1s to 1h") {
			t.Errorf("a queue %q answered %d %.3000s", short, got.StatusCode, got.body)
		}
		got = b.post("/admin/users/desk1", url.Values{"name": {words}, "was-name": {"Desk desk1"}, "role": {"agent"}, "was-role": {"agent"}, "queues": {"web"}, "was-queues": {"web"}, "revision": {p.revision(t, "/users/desk1")}})
		if got.StatusCode != http.StatusSeeOther {
			t.Errorf("the name %q answered %d %.3000s", short, got.StatusCode, got.body)
		}
		for _, page := range []string{"/admin/users", "/admin/users/desk1", "/admin/audit"} {
			got = b.get(page)
			checkInline(t, page+" with "+short, got.body)
			if got.StatusCode != http.StatusOK {
				t.Errorf("%s with %q answered %d", page, short, got.StatusCode)
			}
		}
	}
	if got := b.post("/admin/new-queue", url.Values{"name": {"x"}, "dispositions": {strings.Repeat("😀", 200_000)}}); got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge form answered %d", got.StatusCode)
	}
}

// revision is that of something of administration.
func (p *place) revision(tb testing.TB, path string) string {
	tb.Helper()
	_, answer := hubtest.Do(tb, "GET", p.URL+"/api/v1/admin"+path, p.app().MustToken(tb, "ada"), "", "")
	var got struct{ Revision uint64 }
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		tb.Fatal(err)
	}
	return fmt.Sprint(got.Revision)
}

// mustQueueOf is a queue that is there.
func mustQueueOf(tb testing.TB, p *place, name string) hub.Queue {
	tb.Helper()
	q, ok := p.hub.Directory().Queue(name)
	if !ok {
		tb.Fatalf("there is no queue %s", name)
	}
	return q
}

// Everything that is wrong is told at once, each beside its field.
func TestEveryFieldIsTold(t *testing.T) {
	p := administered(t)
	b := p.browser(t)
	b.signIn("ada")
	got := b.post("/admin/queues/web", url.Values{
		"revision": {p.revision(t, "/queues/web")},
		"ring":     {"soon"}, "was-ring": {"20s"}, "capacity": {"1"}, "was-capacity": {"1"}, "hours": {"always"}, "time_zone": {"Mars"}, "allow_from": {"x"}, "link_hosts": {"a b"},
	})
	for _, field := range []string{"ring", "hours", "time_zone", "allow_from", "link_hosts"} {
		if !strings.Contains(got.body, `id="w-`+field+`"`) || !strings.Contains(got.body, `href="#f-`+field+`"`) {
			t.Errorf("nothing is told of %s: %s", field, got.body)
		}
	}
	got = b.post("/admin/queues/web", url.Values{"revision": {p.revision(t, "/queues/web")}, "capacity": {"many"}, "was-capacity": {"1"}})
	if !strings.Contains(got.body, "Write a whole number from 1 to 20.") || !strings.Contains(got.body, `value="many"`) {
		t.Errorf("a capacity that is no number: %s", got.body)
	}
}

// What happens at Vidaoo with a call is switched on and off.
func TestQueueAtVidaoo(t *testing.T) {
	p := administered(t)
	b := p.browser(t)
	b.signIn("ada")
	b.post("/admin/queues/web", url.Values{"revision": {p.revision(t, "/queues/web")}, "recording": {"true"}, "delete_meeting": {"true"}})
	if q, _ := p.hub.Directory().Queue("web"); !q.Recording || !q.DeleteMeeting {
		t.Errorf("recording %v, deleting %v, want both", q.Recording, q.DeleteMeeting)
	}
	b.post("/admin/queues/web", url.Values{"revision": {p.revision(t, "/queues/web")}, "was-recording": {"true"}, "was-delete_meeting": {"true"}, "delete_meeting": {"true"}})
	if q, _ := p.hub.Directory().Queue("web"); q.Recording || !q.DeleteMeeting {
		t.Errorf("recording %v, deleting %v, want deleting only", q.Recording, q.DeleteMeeting)
	}
}

// A form that is sent twice at one moment makes one thing.
func TestSentTwice(t *testing.T) {
	p := mustOpen(t)
	b := p.browser(t)
	b.signIn("ada")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { b.post("/admin/new-queue", url.Values{"name": {"web"}}) })
		group.Go(func() { b.post("/admin/new-user", url.Values{"username": {"ben"}, "role": {"agent"}}) })
		group.Go(func() { b.post("/admin/wallboards", url.Values{"name": {"foyer"}}) })
	}
	group.Wait()
	d := p.hub.Directory()
	if len(d.Queues()) != 1 || len(d.Users()) != 4 || len(d.Wallboards()) != 1 {
		t.Errorf("%d queues, %d users, %d wallboards", len(d.Queues()), len(d.Users()), len(d.Wallboards()))
	}
	got := b.post("/admin/new-queue", url.Values{"name": {"WEB"}})
	if got.StatusCode != http.StatusConflict || !strings.Contains(got.body, "There is a queue of this name already.") {
		t.Errorf("a second queue of the name: %d %s", got.StatusCode, got.body)
	}
}

// The form of a new queue begins with the hub's defaults, and what it has is
// what one gets.
func TestNewQueueHasTheDefaults(t *testing.T) {
	p := mustOpen(t)
	b := p.browser(t)
	b.signIn("ada")
	page := b.get("/admin/new-queue").body
	form := url.Values{}
	for _, m := range regexp.MustCompile(`name="was-([a-z_]+)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		form.Set(m[1], m[2])
	}
	form.Set("name", "web")
	if got := b.post("/admin/new-queue", form); got.StatusCode != http.StatusSeeOther { // all are sent
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	q, _ := p.hub.Directory().Queue("web")
	if got, want := fmt.Sprintf("%+v", q.Options), fmt.Sprintf("%+v", routing.Defaults()); got != want {
		t.Errorf("the queue has\n%s\nwant\n%s", got, want)
	}
	if !strings.Contains(strings.ReplaceAll(b.get("/admin/queues/web").body, "&#34;", `"`), strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(vidaoo.AutomationBody)) {
		t.Error("the page has another body to paste than the guide")
	}
}

// A queue in which calls wait is not removed, unless they are canceled too.
func TestRemoveQueue(t *testing.T) {
	p := administered(t)
	b := p.browser(t)
	b.signIn("ada")
	got := b.post("/admin/queues/web/remove", nil)
	if got.StatusCode != http.StatusConflict || !strings.Contains(got.body, "calls wait in it") || !strings.Contains(got.body, `name="force"`) {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if got = b.post("/admin/queues/web/remove", url.Values{"force": {"yes"}}); got.Header.Get("Location") != "/admin/queues?done=removed" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if _, ok := p.hub.Directory().Queue("web"); ok || len(p.hub.OpenCalls()) > 0 {
		t.Error("the queue is there, or its calls")
	}
}

func TestMembers(t *testing.T) {
	p := administered(t)
	b := p.browser(t)
	b.signIn("ada")
	members := func() string { return strings.Join(p.hub.Directory().Members("sales"), " ") }
	b.post("/admin/queues/sales/members", url.Values{"add": {" anna "}})
	if members() != "anna" {
		t.Errorf("members: %s", members())
	}
	got := b.post("/admin/queues/sales/members", url.Values{"add": {"<b>nobody"}})
	if got.StatusCode != http.StatusNotFound || !strings.Contains(got.body, "There is no user") || !strings.Contains(got.body, "&lt;b&gt;nobody") {
		t.Errorf("a member who is nobody: %d %s", got.StatusCode, got.body)
	}
	b.post("/admin/queues/sales/members", url.Values{"remove": {"anna"}})
	if members() != "" {
		t.Errorf("members: %s", members())
	}
}

// An admin who changes the own password stays signed in.
func TestOwnPassword(t *testing.T) {
	p := mustOpen(t)
	b := p.browser(t)
	b.signIn("ada")
	form := url.Values{"revision": {p.revision(t, "/users/ada")}, "name": {"Ada"}, "was-name": {"Ada"}, "role": {"admin"}, "was-role": {"admin"}, "password": {"another horse"}}
	if got := b.post("/admin/users/ada", form); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	if got := b.get("/admin/users/ada"); got.StatusCode != http.StatusOK || strings.Contains(got.body, "another horse") {
		t.Errorf("after it: %d", got.StatusCode)
	}
	form.Set("password", "short")
	form.Set("revision", p.revision(t, "/users/ada"))
	if got := b.post("/admin/users/ada", form); !strings.Contains(got.body, "A password has at least 8 characters.") || strings.Contains(got.body, `value="short"`) {
		t.Errorf("a short one: %s", got.body)
	}
}

func TestImport(t *testing.T) {
	p := administered(t)
	b := p.browser(t)
	b.signIn("ada")
	got := b.post("/admin/import", url.Values{"text": {"username,role,name,queues,password\ncarla,agent,Carla,web sales,right horse\nanna,,Anna B,,\ndino,king,,nowhere,\nada,agent,,,"}})
	for _, words := range []string{"Added: 1. Changed: 1. Not taken: 2.", "The role is agent, supervisor or admin", "A queue in this line is not there."} {
		if !strings.Contains(got.body, words) {
			t.Errorf("%q is not in %s", words, got.body)
		}
	}
	if u, _ := p.hub.Directory().User("carla"); u.Name != "Carla" || !slices.Equal(u.Queues, []string{"sales", "web"}) {
		t.Errorf("carla is %+v", u)
	}
	got = b.post("/admin/import", url.Values{"text": {"username,role\nfox,agent"}})
	if got.StatusCode != http.StatusBadRequest || !strings.Contains(got.body, "Nothing was imported. The first line has to be username,role,name,queues,password.") || !strings.Contains(got.body, "fox,agent") {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}

// The payload's page shows what came to the letter, and plays no tricks.
func TestPayloadIsShownSafely(t *testing.T) {
	p := mustOpen(t)
	receive := p.app().MustQueue(t, hub.Queue{Name: "web"})
	hubtest.Post(t, receive, "text/html", "{\"a\":\"<script>alert(1)</script>\u202e\u0000\"}")
	b := p.browser(t)
	b.signIn("ada")
	got := b.get("/admin/queues/web/payloads/1")
	checkInline(t, "a payload", got.body)
	if !strings.Contains(got.body, `&lt;script&gt;alert(1)&lt;/script&gt;\u202e\u0000`) {
		t.Errorf("the body is not shown: %s", got.body)
	}
	if got := b.get("/admin/queues/web/payloads/99"); got.StatusCode != http.StatusNotFound {
		t.Errorf("a payload that is not there answered %d", got.StatusCode)
	}
}

func TestAuditFilter(t *testing.T) {
	p := administered(t)
	b := p.browser(t)
	b.signIn("ada")
	for path, want := range map[string]bool{
		"/admin/audit": true, "/admin/audit?action=wallboard.add": true, "/admin/audit?action=queue.rotate": false,
		"/admin/audit?user=sara": false, "/admin/audit?user=ada&target=foy": true, "/admin/audit?target=nothing": false,
	} {
		if has := strings.Contains(b.get(path).body, "foyer"); has != want {
			t.Errorf("%s has foyer: %v, want %v", path, has, want)
		}
	}
}

// No secret of a link, token or password is logged.
func TestAdminLogsNoSecrets(t *testing.T) {
	var j journal
	p := mustOpenEmpty(t, j.logger())
	secret, _ := p.hub.SetUp()
	b := p.browser(t)
	b.do(http.MethodPost, "/set-up/"+secret, url.Values{"username": {"eva"}}, "Sec-Fetch-Site", "cross-site")
	if got := b.post("/set-up/"+secret, url.Values{"username": {"eva"}, "password": {"right horse"}}); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	b.post("/admin/new-queue", url.Values{"name": {"web"}})
	b.post("/admin/queues/web/rotate", nil)
	b.post("/admin/wallboards", url.Values{"name": {"foyer"}})
	q, _ := p.hub.Directory().Queue("web")
	for _, word := range []string{secret, "right horse", q.Secret} {
		if word == "" || strings.Contains(j.String(), word) {
			t.Errorf("%q is in the log", word)
		}
	}
	if !strings.Contains(j.String(), "another site") {
		t.Errorf("the log has nothing: %s", j.String())
	}
	if u, _ := p.hub.Directory().User("eva"); u.Role != call.RoleAdmin {
		t.Errorf("eva is %+v", u)
	}
}

// The page of a call tells a supervisor why it rang or did not, in the reader's
// language, and never its link.
func TestCallPage(t *testing.T) {
	p := administered(t)
	id := p.hub.OpenCalls()[0].ID
	b := p.browser(t)
	b.signIn("sara")
	got := b.get("/calls/"+id, "Accept-Language", "de")
	for _, words := range []string{"Er wartet seit", "und klingelt.", "Agent für Agent", "Desk desk1", "Nicht geklingelt", "MY_WEBSITE"} {
		if !strings.Contains(got.body, words) {
			t.Errorf("%q is not in %s", words, got.body)
		}
	}
	if strings.Contains(got.body, hubtest.Link("s1")) {
		t.Error("the page has the session link")
	}
	if got := b.get("/calls"); !strings.Contains(got.body, "/calls/"+id) {
		t.Errorf("the call is not listed: %s", got.body)
	}
	if got := b.get("/calls?id=" + id); got.Header.Get("Location") != "/calls/"+id {
		t.Errorf("asking for it leads to %q", got.Header.Get("Location"))
	}
	if got := b.get("/calls/nothing"); got.StatusCode != http.StatusNotFound || !strings.Contains(got.body, "There is no call") {
		t.Errorf("no call: %d %s", got.StatusCode, got.body)
	}
}
