package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestRecordingsOnThePage: the page of a call lists its recordings, and the cookie
// is enough to download them.
func TestRecordingsOnThePage(t *testing.T) {
	s := mustShop(t, func(q *hub.Queue) { q.Recording = true })
	form := url.Values{"key": {"0123456789abcdef0123"}, "name": {"Maria"}, "consent": {"yes"}}
	if got := s.browser(t).do("POST", "/button/web", form); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("the press answered %d %s", got.StatusCode, got.body)
	}
	id := hubtest.Await(s.anna, func(wire.Offer) bool { return true }).Call.ID
	s.anna.MustAsk(wire.Request{Type: wire.ActAccept, Call: id})
	for _, on := range []bool{true, false, true} {
		s.anna.MustAsk(wire.Request{Type: wire.ActRecord, Call: id, On: on})
	}
	b := s.browser(t)
	if got := b.get("/calls/" + id + "/recordings/x"); got.StatusCode != http.StatusSeeOther {
		t.Errorf("a stranger is answered %d %s", got.StatusCode, got.body)
	}
	b.signIn("sara")
	page := b.get("/calls/"+id, "Accept-Language", "de")
	checkInline(t, "the page of a call", page.body)
	for _, words := range []string{"Aufzeichnungen", "Aufzeichnung begonnen von", "Aufzeichnung beendet von", "Herunterladen", "begann eine Aufzeichnung"} {
		if !strings.Contains(page.body, words) {
			t.Errorf("%q is not in %s", words, page.body)
		}
	}
	for _, r := range s.fake.Recordings() {
		at := "/calls/" + id + "/recordings/" + r.ID
		if !strings.Contains(page.body, `href="`+at+`"`) {
			t.Errorf("recording %s has no link", r.ID)
		}
		got := b.get(at)
		if got.StatusCode != http.StatusOK || got.body != string(vidaootest.RecordingBytes()) || got.Header.Get("Content-Type") != "video/mp4" ||
			!strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment;") || got.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("it answered %d %v", got.StatusCode, got.Header)
		}
	}
	for path, status := range map[string]int{"/calls/" + id + "/recordings/none": 404, "/calls/none/recordings/none": 404} {
		if got := b.get(path); got.StatusCode != status || got.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s answered %d %v", path, got.StatusCode, got.Header)
		}
	}
	s.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Broken})
	got := b.get("/calls/" + id + "/recordings/" + s.fake.Recordings()[0].ID)
	if got.StatusCode != http.StatusServiceUnavailable || strings.Contains(got.body, "test-key") || got.Header.Get("Content-Disposition") != "" {
		t.Errorf("without Vidaoo: %d %s", got.StatusCode, got.body)
	}
	s.fake.SetFaults()
	s.anna.MustAsk(wire.Request{Type: wire.ActFinish, Call: id})
	hubtest.Eventually(t, "the hub stops the recording", func() bool { return s.fake.Recordings()[1].Stopped })
	hubtest.Eventually(t, "the page says so", func() bool { return strings.Contains(b.get("/calls/"+id).body, "the hub stopped the recording") })
	anna := s.browser(t)
	anna.signIn("anna")
	if got := anna.get("/calls/" + id + "/recordings/" + s.fake.Recordings()[0].ID); got.StatusCode != http.StatusForbidden {
		t.Errorf("an agent is answered %d", got.StatusCode)
	}
	if calls := s.hub.OpenCalls(); len(calls) != 0 {
		t.Errorf("open: %v", calls)
	}
}
