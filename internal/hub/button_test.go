package hub_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
	"github.com/deskbell/deskbell/internal/wire"
)

const shop = "https://shop.example"

// counter is a shop with a button: a fake Vidaoo whose automation tells the hub,
// and an agent at whose desk it rings.
type counter struct {
	*hubtest.Server
	t       *testing.T
	c       hub.Config
	fake    *vidaootest.Server
	anna    *hubtest.App
	sara    *hubtest.App
	api     string
	receive string
	from    string // the customer's address
	keys    int
}

// twiceNamed is a Vidaoo whose sessions have another name than their meetings.
type twiceNamed struct{ *vidaoo.Client }

func (v twiceNamed) CreateMeeting(ctx context.Context, n vidaoo.NewMeeting) (vidaoo.Meeting, error) {
	m, err := v.Client.CreateMeeting(ctx, n)
	m.Session = "session-of-" + m.ID
	return m, err
}

func mustCounter(t *testing.T, b hub.Button, o vidaootest.Options) *counter {
	t.Helper()
	c := &counter{t: t, fake: vidaootest.New(o), from: "192.0.2.1:1234", keys: 100}
	api := httptest.NewServer(c.fake.Handler())
	client, err := vidaoo.NewClient(vidaoo.Config{Key: "test-key", Settings: vidaoo.Settings{
		vidaoo.SettingBaseURL: api.URL + "/api/v1", vidaoo.SettingTimeout: "2s", vidaoo.SettingAttempts: "1",
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		c.fake.Close()
		api.Close()
	})
	c.c = hub.Config{Dir: t.TempDir(), Meetings: client}
	c.Server = hubtest.MustStartWith(t, c.c)
	c.receive = c.MustQueue(t, hub.Queue{Name: "web", Button: b})
	c.MustQueue(t, hub.Queue{Name: "quiet"})
	if _, err := client.CreateAutomation(t.Context(), client.NewAutomation("test", c.receive)); err != nil {
		t.Fatal(err)
	}
	c.anna, _ = c.MustDial(t, c.MustUser(t, "anna", call.RoleAgent, "web"))
	c.sara, _ = c.MustDial(t, c.MustUser(t, "sara", call.RoleSupervisor))
	c.api = c.URL + "/api/v1/button/web"
	return c
}

// restart ends the hub and starts it again on what it wrote. The automation
// tells the one that was.
func (c *counter) restart() {
	c.t.Helper()
	c.Stop(c.t)
	before := c.URL
	c.Server = hubtest.MustStartWith(c.t, c.c)
	c.api, c.receive = strings.Replace(c.api, before, c.URL, 1), strings.Replace(c.receive, before, c.URL, 1)
}

func on() hub.Button {
	return hub.Button{On: true, Sites: []string{shop}, Topic: "MY_WEBSITE", Return: shop + "/bye", Fields: []hub.ButtonField{
		{Name: "name", Required: true}, {Name: "email"}, {Name: "phone"}, {Name: "order", Label: "Order"}, {Name: "consent", Required: true},
	}}
}

func (c *counter) key() string {
	c.keys++
	return fmt.Sprintf("key-0123456789-%d", c.keys)
}

// send sends JSON as a page of an origin.
func (c *counter) send(method, url, origin string, body any) (status int, answer string) {
	c.t.Helper()
	data, ok := body.(string)
	if !ok {
		encoded, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		data = string(encoded)
	}
	r := httptest.NewRequestWithContext(c.t.Context(), method, url, strings.NewReader(data))
	r.RemoteAddr = c.from
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	w := httptest.NewRecorder()
	c.Hub.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (c *counter) form(key string) wire.Press {
	return wire.Press{Key: key, Language: "it", Page: shop + "/cart?secret=1", Values: map[string]string{
		"name": "Maria <script>alert(1)</script>", "email": "maria@example.com", "order": "42", "consent": "yes", "other": "not asked for",
	}}
}

func decoded[T any](t *testing.T, answer string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(answer), &v); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	return v
}

func (c *counter) press(key string) string {
	c.t.Helper()
	status, answer := c.send("POST", c.api+"/presses", shop, c.form(key))
	if status != http.StatusCreated {
		c.t.Fatalf("the press answered %d %s", status, answer)
	}
	return decoded[wire.Pressed](c.t, answer).Ticket
}

func (c *counter) ticket(ticket string) wire.Ticket {
	c.t.Helper()
	status, answer := c.send("GET", c.api+"/presses/"+ticket, "", "")
	if status != http.StatusOK {
		c.t.Fatalf("the ticket answered %d %s", status, answer)
	}
	return decoded[wire.Ticket](c.t, answer)
}

func (c *counter) deliveries(n int) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), hubtest.Patience)
	defer cancel()
	if _, err := c.fake.Wait(ctx, n); err != nil {
		c.t.Fatal(err)
	}
}

// TestPress: one press is one meeting and one call, with what the customer wrote,
// whatever the webhook does.
func TestPress(t *testing.T) {
	for name, tc := range map[string]struct {
		options vidaootest.Options
		faults  []vidaootest.Fault
		hooks   int
	}{
		"the webhook comes":        {hooks: 1},
		"the webhook never comes":  {faults: []vidaootest.Fault{{Kind: vidaootest.Silent}}},
		"ids are called otherwise": {options: vidaootest.Options{IDField: "meetingId"}, hooks: 1},
	} {
		t.Run(name, func(t *testing.T) {
			c := mustCounter(t, on(), tc.options)
			c.fake.SetFaults(tc.faults...)
			key := c.key()
			var same sync.WaitGroup
			tickets := make([]string, 3)
			for i := range tickets { // a double click, and one more
				same.Go(func() { tickets[i] = c.press(key) })
			}
			same.Wait()
			id, _, _ := strings.Cut(tickets[0], "-")
			offer := c.anna.Offered(id)
			c.deliveries(tc.hooks)
			if tickets[0] != tickets[1] || tickets[0] != tickets[2] {
				t.Errorf("one key got the tickets %q", tickets)
			}
			if calls := c.Hub.OpenCalls(); len(calls) != 1 {
				t.Fatalf("one press made %d calls", len(calls))
			}
			got := offer.Call
			if got.Topic != "MY_WEBSITE" || got.Customer.Name != "Maria <script>alert(1)</script>" || got.Metadata["order"] != "42" ||
				got.Metadata["page"] != shop+"/cart" || got.Metadata["language"] != "it" || got.Metadata["other"] != nil {
				t.Errorf("the agent sees %+v", got)
			}
			waiting := c.ticket(tickets[0])
			if waiting.Link == "" || waiting.Ahead != 0 {
				t.Errorf("the customer sees %+v", waiting)
			}
		})
	}
}

// TestPressAndRestart: also after a restart the webhook of a pressed call is its
// duplicate, by whichever name it calls the meeting.
func TestPressAndRestart(t *testing.T) {
	c := mustCounter(t, on(), vidaootest.Options{})
	c.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Silent}) // the test sends the webhooks
	c.c.Meetings = twiceNamed{c.c.Meetings.(*vidaoo.Client)}
	c.restart()
	ticket := c.press(c.key())
	id, _, _ := strings.Cut(ticket, "-")
	pressed := decoded[wire.Call](t, c.admin("/admin/calls/"+id))
	meeting := strings.TrimPrefix(pressed.Session, "session-of-")
	link := c.ticket(ticket).Link
	if meeting == pressed.Session || link == "" {
		t.Fatalf("the press made %+v", pressed)
	}
	for _, when := range []string{"at once", "after a restart"} {
		for name, body := range map[string]string{
			"session": fmt.Sprintf(`{"session_id":%q,"link":%q}`, pressed.Session, link),
			"meeting": fmt.Sprintf(`{"session_id":%q,"link":%q}`, meeting, link),
			"link":    fmt.Sprintf(`{"link":%q}`, link),
		} {
			status, answer := hubtest.Post(t, c.receive, "application/json", body)
			if got := decoded[wire.Received](t, answer); status != http.StatusOK || !got.Duplicate || got.Call.ID != id {
				t.Errorf("%s, by its %s: %d %s, want call %s", when, name, status, answer, id)
			}
		}
		c.restart()
	}
	if calls := c.Hub.OpenCalls(); len(calls) != 1 {
		t.Errorf("one press made %d calls", len(calls))
	}
}

// TestTicketIsTheHubs: a ticket is good also when its queue has another Receive
// URL, and after a restart; who has that URL can make none.
func TestTicketIsTheHubs(t *testing.T) {
	c := mustCounter(t, on(), vidaootest.Options{})
	ticket := c.press(c.key())
	id, _, _ := strings.Cut(ticket, "-")
	before, _ := c.Hub.Directory().Queue("web")
	after, err := c.Hub.Directory().RotateSecret(t.Context(), "web")
	if err != nil || after.Secret == before.Secret {
		t.Fatal(err)
	}
	for _, when := range []string{"the URL is another one", "the hub was started again"} {
		if got := c.ticket(ticket); got.Link == "" {
			t.Errorf("%s: the ticket is worth %+v", when, got)
		}
		for name, key := range map[string]string{"the old secret": before.Secret, "the secret": after.Secret, "nothing": ""} {
			for _, signed := range []string{"ticket\x00" + id, "ticket\x00web\x00" + id} {
				mac := hmac.New(sha256.New, []byte(key))
				mac.Write([]byte(signed))
				forged := id + "-" + hex.EncodeToString(mac.Sum(nil)[:16])
				if status, answer := c.send("GET", c.api+"/presses/"+forged, "", ""); status != http.StatusNotFound {
					t.Errorf("%s: a ticket made of %s is good: %d %s", when, name, status, answer)
				}
			}
		}
		c.restart()
	}
}

// TestTicketWhenTheLogIsSlow: a ticket whose call could not be read is not said to
// be none.
func TestTicketWhenTheLogIsSlow(t *testing.T) {
	c := mustCounter(t, on(), vidaootest.Options{})
	ticket := c.press(c.key())
	if status, answer := c.send("POST", c.api+"/presses/"+ticket+"/leave", shop, ""); status != http.StatusOK {
		t.Fatalf("%d %s", status, answer)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	c.Hub.Handler().ServeHTTP(w, httptest.NewRequestWithContext(over, "GET", c.api+"/presses/"+ticket, nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("the log does not answer in time: %d %s", w.Code, w.Body)
	}
	if got := c.ticket(ticket); got.State != call.Ended {
		t.Errorf("then it does: %+v", got)
	}
}

// TestPressRefused: what can't be taken is told, and makes no call.
func TestPressRefused(t *testing.T) {
	c := mustCounter(t, on(), vidaootest.Options{})
	changed := func(change func(*wire.Press)) wire.Press {
		p := c.form(c.key())
		change(&p)
		return p
	}
	for name, tc := range map[string]struct {
		path, origin string
		body         any
		want         int
		says         string
	}{
		"another site":       {"web/presses", "https://evil.example", c.form(c.key()), 403, "This site may not show the button"},
		"no site":            {"web/presses", "", c.form(c.key()), 403, "This site"},
		"a site of no name":  {"web/presses", "null", c.form(c.key()), 403, "This site"},
		"off":                {"quiet/presses", shop, c.form(c.key()), 404, "There is no button"},
		"no queue":           {"nowhere/presses", shop, c.form(c.key()), 404, "There is no button"},
		"no consent":         {"web/presses", shop, changed(func(p *wire.Press) { delete(p.Values, "consent") }), 422, `"fields":{"consent":"missing"}`},
		"no name":            {"web/presses", shop, changed(func(p *wire.Press) { p.Values["name"] = " \u200b " }), 422, `"fields":{"name":"missing"}`},
		"no e-mail address":  {"web/presses", shop, changed(func(p *wire.Press) { p.Values["email"] = "<img src=x>" }), 422, `"fields":{"email":"malformed"}`},
		"no phone number":    {"web/presses", shop, changed(func(p *wire.Press) { p.Values["phone"] = "javascript:1234" }), 422, `"fields":{"phone":"malformed"}`},
		"a program":          {"web/presses", shop, changed(func(p *wire.Press) { p.Website = "https://spam.example" }), 400, "by a program"},
		"no key":             {"web/presses", shop, changed(func(p *wire.Press) { p.Key = "x" }), 400, "key"},
		"no JSON":            {"web/presses", shop, "name=x", 400, ""},
		"too large":          {"web/presses", shop, `{"key":"` + strings.Repeat("x", 20<<10) + `"}`, 413, ""},
		"another's ticket":   {"web/presses/aaaaaaaaaaaaaaaa-00/leave", shop, "", 404, "ticket"},
		"a note of nobody":   {"web/notes", shop, wire.CallBack{Key: c.key(), Consent: true}, 422, `"fields":{"reach":"missing"}`},
		"a note of nowhere":  {"web/notes", shop, wire.CallBack{Key: c.key(), Reach: "me", Consent: true}, 422, `"reach":"malformed"`},
		"a note, no consent": {"web/notes", shop, wire.CallBack{Key: c.key(), Reach: "+39 055 1234"}, 422, `"consent":"missing"`},
	} {
		if status, answer := c.send("POST", c.URL+"/api/v1/button/"+tc.path, tc.origin, tc.body); status != tc.want || !strings.Contains(answer, tc.says) {
			t.Errorf("%s: %d %s, want %d with %s", name, status, answer, tc.want, tc.says)
		}
	}
	if calls := c.Hub.OpenCalls(); len(calls) != 0 {
		t.Errorf("refused presses made %d calls", len(calls))
	}
}

// TestPressWithoutVidaoo: what Vidaoo does wrong is told in a sentence without
// anything of it, the same page may try again, and a note can be left.
func TestPressWithoutVidaoo(t *testing.T) {
	c := mustCounter(t, on(), vidaootest.Options{})
	key := c.key()
	for _, kind := range []vidaootest.FaultKind{vidaootest.Broken, vidaootest.Slow, vidaootest.Cut, vidaootest.Garbled, vidaootest.Page,
		vidaootest.Renamed, vidaootest.Forbidden, vidaootest.Absent} {
		c.fake.SetFaults(vidaootest.Fault{Kind: kind, On: "meeting-create"}, vidaootest.Fault{Kind: vidaootest.Silent})
		status, answer := c.send("POST", c.api+"/presses", shop, c.form(key))
		if status != http.StatusServiceUnavailable || !strings.Contains(answer, "No video session could be made") || strings.Contains(answer, "test-key") {
			t.Errorf("%s: %d %s", kind, status, answer)
		}
	}
	c.from = "192.0.2.2:1234" // one address may press so often only
	note := wire.CallBack{Key: c.key(), Name: "Maria", Reach: "+39 055 1234", Note: "After six\r\n<b>please</b>", Consent: true}
	for range 2 { // told twice it is one
		if status, answer := c.send("POST", c.api+"/notes", shop, note); status != http.StatusCreated {
			t.Fatalf("the note answered %d %s", status, answer)
		}
	}
	alert := hubtest.Await(c.sara, func(a wire.Alerted) bool { return a.Alert.Kind == wire.AlertNote })
	status, answer := c.send("GET", c.URL+"/api/v1/admin/calls/"+alert.Alert.Call, "", "")
	if status != http.StatusUnauthorized {
		t.Errorf("anybody may read a note: %d %s", status, answer)
	}
	e := decoded[wire.Call](t, c.admin("/admin/calls/"+alert.Alert.Call))
	if e.State != call.Ended || e.Outcome != call.Missed || e.Customer.Phone != note.Reach || !strings.Contains(e.Note, "After six <b>please</b>") {
		t.Errorf("the note became %+v", e)
	}
	c.fake.SetFaults()
	c.press(key)
}

func (c *counter) admin(path string) string {
	w := httptest.NewRecorder()
	c.Hub.AdminHandler().ServeHTTP(w, httptest.NewRequestWithContext(c.t.Context(), "GET", path, nil))
	return w.Body.String()
}

// TestWaiting: the customer sees how many are ahead, that an agent came, and no
// link once it is over; a note of one who waited is on the call.
func TestWaiting(t *testing.T) {
	c := mustCounter(t, on(), vidaootest.Options{})
	first, second := c.press(c.key()), c.press(c.key())
	if got := c.ticket(second); got.Ahead != 1 {
		t.Errorf("the second sees %+v", got)
	}
	id, _, _ := strings.Cut(first, "-")
	c.anna.Offered(id)
	c.anna.MustAsk(wire.Request{Type: wire.ActAccept, Call: id})
	if got := c.ticket(first); got.State != call.Accepted || got.Link == "" {
		t.Errorf("accepted, the first sees %+v", got)
	}
	if status, answer := c.send("POST", c.api+"/notes", shop, wire.CallBack{Key: c.key(), Ticket: second, Reach: "maria@example.com", Consent: true}); status != http.StatusCreated {
		t.Fatalf("the note answered %d %s", status, answer)
	}
	if got := c.ticket(second); got.State != call.Ended || got.Outcome != call.Canceled || !got.Noted || got.Link != "" {
		t.Errorf("after the note, the second sees %+v", got)
	}
	third := c.press(c.key())
	for range 2 {
		if status, answer := c.send("POST", c.api+"/presses/"+third+"/leave", c.URL, ""); status != http.StatusOK {
			t.Errorf("leaving answered %d %s", status, answer)
		}
	}
	if got := c.ticket(third); got.State != call.Ended {
		t.Errorf("who left sees %+v", got)
	}
}

// TestPressTooOften: one address is slowed down, others are not, and a repeated
// key costs nothing.
func TestPressTooOften(t *testing.T) {
	c := mustCounter(t, on(), vidaootest.Options{})
	key := c.key()
	for range 15 {
		c.press(key)
	}
	status := 0
	for range 15 {
		if status, _ = c.send("POST", c.api+"/presses", shop, c.form(c.key())); status != http.StatusCreated {
			break
		}
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("fifteen presses end with %d", status)
	}
}

// TestClosed: outside the opening hours a press makes no meeting.
func TestClosed(t *testing.T) {
	c := mustCounter(t, on(), vidaootest.Options{})
	// One minute of a week, and not of these days in any time zone.
	hours := strings.ToLower(time.Now().AddDate(0, 0, 3).Weekday().String()[:3]) + " 00:00-00:01"
	if now := c.admin("/admin/queues/web"); now == "" {
		t.Fatal("no queue")
	}
	w := httptest.NewRecorder()
	c.Hub.AdminHandler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "PATCH", "/admin/queues/web", strings.NewReader(`{"hours":"`+hours+`"}`)))
	if w.Code != http.StatusOK {
		t.Fatal(w.Body)
	}
	status, answer := c.send("POST", c.api+"/presses", shop, c.form(c.key()))
	if got := decoded[wire.Pressed](t, answer); status != http.StatusCreated || !got.Closed || got.Ticket != "" {
		t.Errorf("closed, a press answers %d %s", status, answer)
	}
	if got := c.fake.Deliveries(); len(got) != 0 {
		t.Errorf("closed, a press made a meeting: %+v", got)
	}
}
