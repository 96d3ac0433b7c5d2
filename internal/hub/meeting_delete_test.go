package hub_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestDeleteMeeting: a finished call's meeting is deleted, others' are not.
func TestDeleteMeeting(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	anna := s.apps["anna"]
	s.set(func(q *hub.Queue) { q.Capacity = 10 })
	id, session := s.incall()
	anna.MustAsk(wire.Request{Type: wire.ActFinish, Call: id})
	s.becomes(id, "deleted delivered")
	if got := s.asked("meeting-delete"); len(got) != 1 || got[0] != session {
		t.Errorf("deleted %v, want %s", got, session)
	}
	left, session := s.incall()
	hubtest.Post(t, s.receive+"?event=ended", "application/json", `{"session_id":"`+session+`"}`)
	anna.MustAsk(wire.Request{Type: wire.ActFinish, Call: left, Note: "the customer had left"})
	canceled, _ := s.incall()
	s.apps["sara"].MustAsk(wire.Request{Type: wire.ActCancel, Call: canceled})
	returned, _ := s.incall()
	anna.MustAsk(wire.Request{Type: wire.ActReturn, Call: returned})
	s.set(func(q *hub.Queue) { q.DeleteMeeting = false })
	off, _ := s.incall()
	anna.MustAsk(wire.Request{Type: wire.ActFinish, Call: off})
	s.set(func(q *hub.Queue) { q.DeleteMeeting = true })
	s.restart() // which finds what was not written: nothing
	last, session := s.incall()
	s.apps["anna"].MustAsk(wire.Request{Type: wire.ActFinish, Call: last})
	s.becomes(last, "deleted delivered")
	for name, id := range map[string]string{"the customer left": left, "canceled": canceled, "given back": returned, "finished while it was off": off} {
		if got := s.became(id); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := s.asked("meeting-delete"); len(got) != 2 || got[1] != session {
		t.Errorf("deleted %v", got)
	}
}

// TestDeleteMeetingWithFaults: it is tried until it is done, what is gone is done,
// and what can't be done is given up.
func TestDeleteMeetingWithFaults(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	anna := s.apps["anna"]
	finished := func(kind vidaootest.FaultKind) string {
		t.Helper()
		s.fake.SetFaults(vidaootest.Fault{Kind: kind, On: "meeting-delete"})
		id, _ := s.incall()
		anna.MustAsk(wire.Request{Type: wire.ActFinish, Call: id})
		return id
	}
	for _, kind := range []vidaootest.FaultKind{vidaootest.Broken, vidaootest.Slow, vidaootest.Cut} {
		id := finished(kind)
		if kind == vidaootest.Cut { // 200, and then silence
			s.becomes(id, "deleted waiting")
		}
		hubtest.Eventually(t, "it was tried", func() bool { d := s.call(id).Deliveries; return len(d) == 1 && d[0].Tries > 0 && d[0].Error != "" })
		s.fake.SetFaults()
		s.later.Add(int64(time.Hour))
		s.becomes(id, "deleted delivered")
	}
	s.becomes(finished(vidaootest.Gone), "deleted delivered")
	s.becomes(finished(vidaootest.Forbidden), "deleted refused")
	id := finished(vidaootest.Broken)
	s.set(func(q *hub.Queue) { q.DeleteMeeting = false })
	s.later.Add(int64(time.Hour))
	s.becomes(id, "deleted dropped")
	s.set(func(q *hub.Queue) { q.DeleteMeeting = true })

	s.fake.SetFaults()
	s.client.missing.Store(true)
	for range 2 {
		id, _ = s.incall()
		anna.MustAsk(wire.Request{Type: wire.ActFinish, Call: id})
		s.becomes(id, "deleted refused")
	}
	if d := s.call(id).Deliveries; !strings.Contains(d[0].Error, "'deskbell-hub vidaoo connect'") || d[0].Tries != 1 {
		t.Errorf("without a key: %+v", d)
	}
	if n := strings.Count(s.log.String(), "recordings are not made or stopped, and meetings not deleted"); n != 1 {
		t.Errorf("the log warned %d times: %s", n, s.log)
	}
	var q hub.AdminQueue
	_, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/admin/queues/web", s.tokens["eva"], "", "")
	if err := json.Unmarshal([]byte(answer), &q); err != nil || q.Vidaoo.Key || !q.Recording || !q.DeleteMeeting || q.Vidaoo.Delivered != 4 || q.Vidaoo.Refused != 3 {
		t.Errorf("the queue says %+v, %v", q.Vidaoo, err)
	}
}

// TestDeleteMeetingNeedsAName: a webhook that names no session can't be deleted.
func TestDeleteMeetingNeedsAName(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	status, answer := hubtest.Post(t, s.receive, "application/json", `{"link":"https://vidaoo.example/nameless"}`)
	var got wire.Received
	if err := json.Unmarshal([]byte(answer), &got); err != nil || status != http.StatusOK {
		t.Fatal(status, answer)
	}
	id := got.Call.ID
	s.apps["anna"].Offered(id)
	s.apps["anna"].MustAsk(accept(id))
	if reply := s.apps["anna"].Ask(record(id, true)); reply.Error == nil || reply.Error.Code != call.Forbidden || !strings.Contains(reply.Error.Message, "session_id") {
		t.Errorf("recording without a session: %+v", reply.Error)
	}
	if c := hubtest.Await(s.apps["anna"], func(m wire.CallChanged) bool { return m.Call.ID == id }); c.Call.MayRecord {
		t.Errorf("it may be recorded: %+v", c.Call)
	}
	s.apps["anna"].MustAsk(wire.Request{Type: wire.ActFinish, Call: id})
	s.becomes(id, "deleted refused")
	if len(s.asked("meeting-delete")) > 0 {
		t.Error("something was deleted")
	}
}

// TestButtonMeeting: the meeting of the web button is deleted by the API's own
// name of it, and nobody is told that name.
func TestButtonMeeting(t *testing.T) {
	c := mustCounter(t, on(), vidaootest.Options{})
	if _, err := c.Hub.Directory().SetQueue(t.Context(), "web", func(q *hub.Queue) error { q.Recording, q.DeleteMeeting = true, true; return nil }); err != nil {
		t.Fatal(err)
	}
	id, _, _ := strings.Cut(c.press(c.key()), "-")
	c.anna.Offered(id)
	c.anna.MustAsk(accept(id))
	c.anna.MustAsk(record(id, true))
	c.anna.MustAsk(wire.Request{Type: wire.ActFinish, Call: id})
	deleted := ""
	hubtest.Eventually(t, "the meeting is deleted", func() bool {
		for _, a := range c.fake.Asked() {
			if a.Operation == "meeting-delete" {
				deleted = a.ID
			}
		}
		return deleted != ""
	})
	if all := c.fake.Recordings(); len(all) != 1 || all[0].Session != deleted || !all[0].Stopped {
		t.Errorf("recorded %+v, deleted %s", all, deleted)
	}
	for _, f := range append(c.anna.Frames(), c.sara.Frames()...) {
		if strings.Contains(f, `"meeting"`) || strings.Contains(f, "test-key") {
			t.Errorf("a frame has the meeting or the key: %s", f)
		}
	}
	if status, answer := c.send("DELETE", c.api+fmt.Sprintf("/presses/%s", id), shop, ""); status < 400 {
		t.Errorf("a customer may delete: %d %s", status, answer)
	}
}
