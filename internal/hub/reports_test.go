package hub_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/wire"
)

// march is when the calls of a filled history begin.
var march = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

const marchQuery = "from=2026-03-01&to=2026-03-30&tz=UTC"

// fillHistory writes the history of a hub that does not run yet: so many calls,
// evenly over 30 days, so many in one entry of the log.
func fillHistory(tb testing.TB, dir string, calls, together int) {
	tb.Helper()
	l, err := calllog.Open(tb.Context(), filepath.Join(dir, "log"), calllog.Keep{}, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	rows := make([]calllog.Row, 0, together)
	for i := range calls {
		at := march.Add(time.Duration(i) * (30 * 24 * time.Hour / time.Duration(calls)))
		r := calllog.Row{
			Call: fmt.Sprintf("zux5vlg46r%06d", i), Queue: "web", Received: at, Offered: at.Add(20 * time.Millisecond),
			Ended: at.Add(time.Duration(5+i%290) * time.Second), Outcome: call.Canceled, Reason: call.CustomerLeft, Seq: uint64(i + 1),
		}
		if i%5 > 0 {
			r.Accepted, r.Agent, r.Joined, r.Outcome, r.Reason = at.Add(time.Duration(i%40)*100*time.Millisecond), fmt.Sprint("agent", i%50), true, call.Completed, ""
			r.Disposition = "sold"
		}
		if rows = append(rows, r); len(rows) < cap(rows) && i < calls-1 {
			continue
		}
		if _, err := l.Archive(tb.Context(), rows); err != nil {
			tb.Fatal(err)
		}
		rows = rows[:0]
	}
	if err := l.Close(); err != nil {
		tb.Fatal(err)
	}
}

// TestReports: who may read them, and what is refused.
func TestReports(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	s.MustQueue(t, hub.Queue{Name: "web"})
	anna, sara, adam := s.MustUser(t, "anna", call.RoleAgent, "web"), s.MustUser(t, "sara", call.RoleSupervisor), s.MustUser(t, "adam", call.RoleAdmin)
	for _, tc := range []struct {
		token, path string
		status      int
		says        string
	}{
		{"", "calls.csv?from=2026-03-01&to=2026-03-02", 401, "unauthorized"},
		{anna, "calls.csv?from=2026-03-01&to=2026-03-02", 403, "forbidden"},
		{anna, "summary.json?from=2026-03-01&to=2026-03-02", 403, "forbidden"},
		{sara, "calls.csv?from=2026-03-01&to=2026-03-02", 200, "ID,Queue,Received"},
		{adam, "calls.csv?from=2026-03-01&to=2026-03-02", 200, "ID,Queue,Received"},
		{sara, "calls.csv?from=2026-03-01&to=2026-03-02&bom=1", 200, "\ufeffID,Queue,Received"},
		{sara, "calls.json?from=2026-03-01&to=2026-03-02", 200, "[]"},
		{sara, "agents.csv?from=2026-03-01&to=2026-03-02&queue=web&agent=anna", 200, "Agent,Account,Total Interactions"},
		{sara, "agents.json?from=2026-03-01&to=2026-03-02", 200, "[]"},
		{sara, "summary.csv?from=2026-03-01&to=2026-03-02", 200, "(total),0,"},
		{sara, "summary.json?from=2026-03-01&to=2026-03-02", 200, `"calls": 0`},
		{sara, "calls.csv", 400, "bad_request"},
		{sara, "calls.csv?from=2026-03-02&to=2026-03-01", 400, "exchange"},
		{sara, "calls.csv?from=2026-03-01&to=2026-03-02&queue=nowhere", 404, "not_found"},
		{sara, "calls.csv?from=2026-03-01&to=2026-03-02&agent=nobody", 404, "not_found"},
		{sara, "calls.xls?from=2026-03-01&to=2026-03-02", 404, "calls.csv"},
	} {
		status, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/reports/"+tc.path, tc.token, "", "")
		if status != tc.status || !strings.Contains(answer, tc.says) {
			t.Errorf("%s: %d %s, want %d %s", tc.path, status, answer, tc.status, tc.says)
		}
		if status != 200 {
			problem(t, answer)
		}
	}
}

// TestReportOfLiveCalls: what has ended is in a report at once, each call once,
// and what is open is counted as open.
func TestReportOfLiveCalls(t *testing.T) {
	s := hubtest.MustStart(t, t.TempDir())
	receive := s.MustQueue(t, hub.Queue{Name: "web", Dispositions: []string{"sold"}})
	free := s.MustQueue(t, hub.Queue{Name: "free"}) // agents write their own words
	annaToken := s.MustUser(t, "anna", call.RoleAgent, "web", "free")
	sara := s.MustUser(t, "sara", call.RoleSupervisor)
	anna, _ := s.MustDial(t, annaToken)
	take := func(receive, session, disposition string, leaves bool) {
		id := hubtest.MustPost(t, receive, session)
		anna.Offered(id)
		anna.MustAsk(wire.Request{Type: wire.ActAccept, Call: id})
		if leaves { // before anna says how it went: the call has two rows in the history
			hubtest.Post(t, receive+"?event=ended", "application/json", fmt.Sprintf(`{"session_id":%q}`, session))
			hubtest.Await(anna, func(c wire.CallChanged) bool { return c.Call.ID == id && c.Call.State == call.Ended })
			if status, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/reports/calls.json?from="+time.Now().UTC().Add(-time.Hour).Format(time.DateOnly)+"&tz=UTC", sara, "", ""); status != 200 || !strings.Contains(answer, id) {
				t.Errorf("a call that has just ended: %d %s", status, answer)
			}
		}
		anna.MustAsk(wire.Request{Type: wire.ActFinish, Call: id, Disposition: disposition, Note: "a word about the customer"})
	}
	take(receive, "s1", "sold", false)
	take(receive, "s2", "sold", true)
	take(free, "s3", "word of anna", false)
	anna.Offered(hubtest.MustPost(t, receive, "s4")) // rings on

	get := func(file string) string {
		t.Helper()
		status, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/reports/"+file+"?from="+time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), sara, "", "")
		if status != 200 {
			t.Fatalf("%s: %d %s", file, status, answer)
		}
		return answer
	}
	var calls []struct{ Queue, Agent, Disposition string }
	if err := json.Unmarshal([]byte(get("calls.json")), &calls); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(calls); got != "[{web anna sold} {web anna sold} {free anna }]" {
		t.Errorf("the calls are %s", got)
	}
	if all := get("calls.csv") + get("calls.json"); strings.Contains(all, "word") {
		t.Errorf("an agent's own words are in %s", all)
	}
	var agents []struct {
		Agent, Queue                  string
		Total, Open, Closed, Accepted int
	}
	if err := json.Unmarshal([]byte(get("agents.json")), &agents); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(agents); got != "[{ web 1 1 0 0} {anna free 1 0 1 1} {anna web 2 0 2 2}]" {
		t.Errorf("the agents are %s", got)
	}
}

// TestReportStreams: a long report is whole, and has a file's name.
func TestReportStreams(t *testing.T) {
	dir := t.TempDir()
	fillHistory(t, dir, 10_000, 1000)
	s := hubtest.MustStart(t, dir)
	sara := s.MustUser(t, "sara", call.RoleSupervisor)
	answer := mustGet(t, s, sara, "calls.csv?"+marchQuery, http.DefaultTransport)
	defer answer.Body.Close()
	for header, want := range map[string]string{
		"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": `attachment; filename="deskbell-calls-2026-03-01-2026-03-30.csv"`,
		"Cache-Control": "no-store",
	} {
		if got := answer.Header.Get(header); got != want {
			t.Errorf("%s: %s, want %s", header, got, want)
		}
	}
	rows, err := csv.NewReader(answer.Body).ReadAll()
	if err != nil || len(rows) != 10_001 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if first, last := rows[1][0], rows[10_000][0]; first != "zux5vlg46r000000" || last != "zux5vlg46r009999" {
		t.Errorf("from %s to %s", first, last)
	}
	day := mustGet(t, s, sara, "calls.csv?from=2026-03-07&to=2026-03-07&tz=UTC", http.DefaultTransport)
	defer day.Body.Close()
	if rows, err := csv.NewReader(day.Body).ReadAll(); err != nil || len(rows) != 335 {
		t.Errorf("a day has %d rows, %v", len(rows), err)
	}
}

// mustGet asks for a report and leaves reading it to the caller.
func mustGet(tb testing.TB, s *hubtest.Server, token, file string, with http.RoundTripper) *http.Response {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, s.URL+"/api/v1/reports/"+file, http.NoBody)
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := with.RoundTrip(r)
	if err != nil {
		tb.Fatal(err)
	}
	return answer
}

// slowReader reads no more than it is asked to: a report waits for it.
func slowReader(t *testing.T) *http.Transport {
	slow := &http.Transport{
		DialContext: func(_ context.Context, network, address string) (net.Conn, error) {
			return smallBuffer(network, address)
		},
		DisableKeepAlives: true,
	}
	t.Cleanup(slow.CloseIdleConnections)
	return slow
}

// TestReportBreaksOff: a hub that ends in the middle of a report does not leave
// a file that looks whole, and does not wait for its reader.
func TestReportBreaksOff(t *testing.T) {
	dir := t.TempDir()
	fillHistory(t, dir, 20_000, 1000)
	s := hubtest.MustStart(t, dir)
	answer := mustGet(t, s, s.MustUser(t, "sara", call.RoleSupervisor), "calls.csv?"+marchQuery, slowReader(t))
	defer answer.Body.Close()
	if _, err := io.ReadFull(answer.Body, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	s.Stop(t)
	if n, err := io.Copy(io.Discard, answer.Body); err == nil {
		t.Errorf("%d bytes more, and an end as if the report were whole", n)
	}
}

// spoil appends to the history of a hub that does not run what nobody can read.
func spoil(t *testing.T, dir string) {
	t.Helper()
	engine, err := server.NewServer(&server.Options{
		ServerName: "deskbell-hub", JetStream: true, StoreDir: filepath.Join(dir, "log"), DontListen: true, NoSigs: true, NoLog: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	engine.Start()
	defer engine.WaitForShutdown()
	defer engine.Shutdown()
	if !engine.ReadyForConnections(hubtest.Patience) {
		t.Fatal("the engine does not start")
	}
	conn, err := nats.Connect("", nats.InProcessServer(engine))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Request("history", []byte("no rows"), hubtest.Patience); err != nil {
		t.Fatal(err)
	}
}

// TestReportOfSpoiltHistory: where the history can't be read to its end, a report
// that has begun has no end, and another is answered with an error.
func TestReportOfSpoiltHistory(t *testing.T) {
	dir := t.TempDir()
	fillHistory(t, dir, 10_000, 1000)
	spoil(t, dir)
	// The hub itself looks at the history's end.
	l, err := calllog.Open(t.Context(), filepath.Join(dir, "log"), calllog.Keep{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	last := calllog.Row{Call: "last", Queue: "web", Received: march, Ended: march, Outcome: call.Canceled, Seq: 40_000}
	if _, err := l.Archive(t.Context(), []calllog.Row{last}); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	s := hubtest.MustStart(t, dir)
	sara := s.MustUser(t, "sara", call.RoleSupervisor)
	begun := mustGet(t, s, sara, "calls.csv?"+marchQuery, http.DefaultTransport)
	defer begun.Body.Close()
	if n, err := io.Copy(io.Discard, begun.Body); err == nil || begun.StatusCode != http.StatusOK {
		t.Errorf("%s, %d bytes, %v", begun.Status, n, err)
	}
	status, answer := hubtest.Do(t, "GET", s.URL+"/api/v1/reports/agents.csv?"+marchQuery, sara, "", "")
	if status != http.StatusServiceUnavailable || problem(t, answer).Code != call.Unavailable {
		t.Errorf("%d %s", status, answer)
	}
}

// TestReportsAtOnce: a few are written at a time; who comes then is told so, and
// has a place when another has gone.
func TestReportsAtOnce(t *testing.T) {
	dir := t.TempDir()
	fillHistory(t, dir, 20_000, 1000)
	s := hubtest.MustStart(t, dir)
	sara, slow := s.MustUser(t, "sara", call.RoleSupervisor), slowReader(t)
	var open []*http.Response
	for range 3 {
		answer := mustGet(t, s, sara, "calls.csv?"+marchQuery, slow)
		defer answer.Body.Close()
		open = append(open, answer)
	}
	answer := mustGet(t, s, sara, "summary.json?"+marchQuery, slow)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") == "" || problem(t, string(body)).Code != call.TooMany {
		t.Fatalf("the fourth: %s %s, %v", answer.Status, body, err)
	}
	open[0].Body.Close()
	hubtest.Eventually(t, "a place is free", func() bool {
		again := mustGet(t, s, sara, "summary.json?"+marchQuery, slow)
		defer again.Body.Close()
		return again.StatusCode == http.StatusOK
	})
}

// benchmarkReport reads one report of a month, over HTTP, and measures the
// highest heap above what the hub had before.
func benchmarkReport(b *testing.B, file string) {
	for _, size := range []struct{ calls, together int }{
		{300_000, 7}, // what 10,000 calls a day leave, written once a minute
		{300_000, 1000},
		{1_000_000, 1000},
	} {
		b.Run(fmt.Sprintf("%d-by-%d", size.calls, size.together), func(b *testing.B) {
			dir := b.TempDir()
			fillHistory(b, dir, size.calls, size.together)
			s := hubtest.MustStart(b, dir)
			s.MustQueue(b, hub.Queue{Name: "web"})
			sara := s.MustUser(b, "sara", call.RoleSupervisor)
			runtime.GC()
			before := heap()
			peak, stop := watchHeap(b)
			for b.Loop() {
				answer := mustGet(b, s, sara, file+"?"+marchQuery, http.DefaultTransport)
				n, err := io.Copy(io.Discard, answer.Body)
				if err != nil || answer.StatusCode != http.StatusOK {
					b.Fatal(answer.Status, err)
				}
				answer.Body.Close()
				b.SetBytes(n)
			}
			stop()
			b.ReportMetric(float64(*peak-min(*peak, before))/(1<<20), "peak-MiB")
		})
	}
}

// heap is what objects take now, the dead ones that were not collected too.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// watchHeap looks at the heap until stop.
func watchHeap(b *testing.B) (peak *uint64, stop func()) {
	peak = new(uint64)
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			*peak = max(*peak, heap())
			select {
			case <-tick.C:
			case <-quit:
				return
			}
		}
	}()
	return peak, func() { close(quit); <-ended }
}

func BenchmarkCallsReport(b *testing.B)   { benchmarkReport(b, "calls.csv") }
func BenchmarkAgentsReport(b *testing.B)  { benchmarkReport(b, "agents.csv") }
func BenchmarkSummaryReport(b *testing.B) { benchmarkReport(b, "summary.json") }
