package trail_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/trail"
)

var t0 = time.Date(2026, 3, 2, 12, 10, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return t0.Add(d) }

// story makes a story of the events after the call came.
func story(t *testing.T, c call.Call, events ...call.Event) trail.Story {
	t.Helper()
	c.ID, c.Queue, c.Received = "c1", "web", t0
	c, first := call.New(c)
	s := trail.Story{Events: []call.Event{first}, Zone: time.UTC}
	for _, e := range events {
		var err error
		if c, err = c.Apply(e); err != nil {
			t.Fatal(err)
		}
		s.Events = append(s.Events, e)
	}
	s.Call = c
	s.Agents = []trail.Agent{{Username: "anna", Name: "Anna Bianchi"}, {Username: "ben", Name: "Desk 4"}}
	return s
}

func offered(at time.Duration, agents ...string) call.Event {
	return call.Event{Kind: call.KindOffered, At: after(at), Agents: agents, Until: after(at + 20*time.Second)}
}

func by(k call.Kind, at time.Duration, agents ...string) call.Event {
	if k == call.KindLapsed || k == call.KindWithdrawn {
		return call.Event{Kind: k, At: after(at), Agents: agents, Reason: "paused"}
	}
	return call.Event{Kind: k, At: after(at), Agent: agents[0]}
}

func missed(at time.Duration, why call.Reason) call.Event {
	return call.Event{Kind: call.KindMissed, At: after(at), Reason: string(why)}
}

func presence(name string, state call.PresenceState, reason string, cause call.Cause, at time.Duration) trail.Change {
	return trail.Change{Username: name, Presence: call.Presence{State: state, Reason: reason, Cause: cause, Since: after(at)}}
}

// account finds what is told of an agent.
func account(t *testing.T, told trail.Told, agent string) string {
	t.Helper()
	i := slices.IndexFunc(told.Agents, func(a trail.Account) bool { return a.Agent == agent })
	if i < 0 {
		t.Fatalf("nothing is told of %s: %+v", agent, told)
	}
	return strings.Join(told.Agents[i].Words, "\n")
}

func TestSummary(t *testing.T) {
	accepted := []call.Event{offered(time.Second, "anna"), by(call.KindAccepted, 5*time.Second, "anna")}
	for _, tc := range []struct {
		name   string
		events []call.Event
		want   string
	}{
		{"waits", nil, "It waits since 12:10:00, and nobody can be rung now."},
		{"rings", accepted[:1], "It waits since 12:10:00 and rings."},
		{"accepted", accepted, "Anna Bianchi accepted it at 12:10:05, after 5s."},
		{"finished", append(slices.Clone(accepted), by(call.KindFinished, time.Minute, "anna")), "Anna Bianchi accepted it at 12:10:05, after 5s, and it ended at 12:11:00."},
		{"missed, it never rang", []call.Event{missed(5*time.Minute, call.OutOfPatience)}, "Missed at 12:15:00: nobody could be rung for 5m0s. The lines below tell why"},
		{"missed, it rang", []call.Event{offered(0, "anna"), missed(5*time.Minute, call.OutOfPatience)}, "Missed at 12:15:00: it rang, and nobody accepted it for 5m0s."},
		{"closed", []call.Event{missed(0, call.OutOfHours)}, "Missed at once: it came outside the opening hours (mon 09:00-10:00)."},
		{"the customer left", []call.Event{{Kind: call.KindLeft, At: after(12 * time.Second)}}, "The customer left at 12:10:12, after 12s, before anybody accepted."},
		{"the queue was removed", []call.Event{{Kind: call.KindCanceled, At: t0, Reason: string(call.QueueRemoved)}}, "Canceled at 12:10:00: its queue was removed."},
		{"canceled", []call.Event{{Kind: call.KindCanceled, At: t0, By: "ben", Reason: string(call.BySupervisor)}}, "Canceled at 12:10:00 by Desk 4."},
		{"canceled by the command", []call.Event{{Kind: call.KindCanceled, At: t0, Reason: string(call.BySupervisor)}}, "Canceled at 12:10:00 by an administrator."},
	} {
		s := story(t, call.Call{}, tc.events...)
		s.Hours = "mon 09:00-10:00"
		if got := trail.Tell(s).Summary; !strings.HasPrefix(got, tc.want) {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
	s := story(t, call.Call{})
	s.Agents = nil
	if got := trail.Tell(s).Summary; !strings.Contains(got, "'user set NAME --queue web'") {
		t.Errorf("a queue without members: %q", got)
	}
}

func TestAccounts(t *testing.T) {
	receipts := []call.Receipt{{Agent: "anna", Surface: "native", Ms: 40, At: after(1100 * time.Millisecond)}, {Agent: "anna", Surface: "window", Ms: 55, At: after(1200 * time.Millisecond)}}
	for _, tc := range []struct {
		name      string
		events    []call.Event
		anna, ben string
	}{
		{"declined and faster", []call.Event{offered(time.Second, "anna", "ben"), by(call.KindDeclined, 2*time.Second, "anna"), by(call.KindAccepted, 3*time.Second, "ben")},
			"12:10:01 rang, shown by the notification after 40 ms and the pop-up after 55 ms, declined at 12:10:02",
			"12:10:01 rang, but the app did not say that it was shown, accepted at 12:10:03"},
		{"taken by another", []call.Event{offered(time.Second, "anna", "ben"), by(call.KindAccepted, 3*time.Second, "ben")},
			"12:10:01 rang, shown by the notification after 40 ms and the pop-up after 55 ms, Desk 4 was faster at 12:10:03", ""},
		{"not answered, then rung again", []call.Event{offered(time.Second, "anna"), by(call.KindLapsed, 21*time.Second, "anna"), offered(21*time.Second, "anna")},
			"12:10:01 rang, shown by the notification after 40 ms and the pop-up after 55 ms, not answered until 12:10:21\n12:10:21 rang, but the app did not say that it was shown, rings still", ""},
		{"paused meanwhile", []call.Event{offered(time.Second, "anna"), by(call.KindWithdrawn, 5*time.Second, "anna")},
			"12:10:01 rang, shown by the notification after 40 ms and the pop-up after 55 ms, withdrawn at 12:10:05: the agent paused", ""},
		{"given to another", []call.Event{offered(time.Second, "anna"), {Kind: call.KindAssigned, At: after(4 * time.Second), Agent: "ben", By: "sara"}},
			"12:10:01 rang, shown by the notification after 40 ms and the pop-up after 55 ms, given to Desk 4 at 12:10:04", "12:10:04 chosen by sara"},
		{"given back", []call.Event{offered(time.Second, "anna"), by(call.KindAccepted, 2*time.Second, "anna"), by(call.KindReturned, 3*time.Second, "anna")},
			"12:10:01 rang, shown by the notification after 40 ms and the pop-up after 55 ms, accepted at 12:10:02\n12:10:03 gave it back", ""},
		{"canceled", []call.Event{offered(time.Second, "anna"), {Kind: call.KindLeft, At: after(3 * time.Second)}},
			"12:10:01 rang, shown by the notification after 40 ms and the pop-up after 55 ms, until it was canceled at 12:10:03", ""},
	} {
		s := story(t, call.Call{}, tc.events...)
		s.Receipts = receipts
		told := trail.Tell(s)
		if got := account(t, told, "anna"); got != tc.anna {
			t.Errorf("%s:\n got %s\nwant %s", tc.name, got, tc.anna)
		}
		if got := account(t, told, "ben"); tc.ben != "" && !strings.HasPrefix(got, tc.ben) {
			t.Errorf("%s:\n got %s\nwant %s", tc.name, got, tc.ben)
		}
	}
}

// TestSilence: why it did not ring, in words.
func TestSilence(t *testing.T) {
	for _, tc := range []struct {
		name    string
		changes []trail.Change
		want    string
	}{
		{"lunch", []trail.Change{presence("anna", call.Paused, "lunch", "", -7*time.Minute)}, "not rung: paused (lunch) since 12:03:00"},
		{"away", []trail.Change{presence("anna", call.Offline, "", "", -time.Hour)}, "not rung: no app was connected since 11:10:00"},
		{"busy, then wrapping up", []trail.Change{presence("anna", call.Busy, "", "", -time.Minute), presence("anna", call.WrapUp, "", "", time.Minute)},
			"not rung: in another call since 12:09:00\nthen wrapping up after a call since 12:11:00"},
		{"missed calls", []trail.Change{presence("anna", call.Paused, "missed calls", call.CauseMissed, -time.Minute)}, "not rung: paused for missed calls since 12:09:00"},
		{"by a supervisor", []trail.Change{presence("anna", call.Paused, "training", call.CauseSupervisor, -time.Minute)}, "not rung: paused by a supervisor (training) since 12:09:00"},
		{"by signing in", []trail.Change{presence("anna", call.Paused, "", call.CauseSignIn, -time.Minute)}, "not rung: paused by signing in since 12:09:00"},
		{"not in turn", []trail.Change{presence("anna", call.Ready, "", "", -time.Minute)}, "not rung: ready since 12:09:00, but it was not this agent's turn, or another call rang there"},
		{"out of reach for a moment", []trail.Change{{Username: "anna", Presence: call.Presence{State: call.Ready, Since: after(-time.Minute), Away: true}}}, "not rung: ready since 12:09:00, but the app had lost its connection"},
		{"since yesterday", []trail.Change{presence("anna", call.Offline, "", "", -24*time.Hour)}, "not rung: no app was connected since 2026-03-01 12:10:00"},
		{"nothing known", nil, "not rung: nothing is known of the agent's presence at that time"},
	} {
		s := story(t, call.Call{}, offered(0, "ben"), missed(5*time.Minute, call.OutOfPatience))
		s.Presence = tc.changes
		told := trail.Tell(s)
		if got := account(t, told, "anna"); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.name, got, tc.want)
		}
		if told.Agents[0].Agent != "ben" {
			t.Errorf("%s: whom it rang comes first: %+v", tc.name, told.Agents)
		}
	}
	s := story(t, call.Call{}, missed(0, call.OutOfHours))
	s.Presence = []trail.Change{presence("anna", call.Ready, "", "", -time.Minute)}
	if got := account(t, trail.Tell(s), "anna"); got != "not rung: the queue was closed" {
		t.Errorf("closed: %s", got)
	}
}

// TestRecordingsAreTold: who started and stopped them, and that the hub did when
// the agent could not any more.
func TestRecordingsAreTold(t *testing.T) {
	start := func(at time.Duration, id string) call.Event {
		return call.Event{Kind: call.KindRecordingStarted, At: after(at), Agent: "anna", Recording: id}
	}
	stop := func(at time.Duration, agent, id string) call.Event {
		return call.Event{Kind: call.KindRecordingStopped, At: after(at), Agent: agent, Recording: id}
	}
	s := story(t, call.Call{}, offered(time.Second, "anna", "ben"), by(call.KindAccepted, 2*time.Second, "anna"), start(3*time.Second, "r1"),
		stop(4*time.Second, "anna", "r1"), start(5*time.Second, "r2"), by(call.KindFinished, 6*time.Second, "anna"), stop(7*time.Second, "", "r2"))
	told := trail.Tell(s)
	if got := account(t, told, "anna"); !strings.HasSuffix(got, "accepted at 12:10:02\n12:10:03 started a recording\n12:10:04 stopped the recording\n12:10:05 started a recording\n"+
		"12:10:07 the recording was stopped: the call was no longer this agent's") {
		t.Errorf("anna: %s", got)
	}
	if got := account(t, told, "ben"); strings.Contains(got, "record") {
		t.Errorf("ben: %s", got)
	}
}
