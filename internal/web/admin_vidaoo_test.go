package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

const apiKey = "key-that-nobody-sees"

// unconnected is a hub with a queue, and a fake Vidaoo that does not ring it yet.
type unconnected struct {
	*place
	fake    *vidaootest.Server
	account *hubtest.Account
	log     journal
}

func mustUnconnected(t *testing.T) *unconnected {
	t.Helper()
	u := &unconnected{fake: vidaootest.New(vidaootest.Options{Key: apiKey})}
	api := httptest.NewServer(u.fake.Handler())
	t.Cleanup(func() { u.fake.Close(); api.Close() })
	u.account = &hubtest.Account{BaseURL: api.URL + "/api/v1"}
	u.place = &place{dir: t.TempDir(), address: "127.0.0.1:0", api: func(h http.Handler) http.Handler { return h }, account: u.account, log: u.log.logger()}
	u.mustStart(t)
	t.Cleanup(func() { u.stop(t) })
	if _, err := u.hub.Directory().AddUser(t.Context(), hub.User{Username: "ada", Name: "Ada", Role: call.RoleAdmin}, password); err != nil {
		t.Fatal(err)
	}
	u.app().MustQueue(t, hub.Queue{Name: "web"})
	return u
}

// runEnded is the expression that a run has ended.
const runEnded = `document.querySelector("#run .notice, #run .caution") !== null`

// connects types a key, presses Connect and waits for the end.
func (t *tab) connects(key string) {
	t.tb.Helper()
	t.open("/admin/vidaoo")
	if key != "" {
		t.fill("#f-key", key)
	}
	t.press("form.card .buttons button")
	t.await("the run has ended", runEnded)
}

// step waits until a step is in a state, and says so.
func (t *tab) step(name, state, words string) {
	t.tb.Helper()
	const of = `document.querySelector('[data-piece="step-NAME"]')`
	is := strings.ReplaceAll(of, "NAME", name)
	t.await("the step "+name+" is "+state, is+`.classList.contains("of-`+state+`")`)
	if said := eval[string](t, is+".innerText"); !strings.Contains(said, words) {
		t.tb.Errorf("the step %s says %q, want %q", name, said, words)
	}
}

// TestConnectStory: an admin connects a queue with Vidaoo in a browser: no key, a
// wrong one, one without permission, a Vidaoo that has changed, one behind a
// firewall, and at last a good one. The key is seen nowhere.
func TestConnectStory(t *testing.T) {
	u := mustUnconnected(t)
	tab := u.tab(t)
	tab.hold(u.app().MustToken(t, "ada"))
	tab.size(1280, 900, "light")
	tab.open("/admin/vidaoo")
	tab.says("No key")
	tab.press("form.card .buttons button")
	tab.says("Type the API key: the hub has none yet.")
	tab.checkBarriers("without a key")

	tab.connects("wrong-key-of-somebody")
	tab.step("token", "failed", "the API key is wrong or was revoked")
	tab.step("webhook", "skipped", "Not tried")
	tab.connects("read-key")
	tab.step("meeting", "failed", "give its role the right to manage meetings")
	tab.step("automation", "manual", "create an automation with these values")
	q, _ := u.hub.Directory().Queue("web")
	for i, want := range map[string]string{"0": "Deskbell web", "4": u.hub.ReceiveURL(q)} {
		if got := tab.copied("paste-2-" + i); got != want {
			t.Errorf("copied %q, want %q", got, want)
		}
	}
	tab.looks("admin-vidaoo-manual")
	tab.size(1280, 900, "light")

	u.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Renamed, On: "meeting-create"})
	tab.connects(apiKey)
	tab.step("meeting", "manual", "name the right one with --set meeting-id=KEY")
	tab.open("/admin/vidaoo")
	tab.do(chromedp.Click(chromedp.CSS("form.card summary")))
	tab.fill("#f-settings", "meeting-id = v2Id\nmeeting-link=v2Link")
	tab.press("form.card .buttons button")
	tab.await("the run has ended", runEnded)
	tab.step("meeting", "ok", "is made.")
	u.fake.SetFaults()

	tab.open("/admin/vidaoo")
	tab.fill("#f-base_url", "http://127.0.0.1:1/api")
	tab.press("form.card .buttons button")
	tab.await("the run has ended", runEnded)
	tab.step("token", "failed", "nothing listens at 127.0.0.1:1")

	tab.connects("")
	tab.says("Vidaoo rings web.")
	tab.says("There is a key")
	tab.step("cleanup", "ok", "The test meeting is deleted.")
	if u.account.Kept() != apiKey {
		t.Error("the key is not kept")
	}
	tab.looks("admin-vidaoo")
	u.seesNoKey(t)
}

// seesNoKey looks for the keys that were typed in all that the hub shows and logs.
func (u *unconnected) seesNoKey(t *testing.T) {
	t.Helper()
	b := u.browser(t)
	b.signIn("ada")
	_, state := hubtest.Do(t, "GET", u.URL+"/api/v1/admin/vidaoo", u.app().MustToken(t, "ada"), "", "")
	shown := []string{state, u.log.String()}
	for _, page := range []string{"/admin/vidaoo", "/admin/audit", "/admin/queues/web", "/admin/queues/web/payloads"} {
		shown = append(shown, b.get(page).body)
	}
	shown = append(shown, b.post("/admin/vidaoo", url.Values{"queue": {"nowhere"}, "key": {apiKey}}).body, b.post("/admin/vidaoo", url.Values{"queue": {"web"}, "key": {apiKey + " "}, "base_url": {"x"}}).body)
	for i, text := range shown {
		for _, key := range []string{apiKey, "wrong-key-of-somebody", "read-key"} {
			if strings.Contains(text, key) {
				t.Errorf("%s is in %d: %.300s", key, i, text)
			}
		}
	}
	if !strings.Contains(shown[3], "Connection with Vidaoo tried") || !strings.Contains(shown[3], "outcome = connected") {
		t.Errorf("the audit log does not tell: %s", shown[3])
	}
}

// TestConnectGoesOn: the run lives in the hub. A page that was closed finds it
// again, a second press is told, and the firewall is named when no webhook comes.
func TestConnectGoesOn(t *testing.T) {
	u := mustUnconnected(t)
	u.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Silent})
	token := u.app().MustToken(t, "ada")
	if status, answer := hubtest.Do(t, "POST", u.URL+"/api/v1/admin/vidaoo/connect", token, "", `{"queue":"web","key":"`+apiKey+`","wait":"8s"}`); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, answer)
	}
	tab := u.tab(t)
	tab.hold(token)
	tab.size(1280, 900, "light")
	tab.open("/admin/vidaoo")
	tab.step("webhook", "running", "The hub waits up to 8s")
	tab.checkBarriers("while it runs")
	tab.picture("admin-vidaoo-runs")
	b := u.browser(t)
	b.signIn("ada")
	if got := b.post("/admin/vidaoo", url.Values{"queue": {"web"}, "key": {apiKey}}); got.StatusCode != http.StatusConflict || !strings.Contains(got.body, "A connection is being tried already.") || strings.Contains(got.body, apiKey) {
		t.Errorf("a second press: %d %s", got.StatusCode, got.body)
	}
	if got := b.get("/admin/vidaoo"); !strings.Contains(got.body, `<noscript><meta http-equiv="refresh" content="3"></noscript>`) {
		t.Error("without a script the page does not follow")
	}
	tab.await("the run has ended", runEnded)
	tab.step("webhook", "failed", "35.180.105.193 to port 443")
	tab.await("a screen reader hears it", `document.querySelector("#heard").textContent.startsWith("Cleaning up: done.")`)
	if got := b.get("/admin/vidaoo"); strings.Contains(got.body, "http-equiv") {
		t.Error("the page goes on loading itself")
	}
}

// TestConnectIsTranslated: what is heard most is said in the reader's language, and the
// rest is marked as English.
func TestConnectIsTranslated(t *testing.T) {
	u := mustUnconnected(t)
	tab := u.tab(t)
	tab.hold(u.app().MustToken(t, "ada"))
	tab.open("/admin/vidaoo?lang=de")
	tab.size(360, 740, "dark")
	tab.connects(apiKey)
	tab.says("Vidaoo lässt web klingeln.")
	if english := eval[[]string](tab, `[...document.querySelectorAll('[lang="en"]:not(nav [lang])')].map(e => e.textContent).filter(w => !["English"].includes(w))`); len(english) > 0 {
		t.Errorf("in English is %q", english)
	}
	u.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Broken, On: "verify"})
	tab.connects("")
	tab.step("token", "failed", "try again later")
	if is := eval[string](tab, `document.querySelector('[data-piece="step-token"] p[lang]')?.lang ?? ""`); is != "en" {
		t.Errorf("a sentence that is not translated is %q", is)
	}
	tab.connects("wrong-key-of-somebody")
	for _, language := range lang.Languages {
		tab.open("/admin/vidaoo?lang=" + language.Tag)
		if wide := eval[int64](tab, "document.documentElement.scrollWidth"); wide > 360 {
			t.Errorf("a run in %s is %d wide", language.Tag, wide)
		}
		tab.picture("admin-vidaoo-" + language.Tag)
	}
}

// TestHostileVidaoo: what a server writes into its answers is shown as text.
func TestHostileVidaoo(t *testing.T) {
	u := mustUnconnected(t)
	for _, words := range hostile {
		words = words[:min(len(words), 4000)]
		evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := map[string]any{words: words, "message": words}
			if r.URL.Path != "/accounts/verify" {
				w.WriteHeader(http.StatusForbidden)
			}
			_ = json.NewEncoder(w).Encode(answer)
		}))
		b := u.browser(t)
		b.signIn("ada")
		if got := b.post("/admin/vidaoo", url.Values{"queue": {"web"}, "key": {apiKey}, "base_url": {evil.URL}, "was-base_url": {"x"}}); got.Header.Get("Location") != "/admin/vidaoo#run" {
			t.Fatalf("%d %s", got.StatusCode, got.body)
		}
		var page answered
		hubtest.Eventually(t, "the run ends", func() bool {
			page = b.get("/admin/vidaoo")
			return !strings.Contains(page.body, "data-running")
		})
		evil.Close()
		checkInline(t, "a run", page.body)
		if strings.Contains(page.body, "<script>") || strings.Contains(page.body, "<img src=x") || !strings.Contains(page.body, "permission") && !strings.Contains(page.body, "may not do this") {
			t.Errorf("%.40q: the page is %.3000s", words, page.body)
		}
	}
	got := u.browser(t)
	got.signIn("ada")
	for _, words := range hostile {
		answer := got.post("/admin/vidaoo", url.Values{"queue": {words}, "key": {words}, "base_url": {words}, "settings": {words}, "automation": {words}})
		checkInline(t, "the form", answer.body)
		if answer.StatusCode != http.StatusBadRequest || strings.Contains(answer.body, "<script>alert") {
			t.Errorf("%.40q answered %d", words, answer.StatusCode)
		}
	}
}
