package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestNoteOnThePage: the page of a call says that its customer left a message; the
// result of an agent is another thing.
func TestNoteOnThePage(t *testing.T) {
	s := mustShop(t, nil)
	customer := s.browser(t)
	pressed := customer.do("POST", "/button/web", url.Values{"key": {"0123456789abcdef0123"}, "name": {"Maria"}, "consent": {"yes"}})
	id := hubtest.Await(s.anna, func(wire.Offer) bool { return true }).Call.ID
	ticket := strings.TrimPrefix(strings.Split(pressed.Header.Get("Location"), "?")[0], "/button/web/wait/")
	note := url.Values{"key": {"0123456789abcdef0124"}, "ticket": {ticket}, "reach": {"+39 055 1234"}, "consent": {"yes"}}
	if got := customer.do("POST", "/button/web/note", note); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("the note answered %d %s", got.StatusCode, got.body)
	}
	b := s.browser(t)
	b.signIn("sara")
	for language, want := range map[string]string{
		"en": "the customer left a message", "de": "der Kunde hinterließ eine Nachricht", "it": "il cliente ha lasciato un messaggio",
		"es": "el cliente dejó un mensaje", "fr": "le client a laissé un message",
	} {
		page := b.get("/calls/"+id, "Accept-Language", language).body
		if !strings.Contains(page, want) || strings.Contains(page, "result noted by") {
			t.Errorf("in %s the page has no %q: %s", language, want, page)
		}
	}
}
