package agent_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/routing"
)

const (
	rushWatchers = 50
	rushAgents   = 12
	rushPause    = 5 * time.Millisecond // between two calls: 200 a second
	rushTalk     = 500 * time.Millisecond
)

// BenchmarkRush has 50 supervisors watch 200 calls a second, all of them in one
// process: each call is a webhook, rings for an agent, is accepted and finished.
// It reports by how much each supervisor's floor was behind: from the answer of
// the webhook until the call is there, and from that of "finish" until it is
// gone. Run it for 10 s, with the log in memory where others use the disk:
//
//	TMPDIR=/dev/shm go test ./internal/agent -run '^$' -bench Rush -benchtime 2000x
func BenchmarkRush(b *testing.B) {
	s := hubtest.MustStart(b, b.TempDir())
	receive := s.MustQueue(b, hub.Queue{Name: "web", Options: routing.Options{Strategy: routing.RoundRobin, Capacity: 20}})
	r := &rush{came: map[string]time.Time{}, went: map[string]time.Time{}}
	ctx, stop := context.WithCancel(b.Context())
	var running sync.WaitGroup
	defer func() { stop(); running.Wait() }()
	run := func(token string, emit func(*agent.Session, agent.Event)) *agent.Session {
		var session *agent.Session
		session = agent.New(agent.Options{Hub: s.URL, Token: token, Logger: slog.New(slog.DiscardHandler), Emit: func(e agent.Event) { emit(session, e) }})
		running.Go(func() { _ = session.Run(ctx) })
		return session
	}
	var all []*agent.Session
	for i := range rushAgents {
		all = append(all, run(s.MustUser(b, fmt.Sprint("agent", i), call.RoleAgent, "web"), func(a *agent.Session, e agent.Event) {
			if e.Kind == agent.Rang {
				running.Go(func() { r.serve(ctx, a, e.Offer.Call.ID) })
			}
		}))
	}
	watchers := make([]watcher, rushWatchers)
	for i := range watchers {
		w := &watchers[i]
		w.seen, w.gone = map[string]time.Time{}, map[string]time.Time{}
		all = append(all, run(s.MustUser(b, fmt.Sprint("super", i), call.RoleSupervisor), func(a *agent.Session, e agent.Event) {
			if e.Kind == agent.Watched {
				w.look(a.Floor(), time.Now())
			}
		}))
	}
	hubtest.Eventually(b, "all are connected", func() bool {
		return !slices.ContainsFunc(all, func(a *agent.Session) bool { return a.State().Connection != agent.Online })
	})

	b.ResetTimer()
	var posting sync.WaitGroup
	tick := time.NewTicker(rushPause)
	defer tick.Stop()
	began := time.Now()
	for i := range b.N {
		<-tick.C
		posting.Go(func() { r.post(b, receive, i) })
	}
	posting.Wait()
	took := time.Since(began)
	hubtest.Eventually(b, "all calls are over on every floor", func() bool {
		return !slices.ContainsFunc(all[rushAgents:], func(a *agent.Session) bool { return len(a.Floor().Calls) > 0 }) && r.over() == b.N
	})
	b.StopTimer()
	r.report(b, watchers, float64(b.N)/took.Seconds())
}

// rush knows when each call came and went.
type rush struct {
	mu         sync.Mutex
	came, went map[string]time.Time
}

func (r *rush) post(b *testing.B, receive string, i int) {
	id := hubtest.MustPost(b, receive, fmt.Sprint("s", i))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.came[id] = time.Now()
}

// serve takes a call, talks and finishes.
func (r *rush) serve(ctx context.Context, a *agent.Session, id string) {
	if a.Accept(ctx, id) != nil {
		return
	}
	select {
	case <-time.After(rushTalk):
	case <-ctx.Done():
		return
	}
	if a.Finish(ctx, id, "", "") == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.went[id] = time.Now()
	}
}

func (r *rush) over() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.went)
}

// watcher knows when a supervisor's floor had each call, and had it no more.
type watcher struct {
	mu         sync.Mutex
	seen, gone map[string]time.Time
}

func (w *watcher) look(f agent.Floor, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	open := map[string]bool{}
	for _, c := range f.Calls {
		open[c.ID] = true
		if _, known := w.seen[c.ID]; !known {
			w.seen[c.ID] = now
		}
	}
	for _, c := range f.Ended {
		if _, known := w.gone[c.ID]; !known {
			w.gone[c.ID] = now
		}
	}
	for id := range w.seen {
		if _, known := w.gone[id]; !known && !open[id] {
			w.gone[id] = now
		}
	}
}

func (r *rush) report(b *testing.B, watchers []watcher, rate float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var lags []time.Duration
	for i := range watchers {
		w := &watchers[i]
		w.mu.Lock()
		for id, at := range w.seen {
			lags = append(lags, max(0, at.Sub(r.came[id])))
		}
		for id, at := range w.gone {
			lags = append(lags, max(0, at.Sub(r.went[id])))
		}
		w.mu.Unlock()
	}
	slices.Sort(lags)
	if len(lags) == 0 {
		b.Fatal("nobody saw a call")
	}
	for name, share := range map[string]float64{"p50": 0.5, "p99": 0.99, "max": 1} {
		at := min(len(lags)-1, int(share*float64(len(lags))))
		b.ReportMetric(float64(lags[at])/float64(time.Millisecond), name+"-lag-ms")
	}
	b.ReportMetric(rate, "calls/s")
	b.ReportMetric(0, "ns/op")
}
