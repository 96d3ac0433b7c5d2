package hub_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
)

// fill gives a hub's folder a log of ended calls, four entries each. It writes
// without a sync for each, or it would take minutes.
func fill(tb testing.TB, dir string, calls int) {
	tb.Helper()
	hubtest.MustStart(tb, dir).Stop(tb) // makes the streams
	engine, err := server.NewServer(&server.Options{JetStream: true, StoreDir: filepath.Join(dir, "log"), DontListen: true, NoSigs: true, NoLog: true})
	if err != nil {
		tb.Fatal(err)
	}
	engine.Start()
	defer engine.WaitForShutdown()
	defer engine.Shutdown()
	if !engine.ReadyForConnections(hubtest.Patience) {
		tb.Fatal("the engine does not start")
	}
	conn, err := nats.Connect("", nats.InProcessServer(engine))
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn, jetstream.WithPublishAsyncMaxPending(1000))
	if err != nil {
		tb.Fatal(err)
	}
	for i := range calls {
		for _, e := range endedCall(i, time.Now().Add(-time.Duration(calls-i)*20*time.Second)) {
			data, err := json.Marshal(e)
			if err != nil {
				tb.Fatal(err)
			}
			if _, err := js.PublishAsync("call.web."+e.Call.ID, data); err != nil {
				tb.Fatal(err)
			}
		}
	}
	<-js.PublishAsyncComplete()
}

// endedCall is the log of a call that was answered and finished.
func endedCall(i int, at time.Time) (entries []calllog.Entry) {
	session := fmt.Sprint("session-", i)
	c, e := call.New(call.Call{
		ID: fmt.Sprintf("call%012d", i), Queue: "web", Topic: "MY_WEBSITE", Received: at, Session: session, Link: hubtest.Link(session),
		Customer: call.Customer{Name: "Maria Rossi", Email: "maria.rossi@example.com", Phone: "+39 06 1234567"},
		Metadata: map[string]any{"language": "it", "page": "https://www.example.com/products/42", "cart": []any{"a", "b"}},
	})
	entries = append(entries, calllog.Entry{Event: e, Call: c})
	for j, e := range []call.Event{
		{Kind: call.KindOffered, Agents: []string{"anna", "ben", "carla", "dino"}, Until: at.Add(30 * time.Second)},
		{Kind: call.KindAccepted, Agent: "anna"},
		{Kind: call.KindFinished, Agent: "anna", Disposition: "sold"},
	} {
		e.At = at.Add(time.Duration(j) * time.Second)
		c, _ = c.Apply(e)
		entries = append(entries, calllog.Entry{Event: e, Call: c})
	}
	return entries
}

// BenchmarkReady is the start of a hub on a log of 100,000 ended calls, and the
// list of the open ones then.
func BenchmarkReady(b *testing.B) {
	dir := b.TempDir()
	fill(b, dir, 100_000)
	var list time.Duration
	for b.Loop() {
		h, err := hub.Open(b.Context(), hub.Config{Dir: dir, PublicURL: "http://hub.example", Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		began := time.Now()
		if calls := h.OpenCalls(); len(calls) != 0 {
			b.Fatalf("%d open calls", len(calls))
		}
		list += time.Since(began)
		if err := h.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(list.Microseconds())/float64(b.N), "µs/list")
}
