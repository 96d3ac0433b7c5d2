package vidaootest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/deskbell/deskbell/internal/link"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

// open returns a fake Vidaoo that is closed at the end of the test.
func open(tb testing.TB, options vidaootest.Options) *vidaootest.Server {
	tb.Helper()
	s := vidaootest.New(options)
	tb.Cleanup(s.Close)
	return s
}

// ask sends one request with the default key; a form goes into its body.
func ask(s *vidaootest.Server, method, target string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.Header.Set("X-APIKEY", "test-key")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// decode reads a reply that must be JSON with the given status.
func decode(tb testing.TB, w *httptest.ResponseRecorder, status int) object {
	tb.Helper()
	var got object
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		tb.Fatalf("the reply %d %q is not JSON: %v", w.Code, w.Body, err)
	}
	if w.Code != status || w.Header().Get("Content-Type") != "application/json" {
		tb.Fatalf("the reply is %d %s %v, want %d", w.Code, w.Header().Get("Content-Type"), got, status)
	}
	return got
}

func TestMeetings(t *testing.T) {
	s := open(t, vidaootest.Options{NewID: func() string { return "m1" }, PublicURL: "https://vidaoo.example"})
	created := decode(t, ask(s, "POST", "/api/v1/meetings", url.Values{
		"topic": {"web"}, "metadata": {`{"language":"it"}`}, "guestRedirectionUrl": {"https://shop.example/bye"},
	}), http.StatusCreated)

	sessionLink, _ := created["link"].(string)
	if err := link.Check(sessionLink); err != nil || !strings.HasPrefix(sessionLink, "https://vidaoo.example/session/") {
		t.Errorf("the link is %q: %v", sessionLink, err)
	}
	if strings.Contains(sessionLink, "m1") {
		t.Errorf("the link %q can be told from the id", sessionLink)
	}
	want := object{"id": "m1", "link": sessionLink, "topic": "web", "metadata": object{"language": "it"},
		"guestRedirectionUrl": "https://shop.example/bye"}
	if !reflect.DeepEqual(created, want) {
		t.Errorf("created %v, want %v", created, want)
	}
	if shown := decode(t, ask(s, "GET", "/api/v1/meetings/m1", nil), http.StatusOK); !reflect.DeepEqual(shown, want) {
		t.Errorf("shown %v, want %v", shown, want)
	}
	if deleted := decode(t, ask(s, "DELETE", "/api/v1/meetings/m1", nil), http.StatusOK); !reflect.DeepEqual(deleted, want) {
		t.Errorf("deleted %v, want %v", deleted, want)
	}
	decode(t, ask(s, "GET", "/api/v1/meetings/m1", nil), http.StatusNotFound)
	decode(t, ask(s, "DELETE", "/api/v1/meetings/m1", nil), http.StatusNotFound)
	if w := ask(s, "GET", strings.TrimPrefix(sessionLink, "https://vidaoo.example"), nil); w.Code != http.StatusSeeOther {
		t.Errorf("the page of a deleted meeting answers %d", w.Code)
	}
}

func TestMeetingsRefuse(t *testing.T) {
	tests := []struct {
		name        string
		key         string
		contentType string
		body        string
		status      int
		says        string
	}{
		{"no key", "", "application/x-www-form-urlencoded", "topic=web", 401, "API key"},
		{"wrong key", "test-kez", "application/x-www-form-urlencoded", "topic=web", 401, "API key"},
		{"JSON", "test-key", "application/json", `{"topic":"web"}`, 400, "form-encoded"},
		{"empty", "test-key", "application/x-www-form-urlencoded", "", 400, "form-encoded"},
		{"too large", "test-key", "application/x-www-form-urlencoded", "topic=" + strings.Repeat("a", 64<<10), 400, "form-encoded"},
		{"metadata is no JSON", "test-key", "application/x-www-form-urlencoded", "metadata=x", 400, "JSON object"},
		{"metadata is an array", "test-key", "application/x-www-form-urlencoded", "metadata=[]", 400, "JSON object"},
		{"metadata is null", "test-key", "application/x-www-form-urlencoded", "metadata=null", 400, "JSON object"},
		{"metadata and more", "test-key", "application/x-www-form-urlencoded", "metadata={}}", 400, "JSON object"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, vidaootest.Options{})
			r := httptest.NewRequest("POST", "/api/v1/meetings", strings.NewReader(test.body))
			r.Header.Set("X-APIKEY", test.key)
			r.Header.Set("Content-Type", test.contentType)
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			if got, _ := decode(t, w, test.status)["message"].(string); !strings.Contains(got, test.says) {
				t.Errorf("the message is %q, want %q", got, test.says)
			}
		})
	}
}

func TestMeetingsAreBounded(t *testing.T) {
	s := open(t, vidaootest.Options{})
	first := decode(t, ask(s, "POST", "/api/v1/meetings", url.Values{"topic": {"0"}}), http.StatusCreated)
	for range 1_000 {
		ask(s, "POST", "/api/v1/meetings", url.Values{"topic": {"web"}})
	}
	decode(t, ask(s, "GET", "/api/v1/meetings/"+first["id"].(string), nil), http.StatusNotFound)
}

// TestClientAgainstOptions is what the options are for: names and paths may be others, and the client
// follows by configuration alone.
func TestClientAgainstOptions(t *testing.T) {
	s := open(t, vidaootest.Options{
		Key: "other-key", KeyHeader: "X-Token", MeetingsPath: "/v2/rooms", IDField: "session_id", LinkField: "joinUrl",
	})
	site := httptest.NewServer(s.Handler())
	defer site.Close()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()

	client, err := vidaoo.NewClient(vidaoo.Config{
		Settings: vidaoo.Settings{
			"base-url": site.URL + "/v2", "key-header": "X-Token", "meeting-create": "POST /rooms form", "meeting-link": "joinUrl",
		},
		Key: "other-key", Transport: transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	created, err := client.CreateMeeting(t.Context(), vidaoo.NewMeeting{Topic: "web"})
	if err != nil {
		t.Fatal(err)
	}
	if created.ID == "" || !strings.HasPrefix(created.Link, site.URL+"/session/") {
		t.Errorf("created %+v", created)
	}

	response, err := (&http.Client{Transport: transport}).Get(created.Link)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), "You are in the session") {
		t.Errorf("the link leads to %d %s, %v", response.StatusCode, body, err)
	}
}

// TestWhatWasAsked: a test sees what was asked for with a good key, and what was
// recorded.
func TestWhatWasAsked(t *testing.T) {
	n := 0
	s := open(t, vidaootest.Options{NewID: func() string { n++; return "m" + string(rune('0'+n)) }})
	ask(s, "POST", "/api/v1/meetings", url.Values{"topic": {"x"}})
	for _, body := range []string{`{"session_id":"m1"}`, `{"session_id":"nobody"}`} {
		r := httptest.NewRequest("POST", "/api/v1/recordings", strings.NewReader(body))
		r.Header.Set("X-APIKEY", "test-key")
		s.Handler().ServeHTTP(httptest.NewRecorder(), r)
	}
	id := s.Recordings()[0].ID
	ask(s, "POST", "/api/v1/recordings/"+id+"/stop", nil)
	ask(s, "DELETE", "/api/v1/meetings/m1", nil)
	s.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("DELETE", "/api/v1/meetings/m1", nil)) // without a key
	if got := s.Recordings(); len(got) != 1 || got[0].Session != "m1" || !got[0].Stopped {
		t.Errorf("recorded %+v", got)
	}
	want := []vidaootest.Asked{{Operation: "meeting-create"}, {Operation: "recording-start"}, {Operation: "recording-start"}, {Operation: "recording-stop", ID: id}, {Operation: "meeting-delete", ID: "m1"}}
	if got := s.Asked(); !reflect.DeepEqual(got, want) {
		t.Errorf("asked %+v, want %+v", got, want)
	}
}
