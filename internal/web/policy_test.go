package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// everyPage are addresses of all pages, as seen by an admin; forms that failed
// and pages for nobody are among them.
var everyPage = []string{"/sign-in", "/wallboard", "/wallboard?queue=%3Cscript%3Ealert(1)%3C/script%3E&look=dark", "/wallboard?token=wrong",
	"/reports", "/reports?from=2026-13-01&to=x&queue=%22%3E%3Cscript%3E&agent=%22%20onfocus=alert(1)", "/reports/calls.txt", "/sign-in?lang=xx&next=//evil.example"}

const wantPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// TestPolicy goes over all pages: each has the headers that keep others out of
// it, and nothing inline that the policy would forbid.
func TestPolicy(t *testing.T) {
	p := mustOpen(t)
	for _, who := range []string{"", "anna", "sara", "ada"} {
		b := p.browser(t)
		if who != "" {
			b.signIn(who)
		}
		for _, path := range append([]string{"/"}, everyPage...) {
			got := b.get(path)
			if got.StatusCode >= 500 {
				t.Errorf("%s for %q answered %d", path, who, got.StatusCode)
			}
			checkHeaders(t, who+path, got.Header, "no-store")
			checkInline(t, who+path, got.body)
		}
	}
}

func checkHeaders(t *testing.T, what string, h http.Header, cache string) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Security-Policy": wantPolicy, "X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "no-referrer", "Cache-Control": cache,
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s is %q, want %q", what, name, got, want)
		}
	}
}

func checkInline(t *testing.T, what, body string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "style" || n.Data == "script" && n.FirstChild != nil || n.Data == "base" {
			t.Errorf("%s has an inline <%s>", what, n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				t.Errorf("%s: <%s %s=%q>", what, n.Data, a.Key, a.Val)
			}
		}
	}
}

// TestAssets asks for what a page names: each comes, is kept for good, and is
// what it says.
func TestAssets(t *testing.T) {
	p := mustOpen(t)
	b := p.browser(t)
	named := regexp.MustCompile(`/assets/[^"]+`).FindAllString(b.get("/sign-in").body, -1)
	if len(named) < 3 {
		t.Fatalf("the page names %q", named)
	}
	for _, path := range named {
		got := b.get(path)
		if got.StatusCode != http.StatusOK || got.body == "" {
			t.Errorf("%s answered %d", path, got.StatusCode)
		}
		checkHeaders(t, path, got.Header, "public, max-age=31536000, immutable")
	}
	if got := b.get("/assets/style.css"); got.StatusCode != http.StatusNotFound {
		t.Errorf("an asset without its hash answered %d", got.StatusCode)
	}
}
