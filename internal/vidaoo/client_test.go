package vidaoo_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

const testKey = "key-7f3a"

// transport answers requests without a network.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// answering always gives the same reply.
func answering(status int, body string) transport {
	return func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
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
	return client
}

func TestCreateMeetingRequest(t *testing.T) {
	var request *http.Request
	var form string
	client := newClient(t, vidaoo.Config{Transport: transport(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		request, form = r, string(body)
		if err != nil {
			return nil, err
		}
		return answering(http.StatusCreated, `{}`)(r)
	})})
	_, err := client.CreateMeeting(t.Context(), vidaoo.Meeting{
		Topic: "MY & SITE", Metadata: map[string]any{"language": "it"}, GuestRedirectionURL: "https://shop.example/bye",
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := request.Method + " " + request.URL.String(); got != "POST https://api-vidaoo.xcally.com/api/v1/meetings" {
		t.Errorf("the request was %s", got)
	}
	for header, want := range map[string]string{
		"X-Apikey": testKey, "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
	} {
		if got := request.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	const want = "guestRedirectionUrl=https%3A%2F%2Fshop.example%2Fbye&metadata=%7B%22language%22%3A%22it%22%7D&topic=MY+%26+SITE"
	if form != want {
		t.Errorf("the form was %s\nwant %s", form, want)
	}
}

func TestCreateMeetingReply(t *testing.T) {
	tests := []struct {
		name   string
		reply  string
		config vidaoo.Config
		want   vidaoo.Created
	}{
		{"id and link", `{"id":17,"link":"https://vidaoo.example/s1"}`, vidaoo.Config{}, vidaoo.Created{ID: "17", Link: testLink}},
		{"other names", `{"session_id":"s1","url":"https://vidaoo.example/s1"}`, vidaoo.Config{}, vidaoo.Created{ID: "s1", Link: testLink}},
		{"names that are set", `{"id":"x","meeting":{"key":"s1","href":"https://vidaoo.example/s1"}}`,
			vidaoo.Config{IDPaths: []string{"meeting.key"}, LinkPaths: []string{"meeting.href"}},
			vidaoo.Created{ID: "s1", Link: testLink}},
		{"neither", `{"ok":true}`, vidaoo.Config{}, vidaoo.Created{}},
		{"link that may not be opened", `{"id":"s1","link":"javascript:alert(1)"}`, vidaoo.Config{}, vidaoo.Created{ID: "s1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.config.Transport = answering(http.StatusOK, test.reply)
			got, err := newClient(t, test.config).CreateMeeting(t.Context(), vidaoo.Meeting{Topic: "web"})
			if err != nil {
				t.Fatal(err)
			}
			test.want.Raw = json.RawMessage(test.reply)
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestCreateMeetingFails(t *testing.T) {
	tests := []struct {
		name   string
		answer transport
		status int // of a StatusError, else 0
		says   string
	}{
		{"wrong key", answering(401, `{"message":"key key-7f3a is \u202ewrong"}`), 401,
			`Vidaoo answered 401 (Unauthorized), saying "key (key) is wrong": generate a new API token`},
		{"may not", answering(403, ``), 403, "role may create meetings"},
		{"wrong path", answering(404, `<html>`), 404, "check the base address"},
		{"bad meeting", answering(422, `{"error":{"message":"no topic"}}`), 422, `saying "no topic": check the meeting's topic`},
		{"too many", answering(429, `{}`), 429, "wait a minute"},
		{"broken", answering(502, ``), 502, "try again later"},
		{"unknown status", answering(599, ``), 599, "Vidaoo answered 599: try"},
		{"redirect", func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			http.Redirect(w, r, "https://evil.example/", http.StatusTemporaryRedirect)
			return w.Result(), nil
		}, 307, "check the base address"},
		{"not JSON", answering(200, `<html>`), 0, "Vidaoo's reply is not JSON, invalid character '<'"},
		{"too long", answering(200, `{"a":"`+strings.Repeat("a", 64<<10)+`"}`), 0, "longer than 64 KiB"},
		{"no answer", func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }, 0,
			"no answer from api-vidaoo.xcally.com: check the base address and the network: connection refused"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			requests := 0
			client := newClient(t, vidaoo.Config{Transport: transport(func(r *http.Request) (*http.Response, error) {
				requests++
				return test.answer(r)
			})})
			got, err := client.CreateMeeting(t.Context(), vidaoo.Meeting{Topic: "web"})
			if err == nil {
				t.Fatalf("got %+v without an error", got)
			}
			var status *vidaoo.StatusError
			if errors.As(err, &status) != (test.status != 0) || status != nil && status.Status != test.status {
				t.Errorf("the error is %#v, want status %d", err, test.status)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error %q does not say %q", err, test.says)
			}
			if strings.Contains(err.Error(), testKey) {
				t.Errorf("the error %q holds the key", err)
			}
			if requests != 1 {
				t.Errorf("%d requests were sent, want 1", requests)
			}
		})
	}
}

func TestCreateMeetingDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, vidaoo.Config{Timeout: 3 * time.Second, Transport: transport(
			func(r *http.Request) (*http.Response, error) {
				<-r.Context().Done()
				return nil, r.Context().Err()
			})})
		start := time.Now()
		_, err := client.CreateMeeting(t.Context(), vidaoo.Meeting{Topic: "web"})
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "did not answer in time") {
			t.Errorf("the error is %v", err)
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("it took %v, want 3 s", took)
		}
	})
}

func TestCreateMeetingMetadata(t *testing.T) {
	client := newClient(t, vidaoo.Config{Transport: answering(200, `{}`)})
	_, err := client.CreateMeeting(t.Context(), vidaoo.Meeting{Metadata: map[string]any{"f": func() {}}})
	if err == nil || !strings.Contains(err.Error(), "metadata cannot be written") {
		t.Errorf("the error is %v", err)
	}
}

func TestNewClient(t *testing.T) {
	tests := []struct {
		name   string
		config vidaoo.Config
		says   string // "" for no error
	}{
		{"defaults", vidaoo.Config{Key: "k"}, ""},
		{"loopback", vidaoo.Config{Key: "k", BaseURL: "http://127.0.0.1:8080/api/v1/"}, ""},
		{"not secure", vidaoo.Config{Key: "k", BaseURL: "http://api.example/"}, "the base address of Vidaoo: "},
		{"no key", vidaoo.Config{}, "API key of Vidaoo is empty"},
		{"two lines for a key", vidaoo.Config{Key: "k\nX-Other: 1"}, "API key of Vidaoo is empty or has"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := vidaoo.NewClient(test.config)
			if test.says == "" && err != nil {
				t.Errorf("the error is %v", err)
			}
			if test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
				t.Errorf("the error is %v, want %q", err, test.says)
			}
		})
	}
}
