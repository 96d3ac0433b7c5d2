package hub_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestRecord: the owner starts and stops, twice is once, and everybody who may see
// the call sees it.
func TestRecord(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	anna, sara := s.apps["anna"], s.apps["sara"]
	id, session := s.incall()
	mine := hubtest.Await(anna, func(m wire.CallChanged) bool { return m.Call.ID == id && m.Call.State == call.Accepted })
	if !mine.Call.MayRecord || len(mine.Call.Recordings) > 0 {
		t.Errorf("accepted: %+v", mine.Call)
	}
	var quick sync.WaitGroup
	second, _ := s.MustDial(t, s.tokens["anna"])
	for _, app := range []*hubtest.App{anna, anna, second} {
		quick.Go(func() { app.MustAsk(record(id, true)) })
	}
	quick.Wait()
	if got := s.asked("recording-start"); len(got) != 1 {
		t.Errorf("quick presses started %d recordings", len(got))
	}
	at := s.fake.Recordings()[0]
	if at.Session != session || at.Stopped {
		t.Errorf("at Vidaoo it is %+v", at)
	}
	mine = hubtest.Await(anna, func(m wire.CallChanged) bool { return len(m.Call.Recordings) == 1 })
	if r := mine.Call.Recordings[0]; r.ID != at.ID || r.By != "anna" || r.Started.IsZero() || !r.Stopped.IsZero() || !mine.Call.MayRecord {
		t.Errorf("the owner reads %+v", mine.Call)
	}
	seen := hubtest.Await(sara, func(m wire.CallChanged) bool { return len(m.Call.Recordings) == 1 })
	if seen.Call.MayRecord || seen.Call.Recordings[0].ID != at.ID {
		t.Errorf("a supervisor reads %+v", seen.Call)
	}
	for range 2 {
		anna.MustAsk(record(id, false))
	}
	if got := s.asked("recording-stop"); len(got) != 1 || !s.fake.Recordings()[0].Stopped {
		t.Errorf("stopped %d times: %+v", len(got), s.fake.Recordings())
	}
	anna.MustAsk(record(id, true))
	anna.MustAsk(record(id, false))
	anna.MustAsk(wire.Request{Type: wire.ActFinish, Call: id})
	got := s.call(id)
	if len(got.Recordings) != 2 || !stopped(got.Call) || got.MayRecord {
		t.Errorf("finished: %+v", got.Call)
	}
	var kinds []string
	for _, e := range got.Trail {
		if e.Recording != "" {
			kinds = append(kinds, string(e.Kind)+" "+e.Agent)
		}
	}
	if said := strings.Join(kinds, ", "); said != "recording-started anna, recording-stopped anna, recording-started anna, recording-stopped anna" {
		t.Errorf("the trail has %s", said)
	}
	words := ""
	for _, a := range got.Told.Agents {
		if a.Agent == "anna" {
			words = strings.Join(a.Words, "\n")
		}
	}
	if strings.Count(words, "started a recording") != 2 || strings.Count(words, "stopped the recording") != 2 {
		t.Errorf("anna's account: %s", words)
	}
	for path, who := range map[string]string{"/calls/" + id: "sara", "/calls/" + id + "/trail": "sara", "/me/calls": "anna"} {
		if _, answer := hubtest.Do(t, "GET", s.URL+"/api/v1"+path, s.tokens[who], "", ""); !strings.Contains(answer, at.ID) || strings.Contains(answer, "may_record") {
			t.Errorf("%s has not the recording, or may record: %s", path, answer)
		}
	}
}

// TestRecordRefused: nobody but the owner records, and only where that can be.
func TestRecordRefused(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	id, _ := s.incall()
	rings := hubtest.MustPost(t, s.receive, "s1")
	s.apps["ben"].Offered(rings)
	ended, _ := s.incallOver()
	for name, tc := range map[string]struct {
		who, id string
		on      bool
		prepare func()
		code    call.Code
		says    string
	}{
		"another's":      {who: "ben", id: id, on: true, code: call.Forbidden, says: "who accepted"},
		"a supervisor":   {who: "sara", id: id, on: true, code: call.Forbidden, says: "who accepted"},
		"another's, off": {who: "ben", id: id, code: call.Forbidden, says: "who accepted"},
		"it rings":       {who: "ben", id: rings, on: true, code: call.Forbidden, says: "who accepted"},
		"over":           {who: "anna", id: ended, on: true, code: call.Gone, says: "has ended"},
		"no such call":   {who: "anna", id: "aaaaaaaaaaaaaaaa", on: true, code: call.NotFound},
		"no call":        {who: "anna", on: true, code: call.BadRequest, says: `"call"`},
		"switched off":   {who: "anna", id: id, on: true, prepare: func() { s.set(func(q *hub.Queue) { q.Recording = false }) }, code: call.Forbidden, says: "'queue set --recording'"},
		"no key":         {who: "anna", id: id, on: true, prepare: func() { s.client.missing.Store(true) }, code: call.Forbidden, says: "'deskbell-hub vidaoo connect'"},
	} {
		if tc.prepare != nil {
			tc.prepare()
		}
		reply := s.apps[tc.who].Ask(record(tc.id, tc.on))
		if reply.Error == nil || reply.Error.Code != tc.code || !strings.Contains(reply.Error.Message, tc.says) {
			t.Errorf("%s: %+v, want %s %q", name, reply.Error, tc.code, tc.says)
		}
		s.client.missing.Store(false)
		s.set(func(q *hub.Queue) { q.Recording = true })
	}
	if got := s.asked("recording-start"); len(got) > 0 {
		t.Errorf("what was refused started %d recordings", len(got))
	}
	s.client.missing.Store(true)
	s.restart() // it looks for the key at once
	may := func(w wire.Welcome) bool {
		i := slices.IndexFunc(w.Calls, func(c wire.Call) bool { return c.ID == id })
		return i >= 0 && w.Calls[i].MayRecord
	}
	if w := hubtest.Await(s.apps["anna"], func(wire.Welcome) bool { return true }); may(w) {
		t.Errorf("without a key the welcome says %+v", w.Calls)
	}
	s.client.missing.Store(false) // the hub finds one that is stored
	hubtest.Await(s.apps["anna"], may)
}

// TestRecordWithoutVidaoo: what Vidaoo does wrong is told in a sentence with
// nothing of it; other requests go on meanwhile, and it may be tried again.
func TestRecordWithoutVidaoo(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	anna := s.apps["anna"]
	id, _ := s.incall()
	faults := []vidaootest.FaultKind{vidaootest.Broken, vidaootest.Busy, vidaootest.Slow, vidaootest.Cut, vidaootest.Garbled, vidaootest.Page,
		vidaootest.Renamed, vidaootest.Forbidden, vidaootest.Gone}
	for _, kind := range faults {
		s.fake.SetFaults(vidaootest.Fault{Kind: kind, On: "recording-start"})
		reply := anna.Ask(record(id, true))
		if reply.Error == nil || reply.Error.Code != call.Unavailable || !strings.Contains(reply.Error.Message, "Vidaoo") || strings.Contains(reply.Error.Message, "test-key") {
			t.Errorf("%s: %+v", kind, reply.Error)
		}
	}
	s.fake.SetFaults()
	if c := s.call(id); len(c.Recordings) > 0 {
		t.Fatalf("nothing was started, and there is %+v", c.Recordings)
	}
	anna.MustAsk(record(id, true))
	for _, kind := range []vidaootest.FaultKind{vidaootest.Broken, vidaootest.Slow, vidaootest.Forbidden} {
		s.fake.SetFaults(vidaootest.Fault{Kind: kind, On: "recording-stop"})
		if reply := anna.Ask(record(id, false)); reply.Error == nil || reply.Error.Code != call.Unavailable || stopped(s.call(id).Call) {
			t.Errorf("%s: %+v", kind, reply.Error)
		}
	}
	s.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Gone, On: "recording-stop"}) // somebody stopped and removed it
	anna.MustAsk(record(id, false))
	if !stopped(s.call(id).Call) {
		t.Error("a recording that Vidaoo has no more is on")
	}
}

// TestRecordBlocksNothing: while Vidaoo takes its time, the same app's other
// requests are answered, and the call can end; then what was begun is stopped.
func TestRecordBlocksNothing(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	anna := s.apps["anna"]
	id, session := s.incall()
	s.client.gate, s.client.begun = make(chan struct{}), make(chan struct{}, 1)
	var reply wire.Reply
	var asking sync.WaitGroup
	asking.Go(func() { reply = anna.Ask(record(id, true)) })
	<-s.client.begun
	anna.MustAsk(wire.Request{Type: wire.ActPresence, State: call.Ready})
	anna.MustAsk(wire.Request{Type: wire.ActFinish, Call: id})
	close(s.client.gate)
	asking.Wait()
	if reply.Error == nil || reply.Error.Code != call.Gone {
		t.Errorf("a recording of a call that ended meanwhile: %+v", reply.Error)
	}
	hubtest.Eventually(t, "the recording is stopped", func() bool { return stopped(s.call(id).Call) })
	hubtest.Eventually(t, "the meeting is deleted", func() bool { return len(s.asked("meeting-delete")) == 1 })
	if all := s.fake.Recordings(); len(all) != 1 || !all[0].Stopped || s.asked("meeting-delete")[0] != session {
		t.Errorf("at Vidaoo: %+v, deleted %v", all, s.asked("meeting-delete"))
	}
	stop, del := -1, -1
	for i, a := range s.fake.Asked() {
		switch a.Operation {
		case "recording-stop":
			stop = i
		case "meeting-delete":
			del = i
		}
	}
	if stop > del {
		t.Error("the meeting was deleted before its recording was stopped")
	}
}

// TestRecordingThatCannotBeNoted is stopped at Vidaoo, and there is all the time
// for that, however long the noting took.
func TestRecordingThatCannotBeNoted(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	anna := s.apps["anna"]
	id, _ := s.incall()
	anna.MustAsk(record(id, true))
	anna.MustAsk(record(id, false))
	s.client.named = s.fake.Recordings()[0].ID // a name that the call knows already
	s.client.gate, s.client.begun, s.client.until = make(chan struct{}), make(chan struct{}, 1), make(chan time.Time, 1)
	var reply wire.Reply
	var asking sync.WaitGroup
	asking.Go(func() { reply = anna.Ask(record(id, true)) })
	<-s.client.begun
	waiting, release := s.Hub.HoldChanges(id)
	close(s.client.gate)
	hubtest.Eventually(t, "it is to be noted", waiting)
	noted := time.Now()
	release()
	until := <-s.client.until
	asking.Wait()
	if reply.Error == nil || until.Before(noted.Add(hub.RequestTimeout)) {
		t.Errorf("%+v; it had to be stopped within %v", reply.Error, until.Sub(noted))
	}
	if got := s.asked("recording-stop"); len(got) != 2 || len(s.call(id).Recordings) != 1 {
		t.Errorf("stopped %q, the call has %+v", got, s.call(id).Recordings)
	}
}

// TestTooManyAside: one app can't have any number of requests wait for Vidaoo.
func TestTooManyAside(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	anna := s.apps["anna"]
	id, _ := s.incall()
	s.client.gate, s.client.begun = make(chan struct{}), make(chan struct{}, 1)
	for range 9 {
		anna.Send(`{"type":"record","id":"x","call":"` + id + `","on":true}`)
	}
	reply := hubtest.Await(anna, func(r wire.Reply) bool { return r.Error != nil })
	if reply.Error.Code != call.TooMany {
		t.Errorf("nine at once: %+v", reply.Error)
	}
	close(s.client.gate)
	hubtest.Eventually(t, "it records", func() bool { return len(s.call(id).Recordings) == 1 })
}

// TestRecordingEnds: however the agent loses the call, what it recorded is stopped,
// and that is noted; also if Vidaoo is out of order at first.
func TestRecordingEnds(t *testing.T) {
	for name, tc := range map[string]struct {
		end  func(s *studio, id, session string)
		want call.State
	}{
		"finished": {func(s *studio, id, _ string) { s.apps["anna"].MustAsk(wire.Request{Type: wire.ActFinish, Call: id}) }, call.Ended},
		"canceled": {func(s *studio, id, _ string) { s.apps["sara"].MustAsk(wire.Request{Type: wire.ActCancel, Call: id}) }, call.Ended},
		"the customer left": {func(s *studio, _, session string) {
			hubtest.Post(s.t, s.receive+"?event=ended", "application/json", `{"session_id":"`+session+`"}`)
		}, call.Ended},
		"given back": {func(s *studio, id, _ string) { s.apps["anna"].MustAsk(wire.Request{Type: wire.ActReturn, Call: id}) }, call.Ringing},
		"taken back": {func(s *studio, id, _ string) { s.apps["sara"].MustAsk(wire.Request{Type: wire.ActReturn, Call: id}) }, call.Ringing},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustStudio(t, vidaootest.Options{})
			s.set(func(q *hub.Queue) { q.DeleteMeeting = false })
			id, session := s.incall()
			s.apps["anna"].MustAsk(record(id, true))
			s.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Broken, On: "recording-stop"})
			tc.end(s, id, session)
			hubtest.Eventually(t, "the failure is told", func() bool {
				d := s.call(id).Deliveries
				return len(d) == 1 && d[0].What == "stopped-1" && d[0].State == "waiting" && strings.Contains(d[0].Error, "500") && d[0].Tries > 0
			})
			s.fake.SetFaults()
			s.later.Add(int64(time.Hour))
			hubtest.Eventually(t, "it is stopped", func() bool { return stopped(s.call(id).Call) })
			s.becomes(id, "stopped-1 delivered")
			c := s.call(id)
			last := c.Trail[slices.IndexFunc(c.Trail, func(e call.Event) bool { return e.Kind == call.KindRecordingStopped })]
			if tc.want == call.Ended {
				days := "from=" + time.Now().AddDate(0, 0, -1).Format(time.DateOnly) + "&to=" + time.Now().AddDate(0, 0, 1).Format(time.DateOnly)
				_, report := hubtest.Do(t, "GET", s.URL+"/api/v1/reports/calls.json?"+days, s.tokens["sara"], "", "")
				if strings.Count(report, id) != 1 {
					t.Errorf("the report has the call not once: %s", report)
				}
			}
			if !s.fake.Recordings()[0].Stopped || last.Agent != "" || len(s.asked("meeting-delete")) > 0 {
				t.Errorf("it is %+v, stopped by %q, deleted %v", c.Call, last.Agent, s.asked("meeting-delete"))
			}
		})
	}
}

// TestRecordingsAndRestart: a recording that is on is on after a restart, and one
// whose call ended while Vidaoo was out of order is stopped after it.
func TestRecordingsAndRestart(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	id, _ := s.incall()
	s.apps["anna"].MustAsk(record(id, true))
	s.restart()
	w := hubtest.Await(s.apps["anna"], func(wire.Welcome) bool { return true })
	if len(w.Calls) != 1 || len(w.Calls[0].Recordings) != 1 || stopped(w.Calls[0]) || !w.Calls[0].MayRecord {
		t.Fatalf("after a restart: %+v", w.Calls)
	}
	s.apps["anna"].MustAsk(record(id, true)) // it is on
	if got := s.asked("recording-start"); len(got) != 1 {
		t.Errorf("%d recordings were started", len(got))
	}
	s.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Broken})
	s.apps["anna"].MustAsk(wire.Request{Type: wire.ActFinish, Call: id, Note: "sold"})
	s.becomes(id, "stopped-1 waiting; deleted waiting")
	s.restart()
	s.becomes(id, "stopped-1 waiting; deleted waiting")
	if stopped(s.call(id).Call) {
		t.Error("it is said to have stopped")
	}
	s.fake.SetFaults()
	s.later.Add(int64(time.Hour))
	s.becomes(id, "stopped-1 delivered; deleted delivered")
	s.restart()
	c := s.call(id)
	if len(c.Recordings) != 1 || !stopped(c.Call) || c.Note != "sold" || len(s.asked("meeting-delete")) == 0 {
		t.Errorf("in the end: %+v", c.Call)
	}
}

// TestRecordingBegunAsTheHubCloses: what Vidaoo begins while the hub closes is
// known after its next start, and can be stopped.
func TestRecordingBegunAsTheHubCloses(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	id, _ := s.incall()
	s.client.gate, s.client.begun = make(chan struct{}), make(chan struct{}, 1)
	s.apps["anna"].Send(`{"type":"record","id":"x","call":"` + id + `","on":true}`)
	<-s.client.begun
	time.AfterFunc(100*time.Millisecond, func() { close(s.client.gate) })
	s.restart()
	if c := s.call(id); len(c.Recordings) != 1 || stopped(c.Call) {
		t.Fatalf("after the start: %+v", c.Recordings)
	}
	s.apps["anna"].MustAsk(record(id, false))
	if all := s.fake.Recordings(); len(all) != 1 || !all[0].Stopped {
		t.Errorf("at Vidaoo: %+v", all)
	}
}

// TestRecordingOfTheOneBefore: who takes a call while another's recording is still
// on gets a recording of its own, and that is not stopped with the other.
func TestRecordingOfTheOneBefore(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	ben := s.apps["ben"]
	id, _ := s.incall()
	s.apps["anna"].MustAsk(record(id, true))
	s.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Broken, On: "recording-stop"})
	before := len(ben.Frames())
	s.apps["anna"].MustAsk(wire.Request{Type: wire.ActReturn, Call: id})
	hubtest.Eventually(t, "it rings for ben again", func() bool {
		return slices.ContainsFunc(ben.Frames()[before:], func(f string) bool { return strings.HasPrefix(f, `{"type":"offer"`) })
	})
	ben.MustAsk(accept(id))
	if reply := ben.Ask(record(id, true)); reply.Error == nil || reply.Error.Code != call.Unavailable {
		t.Errorf("while the other can't be stopped: %+v", reply.Error)
	}
	s.fake.SetFaults()
	ben.MustAsk(record(id, true))
	s.later.Add(int64(time.Hour))
	s.becomes(id, "stopped-1 delivered")
	c := s.call(id)
	if len(c.Recordings) != 2 || c.Recordings[0].Stopped.IsZero() || stopped(c.Call) || c.Recordings[1].By != "ben" {
		t.Errorf("ben has %+v", c.Recordings)
	}
	if all := s.fake.Recordings(); len(all) != 2 || !all[0].Stopped || all[1].Stopped {
		t.Errorf("at Vidaoo: %+v", all)
	}
}
