package report_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/report"
)

// anyRow draws a call as the domain makes them.
func anyRow(t *rapid.T, id int) report.Row {
	r := report.Row{
		Call: fmt.Sprint("c", id), Queue: rapid.SampledFrom([]string{"web", "sales", "gone"}).Draw(t, "queue"),
		Received: t0.Add(time.Duration(rapid.Int64Range(0, int64(8*time.Hour)).Draw(t, "received"))),
		Closed:   rapid.Bool().Draw(t, "closed"),
	}
	span := func(what string) time.Duration {
		return time.Duration(rapid.Int64Range(0, int64(20*time.Minute)).Draw(t, what))
	}
	fate := rapid.SampledFrom([]string{"completed", "stopped", "taken", "waiting", "patience", "left", "closed", "supervisor", "removed"}).Draw(t, "fate")
	if fate != "closed" {
		r.Offered = r.Received.Add(span("offered"))
	}
	if slices.Contains([]string{"completed", "stopped", "taken"}, fate) {
		r.Accepted = r.Offered.Add(span("accepted"))
		r.Agent = rapid.SampledFrom([]string{"anna", "ben"}).Draw(t, "agent")
	}
	switch fate {
	case "taken", "waiting":
		return r
	case "closed":
		r.Closed, r.Ended = true, r.Received
	default:
		r.Ended = slices.MaxFunc([]time.Time{r.Offered, r.Accepted}, time.Time.Compare).Add(span("ended"))
	}
	r.Outcome = map[string]call.Outcome{"completed": call.Completed, "patience": call.Missed, "closed": call.Missed}[fate]
	if r.Outcome == "" {
		r.Outcome = call.Canceled
	}
	r.Reason = map[string]call.Reason{
		"patience": call.OutOfPatience, "left": call.CustomerLeft, "closed": call.OutOfHours, "supervisor": call.BySupervisor,
		"stopped": call.BySupervisor, "removed": call.QueueRemoved,
	}[fate]
	return r
}

// sums are what the reports have to agree on, by queue.
type sums struct{ ended, open, answered, missed, canceled, waiting, waited, handled int64 }

// TestReportsAgree adds up the calls report and compares it with the totals of
// the agents and of the summary.
func TestReportsAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows := make([]report.Row, rapid.IntRange(0, 60).Draw(rt, "calls"))
		for i := range rows {
			rows[i] = anyRow(rt, i)
		}
		calls, agents, summary := fromCalls(t, rows), fromAgents(rt, t, rows), fromSummary(rt, t, rows)
		for _, q := range []string{"web", "sales", "gone"} {
			c, a, s := calls[q], agents[q], summary[q]
			if c.ended != a.ended || c.waited != a.waited || c.handled != a.handled || c.handled != s.handled {
				rt.Fatalf("%s: the calls add up to %+v, the agents to %+v, the summary to %+v", q, c, a, s)
			}
			if s.answered != a.answered || s.waiting+s.answered+s.missed+s.canceled != a.ended+a.open || c.missed != s.missed || c.canceled != s.canceled {
				rt.Fatalf("%s: the calls add up to %+v, the agents to %+v, the summary to %+v", q, c, a, s)
			}
		}
	})
}

func fromCalls(t *testing.T, rows []report.Row) map[string]sums {
	records, err := csv.NewReader(strings.NewReader(write(t, query(report.Calls, report.CSV), house, rows...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]sums{}
	for _, r := range records[1:] {
		s := all[r[1]]
		s.ended++
		s.waited += hms(t, r[7])
		s.handled += hms(t, r[8])
		if r[4] == "" {
			switch r[9] {
			case "missed":
				s.missed++
			case "canceled":
				s.canceled++
			}
		}
		all[r[1]] = s
	}
	return all
}

// hms reads HH:MM:SS.
func hms(t *testing.T, text string) int64 {
	var h, m, s int64
	if _, err := fmt.Sscanf(text, "%d:%d:%d", &h, &m, &s); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return h*3600 + m*60 + s
}

func fromAgents(rt *rapid.T, t *testing.T, rows []report.Row) map[string]sums {
	var lines []struct {
		Agent, Queue                  string
		Total, Open, Closed, Accepted int64
		Timeout                       int64
		Left                          int64 `json:"abandoned_open_hours"`
		Out                           int64 `json:"abandoned_out_of_hours"`
		HoldSeconds                   int64 `json:"hold_seconds"`
		Resolution                    int64 `json:"resolution_seconds"`
		Interaction                   int64 `json:"interaction_seconds"`
	}
	if err := json.Unmarshal([]byte(write(t, query(report.Agents, report.JSON), house, rows...)), &lines); err != nil {
		t.Fatal(err)
	}
	all := map[string]sums{}
	for _, l := range lines {
		if l.Total != l.Open+l.Closed || l.Interaction != l.HoldSeconds+l.Resolution || l.Timeout+l.Left+l.Out > l.Closed {
			rt.Fatalf("a row does not agree with itself: %+v", l)
		}
		if l.Agent != "" && l.Accepted != l.Total || l.Agent == "" && (l.Accepted != 0 || l.Resolution != 0) {
			rt.Fatalf("an agent has the calls it accepted, and nobody has none: %+v", l)
		}
		s := all[l.Queue]
		s.ended += l.Closed
		s.open += l.Open
		s.answered += l.Accepted
		s.waited += l.HoldSeconds
		s.handled += l.Resolution
		all[l.Queue] = s
	}
	return all
}

func fromSummary(rt *rapid.T, t *testing.T, rows []report.Row) map[string]sums {
	type part struct {
		Calls, Answered, Missed, Canceled, Waiting int64
		Handled                                    int64 `json:"handled_seconds"`
		Waited                                     struct{ Calls int64 }
		Waits                                      []struct{ Calls int64 }
	}
	var o struct {
		Total  part
		Queues []struct {
			Queue string
			part
		}
		Quarters []part
	}
	if err := json.Unmarshal([]byte(write(t, query(report.Summary, report.JSON), house, rows...)), &o); err != nil {
		t.Fatal(err)
	}
	all := map[string]sums{}
	var queues, quarters, waits part
	add := func(to *part, p part) {
		to.Answered, to.Missed, to.Canceled, to.Waiting = to.Answered+p.Answered, to.Missed+p.Missed, to.Canceled+p.Canceled, to.Waiting+p.Waiting
	}
	for _, q := range o.Queues {
		add(&queues, q.part)
		all[q.Queue] = sums{answered: q.Answered, missed: q.Missed, canceled: q.Canceled, waiting: q.Waiting, handled: q.Handled}
	}
	for _, q := range o.Quarters {
		add(&quarters, q)
	}
	for _, w := range o.Total.Waits {
		waits.Calls += w.Calls
	}
	total := [4]int64{o.Total.Answered, o.Total.Missed, o.Total.Canceled, o.Total.Waiting}
	for what, p := range map[string]part{"queues": queues, "quarters": quarters} {
		if got := [4]int64{p.Answered, p.Missed, p.Canceled, p.Waiting}; got != total {
			rt.Fatalf("the %s add up to %v, and in total there are %v", what, got, total)
		}
	}
	if o.Total.Calls != int64(len(rows)) || total[0]+total[1]+total[2]+total[3] != o.Total.Calls || waits.Calls != o.Total.Waited.Calls {
		rt.Fatalf("of %d calls: %+v", len(rows), o.Total)
	}
	return all
}

// TestQuantiles compares the histogram's with the exact ones.
func TestQuantiles(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		waits := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) int64 {
			return rapid.Int64Range(0, 1<<rapid.IntRange(0, 33).Draw(t, "bits")).Draw(t, "ms")
		}), 1, 300).Draw(rt, "waits")
		rows := make([]report.Row, len(waits))
		for i, ms := range waits {
			rows[i] = report.Row{Queue: "web", Received: t0, Ended: t0.Add(time.Duration(ms) * time.Millisecond), Outcome: call.Missed, Reason: call.OutOfPatience}
		}
		var o struct {
			Total struct{ Waited map[string]float64 }
		}
		if err := json.Unmarshal([]byte(write(t, query(report.Summary, report.JSON), house, rows...)), &o); err != nil {
			t.Fatal(err)
		}
		slices.Sort(waits)
		for name, percent := range map[string]int{"p50": 50, "p80": 80, "p95": 95, "p99": 99, "max": 100} {
			exact := float64(waits[(len(waits)*percent+99)/100-1]) / 1000
			got := o.Total.Waited[name+"_seconds"]
			if off := max(got-exact, exact-got); off > exact/128+1e-9 || name == "max" && off > 1e-9 {
				rt.Fatalf("%s is %v, exactly it is %v", name, got, exact)
			}
		}
	})
}
