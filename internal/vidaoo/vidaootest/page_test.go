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
	for _, never := range []string{"<script>alert", "<b>", "http://", "https://", "@import", "url("} {
		if strings.Contains(body, never) {
			t.Errorf("the page has %s", never)
		}
	}
	_, style, _ := strings.Cut(body, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	_, script, _ := strings.Cut(body, "<script>")
	script, _, _ = strings.Cut(script, "</script>")
	policy := w.Header().Get("Content-Security-Policy")
	for what, text := range map[string]string{"style": style, "script": script} {
		sum := sha256.Sum256([]byte(text))
		if !strings.Contains(policy, "default-src 'none'") || text == "" ||
			!strings.Contains(policy, what+"-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
			t.Errorf("the policy %q does not let the page's own %s count", policy, what)
		}
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

// TestGuests: who has the page open is counted, and goes where the meeting says when
// it is deleted.
func TestGuests(t *testing.T) {
	s := open(t, vidaootest.Options{PublicURL: "https://vidaoo.example"})
	created := create(t, s, url.Values{"guestRedirectionUrl": {"https://shop.example/"}})
	room := strings.TrimPrefix(created["link"].(string), "https://vidaoo.example")
	guests := func(me string) object {
		t.Helper()
		return decode(t, ask(s, "GET", room+"/guests?me="+me, nil), http.StatusOK)
	}
	guests("maria")
	if now := guests("anna"); now["people"] != 2.0 || now["over"] != false {
		t.Errorf("with two pages open it is %v", now)
	}
	if w := ask(s, "GET", room+"/leave?me=maria", nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "https://shop.example/" {
		t.Errorf("who leaves gets %d to %q", w.Code, w.Header().Get("Location"))
	}
	if now := guests("anna"); now["people"] != 1.0 {
		t.Errorf("after one left it is %v", now)
	}
	decode(t, ask(s, "DELETE", "/api/v1/meetings/"+created["id"].(string), nil), http.StatusOK)
	if now := guests("anna"); now["over"] != true || now["to"] != "https://shop.example/" {
		t.Errorf("after the meeting was deleted it is %v", now)
	}
	if w := ask(s, "GET", room, nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "https://shop.example/" {
		t.Errorf("the link of a deleted meeting leads with %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := ask(s, "GET", "/session/unknown/guests", nil); w.Code != http.StatusNotFound {
		t.Errorf("an unknown session answers %d", w.Code)
	}
}
