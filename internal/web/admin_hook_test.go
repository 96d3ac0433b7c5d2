package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/deskbell/deskbell/internal/hub/hubtest"
)

// outsider is a system outside that the hub tells something.
type outsider struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	bodies []string
}

func mustOutsider(t *testing.T) *outsider {
	t.Helper()
	o := &outsider{status: http.StatusOK}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		o.mu.Lock()
		defer o.mu.Unlock()
		o.bodies = append(o.bodies, string(body))
		w.WriteHeader(o.status)
		_, _ = io.WriteString(w, `{"interaction":{"id":4711}}`)
	}))
	t.Cleanup(o.Close)
	return o
}

func (o *outsider) answers(status int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.status = status
}

func (o *outsider) got() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.bodies)
}

// TestHookStory: an admin makes a webhook, copies its secret, tests it, sees it
// fail, and removes it.
func TestHookStory(t *testing.T) {
	p := administered(t)
	there := mustOutsider(t)
	tab := p.tab(t)
	tab.hold(p.app().MustToken(t, "ada"))
	tab.size(1280, 900, "light")
	tab.open("/admin/hooks")
	tab.says("There are no webhooks yet.")
	tab.fill("#f-name", "alarm")
	tab.fill("#f-url", there.URL+"/in?key=s3cret")
	tab.press("form.stacked .buttons button")
	tab.says("one in a private network or on the hub's machine needs the box below")
	tab.do(chromedp.Click("#f-private"), chromedp.Click("#f-events-0"))
	tab.press("form.stacked .buttons button")
	tab.says("It is shown this once: copy it now.")
	secret := tab.copied("hook-secret")
	if !strings.HasPrefix(secret, "whsec_") {
		t.Errorf("copied %q", secret)
	}
	tab.looks("admin-hooks-made")
	tab.size(1280, 900, "light")
	tab.open("/admin/hooks")
	if source := eval[string](tab, "document.documentElement.outerHTML"); strings.Contains(source, secret) || strings.Contains(source, "s3cret") {
		t.Error("the secret is shown again, or the key in the address")
	}
	tab.press(`form[action="/admin/hooks/alarm/test"] button`)
	tab.says("The test has arrived.")
	if there.got() != 1 {
		t.Errorf("%d messages have come", there.got())
	}
	there.answers(http.StatusGone)
	tab.press(`form[action="/admin/hooks/alarm/test"] button`)
	tab.says("The test of alarm did not arrive: it answered 410")

	// What it is really told, and that this fails.
	there.answers(http.StatusServiceUnavailable)
	receive := p.hub.ReceiveURL(mustQueueOf(t, p, "sales"))
	if status, answer := hubtest.Do(t, "PATCH", p.URL+"/api/v1/admin/queues/sales", p.app().MustToken(t, "ada"), "", `{"ring":"1s","patience":"1s"}`); status != 200 {
		t.Fatal(answer)
	}
	hubtest.MustPost(t, receive, "s9")
	hubtest.Eventually(t, "the page says that it fails", func() bool {
		tab.open("/admin/hooks")
		return strings.Contains(tab.text(), "Failing since") && strings.Contains(tab.text(), "it answered 503") && strings.Contains(tab.text(), "Waiting: 1")
	})
	tab.looks("admin-hooks")
	tab.size(1280, 900, "light")
	tab.do(chromedp.Click(".hooks summary"))
	tab.press(".hooks .danger")
	tab.says("It is removed.")
	if len(p.hub.Directory().Hooks()) != 0 {
		t.Error("it is there")
	}
}

// TestHostileHooks: whatever is typed comes back as text, and nothing is made.
func TestHostileHooks(t *testing.T) {
	p := administered(t)
	b := p.browser(t)
	b.signIn("ada")
	for _, words := range hostile {
		got := b.post("/admin/hooks", url.Values{"name": {words}, "url": {words}, "queues": {words}, "events": {words}})
		checkInline(t, "a hook", got.body)
		if got.StatusCode != http.StatusBadRequest || strings.Contains(got.body, "whsec_") {
			t.Errorf("%.40q answered %d", words, got.StatusCode)
		}
		if got = b.post("/admin/hooks/"+url.PathEscape(words)+"/test", nil); got.StatusCode >= 500 {
			t.Errorf("a test of %.40q answered %d", words, got.StatusCode)
		}
	}
	b.post("/admin/hooks", url.Values{"name": {"alarm"}, "url": {"https://hook.example/"}})
	if got := b.post("/admin/hooks", url.Values{"name": {"alarm"}, "url": {"https://hook.example/"}}); got.StatusCode != http.StatusConflict || !strings.Contains(got.body, "There is a webhook of this name already.") {
		t.Errorf("a second one: %d %s", got.StatusCode, got.body)
	}
	if got := b.post("/admin/hooks/gone/test", nil); got.Header.Get("Location") != "/admin/hooks?done=hook-gone" {
		t.Errorf("one that is gone: %d", got.StatusCode)
	}
}

// TestMotionStory: an admin has a queue's calls passed on to Motion, and sees how
// that does. Neither the address nor the key is shown again.
func TestMotionStory(t *testing.T) {
	p := administered(t)
	motion := mustOutsider(t)
	tab := p.tab(t)
	tab.hold(p.app().MustToken(t, "ada"))
	tab.size(1280, 900, "light")
	tab.open("/admin/queues/sales/motion")
	tab.fill("#f-motion_url", "https://motion.example?x=y")
	tab.press("form.stacked .buttons button")
	tab.says("Say first where calls are passed on to.")
	tab.fill("#f-forward", motion.URL+"/api/openchannel/accounts/3/notify?apikey=f0rward-key")
	tab.do(chromedp.Click("#f-forward_private"))
	tab.press("form.stacked .buttons button")
	tab.says("Write an address like https://motion.example, without a query.")
	tab.checkBarriers("motion with a mistake")
	tab.fill("#f-motion_url", motion.URL)
	tab.fill("#f-forward", motion.URL+"/api/openchannel/accounts/3/notify?apikey=f0rward-key")
	tab.press("form.stacked .buttons button")
	tab.says("Saved.")
	tab.says("passed on")
	q := mustQueueOf(t, p, "sales")
	if got, want := tab.copied("answered-url"), p.hub.ReceiveURL(q)+"?event=answered"; got != want {
		t.Errorf("copied %q, want %q", got, want)
	}
	tab.fill("#motion-key", "short")
	tab.press("#motion-key ~ button")
	tab.says("This is no whole key")
	tab.fill("#motion-key", "m0tion-rest-key")
	tab.press("#motion-key ~ button")
	tab.says("The key is stored.")
	if info, err := os.Stat(filepath.Join(p.dir, "motion.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	hubtest.MustPost(t, p.hub.ReceiveURL(q), "s9")
	hubtest.Eventually(t, "the page says that it has arrived", func() bool {
		tab.open("/admin/queues/sales/motion")
		return strings.Contains(tab.text(), "Delivered: 1")
	})
	motion.answers(http.StatusServiceUnavailable)
	hubtest.MustPost(t, p.hub.ReceiveURL(q), "s10")
	hubtest.Eventually(t, "the page says that it fails", func() bool {
		tab.open("/admin/queues/sales/motion")
		return strings.Contains(tab.text(), "Failing since")
	})
	tab.looks("admin-motion")
	b := p.browser(t)
	b.signIn("ada")
	for _, page := range []string{"/admin/queues/sales/motion", "/admin/queues/sales", "/admin/audit"} {
		if body := b.get(page).body; strings.Contains(body, "m0tion-rest-key") || strings.Contains(body, "f0rward-key") {
			t.Errorf("a key is on %s", page)
		}
	}

	// The second admin is told; what was not typed stays.
	tab.size(1280, 900, "light")
	if status, answer := hubtest.Do(t, "PATCH", p.URL+"/api/v1/admin/queues/sales", p.app().MustToken(t, "ada"), "", `{"motion_disposition":"Theirs"}`); status != 200 {
		t.Fatal(answer)
	}
	tab.fill("#f-motion_disposition", "Mine")
	tab.press("form.stacked .buttons button")
	tab.says("Somebody else has changed this to: Theirs.")
	tab.press("form.stacked .buttons button")
	tab.says("Saved.")
	if q = mustQueueOf(t, p, "sales"); q.MotionDisposition != "Mine" || !strings.Contains(q.Forward.URL, "f0rward-key") {
		t.Errorf("the queue has %+v %q", q.Forward, q.MotionDisposition)
	}
	tab.do(chromedp.Click("#motion-key-title ~ details summary"))
	tab.press(`button[name="remove"]`)
	tab.says("It is removed.")
	tab.says("No key")
	tab.do(chromedp.Click("#state-title ~ details summary"))
	tab.press(`form[action$="/stop"] button`)
	tab.says("not passed on")
	if q = mustQueueOf(t, p, "sales"); q.Forward.URL != "" {
		t.Errorf("the queue has %+v", q.Forward)
	}
}
