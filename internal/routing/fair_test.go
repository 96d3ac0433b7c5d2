package routing_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/routing"
)

// TestABusyQueueHoldsUpNoOther: while hundreds of older calls of one queue are to
// be decided about, a call of another is so within a few turns.
func TestABusyQueueHoldsUpNoOther(t *testing.T) {
	dir := &directory{options: map[string]routing.Options{"busy": routing.Defaults(), "small": routing.Defaults()},
		serves: map[string][]string{"eva": {"small"}}, chosen: map[string]call.Presence{}}
	f := routing.NewFloor(dir, t0)
	for i := range 20 {
		name := fmt.Sprintf("agent%02d", i)
		dir.serves[name] = []string{"busy"}
		f.Connect(name, t0)
	}
	f.Connect("eva", t0)
	var seq uint64
	calls := map[string]call.Call{}
	come := func(id, queue string, at time.Time) {
		c, e := call.New(call.Call{ID: id, Queue: queue, Received: at})
		seq++
		calls[id] = c
		f.Apply(e, c, seq, at)
	}
	for i := range 200 {
		come(fmt.Sprintf("b%03d", i), "busy", t0)
	}
	come("s", "small", after(time.Second))
	for turn := range 20 {
		id, _, d := f.Next(after(time.Second))
		if !d.Act {
			break
		}
		if id == "s" {
			if turn > 10 {
				t.Errorf("the other queue had to wait for %d turns", turn)
			}
			return
		}
		c, err := calls[id].Apply(d.Event)
		if err != nil {
			t.Fatal(err)
		}
		seq++
		calls[id] = c
		f.Apply(d.Event, c, seq, after(time.Second))
	}
	t.Error("the other queue had no turn in 20")
}
