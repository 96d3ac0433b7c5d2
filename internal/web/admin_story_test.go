package web_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
)

// mustOpenEmpty runs a hub that has no users yet.
func mustOpenEmpty(tb testing.TB, log *slog.Logger) *place {
	tb.Helper()
	p := &place{dir: tb.TempDir(), address: "127.0.0.1:0", log: log, api: func(h http.Handler) http.Handler { return h }}
	p.mustStart(tb)
	tb.Cleanup(func() { p.stop(tb) })
	return p
}

// fill types into a field in the place of what it has.
func (t *tab) fill(selector, words string) {
	t.tb.Helper()
	eval[chromedp.Void](t, `document.querySelector("`+selector+`").select()`)
	t.do(chromedp.SendKeys(chromedp.CSS(selector), words))
}

// press clicks something and waits for the page that it leads to.
func (t *tab) press(selector string) {
	t.tb.Helper()
	eval[chromedp.Void](t, `window.here = true`)
	t.do(chromedp.Click(chromedp.CSS(selector)))
	t.await("pressing "+selector+" leads on", `!window.here && document.readyState === "complete"`)
}

// says waits until the page says something.
func (t *tab) says(words string) {
	t.tb.Helper()
	t.await("the page says "+words, `document.body.innerText.includes(`+quoted(words)+`)`)
}

func quoted(words string) string { return "`" + words + "`" }

// TestAdminStory is the first day of an administrator, in a real browser: from the
// link that the hub printed to a call that a corrected mapping made.
func TestAdminStory(t *testing.T) {
	p := mustOpenEmpty(t, nil)
	secret, _ := p.hub.SetUp()
	tab := p.tab(t)
	tab.size(1280, 900, "light")

	// The first admin.
	tab.open("/set-up/" + secret)
	tab.looks("set-up")
	tab.size(1280, 900, "light")
	tab.fill("#f-username", "eva")
	tab.fill("#f-name", "Eva")
	tab.fill("#f-password", "right horse")
	tab.press("form.stacked button")
	tab.says("You are the first administrator")
	tab.open("/set-up/" + secret)
	tab.says("not good any more")
	tab.open("/admin/queues")
	tab.press(".masthead button") // sign out, and in again
	tab.fill("#username", "eva")
	tab.fill("#password", "right horse")
	tab.press("main button")

	// A queue and an agent.
	tab.open("/admin/queues")
	tab.press(`a[href="/admin/new-queue"]`)
	tab.fill("#f-name", "web")
	tab.press("form.card button")
	tab.says("It is made.")
	receive := tab.copied("receive-url")
	if want := p.URL + "/receive/web/"; !strings.HasPrefix(receive, want) || receive != eval[string](tab, `document.querySelector("#receive-url").value`) {
		t.Fatalf("copied %q", receive)
	}
	tab.press(`a[href="/admin/new-user?queue=web"]`)
	tab.fill("#f-username", "anna")
	tab.press("form.card button")
	app, _ := p.app().MustDial(t, p.app().MustToken(t, "anna"))

	// A webhook that makes no call, and the mapping that was wrong.
	if status, answer := hubtest.Post(t, receive, "application/json", unusual); status != 422 {
		t.Fatalf("%d %s", status, answer)
	}
	tab.open("/admin/queues/web")
	tab.press(`a[href="/admin/queues/web/payloads"]`)
	tab.says("Made no call: no session link")
	tab.press(`a[href="/admin/queues/web/payloads/1"]`)
	tab.press("#replay-title ~ form button")
	tab.says("It still makes no call")
	tab.fill("#f-link", "data.room.address")
	tab.await("the result follows the typing", `!!document.querySelector("#result .notice")`)
	tab.fill("#f-name", "data..called")
	tab.press(`form.mapping button[value="save"]`)
	tab.says("This can't be read.")
	tab.fill("#f-name", "data.visitor.called")
	tab.press("form.mapping button:not([value])")
	tab.says("Ann <b>Smith</b>")
	if q, _ := p.hub.Directory().Queue("web"); len(q.Map) > 0 {
		t.Errorf("the preview has saved %v", q.Map)
	}
	tab.press(`form.mapping button[value="save"]`)
	tab.says("Saved.")
	tab.press("#replay-title ~ form button")
	tab.says("The call is there now and rings.")
	open := p.hub.OpenCalls()
	if len(open) != 1 || open[0].Customer.Name != "Ann <b>Smith</b>" {
		t.Fatalf("open calls: %+v", open)
	}
	app.Offered(open[0].ID)

	tab.rotates(t, receive)
	tab.tellsTheSecond(t)
	tab.keepsTheLastAdmin()
	tab.revokes(t, app)
}

// copied presses a copy button and reads the clipboard.
func (t *tab) copied(id string) string {
	t.tb.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		command(t, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{
			Permission: &cdpbrowser.PermissionDescriptor{Name: name}, Setting: cdpbrowser.PermissionSettingGranted,
			Origin: t.p.URL, BrowserContextID: chromedp.FromContext(t.ctx).BrowserContextID,
		})
	}
	t.do(chromedp.Click(chromedp.CSS(`[data-copy="` + id + `"]`)))
	t.says("Copied")
	return eval[string](t, `navigator.clipboard.readText()`, chromedp.EvalAwaitPromise)
}

// rotates gives the queue another Receive URL.
func (t *tab) rotates(tb testing.TB, old string) {
	tb.Helper()
	t.open("/admin/queues/web")
	t.do(chromedp.Click(chromedp.CSS("#receive-title ~ details:nth-of-type(2) summary")))
	t.press(`form[action$="/rotate"] button`)
	t.says("The queue has a new Receive URL.")
	if status, _ := hubtest.Post(tb, old, "", unusual); status != 404 {
		tb.Errorf("the old Receive URL answered %d", status)
	}
	now := eval[string](t, `document.querySelector("#receive-url").value`)
	if status, answer := hubtest.Post(tb, now, "", unusual); status != 200 || !strings.Contains(answer, `"duplicate":true`) {
		tb.Errorf("the new Receive URL answered %d %s", status, answer)
	}
}

// tellsTheSecond has two admins change the same queue: the second is told, and
// what it has typed stays.
func (t *tab) tellsTheSecond(tb testing.TB) {
	tb.Helper()
	t.open("/admin/queues/web")
	status, answer := hubtest.Do(tb, "PATCH", t.p.URL+"/api/v1/admin/queues/web", t.p.app().MustToken(tb, "eva"), "", `{"ring":"25s","patience":"7m"}`)
	if status != 200 {
		tb.Fatalf("%d %s", status, answer)
	}
	t.fill("#f-ring", "40s")
	t.fill("#f-wrap_up", "15s")
	t.press("form[aria-label=Options] button")
	t.says("somebody else has changed this meanwhile")
	t.says("Somebody else has changed this to: 25s.")
	t.says("Somebody else has changed this to what you see.")
	t.looks("admin-changed")
	t.size(1280, 900, "light")
	t.press("form[aria-label=Options] button")
	t.says("Saved.")
	if q, _ := t.p.hub.Directory().Queue("web"); q.Ring.String() != "40s" || q.WrapUp.String() != "15s" || q.Patience.String() != "7m0s" {
		tb.Errorf("the queue has %v %v %v", q.Ring, q.WrapUp, q.Patience)
	}
}

func (t *tab) keepsTheLastAdmin() {
	t.tb.Helper()
	t.open("/admin/users/eva")
	eval[chromedp.Void](t, `document.querySelector("#f-role").value = "agent"`)
	t.press("form.stacked button")
	t.says("This is the last administrator. Make another one first.")
	t.do(chromedp.Click(chromedp.CSS(".remove summary")))
	t.press(".remove button")
	t.says("This is the last administrator and was not removed.")
}

// TestSignedOutWhileTyping: a form that is sent after the sign-in has ended is not
// lost. One signs in in another tab and loads the page again.
func TestSignedOutWhileTyping(t *testing.T) {
	p := mustOpen(t)
	tab := p.tab(t)
	token := p.app().MustToken(t, "ada")
	tab.hold(token)
	tab.open("/admin/new-queue")
	tab.fill("#f-name", "typed")
	if status, answer := hubtest.Do(t, "DELETE", p.URL+"/api/v1/sessions/current", token, "", ""); status != http.StatusNoContent {
		t.Fatalf("%d %s", status, answer)
	}
	tab.press("form.card button")
	tab.says("Nothing was saved yet.")
	tab.looks("signed-out")
	tab.hold(p.app().MustToken(t, "ada")) // as the other tab would
	tab.do(chromedp.Reload())
	tab.says("It is made.")
	if _, ok := p.hub.Directory().Queue("typed"); !ok {
		t.Error("what was typed is lost")
	}
}

// revokes ends the sign-in of an app that is connected.
func (t *tab) revokes(tb testing.TB, app *hubtest.App) {
	tb.Helper()
	t.open("/admin/users/anna")
	t.says("online now")
	t.press(".signins button")
	t.says("The sign-in is ended.")
	if code := app.CloseCode(); code != 4003 {
		tb.Errorf("the app was closed with %d", code)
	}
	if u, _ := t.p.hub.Directory().User("anna"); u.Role != call.RoleAgent {
		tb.Errorf("anna is %+v", u)
	}
}
