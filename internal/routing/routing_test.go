package routing_test

import (
	"slices"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/routing"
)

var (
	t0    = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	queue = routing.Queue{Options: routing.Defaults(), Members: []string{"anna", "ben", "carla"}}
	ready = routing.Agent{Presence: call.Ready, Reachable: true}
	away  = routing.Agent{Presence: call.Ready} // lost its connection a moment ago

	paused = routing.Agent{Presence: call.Paused, Reachable: true}
	busy   = routing.Agent{Presence: call.Busy, Reachable: true, Calls: 1}
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

func assigned(agent string) call.Event {
	return call.Event{Kind: call.KindAssigned, At: t0, Agent: agent, By: "sara"}
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
		{"rings all ready members", nil, members{"anna": ready, "ben": paused, "carla": ready}, 0, call.KindOffered, []string{"anna", "carla"}, 0},
		{"does not ring the busy", nil, members{"anna": busy, "ben": ready}, 0, call.KindOffered, []string{"ben"}, 0},
		{"does not ring who wraps up", nil, members{"anna": {Presence: call.WrapUp, Reachable: true, WrappingUp: true}, "ben": ready}, 0, call.KindOffered, []string{"ben"}, 0},
		{"does not ring who is out of reach", nil, members{"anna": away, "ben": ready}, 0, call.KindOffered, []string{"ben"}, 0},
		{"does not ring who is no member", nil, members{"dino": ready}, 0, "", nil, queue.AlertAfter},
		{"waits while nobody is ready", nil, members{}, 0, "", nil, queue.AlertAfter},
		{"rings who gets ready later", []call.Event{offered(0, "anna")}, members{"anna": ready, "ben": ready}, time.Second, call.KindOffered, []string{"ben"}, 0},
		{"waits for the offers' deadline", []call.Event{offered(0, "anna")}, members{"anna": ready}, time.Second, "", nil, queue.Ring},
		{"the offer is over", []call.Event{offered(0, "anna")}, members{"anna": ready}, queue.Ring, call.KindLapsed, []string{"anna"}, 0},
		{"rings again after a lapse", []call.Event{offered(0, "anna"), {Kind: call.KindLapsed, At: after(queue.Ring), Agents: []string{"anna"}}}, members{"anna": ready}, queue.Ring, call.KindOffered, []string{"anna"}, 0},
		{"who paused loses the offer", []call.Event{offered(0, "anna", "ben")}, members{"anna": paused, "ben": ready}, time.Second, call.KindWithdrawn, []string{"anna"}, 0},
		{"who is away keeps it", []call.Event{offered(0, "anna")}, members{"anna": away}, time.Second, "", nil, queue.Ring},
		{"who left the queue loses it", []call.Event{offered(0, "dino")}, members{"dino": ready}, time.Second, call.KindWithdrawn, []string{"dino"}, 0},
		{"who declined is left alone while another rings", []call.Event{offered(0, "anna", "ben"), declined(time.Second, "anna")}, members{"anna": ready, "ben": ready}, 2 * time.Second, "", nil, queue.Ring},
		{"all declined: a ring time of silence", []call.Event{offered(0, "anna"), declined(time.Second, "anna")}, members{"anna": ready}, 2 * time.Second, "", nil, time.Second + queue.Ring},
		{"then rings again", []call.Event{offered(0, "anna"), declined(time.Second, "anna")}, members{"anna": ready}, time.Second + queue.Ring, call.KindOffered, []string{"anna"}, 0},
		{"a fresh agent goes before who declined", []call.Event{offered(0, "anna"), declined(time.Second, "anna")}, members{"anna": ready, "ben": ready}, time.Second + queue.Ring, call.KindOffered, []string{"ben"}, 0},
		{"supervisors are told that it waits", nil, members{}, queue.AlertAfter, call.KindAlerted, nil, 0},
		{"told once", []call.Event{{Kind: call.KindAlerted, At: after(queue.AlertAfter)}}, members{}, queue.AlertAfter, "", nil, queue.Patience},
		{"who was chosen rings first", []call.Event{assigned("ben")}, members{"anna": ready, "ben": ready}, 0, call.KindOffered, []string{"ben"}, 0},
		{"and alone", []call.Event{assigned("ben"), offered(0, "ben")}, members{"anna": ready, "ben": ready}, 0, "", nil, queue.Ring},
		{"who was chosen and serves another queue rings too", []call.Event{assigned("dino")}, members{"anna": ready, "dino": ready}, 0, call.KindOffered, []string{"dino"}, 0},
		{"who was chosen and can't take it is passed over", []call.Event{assigned("ben")}, members{"anna": ready, "ben": paused}, 0, call.KindOffered, []string{"anna"}, 0},
		{"who was chosen declines: the others ring", []call.Event{assigned("ben"), offered(0, "ben"), declined(time.Second, "ben")}, members{"anna": ready, "ben": ready}, time.Second, call.KindOffered, []string{"anna"}, 0},
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

// TestOneByOne is the choice of round-robin and least-recent.
func TestOneByOne(t *testing.T) {
	ago := func(minutes int) routing.Agent {
		return routing.Agent{Presence: call.Ready, Reachable: true, Engaged: after(-time.Duration(minutes) * time.Minute)}
	}
	all := map[string]routing.Agent{"anna": ago(3), "ben": ago(9), "carla": ago(5)}
	late := func(agents ...string) []call.Event {
		var events []call.Event
		for _, a := range agents {
			events = append(events, offered(0, a), call.Event{Kind: call.KindLapsed, At: after(queue.Ring), Agents: []string{a}})
		}
		return events
	}
	for _, tc := range []struct {
		name     string
		strategy routing.Strategy
		last     string // whose turn it was
		events   []call.Event
		agents   map[string]routing.Agent
		who      string // empty: nobody
	}{
		{"the first turn", routing.RoundRobin, "", nil, all, "anna"},
		{"the next after the last", routing.RoundRobin, "anna", nil, all, "ben"},
		{"after the last member the first", routing.RoundRobin, "carla", nil, all, "anna"},
		{"after one who is no member any more", routing.RoundRobin, "bea", nil, all, "ben"},
		{"who is away is passed over", routing.RoundRobin, "anna", nil, map[string]routing.Agent{"anna": ready, "ben": away, "carla": ready}, "carla"},
		{"who rings for another call is passed over", routing.RoundRobin, "anna", nil, map[string]routing.Agent{"ben": {Presence: call.Ready, Reachable: true, Ringing: 1}, "carla": ready}, "carla"},
		{"one at a time", routing.RoundRobin, "anna", []call.Event{offered(0, "ben")}, all, ""},
		{"who let it lapse comes after who has not had it", routing.RoundRobin, "carla", late("anna"), all, "ben"},
		{"when all let it lapse it goes round again", routing.RoundRobin, "carla", late("anna", "ben", "carla"), all, "anna"},
		{"who declined is asked only when nobody is left", routing.RoundRobin, "anna", []call.Event{offered(0, "ben"), declined(0, "ben")}, map[string]routing.Agent{"anna": busy, "ben": ready, "carla": busy}, "ben"},
		{"whose last call is the longest ago", routing.LeastRecent, "ben", nil, all, "ben"},
		{"who had none yet goes first", routing.LeastRecent, "", nil, map[string]routing.Agent{"anna": ago(3), "ben": ago(9), "carla": ready}, "carla"},
		{"the next when the first let it lapse", routing.LeastRecent, "", late("ben"), all, "carla"},
		{"alike by name", routing.LeastRecent, "", nil, map[string]routing.Agent{"ben": ready, "carla": ready}, "ben"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := queue
			q.Strategy, q.Turn, q.Patience = tc.strategy, call.Turn{Agent: tc.last, Number: 7}, time.Hour
			now := after(queue.Ring)
			if tc.who == "" {
				now = after(time.Second)
			}
			d := routing.Next(q, history(t, tc.events...), from(tc.agents), now)
			if tc.who == "" {
				if d.Act {
					t.Fatalf("got %+v, want nothing", d.Event)
				}
				return
			}
			if d.Event.Kind != call.KindOffered || !slices.Equal(d.Event.Agents, []string{tc.who}) || d.Event.Turn != 8 {
				t.Fatalf("got %+v, want turn 8 for %s", d.Event, tc.who)
			}
		})
	}
}

func TestOverflowAndHours(t *testing.T) {
	q := queue
	q.Overflow, q.OverflowAfter, q.AlertAfter = "help", time.Minute, 0
	if d := routing.Next(q, history(t), from(nil), after(59*time.Second)); d.Act || !d.Wake.Equal(after(time.Minute)) {
		t.Errorf("before the overflow time: %+v", d)
	}
	d := routing.Next(q, history(t), from(nil), after(time.Minute))
	if d.Event.Kind != call.KindOverflowed || d.Event.Queue != "help" {
		t.Fatalf("at the overflow time: %+v", d)
	}
	if d := routing.Next(q, history(t, d.Event), from(nil), after(time.Minute)); d.Act {
		t.Errorf("it overflows once: %+v", d)
	}
	c := history(t)
	c.Closed = true
	if d := routing.Next(q, c, from(map[string]routing.Agent{"anna": ready}), t0); d.Event.Kind != call.KindMissed || d.Event.Reason != string(call.OutOfHours) {
		t.Errorf("outside the hours: %+v", d)
	}
	q.WhenClosed = routing.RingAnyway
	if d := routing.Next(q, c, from(map[string]routing.Agent{"anna": ready}), t0); d.Event.Kind != call.KindOffered {
		t.Errorf("outside the hours, still to ring: %+v", d)
	}
}

// TestReturned: the patience of a returned call begins anew, and who gave it
// back is the last to be asked.
func TestReturned(t *testing.T) {
	at := queue.Patience - time.Second
	c := history(t, offered(0, "anna"), call.Event{Kind: call.KindAccepted, At: t0, Agent: "anna"}, call.Event{Kind: call.KindReturned, At: after(at), Agent: "anna"})
	both := from(map[string]routing.Agent{"anna": ready, "ben": ready})
	d := routing.Next(queue, c, both, after(queue.Patience))
	if !slices.Equal(d.Event.Agents, []string{"ben"}) {
		t.Errorf("got %+v, want an offer to ben alone", d)
	}
	if d := routing.Next(queue, c, both, after(at+queue.Patience)); d.Event.Kind != call.KindMissed {
		t.Errorf("after another patience: %+v", d)
	}
}

// TestAssignedBesideAnother: who was chosen is rung even if another call rings
// there, and not beside others for whom this call rings.
func TestAssignedBesideAnother(t *testing.T) {
	q := queue
	q.Strategy = routing.RoundRobin
	occupied := routing.Agent{Presence: call.Ready, Reachable: true, Ringing: 1}
	agents := from(map[string]routing.Agent{"anna": occupied, "ben": ready})
	if d := routing.Next(q, history(t, assigned("anna")), agents, t0); !slices.Equal(d.Event.Agents, []string{"anna"}) || d.Event.Turn != 0 {
		t.Errorf("got %+v, want an offer to anna that is nobody's turn", d.Event)
	}
	c := history(t, offered(0, "ben"))
	c.Assigned = "anna" // who could not take it a moment ago
	if d := routing.Next(q, c, agents, after(time.Second)); d.Act {
		t.Errorf("it rings for ben, and %+v", d.Event)
	}
}
