package vidaootest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

// receiver is the other end of the webhooks, without a network: each gets the next status, the last
// one again and again.
type receiver struct {
	mu       sync.Mutex
	statuses []int
	requests []*http.Request
	bodies   []string
}

func (r *receiver) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, request)
	r.bodies = append(r.bodies, string(body))
	status := http.StatusOK
	if len(r.statuses) > 0 {
		status = r.statuses[0]
		r.statuses = r.statuses[min(1, len(r.statuses)-1):]
	}
	if status == 0 {
		return nil, errors.New("connection refused")
	}
	w := httptest.NewRecorder()
	w.WriteHeader(status)
	io.WriteString(w, "answer")
	return w.Result(), nil
}

const receiveURL = "https://hub.example/receive/web/secret"

func create(tb testing.TB, s *vidaootest.Server, form url.Values) object {
	tb.Helper()
	return decode(tb, ask(s, "POST", "/api/v1/meetings", form), http.StatusCreated)
}

func wait(tb testing.TB, s *vidaootest.Server, n int) []vidaootest.Delivery {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	deliveries, err := s.Wait(ctx, n)
	if err != nil {
		tb.Fatal(err)
	}
	return deliveries
}

func TestTemplates(t *testing.T) {
	form := url.Values{
		"topic": {"say \"hi\"\n<$data.id$>"}, "metadata": {`{"language":"it","n":12345678901234567890,"in":{"a":[1]},"dot.key":true}`},
	}
	tests := []struct {
		name     string
		body     string
		unfilled vidaootest.Unfilled
		want     string
	}{
		{"no template", `{"a":"b"}`, 0, `{"a":"b"}`},
		{"text", `{"a":"<$data.metadata.language$>"}`, 0, `{"a":"it"}`},
		{"text among text", `{"a":"in <$ data.metadata.language $>!"}`, 0, `{"a":"in it!"}`},
		{"text that must be escaped", `{"a":"<$data.topic$>"}`, 0, `{"a":"say \"hi\"\n\u003c$data.id$\u003e"}`},
		{"number in quotes", `{"a":"<$data.metadata.n$>"}`, 0, `{"a":"12345678901234567890"}`},
		{"object in quotes", `{"a":"<$data.metadata.in$>"}`, 0, `{"a":"{\"a\":[1]}"}`},
		{"null in quotes", `{"a":"<$data.guestRedirectionUrl$>"}`, 0, `{"a":""}`},
		{"text outside quotes", `{"a":<$data.metadata.language$>}`, 0, `{"a":"it"}`},
		{"object outside quotes", `{"a":<$data.metadata.in$>}`, 0, `{"a":{"a":[1]}}`},
		{"null outside quotes", `{"a":<$data.guestRedirectionUrl$>}`, 0, `{"a":null}`},
		{"key with a dot", `{"a":<$data.metadata.dot.key$>}`, 0, `{"a":true}`},
		{"after an escaped quote", `{"a":"\"<$data.metadata.language$>\\"}`, 0, `{"a":"\"it\\"}`},
		{"left", `{"a":"<$data.metadata.x$>"}`, vidaootest.UnfilledKept, `{"a":"<$data.metadata.x$>"}`},
		{"left empty", `{"a":"-<$data.metadata.x$>-"}`, vidaootest.UnfilledEmpty, `{"a":"--"}`},
		{"left empty outside quotes", `{"a":<$data.x.y$>}`, vidaootest.UnfilledEmpty, `{"a":null}`},
		{"not closed", `{"a":"<$data.id"}`, vidaootest.UnfilledEmpty, `{"a":"<$data.id"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, vidaootest.Options{
				Transport: &receiver{}, Unfilled: test.unfilled,
				Automations: []vidaootest.Automation{{Trigger: vidaootest.MeetingCreated, URL: receiveURL, Body: test.body}},
			})
			create(t, s, form)
			if got := wait(t, s, 1)[0].Sent; got != test.want {
				t.Errorf("the webhook was\n     %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestWebhook(t *testing.T) {
	var hub receiver
	s := open(t, vidaootest.Options{Transport: &hub, PublicURL: "https://vidaoo.example"})
	id := s.AddAutomation(vidaootest.Automation{
		Trigger: vidaootest.MeetingCreated, URL: receiveURL, Body: vidaoo.AutomationBody,
	})
	created := create(t, s, url.Values{"topic": {"web"}, "metadata": {`{"name":"Anna","language":"it"}`}})

	got := wait(t, s, 1)[0]
	want := vidaootest.Delivery{Automation: id, Trigger: vidaootest.MeetingCreated, Meeting: created["id"].(string),
		Attempt: 1, Sent: got.Sent, Status: http.StatusOK, Reply: "answer"}
	if got != want {
		t.Errorf("the delivery is\n     %+v\nwant %+v", got, want)
	}
	request := hub.requests[0]
	if where := request.Method + " " + request.URL.String(); where != "POST "+receiveURL {
		t.Errorf("the webhook went to %s", where)
	}
	if kind := request.Header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("the webhook is %s", kind)
	}

	payload, err := vidaoo.Parse("application/json", []byte(hub.bodies[0]))
	if err != nil {
		t.Fatal(err)
	}
	session, err := vidaoo.DefaultMapping().Map(payload)
	if err != nil {
		t.Fatal(err)
	}
	if session.Link != created["link"] || session.ID != created["id"] || session.Topic != "web" ||
		session.Customer.Name != "Anna" || session.Metadata["language"] != "it" {
		t.Errorf("Deskbell reads %+v", session)
	}
	if len(session.Warnings) != 3 {
		t.Errorf("Deskbell warns %q, want one each for email, phone and page", session.Warnings)
	}
}

func TestUpdateAutomation(t *testing.T) {
	var hub receiver
	s := open(t, vidaootest.Options{Transport: &hub, Automations: []vidaootest.Automation{
		{Trigger: vidaootest.MeetingCreated, URL: "https://old.example/", Body: `{"a":1}`},
	}})
	updated := decode(t, ask(s, "PUT", "/api/v1/automations/1", url.Values{"url": {receiveURL}}), http.StatusOK)
	if updated["url"] != receiveURL || updated["body"] != `{"a":1}` || updated["trigger"] != "Meeting Created" {
		t.Errorf("updated %v", updated)
	}
	create(t, s, url.Values{"topic": {"web"}})
	wait(t, s, 1)
	if got := hub.requests[0].URL.String(); got != receiveURL {
		t.Errorf("the webhook went to %s", got)
	}

	decode(t, ask(s, "PUT", "/api/v1/automations/1", url.Values{
		"trigger": {"First Participant Joined"}, "body": {`{"b":2}`},
	}), http.StatusOK)
	create(t, s, url.Values{"topic": {"web"}})
	s.Close()
	if n := len(s.Deliveries()); n != 1 {
		t.Errorf("%d webhooks were sent, want none after the trigger was changed", n)
	}
}

func TestUpdateAutomationRefuses(t *testing.T) {
	s := open(t, vidaootest.Options{Automations: make([]vidaootest.Automation, 1)})
	for _, test := range []struct {
		id     string
		form   url.Values
		status int
	}{
		{"0", url.Values{"url": {receiveURL}}, http.StatusNotFound},
		{"2", url.Values{"url": {receiveURL}}, http.StatusNotFound},
		{"x", url.Values{"url": {receiveURL}}, http.StatusNotFound},
		{"1", url.Values{"trigger": {"Never"}}, http.StatusBadRequest},
		{"1", nil, http.StatusBadRequest},
	} {
		decode(t, ask(s, "PUT", "/api/v1/automations/"+test.id, test.form), test.status)
	}
}

func TestFirstParticipantJoined(t *testing.T) {
	s := open(t, vidaootest.Options{Transport: &receiver{}, PublicURL: "https://vidaoo.example",
		Automations: []vidaootest.Automation{{
			Trigger: vidaootest.FirstParticipantJoined, URL: receiveURL + "?event=joined", Body: `{"session_id":"<$data.id$>"}`,
		}}})
	created := create(t, s, url.Values{"topic": {"web"}})
	room := strings.TrimPrefix(created["link"].(string), "https://vidaoo.example")
	ask(s, "HEAD", room, nil)
	if n := len(s.Deliveries()); n != 0 {
		t.Fatalf("%d webhooks were sent before anybody came", n)
	}
	ask(s, "GET", room, nil)
	ask(s, "GET", room, nil)
	wait(t, s, 1)
	s.Close()
	got := s.Deliveries()
	if len(got) != 1 || got[0].Sent != `{"session_id":"`+created["id"].(string)+`"}` || got[0].Trigger != vidaootest.FirstParticipantJoined {
		t.Errorf("the webhooks are %+v, want one", got)
	}
}

func TestRetries(t *testing.T) {
	tests := []struct {
		name     string
		statuses []int
		retries  int
		want     []int
	}{
		{"answered", []int{200}, 2, []int{200}},
		{"no retries", []int{503}, 0, []int{503}},
		{"answered later", []int{503, 0, 200}, 5, []int{503, 0, 200}},
		{"too many", []int{429, 200}, 5, []int{429, 200}},
		{"never answered", []int{500}, 2, []int{500, 500, 500}},
		{"refused", []int{422}, 2, []int{422}},
		{"redirected", []int{302}, 2, []int{302}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := vidaootest.New(vidaootest.Options{
					Transport: &receiver{statuses: test.statuses}, Retries: test.retries, RetryDelay: time.Minute,
					Automations: []vidaootest.Automation{{Trigger: vidaootest.MeetingCreated, URL: receiveURL, Body: "{}"}},
				})
				defer s.Close()
				start := time.Now()
				create(t, s, url.Values{"topic": {"web"}})
				deliveries, err := s.Wait(t.Context(), len(test.want))
				if err != nil {
					t.Fatal(err)
				}
				took := time.Since(start)
				<-time.After(time.Hour) // of the bubble: whatever else would be sent has been
				for i, d := range s.Deliveries() {
					if i >= len(test.want) || d.Status != test.want[i] || d.Attempt != i+1 || (d.Err != nil) != (d.Status == 0) {
						t.Errorf("attempt %d is %+v, want %v", i+1, d, test.want)
					}
				}
				if want := time.Duration(len(deliveries)-1) * time.Minute; took != want {
					t.Errorf("it took %v, want %v", took, want)
				}
			})
		})
	}
}

// silent never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestDeliveryDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := vidaootest.New(vidaootest.Options{Transport: silent{}, Timeout: 3 * time.Second, Automations: []vidaootest.Automation{
			{Trigger: vidaootest.MeetingCreated, URL: receiveURL, Body: "{}"},
		}})
		defer s.Close()
		start := time.Now()
		create(t, s, url.Values{"topic": {"web"}})
		if took := time.Since(start); took != 0 {
			t.Errorf("the reply took %v: it must not wait for the webhook", took)
		}
		deliveries, err := s.Wait(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 3*time.Second || !errors.Is(deliveries[0].Err, context.DeadlineExceeded) {
			t.Errorf("after %v the delivery is %+v", took, deliveries[0])
		}
	})
}

// TestSendingIsBounded: the 65th webhook waits for one of the others, and is recorded when its
// meeting's request ends first.
func TestSendingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := vidaootest.New(vidaootest.Options{Transport: silent{}, Timeout: time.Minute, Automations: []vidaootest.Automation{
			{Trigger: vidaootest.MeetingCreated, URL: receiveURL, Body: "{}"},
		}})
		defer s.Close()
		for range 64 {
			create(t, s, url.Values{"topic": {"web"}})
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r := httptest.NewRequestWithContext(ctx, "POST", "/api/v1/meetings", strings.NewReader("topic=web"))
		r.Header.Set("X-APIKEY", "test-key")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		s.Handler().ServeHTTP(httptest.NewRecorder(), r)
		deliveries := s.Deliveries()
		if len(deliveries) != 1 || deliveries[0].Attempt != 0 || !errors.Is(deliveries[0].Err, context.DeadlineExceeded) {
			t.Errorf("the deliveries are %+v, want one that was not sent", deliveries)
		}
	})
}

func TestWaitEnds(t *testing.T) {
	s := open(t, vidaootest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Wait(ctx, 2)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "0 of 2 webhooks") {
		t.Errorf("the error is %v", err)
	}
}

func TestCloseEndsDeliveries(t *testing.T) {
	s := vidaootest.New(vidaootest.Options{Transport: silent{}, Timeout: time.Hour, Retries: 3, Automations: []vidaootest.Automation{
		{Trigger: vidaootest.MeetingCreated, URL: receiveURL, Body: "{}"},
	}})
	create(t, s, url.Values{"topic": {"web"}})
	s.Close()
	s.Close()
	create(t, s, url.Values{"topic": {"web"}})
	for _, d := range s.Deliveries() {
		if !errors.Is(d.Err, context.Canceled) {
			t.Errorf("the delivery is %+v", d)
		}
	}
}

func TestDeliveryToNowhere(t *testing.T) {
	s := open(t, vidaootest.Options{Automations: []vidaootest.Automation{
		{Trigger: vidaootest.MeetingCreated, URL: ":", Body: "{}"},
	}})
	create(t, s, url.Values{"topic": {"web"}})
	if d := wait(t, s, 1)[0]; d.Err == nil || !strings.Contains(d.Err.Error(), "the automation's URL") {
		t.Errorf("the delivery is %+v", d)
	}
}
