package call_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/deskbell/deskbell/internal/call"
)

var agents = []string{"anna", "ben", "carla", "dino"}

// anyEvent draws an event that may or may not make sense now.
func anyEvent(t *rapid.T, at time.Time) call.Event {
	e := call.Event{
		Kind: rapid.SampledFrom([]call.Kind{
			call.KindReceived, call.KindOffered, call.KindDeclined, call.KindLapsed,
			call.KindWithdrawn, call.KindAccepted, call.KindFinished, call.KindMissed, call.KindJoined,
			call.KindLeft, call.KindReturned, call.KindAssigned, call.KindCanceled, call.KindAlerted, call.KindOverflowed, call.KindNoted,
			call.KindRecordingStarted, call.KindRecordingStopped, "nonsense",
		}).Draw(t, "kind"),
		At:    at,
		Agent: rapid.SampledFrom(agents).Draw(t, "agent"),
	}
	e.Agents = rapid.SliceOfNDistinct(rapid.SampledFrom(agents), 0, len(agents), rapid.ID).Draw(t, "agents")
	e.Recording = rapid.SampledFrom([]string{"", "r1", "r2", "r3"}).Draw(t, "recording")
	e.DeleteMeeting = rapid.Bool().Draw(t, "delete")
	e.Until = at.Add(time.Duration(rapid.IntRange(-5, 20).Draw(t, "ring")) * time.Second)
	return e
}

// TestAnyOrderOfEvents applies random events and checks what must hold after each.
func TestAnyOrderOfEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := received()
		owner := ""
		at := t0
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			at = at.Add(time.Second)
			before, frozen := c, mustJSON(t, c)
			e := anyEvent(t, at)
			after, err := c.Apply(e)
			if got := mustJSON(t, before); got != frozen {
				t.Fatalf("Apply changed its receiver:\n%s\n%s", frozen, got)
			}
			if err != nil {
				if mustJSON(t, after) != frozen {
					t.Fatalf("a refused event changed the call: %+v", e)
				}
				continue
			}
			if before.State == call.Ended && e.Kind != call.KindNoted && e.Kind != call.KindRecordingStarted && e.Kind != call.KindRecordingStopped {
				t.Fatalf("event %q after ended", e.Kind)
			}
			if e.Kind == call.KindNoted && (before.State != call.Ended || before.Outcome != call.Completed || before.Agent != e.Agent) {
				t.Fatalf("%s noted on the call of %q, %s", e.Agent, before.Agent, before.State)
			}
			var back call.Call
			if err := json.Unmarshal([]byte(mustJSON(t, after)), &back); err != nil || mustJSON(t, back) != mustJSON(t, after) {
				t.Fatalf("it does not come back from the log: %v\n%s\n%s", err, mustJSON(t, after), mustJSON(t, back))
			}
			if e.Kind == call.KindAccepted {
				if owner != "" {
					t.Fatalf("%s accepted, but %s owns the call", e.Agent, owner)
				}
				if _, ok := before.OfferTo(e.Agent); !ok {
					t.Fatalf("%s accepted without an offer", e.Agent)
				}
				owner = e.Agent
			}
			if e.Kind == call.KindReturned {
				if owner != e.Agent {
					t.Fatalf("%s gave back the call of %q", e.Agent, owner)
				}
				owner = ""
			}
			checkShape(t, after, owner)
			checkRecordings(t, before, after, e)
			c = after
		}
	})
}

func checkShape(t *rapid.T, c call.Call, owner string) {
	if c.Agent != owner {
		t.Fatalf("owner %q, want %q", c.Agent, owner)
	}
	if (c.State == call.Ringing) != (len(c.Offers) > 0) {
		t.Fatalf("state %q with %d offers", c.State, len(c.Offers))
	}
	if (c.State == call.Ended) != (c.Outcome != "") || (c.State == call.Ended) == c.Ended.IsZero() {
		t.Fatalf("state %q, outcome %q, ended %v", c.State, c.Outcome, c.Ended)
	}
	if (c.State == call.Waiting || c.State == call.Ringing) && owner != "" {
		t.Fatalf("state %q with owner %q", c.State, owner)
	}
	if c.Assigned != "" && !c.Unanswered() {
		t.Fatalf("state %q with an agent chosen", c.State)
	}
	if !slices.IsSortedFunc(c.Passed, func(a, b call.Pass) int { return strings.Compare(a.Agent, b.Agent) }) {
		t.Fatalf("passed %v: sorted", c.Passed)
	}
	held := make([]string, 0, len(c.Offers))
	for _, o := range c.Offers {
		held = append(held, o.Agent)
	}
	if !slices.IsSorted(held) || len(slices.Compact(held)) != len(c.Offers) {
		t.Fatalf("offers %v: one per agent, sorted", held)
	}
}

// checkRecordings: only the last recording may be on, only its own events change
// recordings, and each is started by who has or had the call.
func checkRecordings(t *rapid.T, before, after call.Call, e call.Event) {
	n := len(after.Recordings) - len(before.Recordings)
	_, _, wasOn := before.Recording()
	r, place, on := after.Recording()
	switch e.Kind {
	case call.KindRecordingStarted:
		if n != 1 || wasOn || !on || r.ID != e.Recording || r.By != e.Agent || before.Agent != e.Agent && before.PassedBy(e.Agent).How != call.KindReturned {
			t.Fatalf("%s started %q: %+v, before %+v", e.Agent, e.Recording, after.Recordings, before.Recordings)
		}
	case call.KindRecordingStopped:
		if n != 0 || !wasOn || on || !after.Recordings[len(after.Recordings)-1].Stopped.Equal(e.At) {
			t.Fatalf("stopped %q: %+v, before %+v", e.Recording, after.Recordings, before.Recordings)
		}
	default:
		if mustJSON(t, before.Recordings) != mustJSON(t, after.Recordings) {
			t.Fatalf("%s changed the recordings", e.Kind)
		}
	}
	ids := map[string]bool{}
	for i, r := range after.Recordings {
		if ids[r.ID] || r.Stopped.IsZero() && (!on || i != place) {
			t.Fatalf("recordings %+v: each once, and only the last on", after.Recordings)
		}
		ids[r.ID] = true
	}
	if after.LeftOn() && !on {
		t.Fatalf("left on, but not on: %+v", after)
	}
	if after.DeleteMeeting && after.Outcome != call.Completed {
		t.Fatalf("the meeting of a call that nobody finished is to be deleted: %+v", after)
	}
}

func mustJSON(t *rapid.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
