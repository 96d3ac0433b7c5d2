package routing_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/routing"
)

var (
	t0    = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	queue = routing.Queue{Strategy: routing.BeepAll, Ring: 20 * time.Second, Patience: 5 * time.Minute, Members: []string{"anna", "ben", "carla"}}
	ready = routing.Agent{Presence: call.Ready, Reachable: true}
	away  = routing.Agent{Presence: call.Ready} // lost its connection a moment ago
)

func after(d time.Duration) time.Time { return t0.Add(d) }

// history applies events to a call received at t0.
func history(t *testing.T, events ...call.Event) call.Call {
	t.Helper()
	c, _ := call.New(call.Call{ID: "c1", Queue: "web", Received: t0})
	for _, e := range events {
		var err error
		if c, err = c.Apply(e); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func offered(at time.Duration, agents ...string) call.Event {
	return call.Event{Kind: call.KindOffered, At: after(at), Agents: agents, Until: after(at + queue.Ring)}
}

func declined(at time.Duration, agent string) call.Event {
	return call.Event{Kind: call.KindDeclined, At: after(at), Agent: agent}
}

// from reads agents from a map; who is not in it is offline.
func from(agents map[string]routing.Agent) func(string) routing.Agent {
	return func(name string) routing.Agent { return agents[name] }
}

func TestNext(t *testing.T) {
	type members = map[string]routing.Agent
	for _, tc := range []struct {
		name   string
		events []call.Event
		agents members
		now    time.Duration
		kind   call.Kind // empty: nothing to do
		who    []string
		wake   time.Duration
	}{
		{"rings all ready members", nil, members{"anna": ready, "ben": {Presence: call.Paused, Reachable: true}, "carla": ready}, 0, call.KindOffered, []string{"anna", "carla"}, 0},
		{"does not ring the busy", nil, members{"anna": {Presence: call.Busy, Reachable: true}, "ben": ready}, 0, call.KindOffered, []string{"ben"}, 0},
		{"does not ring who is out of reach", nil, members{"anna": away, "ben": ready}, 0, call.KindOffered, []string{"ben"}, 0},
		{"does not ring who is no member", nil, members{"dino": ready}, 0, "", nil, queue.Patience},
		{"waits while nobody is ready", nil, members{}, 0, "", nil, queue.Patience},
		{"rings who gets ready later", []call.Event{offered(0, "anna")}, members{"anna": ready, "ben": ready}, time.Second, call.KindOffered, []string{"ben"}, 0},
		{"waits for the offers' deadline", []call.Event{offered(0, "anna")}, members{"anna": ready}, time.Second, "", nil, queue.Ring},
		{"the offer is over", []call.Event{offered(0, "anna")}, members{"anna": ready}, queue.Ring, call.KindLapsed, []string{"anna"}, 0},
		{"rings again after a lapse", []call.Event{offered(0, "anna"), {Kind: call.KindLapsed, At: after(queue.Ring), Agents: []string{"anna"}}}, members{"anna": ready}, queue.Ring, call.KindOffered, []string{"anna"}, 0},
		{"who paused loses the offer", []call.Event{offered(0, "anna", "ben")}, members{"anna": {Presence: call.Paused, Reachable: true}, "ben": ready}, time.Second, call.KindWithdrawn, []string{"anna"}, 0},
		{"who is away keeps it", []call.Event{offered(0, "anna")}, members{"anna": away}, time.Second, "", nil, queue.Ring},
		{"who left the queue loses it", []call.Event{offered(0, "dino")}, members{"dino": ready}, time.Second, call.KindWithdrawn, []string{"dino"}, 0},
		{"who declined is left alone while another rings", []call.Event{offered(0, "anna", "ben"), declined(time.Second, "anna")}, members{"anna": ready, "ben": ready}, 2 * time.Second, "", nil, queue.Ring},
		{"all declined: a ring time of silence", []call.Event{offered(0, "anna"), declined(time.Second, "anna")}, members{"anna": ready}, 2 * time.Second, "", nil, time.Second + queue.Ring},
		{"then rings again", []call.Event{offered(0, "anna"), declined(time.Second, "anna")}, members{"anna": ready}, time.Second + queue.Ring, call.KindOffered, []string{"anna"}, 0},
		{"a fresh agent goes before who declined", []call.Event{offered(0, "anna"), declined(time.Second, "anna")}, members{"anna": ready, "ben": ready}, time.Second + queue.Ring, call.KindOffered, []string{"ben"}, 0},
		{"patience is over", []call.Event{offered(0, "anna")}, members{"anna": ready}, queue.Patience, call.KindMissed, nil, 0},
		{"no offer is longer than the patience", nil, members{"anna": ready}, queue.Patience - time.Second, call.KindOffered, []string{"anna"}, 0},
		{"an accepted call needs nothing", []call.Event{offered(0, "anna"), {Kind: call.KindAccepted, At: t0, Agent: "anna"}}, members{"ben": ready}, queue.Patience, "", nil, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			turn := routing.Next(queue, history(t, tc.events...), from(tc.agents), after(tc.now))
			if turn.Act != (tc.kind != "") || turn.Event.Kind != tc.kind || !slices.Equal(turn.Event.Agents, tc.who) {
				t.Fatalf("got %+v, want %q %v", turn, tc.kind, tc.who)
			}
			if until := turn.Event.Until.Sub(t0); until > queue.Patience {
				t.Errorf("rings until %v, beyond the patience", until)
			}
			if wake := turn.Wake.Sub(t0); !turn.Wake.IsZero() && wake != tc.wake || turn.Wake.IsZero() && tc.wake != 0 {
				t.Errorf("wake after %v, want %v", wake, tc.wake)
			}
		})
	}
}

// TestRandomDays lets agents come, go, pause, decline and accept at random and
// follows every turn: what routing proposes always applies, nobody is rung who
// must not be, and a call never waits beside a ready agent who has not declined.
func TestRandomDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, _ := call.New(call.Call{ID: "c1", Queue: "web", Received: t0})
		agents := map[string]routing.Agent{}
		now := t0
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 15).Draw(t, "seconds")) * time.Second)
			name := rapid.SampledFrom(queue.Members).Draw(t, "agent")
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0, 1:
				agents[name] = routing.Agent{
					Presence:  rapid.SampledFrom([]call.PresenceState{call.Ready, call.Ready, call.Paused, call.Busy, call.Offline}).Draw(t, "presence"),
					Reachable: rapid.Bool().Draw(t, "reachable"),
				}
			case 2:
				c = try(c, call.Event{Kind: call.KindDeclined, At: now, Agent: name})
			case 3:
				if rapid.IntRange(0, 5).Draw(t, "accept") == 0 {
					c = try(c, call.Event{Kind: call.KindAccepted, At: now, Agent: name})
				}
			}
			c = settle(t, c, agents, now)
		}
	})
}

func try(c call.Call, e call.Event) call.Call {
	if next, err := c.Apply(e); err == nil {
		return next
	}
	return c
}

// settle takes turns until routing has nothing more to do.
func settle(t *rapid.T, c call.Call, agents map[string]routing.Agent, now time.Time) call.Call {
	for range 20 {
		turn := routing.Next(queue, c, from(agents), now)
		if !turn.Act {
			checkSettled(t, c, agents, now, turn.Wake)
			return c
		}
		for _, name := range turn.Event.Agents {
			if a := agents[name]; turn.Event.Kind == call.KindOffered && (a.Presence != call.Ready || !a.Reachable) {
				t.Fatalf("offered to %s, who is %+v", name, a)
			}
		}
		next, err := c.Apply(turn.Event)
		if err != nil {
			t.Fatalf("routing proposed what can't happen: %+v: %v", turn.Event, err)
		}
		c = next
	}
	t.Fatal("routing does not come to rest")
	return c
}

func checkSettled(t *rapid.T, c call.Call, agents map[string]routing.Agent, now, wake time.Time) {
	if !c.Unanswered() {
		return
	}
	if !wake.After(now) {
		t.Fatalf("nothing to do, but wake %v is not after %v", wake, now)
	}
	for _, name := range queue.Members {
		_, rings := c.OfferTo(name)
		if a := agents[name]; !rings && a.Presence == call.Ready && a.Reachable && c.RefusedBy(name).IsZero() {
			t.Fatalf("the call does not ring for %s, who is ready", name)
		}
	}
}
