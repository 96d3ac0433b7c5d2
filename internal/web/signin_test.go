package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/web"
)

func TestSignIn(t *testing.T) {
	p := mustOpen(t)
	b := p.browser(t)

	if got := b.get("/reports?from=2026-01-01"); got.StatusCode == http.StatusOK {
		t.Errorf("a stranger sees the reports")
	}
	if got := b.get("/"); got.Header.Get("Location") != "/sign-in" {
		t.Errorf("a stranger is led to %q", got.Header.Get("Location"))
	}
	wrong := b.do(http.MethodPost, "/sign-in", url.Values{"username": {"sara"}, "password": {"guessed it"}, "next": {"/wallboard"}})
	if wrong.StatusCode != http.StatusUnauthorized || !strings.Contains(wrong.body, "Wrong username or password.") ||
		!strings.Contains(wrong.body, `value="sara"`) || !strings.Contains(wrong.body, `value="/wallboard"`) || strings.Contains(wrong.body, "guessed it") {
		t.Errorf("a wrong password answered %d %s", wrong.StatusCode, wrong.body)
	}
	if to := b.signIn("sara"); to != "/" {
		t.Errorf("signing in leads to %q", to)
	}
	if got := b.get("/"); got.Header.Get("Location") != "/wallboard" {
		t.Errorf("a supervisor is led to %q", got.Header.Get("Location"))
	}
	if got := b.do(http.MethodPost, "/sign-out", nil); got.Header.Get("Location") != "/sign-in" {
		t.Errorf("signing out leads to %q", got.Header.Get("Location"))
	}
	if got := b.get("/"); got.Header.Get("Location") != "/sign-in" {
		t.Errorf("after signing out one is led to %q", got.Header.Get("Location"))
	}
}

// The cookie is a token of the hub: it is listed, revoked, and worthless after
// signing out, also for who has copied it.
func TestCookieIsAToken(t *testing.T) {
	p := mustOpen(t)
	b := p.browser(t)
	got := b.do(http.MethodPost, "/sign-in", url.Values{"username": {"sara"}, "password": {password}})
	var cookie *http.Cookie
	for _, c := range got.Cookies() {
		if c.Name == "deskbell" {
			cookie = c
		}
	}
	if cookie == nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Secure || cookie.Path != "/" {
		t.Fatalf("the cookie is %+v", cookie)
	}
	me := func() int {
		status, _ := hubtest.Do(t, http.MethodGet, p.URL+"/api/v1/me", cookie.Value, "", "")
		return status
	}
	if status := me(); status != http.StatusOK {
		t.Errorf("the cookie's token answered %d", status)
	}
	b.do(http.MethodPost, "/sign-out", nil)
	if status := me(); status != http.StatusUnauthorized {
		t.Errorf("after signing out the cookie's token answered %d", status)
	}
}

// Over https the cookie is for this host alone, whatever a proxy speaks to us.
func TestSecureCookie(t *testing.T) {
	api := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"token":"t","expires":"2126-01-02T03:04:05.000Z"}`))
	})
	s, err := web.New(web.Config{API: api, PublicURL: "https://hub.example"})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader("username=sara&password=x"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Host = "10.0.0.7:8480"
	r.Header.Set("Origin", "https://hub.example")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	c := w.Result().Cookies()
	if len(c) != 1 || c[0].Name != "__Host-deskbell" || !c[0].Secure || !c[0].HttpOnly || c[0].Domain != "" || c[0].Path != "/" {
		t.Errorf("%d, cookies %v", w.Code, c)
	}
}

// A hub that others reach over plain HTTP takes no passwords.
func TestPlainHTTP(t *testing.T) {
	api := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the password was sent on") })
	s, err := web.New(web.Config{API: api, PublicURL: "http://hub.example"})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader("username=sara&password=x"))
	r.Header.Set("Origin", "http://hub.example")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "over https") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestFormsOfOtherSites(t *testing.T) {
	p := mustOpen(t)
	form := url.Values{"username": {"sara"}, "password": {password}}
	for name, headers := range map[string][]string{
		"another site":               {"Sec-Fetch-Site", "cross-site"},
		"another host of the domain": {"Sec-Fetch-Site", "same-site"},
		"an old browser":             {"Sec-Fetch-Site", "", "Origin", "https://evil.example"},
		"a hidden origin":            {"Sec-Fetch-Site", "", "Origin", "null"},
		"no browser":                 {"Sec-Fetch-Site", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := p.browser(t).do(http.MethodPost, "/sign-in", form, headers...)
			if got.StatusCode != http.StatusForbidden || len(got.Cookies()) > 0 {
				t.Errorf("answered %d with cookies %v", got.StatusCode, got.Cookies())
			}
		})
	}
	t.Run("signing out", func(t *testing.T) {
		b := p.browser(t)
		b.signIn("sara")
		if got := b.do(http.MethodPost, "/sign-out", nil, "Sec-Fetch-Site", "cross-site"); got.StatusCode != http.StatusForbidden {
			t.Errorf("answered %d", got.StatusCode)
		}
		if got := b.get("/"); got.Header.Get("Location") != "/wallboard" {
			t.Errorf("signed out by another site: led to %q", got.Header.Get("Location"))
		}
	})
	t.Run("its own", func(t *testing.T) {
		got := p.browser(t).do(http.MethodPost, "/sign-in", form, "Sec-Fetch-Site", "", "Origin", p.URL)
		if got.StatusCode != http.StatusSeeOther {
			t.Errorf("answered %d", got.StatusCode)
		}
	})
}

func TestNextPageIsOurs(t *testing.T) {
	p := mustOpen(t)
	for next, want := range map[string]string{
		"/reports?from=2026-01-01": "/reports?from=2026-01-01",
		"":                         "/", "https://evil.example/": "/", "//evil.example": "/", `/\evil.example`: "/",
		"javascript:alert(1)": "/", "/a\r\nX: y": "/", "/\t/evil.example": "/", "reports": "/",
	} {
		got := p.browser(t).do(http.MethodPost, "/sign-in", url.Values{"username": {"sara"}, "password": {password}, "next": {next}})
		if to := got.Header.Get("Location"); to != want {
			t.Errorf("next=%q leads to %q, want %q", next, to, want)
		}
	}
}

// An agent is told that the pages are not for it.
func TestNothingForAgents(t *testing.T) {
	p := mustOpen(t)
	b := p.browser(t)
	b.signIn("anna")
	got := b.get("/")
	if got.StatusCode != http.StatusForbidden || !strings.Contains(got.body, "Nothing for you here") || !strings.Contains(got.body, "/sign-out") {
		t.Errorf("answered %d %s", got.StatusCode, got.body)
	}
}

// A link of another site comes without the strict cookie: the page comes again
// by itself, and then as whoever has signed in.
func TestLinkOfAnotherSite(t *testing.T) {
	p := mustOpen(t)
	got := p.browser(t).get("/?look=dark", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate")
	if got.StatusCode != http.StatusOK || !strings.Contains(got.body, `http-equiv="refresh" content="0;url=/?look=dark"`) {
		t.Errorf("answered %d %s", got.StatusCode, got.body)
	}
}

func TestLanguage(t *testing.T) {
	p := mustOpen(t)
	b := p.browser(t)
	has := func(got answered, words string) {
		t.Helper()
		if !strings.Contains(got.body, words) {
			t.Errorf("%q is not in %s", words, got.body)
		}
	}
	has(b.get("/sign-in", "Accept-Language", "de-AT,en;q=0.5"), "Benutzername")
	chosen := b.get("/sign-in?next=%2Fwallboard&lang=it", "Accept-Language", "de")
	if to := chosen.Header.Get("Location"); to != "/sign-in?next=%2Fwallboard" {
		t.Errorf("choosing a language leads to %q", to)
	}
	has(b.get("/sign-in", "Accept-Language", "de"), "Nome utente")
	has(b.get("/sign-in?lang=klingon", "Accept-Language", "de"), "Nome utente")
}

// Who looks at the pages is no more nor less there for calls: the rule that has
// agents sign in paused is for apps.
func TestSigningInLeavesPresence(t *testing.T) {
	p := mustOpen(t)
	if _, err := p.hub.Directory().SetRules(t.Context(), func(r *routing.Rules) { r.SignInPaused = true }); err != nil {
		t.Fatal(err)
	}
	p.browser(t).signIn("sara")
	if chosen, has := p.hub.Directory().Chosen("sara"); has {
		t.Errorf("signing in chose %+v", chosen)
	}
}
