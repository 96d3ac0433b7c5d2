package routing_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/routing"
)

// BenchmarkNext is one turn about a call that rings on a thousand desks.
func BenchmarkNext(b *testing.B) {
	q := queue
	q.Members = nil
	for i := range 1000 {
		q.Members = append(q.Members, fmt.Sprintf("agent%03d", i))
	}
	c, _ := call.New(call.Call{ID: "c1", Queue: "web", Received: t0})
	c, err := c.Apply(call.Event{Kind: call.KindOffered, At: t0, Agents: q.Members, Until: after(queue.Ring)})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if turn := routing.Next(q, c, func(string) routing.Agent { return ready }, t0); turn.Act {
			b.Fatalf("there is nothing to do, but %+v", turn)
		}
	}
}

// BenchmarkFinish is what the hub decides when one of a thousand agents is done
// with a call, while others wait.
func BenchmarkFinish(b *testing.B) {
	for _, strategy := range routing.Strategies {
		for _, waiting := range []int{10, 1000} {
			b.Run(fmt.Sprintf("%s/%d", strategy, waiting), func(b *testing.B) { finish(b, strategy, waiting) })
		}
	}
}

func finish(b *testing.B, strategy routing.Strategy, waiting int) {
	o := routing.Defaults()
	o.Strategy, o.AlertAfter = strategy, 0
	dir := &manyAgents{options: o}
	f := routing.NewFloor(dir, t0)
	for i := range 1000 {
		dir.names = append(dir.names, fmt.Sprintf("agent%03d", i))
	}
	for _, name := range dir.names {
		f.Connect(name, t0)
	}
	var seq uint64
	calls := map[string]call.Call{}
	apply := func(id string, e call.Event) {
		c, err := calls[id].Apply(e)
		if err != nil {
			b.Fatal(err)
		}
		seq++
		calls[id] = c
		f.Apply(e, c, seq, t0)
	}
	settle := func() (offered []string) {
		for {
			id, _, d := f.Next(t0)
			if !d.Act {
				return offered
			}
			apply(id, d.Event)
			if d.Event.Kind == call.KindOffered {
				offered = append(offered, id)
			}
		}
	}
	come := func(i int) {
		c, e := call.New(call.Call{ID: fmt.Sprintf("c%06d", i), Queue: "web", Received: t0.Add(time.Duration(i))})
		seq++
		calls[c.ID] = c
		f.Apply(e, c, seq, t0)
	}
	// Every agent has a call.
	for i := range 1000 {
		come(i)
		for _, id := range settle() {
			apply(id, call.Event{Kind: call.KindAccepted, At: t0, Agent: calls[id].Offers[0].Agent})
		}
	}
	settle()
	for i := range waiting {
		come(1000 + i)
	}
	settle()
	next := 1000 + waiting
	oldest := 0
	for b.Loop() {
		id := fmt.Sprintf("c%06d", oldest)
		oldest++
		apply(id, call.Event{Kind: call.KindFinished, At: t0, Agent: calls[id].Agent})
		offered := settle()
		if len(offered) == 0 {
			b.Fatal("nobody was rung")
		}
		apply(offered[0], call.Event{Kind: call.KindAccepted, At: t0, Agent: calls[offered[0]].Offers[0].Agent})
		come(next)
		settle()
		next++
	}
}

// manyAgents serve one queue.
type manyAgents struct {
	options routing.Options
	names   []string
}

var web = []string{"web"}

func (d *manyAgents) Options(string) (routing.Options, bool) { return d.options, true }
func (d *manyAgents) Members(string) []string                { return d.names }
func (d *manyAgents) Serves(string) []string                 { return web }
func (d *manyAgents) Known(string) bool                      { return true }
func (d *manyAgents) Rules() routing.Rules                   { return routing.Rules{} }
func (d *manyAgents) Chosen(string) (call.Presence, bool)    { return call.Presence{}, false }
