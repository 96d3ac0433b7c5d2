package web_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/lang"
)

// administered is a hub that has something on every page of administration.
func administered(tb testing.TB) *place {
	tb.Helper()
	p := mustOpen(tb)
	receive := p.app().MustQueue(tb, hub.Queue{Name: "web", Dispositions: []string{"sold", "not now"}})
	p.app().MustQueue(tb, hub.Queue{Name: "sales"})
	for i := range 6 {
		token := p.app().MustUser(tb, fmt.Sprint("desk", i+1), call.RoleAgent, "web")
		if i < 2 {
			p.app().MustDial(tb, token)
		}
	}
	hubtest.MustPost(tb, receive, "s1")
	hubtest.Post(tb, receive, "application/json", unusual)
	b := p.browser(tb)
	b.signIn("ada")
	b.post("/admin/wallboards", url.Values{"name": {"foyer"}, "queues": {"web"}})
	b.post("/admin/rules", url.Values{"reasons": {"lunch\ncoffee"}, "was-reasons": {""}, "pause_after_missed": {"0"}, "was-pause_after_missed": {"0"}})
	b.post("/admin/queues/web/remove", nil) // refused: a call waits
	return p
}

// unusual is a body that makes no call: nothing stands where it usually does.
const unusual = `{"event":"meeting.created","data":{"room":{"address":"https://vidaoo.example/unusual"},"site":"SHOP","visitor":{"called":"Ann <b>Smith</b>"}},"nr":4711}`

// TestAdminPictures shows every page of administration in both looks, on a phone
// and on a wide screen, has axe-core look for barriers, and sees that no page
// scrolls sideways.
func TestAdminPictures(t *testing.T) {
	p := administered(t)
	tab := p.tab(t)
	tab.hold(p.app().MustToken(t, "ada"))
	for _, page := range []struct {
		name, path string
		do         string // JavaScript that brings it into the state to look at
		ready      string
	}{
		{"admin-queues", "/admin/queues?done=saved", "", ""},
		{"admin-new-queue", "/admin/new-queue", `const f = document.querySelector("form.card"); f.noValidate = true; f.elements.name.value = "<b>"; f.elements.ring.value = "soon"; f.requestSubmit()`, `document.querySelector(".wrong")`},
		{"admin-queue", "/admin/queues/web", `document.querySelectorAll("details").forEach(d => d.open = true)`, ""},
		{"admin-payloads", "/admin/queues/web/payloads", "", ""},
		{"admin-payload", "/admin/queues/web/payloads/1", `document.querySelector("#f-link").value = "data.room.address"; document.querySelector("#f-name").value = "data.visitor.called"; document.querySelector("form.mapping").requestSubmit()`, `document.querySelector("#result .notice")`},
		{"admin-users", "/admin/users", "", ""},
		{"admin-user", "/admin/users/desk1", `document.querySelectorAll("details").forEach(d => d.open = true)`, ""},
		{"admin-new-user", "/admin/new-user?queue=web", "", ""},
		{"admin-import", "/admin/import", "document.querySelector('#text').value = 'username,role,name,queues,password\\nanna,,Anna Bianchi,web,\\nnew one,king,,,short'; document.querySelector('form.card').requestSubmit()", `document.querySelector("table")`},
		{"admin-wallboards", "/admin/wallboards", `document.querySelector("#f-name").value = "hall"; document.querySelector("form.card").requestSubmit()`, `document.querySelector("#wall-link")`},
		{"admin-rules", "/admin/rules", "", ""},
		{"admin-audit", "/admin/audit", "", ""},
		{"calls", "/calls", "", ""},
		{"call", "/calls/" + p.hub.OpenCalls()[0].ID, "", ""},
		{"set-up-gone", "/set-up/gone", "", ""},
	} {
		tab.size(1920, 1080, "light")
		tab.open(page.path)
		tab.await(page.name+" is ready", `document.readyState === "complete"`)
		if page.do != "" {
			eval[any](tab, "(() => {"+page.do+"})()")
		}
		if page.ready != "" {
			tab.await(page.name+" is in its state", "!!"+page.ready)
		}
		tab.looks(page.name)
	}
}

// looks shows what the tab has in both looks and sizes.
func (t *tab) looks(name string) {
	t.tb.Helper()
	for _, size := range [][2]int64{{1920, 1080}, {360, 740}} {
		for _, look := range []string{"light", "dark"} {
			t.size(size[0], size[1], look)
			name := fmt.Sprintf("%s-%d-%s", name, size[0], look)
			if wide := eval[int64](t, "document.documentElement.scrollWidth"); wide > size[0] {
				t.tb.Errorf("%s is %d wide", name, wide)
			}
			t.picture(name)
			t.checkBarriers(name)
		}
	}
}

// TestAdminFitsInEveryLanguage sees that no page scrolls sideways on a phone,
// however long the words are, and that all of them are said in the language.
func TestAdminFitsInEveryLanguage(t *testing.T) {
	p := administered(t)
	tab := p.tab(t)
	tab.hold(p.app().MustToken(t, "ada"))
	tab.size(360, 740, "light")
	for _, language := range lang.Languages[1:] {
		tab.open("/admin/queues?lang=" + language.Tag)
		for _, path := range []string{"/admin/queues", "/admin/new-queue", "/admin/queues/web", "/admin/queues/web/payloads/1", "/admin/users", "/admin/users/desk1", "/admin/wallboards", "/admin/audit", "/admin/import",
			"/admin/vidaoo", "/admin/hooks", "/admin/queues/web/button", "/admin/queues/web/motion"} {
			tab.open(path)
			if got := eval[string](tab, "document.documentElement.lang"); got != language.Tag {
				t.Errorf("%s is in %q, want %s", path, got, language.Tag)
			}
			if wide := eval[int64](tab, "document.documentElement.scrollWidth"); wide > 360 {
				tab.picture("wide-" + language.Tag)
				t.Errorf("%s in %s is %d wide", path, language.Tag, wide)
			}
		}
	}
}
