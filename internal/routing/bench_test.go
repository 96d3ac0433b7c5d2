package routing_test

import (
	"fmt"
	"testing"

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
