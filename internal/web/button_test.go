package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
	"github.com/deskbell/deskbell/internal/wire"
)

// shopPage is a website of another origin: it names the script and nothing else.
const shopPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Corner Shop</title></head><body><main><h1>Corner Shop</h1><script src="HUB/button.js" data-queue="web" async></script></main></body></html>`

// shopping is a website with the button, the hub and a fake Vidaoo.
type shopping struct {
	*place
	shop *httptest.Server
	fake *vidaootest.Server
	anna *hubtest.App
}

func mustShop(t *testing.T, change func(*hub.Queue)) *shopping {
	t.Helper()
	s := &shopping{fake: vidaootest.New(vidaootest.Options{})}
	api := httptest.NewServer(s.fake.Handler())
	client, err := vidaoo.NewClient(vidaoo.Config{Key: "test-key", Settings: vidaoo.Settings{
		vidaoo.SettingBaseURL: api.URL + "/api/v1", vidaoo.SettingAttempts: "1",
	}})
	if err != nil {
		t.Fatal(err)
	}
	s.shop = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(strings.ReplaceAll(shopPage, "HUB", s.URL)))
	}))
	t.Cleanup(func() {
		s.shop.Close()
		s.fake.Close()
		api.Close()
		client.Close()
	})
	s.place = mustOpenWith(t, client)
	q := hub.Queue{Name: "web", Options: routing.Defaults(), Button: hub.Button{On: true, Sites: []string{s.shop.URL}, Fields: []hub.ButtonField{
		{Name: "name", Required: true}, {Name: "email"}, {Name: "consent", Required: true},
	}}}
	if change != nil {
		change(&q)
	}
	receive := s.app().MustQueue(t, q)
	if _, err := client.CreateAutomation(t.Context(), client.NewAutomation("test", receive)); err != nil {
		t.Fatal(err)
	}
	s.anna, _ = s.app().MustDial(t, s.app().MustUser(t, "desk", call.RoleAgent, "web"))
	return s
}

// TestButtonFromAnotherSite: a customer on another site's page presses the button
// with the keyboard alone, at the width of a phone, and is in the session when an
// agent has accepted.
func TestButtonFromAnotherSite(t *testing.T) {
	s := mustShop(t, nil)
	b := s.tab(t)
	b.size(360, 740, "light")
	b.do(chromedp.Navigate(s.shop.URL))
	const shadow = `document.querySelector("deskbell-button")?.shadowRoot`
	b.await("the button is there", shadow+`?.querySelector("button") != null`)
	b.checkBarriers("the shop")
	b.checkHears("the button", `button "Start a video call"`)
	b.picture("button-shop")
	b.do(chromedp.KeyEvent("\t"), chromedp.KeyEvent("\r"))
	b.await("the form is open", shadow+`?.querySelector("dialog")?.open === true`)
	b.checkBarriers("the form")
	b.checkHears("the form",
		`dialog "Talk to us by video" described as "Tell us who you are, and a person of our team is with you in a moment." modal`,
		`textbox "Your name" focused required`, `textbox "E-mail address (optional)"`,
		`checkbox "I agree that my details are used for this call."`, `button "Close"`)
	b.checkRoom("the form", false)
	b.do(chromedp.KeyEvent("Maria Rossi"), chromedp.KeyEvent("\r")) // without consent
	b.await("the sentence stands next to the field", shadow+`?.activeElement?.id === "field-consent" && /without your consent/.test(`+shadow+`.getElementById("wrong-consent").textContent)`)
	b.checkBarriers("the form with a mistake")
	b.checkHears("the mistake", `alert ""`, `StaticText "Please look at the marked fields."`,
		`checkbox "I agree that my details are used for this call." described as "Please tick the box: without your consent we can't start." invalid focused`)
	b.picture("button-form")
	b.do(chromedp.KeyEvent(" "), chromedp.KeyEvent("\r"))
	b.await("the customer waits", `location.pathname.includes("/wait/") && /You are next/.test(document.body.innerText)`)
	b.checkBarriers("the waiting page")
	b.checkHears("the waiting page", `heading "Talk to us by video"`, `status ""`,
		`StaticText "You are next: an agent is coming. Please keep this page open."`, `link "Go to the video room now"`, `button "Stop waiting"`)
	b.checkRoom("the waiting page", false)
	b.picture("button-wait")
	offer := hubtest.Await(s.anna, func(wire.Offer) bool { return true })
	if offer.Call.Customer.Name != "Maria Rossi" || offer.Call.Metadata["page"] != s.shop.URL+"/" {
		t.Errorf("the agent sees %+v", offer.Call)
	}
	s.anna.MustAsk(wire.Request{Type: wire.ActAccept, Call: offer.Call.ID})
	b.await("the customer is in the session", `location.pathname.startsWith("/session/")`)
	if calls := s.hub.OpenCalls(); len(calls) != 1 {
		t.Errorf("one press made %d calls", len(calls))
	}
}

// TestButtonPages: the pages need no script, are translated, are framed by allowed
// sites only, and show what a customer wrote as text.
func TestButtonPages(t *testing.T) {
	s := mustShop(t, func(q *hub.Queue) { q.Button.Texts = map[string]string{"title.it": "Parla con <b>noi</b>"} })
	b := s.browser(t)
	page := b.get("/button/web?language=it")
	checkInline(t, "the form", page.body)
	for _, want := range []string{`lang="it"`, "Parla con &lt;b&gt;noi&lt;/b&gt;", "Il tuo nome", "Avvia una videochiamata"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the form has no %s", want)
		}
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors "+s.shop.URL+";") {
		t.Errorf("the form's policy is %s", policy)
	}
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(page.body)[1]
	form := url.Values{"key": {key}, "name": {`"><script>alert(1)</script>`}, "email": {"nonsense"}}
	got := b.do("POST", "/button/web?language=en", form)
	for _, want := range []string{"without your consent", "This is no e-mail address", `value="&#34;&gt;&lt;script&gt;`} {
		if got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.body, want) {
			t.Errorf("%d, and no %s in %s", got.StatusCode, want, got.body)
		}
	}
	checkInline(t, "the form with mistakes", got.body)
	form.Set("email", "maria@example.com")
	form.Set("consent", "yes")
	s.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Broken, On: "meeting-create"})
	if got = b.do("POST", "/button/web", form); got.StatusCode != http.StatusServiceUnavailable || !strings.Contains(got.body, "/button/web/note") {
		t.Errorf("without Vidaoo: %d %s", got.StatusCode, got.body)
	}
	s.fake.SetFaults()
	first, again := b.do("POST", "/button/web", form), b.do("POST", "/button/web", form)
	at := first.Header.Get("Location")
	if first.StatusCode != http.StatusSeeOther || at == "" || at != again.Header.Get("Location") {
		t.Fatalf("a double click leads to %q and %q", at, again.Header.Get("Location"))
	}
	waits := b.get(at)
	checkInline(t, "the waiting page", waits.body)
	if !strings.Contains(waits.body, "You are next") || !strings.Contains(waits.body, `http-equiv="refresh"`) {
		t.Errorf("the waiting page says %s", waits.body)
	}
	ticket := strings.TrimPrefix(strings.Split(at, "?")[0], "/button/web/wait/")
	note := url.Values{"key": {key}, "ticket": {ticket}, "reach": {"<i>me</i>"}, "consent": {"yes"}}
	if got = b.do("POST", "/button/web/note", note); got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Please write a phone number or an e-mail address") {
		t.Errorf("a note of nowhere: %d %s", got.StatusCode, got.body)
	}
	note.Set("reach", "+39 055 1234")
	if got = b.do("POST", "/button/web/note", note); got.StatusCode != http.StatusSeeOther {
		t.Errorf("a note: %d %s", got.StatusCode, got.body)
	}
	if got = b.get(at); !strings.Contains(got.body, "We have your message") {
		t.Errorf("after the note the page says %s", got.body)
	}
}

// TestButtonAcrossSites asks as browsers do for pages of sites that may show the
// button, and that may not.
func TestButtonAcrossSites(t *testing.T) {
	s := mustShop(t, nil)
	const body = `{"key":"0123456789abcdef0123","values":{"name":"Maria","consent":"yes"}}`
	for _, tc := range []struct {
		method, path, origin, body string
		status                     int
		shared                     bool
		says                       string
	}{
		{"GET", "/button/web/options", s.shop.URL, "", 200, true, `"label":"Start a video call"`},
		{"GET", "/button/web/options", "https://evil.example", "", 403, false, "This site may not show the button."},
		{"GET", "/button/web/options", "null", "", 403, false, "This site"},
		{"GET", "/button/none/options", s.shop.URL, "", 404, false, "no such page"},
		{"OPTIONS", "/button/web/press", s.shop.URL, "", 204, true, ""},
		{"OPTIONS", "/button/web/press", "https://evil.example", "", 403, false, "This site"},
		{"POST", "/button/web/press", "https://evil.example", body, 403, false, "This site"},
		{"POST", "/button/web/press", s.shop.URL, "{}", 400, true, "could not be read"},
		{"POST", "/button/web/press", s.shop.URL, `{"key":"0123456789abcdef0123"}`, 422, true, `"consent":"Please tick the box`},
		{"POST", "/button/web/press", s.shop.URL, body, 201, true, `"go":"` + s.URL + `/button/web/wait/`},
		{"POST", "/button/web", s.shop.URL, "", 403, false, "This site may not show the button."},
		{"POST", "/button/web/note", s.shop.URL, "", 403, false, "This site"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), tc.method, s.URL+tc.path, strings.NewReader(tc.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", tc.origin)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		w := httptest.NewRecorder()
		r.RemoteAddr = "192.0.2.1:1234"
		s.pages.Handler().ServeHTTP(w, r)
		shared := w.Header().Get("Access-Control-Allow-Origin")
		if w.Code != tc.status || (shared == tc.origin) != tc.shared || !tc.shared && shared != "" || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s %s of %s: %d, shared with %q: %s", tc.method, tc.path, tc.origin, w.Code, shared, w.Body)
		}
	}
}

// TestButtonClosed: outside the opening hours a message can be left.
func TestButtonClosed(t *testing.T) {
	s := mustShop(t, func(q *hub.Queue) {
		day := strings.ToLower(time.Now().AddDate(0, 0, 3).Format("Mon"))
		q.Hours, _ = routing.ParseHours(day + " 00:00-00:01") // a minute in a week, and none of these days
	})
	b := s.tab(t)
	b.size(360, 740, "light")
	b.open("/button/web")
	b.await("it is closed", `/We are closed/.test(document.body.innerText)`)
	b.checkBarriers("the closed page")
	b.checkRoom("the closed page", false)
	b.picture("button-closed")
	b.do(chromedp.SetValue("#note-reach", "maria@example.com"), chromedp.Click("#note-consent"), chromedp.SendKeys("#note-note", "After six\t\r"))
	b.await("the message is there", `/We have your message/.test(document.body.innerText)`)
	b.picture("button-noted")
}

// mustWait has a customer press the button on the hub's own page and wait.
func (s *shopping) mustWait(t *testing.T) (*tab, wire.Offer) {
	t.Helper()
	b := s.tab(t)
	b.size(360, 740, "light")
	b.open("/button/web?language=en")
	b.do(chromedp.SetValue("#field-name", "Maria"), chromedp.Click("#field-consent"), chromedp.Click("form.fields > button"))
	b.await("the customer waits", `location.pathname.includes("/wait/")`)
	return b, hubtest.Await(s.anna, func(wire.Offer) bool { return true })
}

// mustChange changes the queue of the button.
func (s *shopping) mustChange(t *testing.T, change func(*hub.Queue)) {
	t.Helper()
	_, err := s.hub.Directory().SetQueue(t.Context(), "web", func(q *hub.Queue) error {
		change(q)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestStopsWaiting: who waits no more is led where the administrator says, on
// another site.
func TestStopsWaiting(t *testing.T) {
	s := mustShop(t, nil)
	back := s.shop.URL + "/back"
	s.mustChange(t, func(q *hub.Queue) { q.Button.Return = back })
	b, offer := s.mustWait(t)
	b.do(chromedp.Click(`form[action*="/leave"] button`))
	b.await("the customer is back", `location.href === "`+back+`"`)
	gone := hubtest.Await(s.anna, func(w wire.Withdrawn) bool { return w.Call == offer.Call.ID })
	if gone.Reason != wire.ReasonCanceled {
		t.Errorf("the call rings no more because it is %s", gone.Reason)
	}
}

// TestWaitsForNothing: a page whose ticket is not good any more says so, but not
// over a note that somebody writes.
func TestWaitsForNothing(t *testing.T) {
	s := mustShop(t, nil)
	b, _ := s.mustWait(t)
	writes, _ := s.mustWait(t)
	writes.do(chromedp.Click("summary"), chromedp.SendKeys("#note-note", "After six"))
	s.mustChange(t, func(q *hub.Queue) { q.Button.On = false })
	b.await("it says so", `/That did not work/.test(document.body.innerText)`)
	writes.await("it says so beside the note", `/no such page/.test(document.getElementById("words").textContent)`)
	if got := eval[string](writes, `document.getElementById("note-note").value`); got != "After six" {
		t.Errorf("the note is %q", got)
	}
}

// TestAcceptedWhenOpened: a page that was opened when an agent had the call goes
// to the session.
func TestAcceptedWhenOpened(t *testing.T) {
	s := mustShop(t, nil)
	b, offer := s.mustWait(t)
	at := eval[string](b, "location.pathname")
	b.open("/button/web") // away from it
	s.anna.MustAsk(wire.Request{Type: wire.ActAccept, Call: offer.Call.ID})
	b.open(at)
	b.await("the customer is in the session", `location.pathname.startsWith("/session/")`)
}

// TestButtonWithoutCookies: the language of a customer is in the address.
func TestButtonWithoutCookies(t *testing.T) {
	s := mustShop(t, nil)
	b := s.browser(t)
	page := b.get("/button/web?lang=it&language=de")
	if page.StatusCode != http.StatusOK || page.Header.Get("Set-Cookie") != "" || !strings.Contains(page.body, `lang="de"`) {
		t.Errorf("the form is answered %d with the cookie %q", page.StatusCode, page.Header.Get("Set-Cookie"))
	}
	if !strings.Contains(page.body, `href="/button/web?lang=it&amp;language=fr"`) {
		t.Errorf("the other languages are not in the address: %s", page.body)
	}
	if got := page.Header.Get("Referrer-Policy"); got != "same-origin" {
		t.Errorf("the form's Referrer-Policy is %q: old browsers would not say where it comes from", got)
	}
}
