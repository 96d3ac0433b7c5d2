package hub_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/wire"
)

const restKey = "m0tion&key"

// motionREST answers as Motion does: the Receive URL, and the interaction, which
// an agent of Motion's has or has not.
func motionREST(user string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			answersMotion(w, r)
		case r.URL.Query().Get("apikey") != restKey:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			_, _ = io.WriteString(w, `{"id":4711,"UserId":`+user+`}`)
		}
	}
}

// closing has a queue forward to Motion and close there.
func (o *outside) closing(motion *place) (receive string, ben *hubtest.App) {
	o.t.Helper()
	receive = o.forwarding("web", motion)
	ben, _ = o.MustDial(o.t, o.MustUser(o.t, "ben", call.RoleAgent, "web"))
	var q hub.AdminQueue
	o.ask("PATCH", "/queues/web", `{"motion_url":"`+motion.URL+`/","motion_disposition":"Video"}`, &q)
	return receive, ben
}

// TestCloseInMotion: what an agent here accepted is closed there, once a key is
// known.
func TestCloseInMotion(t *testing.T) {
	motion := mustPlace(t, motionREST("null"))
	o := mustOutside(t, hub.Config{})
	receive, ben := o.closing(motion)
	id := hubtest.MustPost(t, receive, "s1")
	ben.Offered(id)
	ben.MustAsk(accept(id))
	hubtest.Eventually(t, "the queue says that there is no key", func() bool {
		return strings.Contains(o.forward("web").LastError, "'deskbell-hub motion key'")
	})
	var m hub.AdminMotion
	o.ask("PUT", "/motion/key", `{"key":"`+restKey+`"}`, &m)
	if said := o.settled(id, 2); m.Key != "stored" || said != "created delivered 4711; closed delivered 4711" {
		t.Error(m, said)
	}
	all := motion.got()
	last := all[len(all)-1]
	if last.method != "PUT" || last.path != "/api/openchannel/interactions/4711" || last.query != "apikey=m0tion%26key" || last.body != `{"closed":true,"disposition":"Video"}` {
		t.Errorf("Motion got %+v", last)
	}
	_, raw := hubtest.Do(t, "GET", o.URL+"/api/v1/admin/audit", o.admin, "", "")
	if strings.Contains(raw, restKey) || !strings.Contains(raw, `"motion.key"`) {
		t.Errorf("the audit log: %s", raw)
	}
	o.ask("DELETE", "/motion/key", "", &m)
	if m.Key != "none" {
		t.Error(m)
	}
}

// TestMotionWasFaster: what an agent of Motion's has is left alone.
func TestMotionWasFaster(t *testing.T) {
	motion := mustPlace(t, motionREST("12"))
	o := mustOutside(t, hub.Config{})
	var m hub.AdminMotion
	o.ask("PUT", "/motion/key", `{"key":"`+restKey+`"}`, &m)
	receive, ben := o.closing(motion)
	id := hubtest.MustPost(t, receive, "s1")
	ben.Offered(id)
	ben.MustAsk(accept(id))
	if said := o.settled(id, 2); said != "created delivered 4711; closed dropped an agent of Motion has the interaction" {
		t.Error(said)
	}
	motion.answers(func(w http.ResponseWriter, r *http.Request) { answersMotionWith(w, r, `{"interaction":{"id":"x-9"}}`) })
	id = hubtest.MustPost(t, receive, "s2")
	if said := o.settled(id, 1); said != "created delivered x-9" {
		t.Error(said)
	}
}

func answersMotionWith(w http.ResponseWriter, _ *http.Request, body string) {
	_, _ = io.WriteString(w, body)
}

// TestMotionKeyIsGuarded: the key's file is the hub's user's alone; one that
// others can read is not used.
func TestMotionKeyIsGuarded(t *testing.T) {
	motion := mustPlace(t, motionREST("null"))
	o := mustOutside(t, hub.Config{})
	var m hub.AdminMotion
	o.ask("PUT", "/motion/key", `{"key":"`+restKey+`"}`, &m)
	path := filepath.Join(o.dir, "motion.key")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	receive, ben := o.closing(motion)
	id := hubtest.MustPost(t, receive, "s1")
	ben.Offered(id)
	ben.MustAsk(accept(id))
	hubtest.Eventually(t, "the queue says it", func() bool { return strings.Contains(o.forward("web").LastError, "can be read by others") })
	for _, body := range []string{`{"key":"short"}`, `{"key":"with a space in it"}`, `{}`} {
		if code, answer := hubtest.Do(t, "PUT", o.URL+"/api/v1/admin/motion/key", o.admin, "application/json", body); code != 400 {
			t.Errorf("%s: %d %s", body, code, answer)
		}
	}
}

// TestAnsweredInMotion: an agent there took it: here it ends, and rings no more.
func TestAnsweredInMotion(t *testing.T) {
	motion := mustPlace(t, answersMotion)
	o := mustOutside(t, hub.Config{})
	receive := o.forwarding("web", motion)
	ben, _ := o.MustDial(t, o.MustUser(t, "ben", call.RoleAgent, "web"))
	for i, body := range []string{`{"session_id":"s0"}`, `{"interaction":{"id":4711}}`, `{"interactionId":"4711"}`, `interaction_id=4711`} {
		session := "s" + string(rune('0'+i))
		id := hubtest.MustPost(t, receive, session)
		ben.Offered(id)
		o.settled(id, 1)
		contentType := "application/json"
		if body[0] != '{' {
			contentType = "application/x-www-form-urlencoded"
		}
		if code, answer := hubtest.Post(t, receive+"?event=answered", contentType, body); code != 200 || !strings.Contains(answer, id) {
			t.Fatalf("%s: %d %s", body, code, answer)
		}
		if w := withdrawn(ben, id); w.Reason != wire.ReasonAnswered || w.By != "Motion" {
			t.Errorf("%+v", w)
		}
		var c hub.AdminCall
		o.ask("GET", "/calls/"+id, "", &c)
		if c.Outcome != call.Canceled || c.Reason != call.InMotion || !strings.Contains(c.Told.Summary, "answered in Motion") {
			t.Errorf("%+v, %s", c.Call, c.Told.Summary)
		}
		if code, answer := hubtest.Post(t, receive+"?event=answered", contentType, body); code != 200 || !strings.Contains(answer, `"duplicate":true`) {
			t.Errorf("once more: %d %s", code, answer)
		}
	}
	// What an agent here has stays; what nobody knows is told.
	id := hubtest.MustPost(t, receive, "mine")
	ben.Offered(id)
	ben.MustAsk(accept(id))
	if code, _ := hubtest.Post(t, receive+"?event=answered", "application/json", `{"session_id":"mine"}`); code != 200 {
		t.Error(code)
	}
	if open := o.Hub.OpenCalls(); len(open) != 1 || open[0].Agent != "ben" {
		t.Errorf("%+v", open)
	}
	if code, answer := hubtest.Post(t, receive+"?event=answered", "application/json", `{"interaction":{"id":99}}`); code != 404 || !strings.Contains(answer, "interaction") {
		t.Errorf("%d %s", code, answer)
	}
	_, answer := hubtest.Do(t, "GET", o.URL+"/api/v1/me/calls", o.MustToken(t, "ben"), "", "")
	if !strings.Contains(answer, `"taken"`) || !strings.Contains(answer, `"by":"Motion"`) {
		t.Errorf("%s", answer)
	}
}

// TestClosedAfterARestart: what a kill kept from being written is found again.
func TestClosedAfterARestart(t *testing.T) {
	motion := mustPlace(t, motionREST("null"))
	o := mustOutside(t, hub.Config{})
	receive := o.forwarding("web", motion)
	ben, _ := o.MustDial(t, o.MustUser(t, "ben", call.RoleAgent, "web"))
	id := hubtest.MustPost(t, receive, "s1")
	ben.Offered(id)
	ben.MustAsk(accept(id))
	o.settled(id, 1)
	var m hub.AdminMotion
	o.ask("PUT", "/motion/key", `{"key":"`+restKey+`"}`, &m)
	var q hub.AdminQueue
	o.ask("PATCH", "/queues/web", `{"motion_url":"`+motion.URL+`"}`, &q) // after the accept: as if it had not been written
	o.restart()
	if said := o.settled(id, 2); said != "created delivered 4711; closed delivered 4711" {
		t.Error(said)
	}
	n := len(motion.got())
	o.restart()
	o.pass(time.Hour)
	if said := o.settled(id, 2); len(motion.got()) != n {
		t.Errorf("closed once more: %s", said)
	}
}
