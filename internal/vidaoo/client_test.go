package vidaoo_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

const testKey = "test-key"

// transport answers requests without a network.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// answering always gives the same reply.
func answering(status int, body string, headers ...string) transport {
	return func(*http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
		return w.Result(), nil
	}
}

func newClient(tb testing.TB, config vidaoo.Config) *vidaoo.Client {
	tb.Helper()
	if config.Key == "" {
		config.Key = testKey
	}
	client, err := vidaoo.NewClient(config)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.Close)
	return client
}

// fake runs a Vidaoo on loopback, and a client that knows it.
func fake(tb testing.TB, o vidaootest.Options, config vidaoo.Config) (*vidaootest.Server, *vidaoo.Client) {
	tb.Helper()
	s := vidaootest.New(o)
	site := httptest.NewUnstartedServer(s.Handler())
	site.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	site.Start()
	tb.Cleanup(site.Close)
	tb.Cleanup(s.Close)
	settings := vidaoo.Settings{"base-url": site.URL + "/api/v1"}
	for name, value := range config.Settings {
		settings[name] = value
	}
	config.Settings = settings
	return s, newClient(tb, config)
}

// asked is one request as the server sees it.
type asked struct {
	line, contentType, body string
	header                  http.Header
}

// TestRequests sends each operation once: method, path, encoding and body are those of the settings.
func TestRequests(t *testing.T) {
	const form, inJSON = "application/x-www-form-urlencoded", "application/json"
	tests := []struct {
		name     string
		settings vidaoo.Settings
		do       func(context.Context, *vidaoo.Client) error
		line     string
		kind     string
		body     string
	}{
		{"verify", nil, func(ctx context.Context, c *vidaoo.Client) error { _, err := c.Verify(ctx); return err },
			"GET /api/v1/accounts/verify", "", ""},
		{"create a meeting", nil, func(ctx context.Context, c *vidaoo.Client) error {
			_, err := c.CreateMeeting(ctx, vidaoo.NewMeeting{Topic: "MY & SITE", Metadata: map[string]any{"language": "it"}, GuestRedirectionURL: "https://shop.example/bye"})
			return err
		}, "POST /api/v1/meetings", form, "guestRedirectionUrl=https%3A%2F%2Fshop.example%2Fbye&metadata=%7B%22language%22%3A%22it%22%7D&topic=MY+%26+SITE"},
		{"create a meeting in JSON elsewhere", vidaoo.Settings{"meeting-create": "PUT /rooms?kind=quick json"}, func(ctx context.Context, c *vidaoo.Client) error {
			_, err := c.CreateMeeting(ctx, vidaoo.NewMeeting{Topic: "web", Metadata: map[string]any{"n": 1}})
			return err
		}, "PUT /api/v1/rooms?kind=quick", inJSON, `{"metadata":{"n":1},"topic":"web"}`},
		{"get a meeting", nil, func(ctx context.Context, c *vidaoo.Client) error {
			_, err := c.Meeting(ctx, "../a b?")
			return err
		}, "GET /api/v1/meetings/..%2Fa%20b%3F", "", ""},
		{"get dots", nil, func(ctx context.Context, c *vidaoo.Client) error {
			_, err := c.Meeting(ctx, "..")
			return err
		}, "GET /api/v1/meetings/%2E%2E", "", ""},
		{"list meetings", nil, func(ctx context.Context, c *vidaoo.Client) error { _, _, err := c.Meetings(ctx); return err },
			"GET /api/v1/meetings", "", ""},
		{"delete a meeting", nil, func(ctx context.Context, c *vidaoo.Client) error { _, err := c.DeleteMeeting(ctx, "m1"); return err },
			"DELETE /api/v1/meetings/m1", "", ""},
		{"update an automation", vidaoo.Settings{"automation-url": "webhook_url"}, func(ctx context.Context, c *vidaoo.Client) error {
			_, err := c.UpdateAutomation(ctx, "3", vidaoo.Automation{URL: "https://hub.example/r"})
			return err
		}, "PUT /api/v1/automations/3", form, "webhook_url=https%3A%2F%2Fhub.example%2Fr"},
		{"create an automation", nil, func(ctx context.Context, c *vidaoo.Client) error {
			_, err := c.CreateAutomation(ctx, vidaoo.Automation{Name: "n", Trigger: "Meeting Created", Action: "Webhook", Method: "POST", URL: "u", Body: "{}"})
			return err
		}, "POST /api/v1/automations", form, "action=Webhook&body=%7B%7D&method=POST&name=n&trigger=Meeting+Created&url=u"},
		{"get an automation", nil, func(ctx context.Context, c *vidaoo.Client) error { _, err := c.Automation(ctx, "3"); return err },
			"GET /api/v1/automations/3", "", ""},
		{"start a recording", nil, func(ctx context.Context, c *vidaoo.Client) error { _, err := c.StartRecording(ctx, "s1"); return err },
			"POST /api/v1/recordings", inJSON, `{"session_id":"s1"}`},
		{"stop a recording", nil, func(ctx context.Context, c *vidaoo.Client) error { _, err := c.StopRecording(ctx, "r1"); return err },
			"POST /api/v1/recordings/r1/stop", "", ""},
		{"list recordings", nil, func(ctx context.Context, c *vidaoo.Client) error { _, _, err := c.Recordings(ctx); return err },
			"GET /api/v1/recordings", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []asked
			client := newClient(t, vidaoo.Config{Settings: test.settings, Transport: transport(func(r *http.Request) (*http.Response, error) {
				body, err := io.ReadAll(r.Body)
				got = append(got, asked{r.Method + " " + r.URL.RequestURI(), r.Header.Get("Content-Type"), string(body), r.Header})
				if err != nil || r.URL.Host != "api-vidaoo.xcally.com" || r.URL.Scheme != "https" {
					t.Errorf("asked %s, %v", r.URL, err)
				}
				return answering(200, `{"id":1,"data":[]}`)(r)
			})})
			if err := test.do(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 || got[0].line != test.line || got[0].contentType != test.kind || got[0].body != test.body {
				t.Fatalf("sent %q", got)
			}
			if key := got[0].header["X-Apikey"]; len(key) != 1 || key[0] != testKey {
				t.Errorf("the key's header is %q", key)
			}
		})
	}
}

func TestMeetingReply(t *testing.T) {
	tests := []struct {
		name                   string
		reply                  string
		settings               vidaoo.Settings
		id, session, link, top string
		says                   string // of what is missing
	}{
		{"id and link", `{"id":17,"link":"https://vidaoo.example/s1","topic":"web","more":{"a":1}}`, nil, "17", "17", testLink, "web", ""},
		{"other names", `{"session_id":"s1","url":"https://vidaoo.example/s1"}`, nil, "s1", "s1", testLink, "", ""},
		{"an envelope", `{"data":{"id":"x","link":"https://vidaoo.example/s1","topic":"t"}}`, nil, "x", "x", testLink, "t", ""},
		{"both ids", `{"id":"x","session_id":"s1","link":"https://vidaoo.example/s1"}`, nil, "x", "s1", testLink, "", ""},
		{"names that are set", `{"id":"x","meeting":{"key":"s1","href":"https://vidaoo.example/s1"}}`,
			vidaoo.Settings{"meeting-id": "meeting.key", "meeting-link": "a.b,meeting.href"}, "s1", "x", testLink, "", ""},
		{"no id", `{"uid":"x","link":"https://vidaoo.example/s1"}`, nil, "", "", testLink, "",
			"has no meeting id that can be used (looked at id, _id, session_id, sessionId, meetingId, meeting_id, data.id, meeting.id); the reply has link, uid: name the right one with --set meeting-id=KEY"},
		{"no link", `{"id":"x","href":"https://vidaoo.example/s1"}`, nil, "x", "x", "", "", "the reply has href, id: name the right one with --set meeting-link=KEY"},
		{"a link that may not be opened", `{"id":"s1","link":"javascript:alert(1)"}`, nil, "s1", "s1", "", "", "the link does not begin with https://"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := newClient(t, vidaoo.Config{Settings: test.settings, Transport: answering(201, test.reply)}).CreateMeeting(t.Context(), vidaoo.NewMeeting{Topic: "web"})
			if err != nil || m.ID != test.id || m.Session != test.session || m.Link != test.link || m.Topic != test.top || string(m.Raw) != test.reply {
				t.Errorf("got %+v, %v", m, err)
			}
			said := ""
			for _, missing := range m.Missing {
				said += missing.Error() + "\n"
			}
			if !strings.Contains(said, test.says) || test.says == "" && said != "" || strings.Contains(said, "vidaoo.example") {
				t.Errorf("missing: %s", said)
			}
		})
	}
}

// TestRefusals: a reply without success is a sentence with its status and what to do, and nothing but
// what is safe is asked twice.
func TestRefusals(t *testing.T) {
	tests := []struct {
		name     string
		answer   transport
		status   int
		requests int // of a meeting that is created
		says     string
	}{
		{"wrong key", answering(401, `{"message":"key test-key is \u202ewrong"}`), 401, 1, `meeting-create: Vidaoo answered 401 (Unauthorized), saying "key (key) is wrong": the API key is wrong or was revoked`},
		{"may not", answering(403, ``), 403, 1, "give its role the right to manage meetings"},
		{"no such path", answering(404, `<html>`), 404, 1, "this Vidaoo has no POST /meetings; check base-url, or say where it is with --set 'meeting-create=METHOD /path'"},
		{"no such method", answering(405, ``), 405, 1, "--set 'meeting-create=METHOD /path'"},
		{"bad meeting", answering(422, `{"error":{"message":"no topic"}}`), 422, 1, `saying "no topic": check what was given; if that is right, this Vidaoo may want another encoding: --set 'meeting-create=POST /meetings json'`},
		{"too many", answering(429, `{}`), 429, 3, "too many requests; wait a minute"},
		{"too many for long", answering(429, `{}`, "Retry-After", "90"), 429, 1, "try again in 1m30s"},
		{"broken", answering(502, ``), 502, 1, "the trouble is at Vidaoo; try again later"},
		{"unknown status", answering(599, ``), 599, 1, "Vidaoo answered 599: the trouble"},
		{"redirect", answering(307, ``, "Location", "https://evil.example/"), 307, 1, "set base-url"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				client := newClient(t, vidaoo.Config{Transport: transport(func(r *http.Request) (*http.Response, error) {
					requests++
					return test.answer(r)
				})})
				_, err := client.CreateMeeting(t.Context(), vidaoo.NewMeeting{Topic: "web"})
				var status *vidaoo.StatusError
				if !errors.As(err, &status) || status.Status != test.status || !strings.Contains(err.Error(), test.says) {
					t.Fatalf("the error is %v, want %d %q", err, test.status, test.says)
				}
				if strings.Contains(err.Error(), testKey) {
					t.Errorf("the error %q holds the key", err)
				}
				if requests != test.requests {
					t.Errorf("%d requests were sent, want %d", requests, test.requests)
				}
			})
		})
	}
}

// TestRepeats: what is repeatable is asked again with growing pauses, or after the one that Vidaoo
// asks for.
func TestRepeats(t *testing.T) {
	get := func(ctx context.Context, c *vidaoo.Client) error { _, err := c.Meeting(ctx, "m1"); return err }
	drop := func(ctx context.Context, c *vidaoo.Client) error { _, err := c.DeleteMeeting(ctx, "m1"); return err }
	post := func(ctx context.Context, c *vidaoo.Client) error {
		_, err := c.CreateMeeting(ctx, vidaoo.NewMeeting{})
		return err
	}
	cut := func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }
	good := answering(200, `{"id":"m1"}`)
	gone := answering(404, `{"message":"no such meeting"}`)
	date := answering(503, ``, "Retry-After", time.Date(2000, 1, 1, 0, 0, 20, 0, time.UTC).Format(http.TimeFormat)) // synctest begins in 2000
	tests := []struct {
		name     string
		do       func(context.Context, *vidaoo.Client) error
		answers  []transport
		requests int
		least    time.Duration
		most     time.Duration
		says     string // "" for success
	}{
		{"at once", get, []transport{good}, 1, 0, 0, ""},
		{"broken, then good", get, []transport{answering(500, ``), good}, 2, 250 * time.Millisecond, 500 * time.Millisecond, ""},
		{"cut twice, then good", get, []transport{cut, cut, good}, 3, 750 * time.Millisecond, 1500 * time.Millisecond, ""},
		{"broken for ever", get, []transport{answering(500, ``)}, 3, 750 * time.Millisecond, 1500 * time.Millisecond, "answered 500"},
		{"a date to wait for", get, []transport{date, good}, 2, 19 * time.Second, 21 * time.Second, ""},
		{"busy, and not taken on", post, []transport{answering(429, ``, "Retry-After", "7"), good}, 2, 7 * time.Second, 7 * time.Second, ""},
		{"a meeting is not made twice", post, []transport{cut, good}, 1, 0, 0, "cut the connection before its answer was whole: try again; whether it was done is not known"},
		{"deleted by an attempt whose answer was lost", drop, []transport{cut, gone}, 2, 250 * time.Millisecond, 500 * time.Millisecond, ""},
		{"gone", drop, []transport{gone}, 1, 0, 0, "there is no such meeting, or not any more"},
		{"gone while it was busy", drop, []transport{answering(429, ``), gone}, 2, 250 * time.Millisecond, 500 * time.Millisecond, "there is no such meeting"},
		{"not implemented", get, []transport{answering(501, ``)}, 1, 0, 0, "this Vidaoo has no GET /meetings/{id}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				client := newClient(t, vidaoo.Config{Transport: transport(func(r *http.Request) (*http.Response, error) {
					answer := test.answers[min(requests, len(test.answers)-1)]
					requests++
					return answer(r)
				})})
				start := time.Now()
				err := test.do(t.Context(), client)
				took := time.Since(start)
				if requests != test.requests || took < test.least || took > test.most {
					t.Errorf("%d requests in %v, want %d in %v to %v", requests, took, test.requests, test.least, test.most)
				}
				if (test.says == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), test.says) {
					t.Errorf("the error is %v, want %q", err, test.says)
				}
			})
		})
	}
}

func TestDeadlines(t *testing.T) {
	hang := transport(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, vidaoo.Config{Settings: vidaoo.Settings{"timeout": "3s"}, Transport: hang})
		start := time.Now()
		_, err := client.CreateMeeting(t.Context(), vidaoo.NewMeeting{Topic: "web"})
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "did not answer in time") {
			t.Errorf("the error is %v", err)
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("it took %v, want 3 s", took)
		}
	})
	synctest.Test(t, func(t *testing.T) { // the caller's own deadline ends the pauses too
		client := newClient(t, vidaoo.Config{Transport: answering(503, ``, "Retry-After", "20")})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		if _, err := client.Meeting(ctx, "m1"); err == nil || !strings.Contains(err.Error(), "503") || time.Since(start) != 0 {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

// TestFaults asks a real server that does wrong.
func TestFaults(t *testing.T) {
	quick := vidaoo.Config{Settings: vidaoo.Settings{"timeout": "3s", "attempts": "1"}}
	tests := []struct {
		fault vidaootest.FaultKind
		says  string
	}{
		{vidaootest.Slow, "did not answer in time: try again, and check the way to it if it stays so; whether it was done is not known"},
		{vidaootest.Broken, `answered 500 (Internal Server Error), saying "something is broken"`},
		{vidaootest.Busy, "too many requests; try again in 1s"},
		{vidaootest.Cut, "cut the connection before its answer was whole"},
		{vidaootest.Short, "cut the connection before its answer was whole"},
		{vidaootest.Garbled, "can't be read: it is not JSON, it ends too early"},
		{vidaootest.Page, "can't be read: it is a web page, and not JSON; check base-url"},
		{vidaootest.Renamed, "the reply has v2GuestRedirectionUrl, v2Id, v2Link, v2Metadata, v2Topic: name the right one with --set meeting-id=KEY"},
		{vidaootest.Forbidden, "give its role the right to manage meetings"},
		{vidaootest.Absent, "this Vidaoo has no POST /meetings"},
	}
	for _, test := range tests {
		t.Run(string(test.fault), func(t *testing.T) {
			t.Parallel()
			s, client := fake(t, vidaootest.Options{}, quick)
			s.SetFaults(vidaootest.Fault{Kind: test.fault})
			m, err := client.CreateMeeting(t.Context(), vidaoo.NewMeeting{Topic: "web", Metadata: map[string]any{}})
			if err == nil {
				err = m.Lacks(vidaoo.SettingMeetingID)
			}
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error is %v, want %q", err, test.says)
			}
		})
	}
}

// TestWholeWay uses the real client with the fake, both on a network.
func TestWholeWay(t *testing.T) {
	_, client := fake(t, vidaootest.Options{}, vidaoo.Config{})
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := client.Verify(ctx)
	must(err)
	m, err := client.CreateMeeting(ctx, vidaoo.NewMeeting{Topic: "web"})
	must(err)
	all, raw, err := client.Meetings(ctx)
	must(err)
	if len(all) != 1 || all[0].ID != m.ID || !json.Valid(raw) {
		t.Errorf("the list is %s", raw)
	}
	a, err := client.CreateAutomation(ctx, client.NewAutomation("web", "https://hub.example/receive/web/x"))
	must(err)
	_, err = client.UpdateAutomation(ctx, a.ID, vidaoo.Automation{URL: "https://hub.example/other"})
	must(err)
	got, err := client.Automation(ctx, a.ID)
	must(err)
	if got.URL != "https://hub.example/other" || got.Body != vidaoo.AutomationBody || got.Name != "Deskbell web" || got.Trigger != "Meeting Created" {
		t.Errorf("the automation is %+v", got)
	}
	r, err := client.StartRecording(ctx, m.Session)
	must(err)
	_, err = client.StopRecording(ctx, r.ID)
	must(err)
	recordings, _, err := client.Recordings(ctx)
	must(err)
	if len(recordings) != 1 || recordings[0].ID != r.ID || recordings[0].Session != m.Session {
		t.Errorf("the recordings are %+v", recordings)
	}
	_, err = client.DeleteMeeting(ctx, m.ID)
	must(err)
	var status *vidaoo.StatusError
	if _, err = client.Meeting(ctx, m.ID); !errors.As(err, &status) || !status.Gone() {
		t.Errorf("a deleted meeting gives %v", err)
	}
}

func TestLogin(t *testing.T) {
	options := vidaootest.Options{Email: "click@to.call", Password: "horse staple"}
	config := vidaoo.Config{Settings: vidaoo.Settings{"auth": "login", "email": "click@to.call"}, Password: "horse staple"}
	s, client := fake(t, options, config)
	for range 2 {
		if _, err := client.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.SignOut() // as when the token expires: the client signs in again
	}
	config.Password = "horse"
	_, client = fake(t, options, config)
	if _, err := client.Verify(t.Context()); err == nil || !strings.Contains(err.Error(), "check the e-mail address and the password") {
		t.Errorf("a wrong password gives %v", err)
	}
	s, client = fake(t, options, vidaoo.Config{Settings: config.Settings, Password: "horse staple"})
	s.SetFaults(vidaootest.Fault{Kind: vidaootest.Renamed, On: "login"})
	if _, err := client.Verify(t.Context()); err == nil || !strings.Contains(err.Error(), "the reply has v2Access_token: name the right one with --set access-token=KEY") {
		t.Errorf("another name for the token gives %v", err)
	}
}

func TestCAFile(t *testing.T) {
	s := vidaootest.New(vidaootest.Options{})
	defer s.Close()
	site := httptest.NewUnstartedServer(s.Handler())
	site.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	site.StartTLS()
	defer site.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: site.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	settings := vidaoo.Settings{"base-url": site.URL + "/api/v1"}
	if _, err := newClient(t, vidaoo.Config{Settings: settings}).Verify(t.Context()); err == nil || !strings.Contains(err.Error(), "of an authority that this machine does not know: if it is your organisation's own, name its certificate with --ca-file") {
		t.Errorf("without the file: %v", err)
	}
	settings["ca-file"] = file
	if _, err := newClient(t, vidaoo.Config{Settings: settings}).Verify(t.Context()); err != nil {
		t.Errorf("with the file: %v", err)
	}
	settings["base-url"] = strings.Replace(site.URL, "127.0.0.1", "localhost", 1)
	if _, err := newClient(t, vidaoo.Config{Settings: settings}).Verify(t.Context()); err == nil || !strings.Contains(err.Error(), "is for another name") {
		t.Errorf("with another name: %v", err)
	}
	settings["base-url"] = "https" + strings.TrimPrefix(httptestPlain(t), "http")
	if _, err := newClient(t, vidaoo.Config{Settings: settings}).Verify(t.Context()); err == nil || !strings.Contains(err.Error(), "does not speak https") {
		t.Errorf("without https: %v", err)
	}
}

func httptestPlain(t *testing.T) string {
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	return plain.URL
}

func TestUnreachable(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	client := newClient(t, vidaoo.Config{Settings: vidaoo.Settings{"base-url": gone.URL, "attempts": "2"}})
	var network *vidaoo.NetworkError
	if _, err := client.CreateMeeting(t.Context(), vidaoo.NewMeeting{}); !errors.As(err, &network) || network.Sent || !strings.HasSuffix(err.Error(), "check base-url") {
		t.Errorf("the error is %v", err)
	}
}

func TestLargeReplies(t *testing.T) {
	client := newClient(t, vidaoo.Config{Transport: answering(200, `{"a":"`+strings.Repeat("a", 5<<20)+`"}`)})
	if _, err := client.Meeting(t.Context(), "m1"); err == nil || !strings.Contains(err.Error(), "longer than 4 MiB") {
		t.Errorf("the error is %v", err)
	}
	client = newClient(t, vidaoo.Config{Transport: answering(200, `{"list":{}}`)})
	if _, raw, err := client.Meetings(t.Context()); err == nil || string(raw) != `{"list":{}}` || !strings.Contains(err.Error(), "the reply has list: name the right one with --set list=KEY") {
		t.Errorf("a list elsewhere gives %s, %v", raw, err)
	}
}

func TestMetadataThatIsNone(t *testing.T) {
	client := newClient(t, vidaoo.Config{Transport: answering(200, `{}`)})
	_, err := client.CreateMeeting(t.Context(), vidaoo.NewMeeting{Metadata: map[string]any{"f": func() {}}})
	if err == nil || !strings.Contains(err.Error(), "metadata can't be written as JSON") {
		t.Errorf("the error is %v", err)
	}
}

func TestNewClient(t *testing.T) {
	tests := []struct {
		name   string
		config vidaoo.Config
		says   string // "" for no error
	}{
		{"defaults", vidaoo.Config{Key: "key-7f3a"}, ""},
		{"loopback", vidaoo.Config{Key: "key-7f3a", Settings: vidaoo.Settings{"base-url": "http://127.0.0.1:8080/api/v1/"}}, ""},
		{"not secure", vidaoo.Config{Key: "key-7f3a", Settings: vidaoo.Settings{"base-url": "http://api.example/"}}, "the setting base-url can't be"},
		{"a query", vidaoo.Config{Key: "key-7f3a", Settings: vidaoo.Settings{"base-url": "https://api.example/?a"}}, "has a ?"},
		{"no such setting", vidaoo.Config{Key: "key-7f3a", Settings: vidaoo.Settings{"skip-tls": "yes"}}, "there is no setting"},
		{"no key", vidaoo.Config{}, "API key of Vidaoo is shorter"},
		{"two lines for a key", vidaoo.Config{Key: "key-7f3a\nX-Other: 1"}, "API key of Vidaoo"},
		{"login without a password", vidaoo.Config{Key: "key-7f3a", Settings: vidaoo.Settings{"auth": "login", "email": "a@b.example"}}, "auth=login needs"},
		{"no such file", vidaoo.Config{Key: "key-7f3a", Settings: vidaoo.Settings{"ca-file": "/nowhere"}}, "read the certificates of ca-file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := vidaoo.NewClient(test.config)
			if (test.says == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error is %v, want %q", err, test.says)
			}
		})
	}
}
