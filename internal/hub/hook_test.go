package hub_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/outbound"
	"github.com/deskbell/deskbell/internal/routing"
)

// hook makes a hook and returns it with its secret.
func (o *outside) hook(name string, p *place, more string) hub.AdminHook {
	o.t.Helper()
	var k hub.AdminHook
	o.ask("POST", "/hooks", fmt.Sprintf(`{"name":%q,"url":%q,"private":true%s}`, name, p.URL+"/services/s3cret", more), &k)
	return k
}

// verified reads what a hook got, if its signature is right.
func verified(t *testing.T, secret string, g got) (m hub.HookMessage) {
	t.Helper()
	seconds, err := strconv.ParseInt(g.header.Get("webhook-timestamp"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	want, err := outbound.Sign(secret, g.header.Get("webhook-id"), time.Unix(seconds, 0), []byte(g.body))
	if err != nil || g.header.Get("webhook-signature") != want.Get("webhook-signature") {
		t.Errorf("%v, %v", g.header, err)
	}
	if err := json.Unmarshal([]byte(g.body), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// impatient is a queue whose calls wait for a second and are missed after two.
func (o *outside) impatient(name string) (receive string) {
	return o.MustQueue(o.t, hub.Queue{Name: name, Options: routing.Options{Ring: time.Second, AlertAfter: time.Second, Patience: 2 * time.Second}})
}

const withCustomer = `{"session_id":"s1","link":"https://vidaoo.example/s1","name":"Carla Conti","email":"carla@example.com","phone":"+39 02 1"}`

// TestHook: a call that waits too long and is missed is told in this order,
// signed, and without the customer.
func TestHook(t *testing.T) {
	alarm, named, other := mustPlace(t, status(204)), mustPlace(t, status(200)), mustPlace(t, status(200))
	o := mustOutside(t, hub.Config{})
	receive := o.impatient("web")
	o.impatient("sales")
	k := o.hook("alarm", alarm, `,"queues":["web"]`)
	n := o.hook("named", named, `,"events":["missed"],"customer":true`)
	o.hook("other", other, `,"queues":["sales"]`)
	_, answer := hubtest.Post(t, receive, "application/json", withCustomer)

	all := alarm.awaits(t, 2)
	first, second := verified(t, k.Secret, all[0]), verified(t, k.Secret, all[1])
	if first.Type != "call.waiting" || second.Type != "call.missed" || second.Data.Queue != "web" || second.Data.Outcome != "missed" || second.Data.Reason != "patience" ||
		second.Data.Waited < 2 || !strings.Contains(answer, second.Data.Call) || second.Data.Ended.IsZero() {
		t.Errorf("%+v, %+v", first, second)
	}
	for _, g := range all {
		for _, word := range []string{"Carla", "carla@", "+39", "vidaoo.example", "s1"} {
			if strings.Contains(g.body, word) {
				t.Errorf("%s tells %q", g.body, word)
			}
		}
	}
	if m := verified(t, n.Secret, named.awaits(t, 1)[0]); m.Type != "call.missed" || m.Data.Customer != "Carla Conti" {
		t.Errorf("%+v", m)
	}
	var list []hub.AdminHook
	hubtest.Eventually(t, "the list tells", func() bool {
		o.ask("GET", "/hooks", "", &list)
		return len(list) == 3 && list[0].Delivered == 2
	})
	if list[0].Name != "alarm" || list[0].Secret != "" || strings.Contains(list[0].URL, "s3cret") || !slices.Equal(list[0].Events, []string{"missed", "waiting"}) {
		t.Errorf("%+v", list[0])
	}
	if len(other.got()) != 0 {
		t.Errorf("a hook of another queue got %+v", other.got())
	}
	_, raw := hubtest.Do(t, "GET", o.URL+"/api/v1/admin/audit", o.admin, "", "")
	if strings.Contains(raw, "s3cret") || strings.Contains(raw, k.Secret) || !strings.Contains(raw, `"hook.add"`) {
		t.Errorf("the audit log: %s", raw)
	}
}

// TestHookOfANote: hooks hear at once of a note that somebody left who could not
// call, and a restart tells it no second time.
func TestHookOfANote(t *testing.T) {
	alarm := mustPlace(t, status(204))
	o := mustOutside(t, hub.Config{})
	o.MustQueue(t, hub.Queue{Name: "web", Button: hub.Button{On: true}})
	k := o.hook("alarm", alarm, "")
	r := httptest.NewRequestWithContext(t.Context(), "POST", o.URL+"/api/v1/button/web/notes",
		strings.NewReader(`{"key":"key-0123456789-1","name":"Carla Conti","reach":"+39 055 1234","consent":true}`))
	r.Header.Set("Origin", o.URL)
	w := httptest.NewRecorder()
	o.Hub.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusCreated {
		t.Fatalf("the note answered %d %s", w.Code, w.Body)
	}
	m := verified(t, k.Secret, alarm.awaits(t, 1)[0])
	if m.Type != "call.missed" || m.Data.Queue != "web" || m.Data.Outcome != string(call.Missed) || m.Data.Reason != string(call.NoSession) {
		t.Errorf("%+v", m)
	}
	o.restart()
	o.settled(m.Data.Call, 1)
	if all := alarm.got(); len(all) != 1 {
		t.Errorf("it was told %d times", len(all))
	}
}

// TestHookRetries: one message keeps its id over all tries and a restart, and is
// signed anew; what comes after it waits.
func TestHookRetries(t *testing.T) {
	alarm := mustPlace(t, status(503))
	o := mustOutside(t, hub.Config{})
	receive := o.impatient("web")
	k := o.hook("alarm", alarm, "")
	id := hubtest.MustPost(t, receive, "s1")
	hubtest.Eventually(t, "both wait", func() bool {
		return len(o.deliveries(id)) == 2 && len(alarm.got()) > 0
	})
	o.restart()
	o.pass(time.Hour)
	seen := len(alarm.awaits(t, 2))
	alarm.answers(status(200))
	o.pass(time.Hour)
	if said := o.settled(id, 2); !strings.Contains(said, "waiting delivered") || !strings.Contains(said, "missed delivered") {
		t.Error(said)
	}
	all := alarm.got()
	for _, g := range all[:seen] {
		if m := verified(t, k.Secret, g); m.Type != "call.waiting" || g.header.Get("webhook-id") != "msg_"+id+"_waiting" {
			t.Errorf("%v: %+v", g.header, m)
		}
	}
	if first, last := all[0].header.Get("webhook-timestamp"), all[seen-1].header.Get("webhook-timestamp"); first == last {
		t.Error("signed once for all tries")
	}
	if last := verified(t, k.Secret, all[len(all)-1]); last.Type != "call.missed" {
		t.Errorf("%+v", last)
	}
	// A restart tells nothing twice, and a new hook nothing old.
	n := len(all)
	later := mustPlace(t, status(200))
	o.hook("later", later, "")
	o.restart()
	o.ask("GET", "/calls/"+id, "", &hub.AdminCall{})
	q, _ := o.Hub.Directory().Queue("web")
	o.settled(hubtest.MustPost(t, o.Hub.ReceiveURL(q), "s2"), 4)
	if got := len(alarm.got()); got != n+2 || len(later.got()) != 2 {
		t.Errorf("%d messages more, %d to the new one", got-n, len(later.got()))
	}
}

// TestReturnedCallWaitsAgain: that is another message.
func TestReturnedCallWaitsAgain(t *testing.T) {
	alarm := mustPlace(t, status(200))
	o := mustOutside(t, hub.Config{})
	receive := o.MustQueue(t, hub.Queue{Name: "web", Options: routing.Options{AlertAfter: time.Second}})
	ben, _ := o.MustDial(t, o.MustUser(t, "ben", call.RoleAgent, "web"))
	o.hook("alarm", alarm, "")
	id := hubtest.MustPost(t, receive, "s1")
	alarm.awaits(t, 1)
	ben.MustAsk(accept(id))
	ben.MustAsk(giveBack(id))
	all := alarm.awaits(t, 2)
	if a, b := all[0].header.Get("webhook-id"), all[1].header.Get("webhook-id"); a == b {
		t.Errorf("%s and %s", a, b)
	}
}

// TestHookTest: what comes of a test is told, and nothing waits.
func TestHookTest(t *testing.T) {
	alarm := mustPlace(t, status(200))
	o := mustOutside(t, hub.Config{})
	k := o.hook("alarm", alarm, "")
	var tested hub.HookTest
	o.ask("POST", "/hooks/alarm/test", "", &tested)
	if m := verified(t, k.Secret, alarm.awaits(t, 1)[0]); tested.State != "delivered" || m.Type != "test" {
		t.Errorf("%+v, %+v", tested, m)
	}
	alarm.answers(status(500))
	o.ask("POST", "/hooks/alarm/test", "", &tested)
	if tested.State != "refused" || tested.Error != "it answered 500 Internal Server Error" {
		t.Errorf("%+v", tested)
	}
	// Removed, it is told nothing more, and what waits is let go.
	receive := o.impatient("web")
	id := hubtest.MustPost(t, receive, "s1")
	alarm.awaits(t, 3)
	o.ask("DELETE", "/hooks/alarm", "", &struct{}{})
	hubtest.Eventually(t, "it is let go", func() bool {
		for _, d := range o.deliveries(id) {
			if d.State == "dropped" && d.Error == "the hook was removed" {
				return true
			}
		}
		return false
	})
}

// TestHookMistakes: what a hook can't be.
func TestHookMistakes(t *testing.T) {
	o := mustOutside(t, hub.Config{})
	o.hook("there", mustPlace(t, status(200)), "")
	for body, want := range map[string]string{
		`{"name":"a b","url":"https://hook.example"}`:                            "400",
		`{"name":"there","url":"https://hook.example"}`:                          "409",
		`{"name":"k","url":""}`:                                                  "400",
		`{"name":"k","url":"http://hook.example"}`:                               "400",
		`{"name":"k","url":"https://127.0.0.1"}`:                                 "400",
		`{"name":"k","url":"https://169.254.169.254","private":true}`:            "400",
		`{"name":"k","url":"https://hook.example","queues":["none"]}`:            "400",
		`{"name":"k","url":"https://hook.example","events":["accepted"]}`:        "400",
		`{"name":"k2","url":"https://hook.example","events":["missed","","  "]}`: "201",
	} {
		if code, answer := hubtest.Do(t, "POST", o.URL+"/api/v1/admin/hooks", o.admin, "application/json", body); fmt.Sprint(code) != want {
			t.Errorf("%s: %d %s", body, code, answer)
		}
	}
}
