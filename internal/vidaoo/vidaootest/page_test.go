package vidaootest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

func TestSessionPage(t *testing.T) {
	s := open(t, vidaootest.Options{PublicURL: "https://vidaoo.example"})
	created := create(t, s, url.Values{
		"topic":    {"<script>alert(1)</script>"},
		"metadata": {`{"name":"Anna <b>Rossi</b>","language":"it","note":"\u202ea & \"b\"","n":7}`},
	})
	w := ask(s, "GET", strings.TrimPrefix(created["link"].(string), "https://vidaoo.example"), nil)
	if w.Code != http.StatusOK {
		t.Fatalf("the page answers %d", w.Code)
	}
	body := w.Body.String()
	for _, want := range []string{
		"You are in the session",
		"&lt;script&gt;alert(1)&lt;/script&gt;",
		"Anna &lt;b&gt;Rossi&lt;/b&gt;",
		"<dt><bdi>language</bdi></dt><dd><bdi>it</bdi></dd>",
		"<dd><bdi>a &amp; &#34;b&#34;</bdi></dd>",
		"<dt><bdi>n</bdi></dt><dd><bdi>7</bdi></dd>",
		`<span class="face">A</span>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, never := range []string{"<script", "<b>", "http://", "https://", "@import", "url("} {
		if strings.Contains(body, never) {
			t.Errorf("the page has %s", never)
		}
	}
	_, style, _ := strings.Cut(body, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	sum := sha256.Sum256([]byte(style))
	policy := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") ||
		!strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
		t.Errorf("the policy %q does not let the page's own style count", policy)
	}
	if !strings.Contains(style, "prefers-color-scheme: dark") {
		t.Error("the page has no dark form")
	}
}

func TestSessionPageOfNobody(t *testing.T) {
	s := open(t, vidaootest.Options{PublicURL: "https://vidaoo.example"})
	created := create(t, s, url.Values{"guestRedirectionUrl": {""}})
	w := ask(s, "GET", strings.TrimPrefix(created["link"].(string), "https://vidaoo.example"), nil)
	if body := w.Body.String(); !strings.Contains(body, "with a customer") || strings.Contains(body, "about") {
		t.Errorf("the page is %s", body)
	}
	if w := ask(s, "GET", "/session/unknown", nil); w.Code != http.StatusNotFound {
		t.Errorf("an unknown session answers %d", w.Code)
	}
}
