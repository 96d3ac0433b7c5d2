package ui

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/trail"
	"github.com/deskbell/deskbell/internal/wire"
)

// SampleFloor is a floor with calls and agents in every state.
func SampleFloor(now time.Time) (agent.Floor, []wire.Queue) {
	ago := func(d time.Duration) wire.Time { return wire.At(now.Add(-d)) }
	waits := func(id, name, queue, topic string, waited time.Duration, rings ...string) wire.Call {
		c := wire.Call{
			ID: id, Queue: queue, Topic: topic, State: call.Waiting, Customer: call.Customer{Name: name},
			Received: ago(waited), Since: ago(waited), Rings: rings, RingsFor: len(rings),
		}
		if len(rings) > 0 {
			c.State = call.Ringing
		}
		return c
	}
	long := waits("c1", "Maximiliane von und zu Hohenlohe-Schillingsfürst-Waldenburg", "web", "A question on an order that was sent to the wrong address", 84*time.Second)
	here := waits("c2", "Maria Bianchi 👋", "web", "MY_WEBSITE", 21*time.Second, "ben", "carla", "dora")
	here.Joined, here.RingsFor = true, 12
	taken := waits("c4", "שרה כהן", "sales", "Offer <b>4711</b>", 190*time.Second)
	taken.State, taken.Agent, taken.Joined = call.Accepted, "anna", true
	taken.Accepted, taken.Since = ago(3*time.Minute), wire.Time{}
	taken.Recordings = []wire.Recording{{ID: "r1", Started: ago(42 * time.Second), By: "anna"}}
	of := func(username, name string, p call.PresenceState, since time.Duration, answered, missed int) wire.Agent {
		return wire.Agent{
			Username: username, Name: name, Queues: []string{"web", "sales"}, Answered: answered, Missed: missed,
			Presence: wire.Presence{State: p, Since: ago(since)},
		}
	}
	lunch := of("dora", "Dora Fischer", call.Paused, 12*time.Minute, 4, 2)
	lunch.Reason = "Lunch"
	n := wire.WallboardNumbers{
		Waiting: 3, WaitingSince: ago(84 * time.Second), InCall: 1, Ready: 2, Busy: 1, Paused: 1, WrapUp: 1,
		Answered: 27, Missed: 2, Abandoned: 1, ServiceLevel: &wire.ServiceLevel{Percent: 90, Answered: 27, Of: 30},
	}
	f := agent.Floor{
		Calls: []wire.Call{taken, long, here, waits("c3", "", "sales", "", 4*time.Second, "ben")},
		Agents: []wire.Agent{
			of("anna", "Anna Bianchi", call.Busy, 3*time.Minute, 11, 0), of("ben", "Ben Weber", call.Ready, 25*time.Second, 9, 1),
			of("carla", "Carla Gómez", call.Ready, 4*time.Minute, 1, 0), lunch,
			of("emil", "Emil Novák", call.WrapUp, 9*time.Second, 2, 0), of("finn", "Finn Lindqvist", call.Offline, time.Hour, 0, 0),
		},
		Numbers: wire.Numbers{Time: wire.At(now), Total: n, Queues: []wire.WallboardQueue{{Name: "sales"}, {Name: "web", WallboardNumbers: n}}},
		Heard:   now,
	}
	return f, []wire.Queue{{Name: "web", AlertAfter: "30s", Capacity: 1}, {Name: "sales", AlertAfter: "0s", Capacity: 1}}
}

// sampleQueueRecording shows a call that is being recorded, and chosen.
func sampleQueueRecording() fyne.CanvasObject {
	return sampleQueue(func(_ *queueState, v *queueView) {
		v.stateOf.SetSelectedIndex(slices.Index(queueStates, stateInCall))
		v.call = "c4"
	})
}

func sampleQueueState() queueState {
	f, queues := SampleFloor(sampleNow)
	return queueState{floor: f, now: sampleNow, agent: agent.State{Connection: agent.Online, Queues: queues}}
}

func sampleQueue(change func(*queueState, *queueView)) fyne.CanvasObject {
	v := newQueueView(queueActions{key: func(*fyne.KeyEvent) bool { return false }, filter: func(queueFilter) {}}, queueFilter{})
	s := sampleQueueState()
	change(&s, v)
	v.show(s)
	return inSize(fyne.NewSize(1180, 470), v.root)
}

func sampleWall() fyne.CanvasObject {
	v := newWallView()
	s := sampleQueueState()
	var words floorWords
	v.show(s, "", words.rows(s.floor, s.agent.Queues, false, s.at()))
	return inSize(fyne.NewSize(1100, 720), v.root)
}

func sampleTiles() fyne.CanvasObject {
	var tiles []fyne.CanvasObject
	for _, f := range []figure{{name: "Waiting", value: "12"}, {name: "Longest wait", value: "0:21", note: "soon too long", grade: soon}, {name: "Ready", value: "0", note: "nobody is ready", grade: late}} {
		t := newTile(false)
		t.show(f)
		tiles = append(tiles, t.root)
	}
	return framed(440, container.New(equally{gap: 10, columns: 3}, tiles...))
}

func sampleTrail() fyne.CanvasObject {
	return framed(trailWidth, newTrailView(trail.Told{
		Summary: "Ben Weber accepted it at 12:03:10, after 25s.",
		Agents: []trail.Account{
			{Name: "Ben Weber", Rang: true, Words: []string{"12:02:46 rang, shown by the notification after 12 ms and the pop-up after 31 ms, accepted at 12:03:10"}},
			{Name: "Dora Fischer", Words: []string{"not rung: paused (Lunch) since 11:51:02"}},
		},
	}))
}

// inSize is an object in a size of its own on the ground of a window.
func inSize(size fyne.Size, o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(space(size.Width, size.Height), newPanel(theme.ColorNameBackground, "", 0), o)
}

// BusyFloor is a floor with so many calls.
func BusyFloor(calls int, now time.Time) (agent.Floor, []wire.Queue) {
	f, queues := SampleFloor(now)
	f.Calls = nil
	for i := range calls {
		c := wire.Call{
			ID: fmt.Sprint("call-", i), Queue: "web", Topic: "A question on an order", State: call.Ringing, Customer: call.Customer{Name: fmt.Sprint("Maria Bianchi ", i)},
			Received: wire.At(now.Add(-time.Duration(i) * time.Second)), Rings: []string{"ben", "carla"}, RingsFor: 2,
		}
		c.Since = c.Received
		f.Calls = append(f.Calls, c)
	}
	return f, queues
}

// QueueBench shows a floor in the widgets of the Queue window, in a window, again
// and again, a second later each time.
func QueueBench(b *testing.B, window func(fyne.CanvasObject) fyne.Window, calls int) {
	v := newQueueView(queueActions{key: func(*fyne.KeyEvent) bool { return false }, filter: func(queueFilter) {}}, queueFilter{})
	window(v.root).Resize(fyne.NewSize(1180, 720))
	s := sampleQueueState()
	s.floor, s.agent.Queues = BusyFloor(calls, s.now)
	v.show(s)
	for b.Loop() {
		s.now = s.now.Add(time.Second)
		s.floor.Heard = s.now
		v.show(s)
	}
}
