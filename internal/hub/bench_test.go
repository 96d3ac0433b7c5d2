package hub_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
)

// BenchmarkRing is the way of one webhook to the last of n apps: the call and
// its offers on disk first.
func BenchmarkRing(b *testing.B) {
	for _, agents := range []int{1, 50, 1000} {
		b.Run(fmt.Sprint(agents), func(b *testing.B) {
			s := hubtest.MustStart(b, b.TempDir())
			receive := s.MustQueue(b, hub.Queue{Name: "web", Options: routing.Options{Ring: time.Hour, Patience: 2 * time.Hour}})
			apps := make([]*hubtest.App, agents)
			for i := range apps {
				apps[i], _ = s.MustDial(b, s.MustUser(b, fmt.Sprint("agent", i), call.RoleAgent, "web"))
			}
			rung := make([]hubtest.Cursor, agents)
			for i := 0; b.Loop(); i++ {
				id := hubtest.MustPost(b, receive, fmt.Sprint("s", i))
				for j, app := range apps {
					rung[j] = app.OfferedSince(rung[j], id)
				}
				b.StopTimer() // the customer leaves: an app has room for so many rings
				hubtest.Post(b, receive+"?event=ended", "application/json", fmt.Sprintf(`{"session_id":"s%d"}`, i))
				b.StartTimer()
			}
		})
	}
}
