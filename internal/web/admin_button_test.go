package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
)

// choose takes an entry of a list of choices.
func (t *tab) choose(selector, value string) {
	t.tb.Helper()
	eval[chromedp.Void](t, fmt.Sprintf(`document.querySelector(%q).value = %q`, selector, value))
}

// TestButtonStory: an admin switches a queue's web button on and makes it the
// shop's own; a customer sees just that.
func TestButtonStory(t *testing.T) {
	s := mustShop(t, func(q *hub.Queue) { q.Button = hub.Button{} })
	s.account = &hubtest.Account{}
	tab := s.tab(t)
	tab.hold(s.app().MustToken(t, "ada"))
	tab.size(1280, 900, "light")
	tab.open("/admin/queues/web")
	tab.press(`a[href="/admin/queues/web/button"]`)
	tab.says("it can't make meetings yet")
	tab.do(chromedp.Click("#f-on"))
	tab.fill("#f-sites", s.shop.URL+"/path")
	tab.press("form.stacked button:not([type])")
	tab.says("Write sites like https://shop.example")
	tab.fill("#f-sites", s.shop.URL)

	// Fields: one of its own, one more by the button, one moved up, one taken out.
	tab.fill("#f-fields-3-name", "order")
	tab.fill("#f-fields-3-label", "Order <b>number</b>")
	tab.choose("#f-fields-3-must", "*")
	tab.do(chromedp.Click("#f-fields [data-another]"))
	tab.fill("#f-fields-6-name", "consent")
	tab.do(chromedp.Click("#f-fields .row:nth-of-type(3) [data-up]"))
	tab.fill("#f-fields-3-name", "subject") // where email is now

	tab.choose("#f-texts-1-which", "title")
	tab.fill("#f-texts-1-words", "Talk to the shop")
	tab.choose("#f-texts-2-which", "title")
	tab.choose("#f-texts-2-language", "it")
	tab.fill("#f-texts-2-words", "Parla con noi")
	tab.fill("#f-topic", "MY_WEBSITE")
	tab.fill("#f-return", "https://shop.example/bye")
	tab.fill("#f-metadata-1-key", "order_id")
	tab.fill("#f-metadata-1-from", "order")
	tab.fill("#f-metadata-2-key", "department")
	tab.fill("#f-metadata-2-from", "=sales = more")
	tab.press("form.stacked button:not([type])")
	tab.says("Saved.")
	q, _ := s.hub.Directory().Queue("web")
	want := fmt.Sprintf("{On:true Fields:[name* order*=Order <b>number</b> subject consent] "+
		"Texts:map[title:Talk to the shop title.it:Parla con noi] Topic:MY_WEBSITE Metadata:map[department:=sales = more order_id:order] Return:https://shop.example/bye Sites:[%s]}", s.shop.URL)
	if got := fmt.Sprintf("%+v", q.Button); got != want {
		t.Errorf("the button is\n%s\nwant\n%s", got, want)
	}
	if got, want := tab.copied("snippet"), `<script src="`+s.URL+`/button.js" data-queue="web" async></script>`; got != want {
		t.Errorf("copied %s, want %s", got, want)
	}
	tab.looks("admin-button")
	customer := s.tab(t)
	customer.open(eval[string](tab, `new URL(document.querySelector('a[target="_blank"]').href).pathname`))
	customer.says("Talk to the shop")
	customer.says("Order <b>number</b>")

	tab.size(1280, 900, "light")
	tab.tellsTheSecondOfTheButton(t)
}

// tellsTheSecondOfTheButton has two admins change the same button.
func (t *tab) tellsTheSecondOfTheButton(tb testing.TB) {
	tb.Helper()
	t.open("/admin/queues/web/button")
	status, answer := hubtest.Do(tb, "PATCH", t.p.URL+"/api/v1/admin/queues/web", t.p.app().MustToken(tb, "ada"), "", `{"button":{"topic":"THEIRS","return":"https://shop.example/theirs"}}`)
	if status != http.StatusOK {
		tb.Fatalf("%d %s", status, answer)
	}
	t.fill("#f-topic", "MINE")
	t.choose("#f-texts-1-words", "")
	t.choose("#f-texts-1-which", "")
	t.press("form.stacked button:not([type])")
	t.says("somebody else has changed this meanwhile")
	t.says("Somebody else has changed this to: THEIRS.")
	t.says("Somebody else has changed this to what you see.")
	t.looks("admin-button-changed")
	t.size(1280, 900, "light")
	t.press("form.stacked button:not([type])")
	t.says("Saved.")
	q, _ := t.p.hub.Directory().Queue("web")
	if b := q.Button; b.Topic != "MINE" || b.Return != "https://shop.example/theirs" || len(b.Fields) != 4 || len(b.Texts) != 1 || b.Texts["title"] == "" || !b.On {
		tb.Errorf("the button is %+v", b)
	}
}

// TestButtonFormTellsEveryField: what is wrong stands beside its field, and what
// was typed stays.
func TestButtonFormTellsEveryField(t *testing.T) {
	p := administered(t)
	b := p.browser(t)
	b.signIn("ada")
	const page = "/admin/queues/web/button"
	for _, words := range append(hostile[:len(hostile):len(hostile)], "a=b", "*", "=", "x y") {
		form := url.Values{
			"revision": {p.revision(t, "/queues/web")}, "topic": {strings.Repeat(words, 1+300/len(words))}, "return": {words}, "sites": {words},
			"fields-name": {"email", words}, "fields-label": {"kept as typed", ""}, "fields-must": {"", ""},
			"texts-which": {words}, "texts-language": {""}, "texts-words": {"my words"}, "metadata-key": {"k"}, "metadata-from": {"nowhere"},
		}
		got := b.post(page, form)
		checkInline(t, "the button", got.body)
		if got.StatusCode != http.StatusBadRequest || !strings.Contains(got.body, "kept as typed") {
			t.Errorf("%.40q answered %d %.2000s", words, got.StatusCode, got.body)
		}
		for _, field := range []string{"return", "sites", "fields", "texts", "metadata"} {
			if !strings.Contains(got.body, `id="w-`+field+`"`) && !(field == "fields" && words == "a=b") {
				t.Errorf("%.40q: nothing is told of %s", words, field)
			}
		}
	}
	q, _ := p.hub.Directory().Queue("web")
	if q.Button.On || len(q.Button.Fields) > 0 {
		t.Errorf("it was saved: %+v", q.Button)
	}
	if got := b.post(page, url.Values{"revision": {p.revision(t, "/queues/web")}, "was-topic": {""}, "was-fields": {"name*\nemail\nphone"}, "fields-name": {"name", "email", "phone", ""}, "fields-must": {"*", "", "", ""}, "fields-label": {"", "", "", ""}}); got.Header.Get("Location") != page+"?done=same" {
		t.Errorf("nothing was changed: %d %s", got.StatusCode, got.Header.Get("Location"))
	}
}
