package agent_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// newScripted is a hub that welcomes and answers each request as the test says;
// without an answer it hangs up. Its frames come before the reply.
func newScripted(t *testing.T, welcome wire.Welcome, answer func(wire.Request) (frames []any, failure *wire.Failure, answered bool)) (url string) {
	t.Helper()
	u := websocket.Upgrader{Subprotocols: []string{wire.Protocol}}
	return newPlainFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := u.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		say := func(m any) {
			if frame, err := wire.Encode(m); err == nil {
				_ = ws.WriteMessage(websocket.TextMessage, frame) // to an app that may be gone
			}
		}
		say(welcome)
		for {
			_, frame, err := ws.ReadMessage()
			if err != nil {
				return
			}
			request, err := wire.DecodeRequest(frame)
			if err != nil {
				t.Errorf("the app asks %s: %v", frame, err)
				return
			}
			frames, failure, answered := answer(request)
			if !answered {
				return
			}
			for _, m := range frames {
				say(m)
			}
			say(wire.Reply{To: request.ID, Error: failure})
		}
	}))
}

// ownCall is an accepted call of anna's that may be recorded.
func ownCall(now time.Time, recordings ...wire.Recording) wire.Call {
	return wire.Call{
		ID: "c1", Queue: "web", State: call.Accepted, Agent: "anna", Accepted: wire.At(now.Add(-time.Minute)), MayRecord: true, Recordings: recordings,
	}
}

func welcomes(now time.Time, calls ...wire.Call) wire.Welcome {
	return wire.Welcome{
		Time: wire.At(now), User: wire.User{Username: "anna", Name: "Anna", Role: call.RoleAgent}, Presence: wire.Presence{State: call.Busy, Since: wire.At(now)}, Calls: calls,
	}
}

func TestRecord(t *testing.T) {
	asked := make(chan wire.Request, 8)
	now := time.Now()
	url := newScripted(t, welcomes(now, ownCall(now)), func(r wire.Request) ([]any, *wire.Failure, bool) {
		asked <- r
		c := ownCall(now, wire.Recording{ID: "r1", Started: wire.At(now), By: "anna"})
		if !r.On {
			c.Recordings[0].Stopped = wire.At(now.Add(42 * time.Second))
		}
		return []any{wire.CallChanged{Call: c}}, nil, true
	})
	anna := start(t, url, "token")
	_, at := anna.await("the call", 0, func(e agent.Event) bool { return online(e) && len(e.State.Calls) == 1 && e.State.Calls[0].MayRecord })
	for _, on := range []bool{true, false} {
		if err := anna.Record(t.Context(), "c1", on); err != nil {
			t.Fatal(err)
		}
		if r := <-asked; r.Type != wire.ActRecord || r.Call != "c1" || r.On != on {
			t.Errorf("the hub was asked %+v, want a recording of c1 that is on: %v", r, on)
		}
		// The reply comes after what follows from it.
		recordings := anna.State().Calls[0].Recordings
		if len(recordings) != 1 || recordings[0].Stopped.IsZero() != on {
			t.Errorf("asked for %v, the call has the recordings %+v", on, recordings)
		}
		_, at = anna.await("the change", at, func(e agent.Event) bool {
			return e.Kind == agent.Changed && len(e.State.Calls) == 1 && len(e.State.Calls[0].Recordings) == 1
		})
	}
}

func TestRecordRefused(t *testing.T) {
	refused := []wire.Failure{
		{Code: call.Forbidden, Message: "Only the agent who accepted the call can record it."},
		{Code: call.Unavailable, Message: "Vidaoo does not answer: try again."},
		{Code: call.NotFound, Message: "There is no such call."},
		{Code: call.Gone, Message: "The call has ended."},
	}
	answers := slices.Clone(refused)
	now := time.Now()
	url := newScripted(t, welcomes(now, ownCall(now)), func(wire.Request) ([]any, *wire.Failure, bool) {
		if len(answers) == 0 {
			return nil, nil, false
		}
		failure := answers[0]
		answers = answers[1:]
		return nil, &failure, true
	})
	anna := start(t, url, "token")
	anna.await("online", 0, online)
	var e *agent.Error
	for _, want := range refused {
		if err := anna.Record(t.Context(), "c1", true); !errors.As(err, &e) || e.Code != string(want.Code) || e.Sentence != want.Message {
			t.Errorf("refused with %v, want %s: %s", err, want.Code, want.Message)
		}
	}
	err := anna.Record(t.Context(), "c1", true)
	if !errors.As(err, &e) || !strings.Contains(e.Sentence, "The hub did not answer. The call shows whether it is being recorded") {
		t.Errorf("a hub that hangs up: %v", err)
	}
}

// TestRecordingsOnTheClockOfThisMachine: the hub's clock is an hour ahead, and
// what runs here still begins at 0:00; for who watches as well.
func TestRecordingsOnTheClockOfThisMachine(t *testing.T) {
	now := time.Now()
	there := now.Add(time.Hour)
	stopped := wire.Recording{ID: "r1", Started: wire.At(there.Add(-time.Minute)), Stopped: wire.At(there.Add(-time.Second)), By: "anna"}
	running := wire.Recording{ID: "r2", Started: wire.At(there), By: "anna"}
	welcome := welcomes(there, ownCall(there, stopped, running))
	welcome.User.Role, welcome.Numbers = call.RoleSupervisor, &wire.Numbers{}
	url := newScripted(t, welcome, func(wire.Request) ([]any, *wire.Failure, bool) {
		return []any{wire.Changes{Calls: []wire.Call{ownCall(there, stopped, running)}}}, nil, true
	})
	anna := start(t, url, "token")
	anna.await("the call", 0, func(e agent.Event) bool { return online(e) && len(e.State.Calls) == 1 })
	check := func(from string) {
		t.Helper()
		calls := map[string][]wire.Call{"own": anna.State().Calls, "watched": anna.Floor().Calls}
		for whose, list := range calls {
			if len(list) != 1 || len(list[0].Recordings) != 2 {
				t.Fatalf("%s: %s calls %+v", from, whose, list)
			}
			c := list[0]
			for name, off := range map[string]time.Duration{
				"accepted": c.Accepted.Sub(now.Add(-time.Minute)), "started": c.Recordings[0].Started.Sub(now.Add(-time.Minute)),
				"stopped": c.Recordings[0].Stopped.Sub(now.Add(-time.Second)), "running": c.Recordings[1].Started.Sub(now),
			} {
				if off.Abs() > 20*time.Second {
					t.Errorf("%s: the %s call's %q is %v off", from, whose, name, off)
				}
			}
			if !c.Recordings[1].Stopped.IsZero() {
				t.Errorf("%s: the %s call's recording has stopped", from, whose)
			}
		}
	}
	check("the welcome")
	if err := anna.Record(t.Context(), "c1", true); err != nil { // already on
		t.Fatal(err)
	}
	check("a change")
}
