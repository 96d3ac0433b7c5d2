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
			call.KindLeft, call.KindReturned, call.KindAssigned, call.KindCanceled, call.KindAlerted, call.KindOverflowed, call.KindNoted, "nonsense",
		}).Draw(t, "kind"),
		At:    at,
		Agent: rapid.SampledFrom(agents).Draw(t, "agent"),
	}
	e.Agents = rapid.SliceOfNDistinct(rapid.SampledFrom(agents), 0, len(agents), rapid.ID).Draw(t, "agents")
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
			if before.State == call.Ended && e.Kind != call.KindNoted {
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

func mustJSON(t *rapid.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
