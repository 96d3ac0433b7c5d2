package report_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/report"
)

// t0 is 10:00 in Rome.
var t0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

var house = report.House{
	Name: func(username string) string {
		if username == "anna" {
			return "Anna Bianchi"
		}
		return username
	},
	AlertAfter: func(queue string) time.Duration {
		if queue == "web" {
			return 30 * time.Second
		}
		return 0
	},
}

func after(s float64) time.Time { return t0.Add(time.Duration(s * float64(time.Second))) }

// day is a little of everything.
var day = []report.Row{
	{Call: "c1", Queue: "web", Received: t0, Offered: after(0.02), Accepted: after(12.4), Ended: after(312.5), Outcome: call.Completed, Agent: "anna", Joined: true, Disposition: "sold"},
	{Call: "c2", Queue: "web", Received: t0, Offered: after(1), Accepted: after(400), Ended: after(460), Outcome: call.Canceled, Reason: call.BySupervisor, Agent: "anna", Overflow: "sales"},
	{Call: "c3", Queue: "web", Received: t0, Offered: after(1), Ended: after(300), Outcome: call.Missed, Reason: call.OutOfPatience},
	{Call: "c4", Queue: "web", Received: t0, Offered: after(1), Ended: after(10), Outcome: call.Canceled, Reason: call.CustomerLeft},
	{Call: "c5", Queue: "web", Received: t0, Ended: after(40), Outcome: call.Canceled, Reason: call.CustomerLeft},
	{Call: "c6", Queue: "web", Received: t0, Ended: t0, Outcome: call.Missed, Reason: call.OutOfHours, Closed: true},
	{Call: "c7", Queue: "web", Received: t0, Ended: after(5), Outcome: call.Canceled, Reason: call.QueueRemoved},
	{Call: "c8", Queue: "sales", Received: after(900), Ended: after(960), Outcome: call.Canceled, Reason: call.CustomerLeft, Closed: true},
	{Call: "c9", Queue: "sales", Received: after(900), Offered: after(901), Accepted: after(905), Agent: "ben"},
	{Call: "c10", Queue: "sales", Received: after(900)},
}

func query(name, format string) report.Query {
	rome, err := report.ParseZone("Europe/Rome")
	if err != nil {
		panic(err)
	}
	p, err := report.ParsePeriod("2026-03-02", "2026-03-02", rome, t0)
	if err != nil {
		panic(err)
	}
	return report.Query{Name: name, Format: format, Period: p}
}

func write(tb testing.TB, q report.Query, h report.House, rows ...report.Row) string {
	tb.Helper()
	var out strings.Builder
	r, err := report.New(&out, q, h)
	for i := 0; err == nil && i < len(rows); i++ {
		err = r.Take(rows[i])
	}
	if err == nil {
		err = r.End()
	}
	if err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

func TestCallsCSV(t *testing.T) {
	want := `ID,Queue,Received,Offered,Accepted,Ended,UTC Offset,Waited,Handled,Outcome,Reason,Agent,Agent Name,Joined,Out Of Hours,Overflow,Disposition
c1,web,2026-03-02 10:00:00,2026-03-02 10:00:00,2026-03-02 10:00:12,2026-03-02 10:05:12,+01:00,00:00:12,00:05:00,completed,,anna,Anna Bianchi,yes,no,,sold
c2,web,2026-03-02 10:00:00,2026-03-02 10:00:01,2026-03-02 10:06:40,2026-03-02 10:07:40,+01:00,00:06:40,00:01:00,canceled,supervisor,anna,Anna Bianchi,no,no,sales,
c3,web,2026-03-02 10:00:00,2026-03-02 10:00:01,,2026-03-02 10:05:00,+01:00,00:05:00,00:00:00,missed,patience,,,no,no,,
c4,web,2026-03-02 10:00:00,2026-03-02 10:00:01,,2026-03-02 10:00:10,+01:00,00:00:10,00:00:00,canceled,left,,,no,no,,
c5,web,2026-03-02 10:00:00,,,2026-03-02 10:00:40,+01:00,00:00:40,00:00:00,canceled,left,,,no,no,,
c6,web,2026-03-02 10:00:00,,,2026-03-02 10:00:00,+01:00,00:00:00,00:00:00,missed,closed,,,no,yes,,
c7,web,2026-03-02 10:00:00,,,2026-03-02 10:00:05,+01:00,00:00:05,00:00:00,canceled,queue removed,,,no,no,,
c8,sales,2026-03-02 10:15:00,,,2026-03-02 10:16:00,+01:00,00:01:00,00:00:00,canceled,left,,,no,yes,,
`
	if got := write(t, query(report.Calls, report.CSV), house, day...); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestAgentsCSV has Motion's columns, and works each of them out by hand.
func TestAgentsCSV(t *testing.T) {
	want := `Agent,Account,Total Interactions,Open,Open (%),Closed,Closed (%),Accepted,Timeout,Abandoned-OH,Abandoned-OH (%),Abandoned-OOH,Abandoned-OOH (%),AVG Response <=5mins,AVG Response-Time,Hold-Time,AVG Hold-Time,Resolution-Time,AVG Resolution-Time,Total Interaction-Time,AVG Interaction-Time
,sales,2,1,50.00,1,50.00,0,0,0,0.00,1,50.00,,,00:01:00,00:01:00,00:00:00,,00:01:00,00:01:00
,web,5,0,0.00,5,100.00,0,1,2,40.00,1,20.00,,,00:05:55,00:01:11,00:00:00,,00:05:55,00:01:11
Anna Bianchi (anna),web,2,0,0.00,2,100.00,2,0,0,0.00,0,0.00,00:00:12,00:03:26,00:06:52,00:03:26,00:06:00,00:03:00,00:12:52,00:06:26
ben,sales,1,1,100.00,0,0.00,1,0,0,0.00,0,0.00,,,00:00:00,,00:00:00,,00:00:00,
`
	if got := write(t, query(report.Agents, report.CSV), house, day...); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestSummaryCSV: quantiles are those of a histogram, whose error is stated.
func TestSummaryCSV(t *testing.T) {
	want := `Queue,Calls,Answered,Missed,Canceled,Waiting,Out Of Hours,Service Level (%),Answered In Time,Of,AVG Wait,P50 Wait,P80 Wait,P95 Wait,P99 Wait,Max Wait,AVG Answer,P95 Answer,Handled,AVG Handled
sales,3,1,0,1,1,1,,0,0,00:00:33,00:00:05,00:01:00,00:01:00,00:01:00,00:01:00,00:00:05,00:00:05,00:00:00,
web,7,2,2,3,0,1,25.00,1,4,00:02:08,00:00:12,00:05:01,00:06:39,00:06:39,00:06:40,00:03:26,00:06:39,00:06:00,00:03:00
(total),10,3,2,4,1,2,25.00,1,4,00:01:44,00:00:12,00:05:01,00:06:39,00:06:39,00:06:40,00:02:19,00:06:39,00:06:00,00:03:00
`
	if got := write(t, query(report.Summary, report.CSV), house, day...); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSummaryJSON(t *testing.T) {
	got := write(t, query(report.Summary, report.JSON), house, day...)
	var o struct {
		From, To string
		TimeZone string `json:"time_zone"`
		Total    struct {
			Calls        int
			ServiceLevel struct{ Percent float64 } `json:"service_level"`
			Waits        []struct {
				UpTo  *int `json:"up_to_seconds"`
				Calls int
			}
		}
		Queues []struct {
			Queue        string
			ServiceLevel *struct{} `json:"service_level"`
		}
		Quarters []struct {
			At                                  string
			Answered, Missed, Canceled, Waiting int
		}
	}
	if err := json.Unmarshal([]byte(got), &o); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	if o.From != "2026-03-01T23:00:00.000Z" || o.To != "2026-03-02T23:00:00.000Z" || o.TimeZone != "Europe/Rome" {
		t.Errorf("the period is %s to %s in %s", o.From, o.To, o.TimeZone)
	}
	if o.Total.Calls != 10 || o.Total.ServiceLevel.Percent != 25 || len(o.Queues) != 2 || o.Queues[0].ServiceLevel != nil {
		t.Errorf("got %+v", o)
	}
	if s := fmt.Sprint(o.Quarters); s != "[{2026-03-02T09:00:00.000Z 2 2 3 0} {2026-03-02T09:15:00.000Z 1 0 1 1}]" {
		t.Errorf("the quarters are %s", s)
	}
	var waits []string
	for _, w := range o.Total.Waits {
		upTo := "more"
		if w.UpTo != nil {
			upTo = fmt.Sprint(*w.UpTo)
		}
		waits = append(waits, fmt.Sprintf("%s:%d", upTo, w.Calls))
	}
	if s := strings.Join(waits, " "); s != "5:2 10:1 20:1 30:0 60:2 120:0 180:0 300:1 600:1 1200:0 1800:0 3600:0 more:0" {
		t.Errorf("the waits are %s", s)
	}
}

// TestNothing: a report of no calls is whole too.
func TestNothing(t *testing.T) {
	for _, name := range report.Names {
		for _, format := range []string{report.CSV, report.JSON} {
			got := write(t, query(name, format), house)
			switch {
			case format == report.JSON && !json.Valid([]byte(got)):
				t.Errorf("%s: no JSON: %q", name, got)
			case format == report.JSON && name != report.Summary && got != "[]\n":
				t.Errorf("%s: %q, want an empty list", name, got)
			case format == report.CSV && !strings.Contains(got, ",") || strings.Contains(got, "NaN"):
				t.Errorf("%s: %q", name, got)
			}
		}
	}
}

func TestCallsJSON(t *testing.T) {
	var lines []map[string]any
	if err := json.Unmarshal([]byte(write(t, query(report.Calls, report.JSON), house, day...)), &lines); err != nil {
		t.Fatal(err)
	}
	if len(lines) != 8 {
		t.Fatalf("%d calls, want the 8 that have ended", len(lines))
	}
	for field, want := range map[string]any{
		"id": "c1", "queue": "web", "received": "2026-03-02T09:00:00.000Z", "accepted": "2026-03-02T09:00:12.400Z",
		"waited_seconds": 12.0, "handled_seconds": 300.0, "agent": "anna", "agent_name": "Anna Bianchi", "joined": true, "closed": false,
		"disposition": "sold", "outcome": "completed",
	} {
		if got := lines[0][field]; got != want {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
}

// TestBounds: what would need memory without end is refused.
func TestBounds(t *testing.T) {
	for _, tc := range []struct {
		name string
		many int
		row  func(i int) report.Row
	}{
		{report.Agents, 100_001, func(i int) report.Row {
			return report.Row{Agent: fmt.Sprint("agent", i), Queue: "web", Received: t0, Accepted: t0}
		}},
		{report.Summary, 2001, func(i int) report.Row { return report.Row{Queue: fmt.Sprint("q", i), Received: t0} }},
	} {
		r, err := report.New(&strings.Builder{}, query(tc.name, report.JSON), house)
		if err != nil {
			t.Fatal(err)
		}
		for i := range tc.many {
			if err = r.Take(tc.row(i)); err != nil && i < tc.many-1 {
				t.Fatalf("%s: row %d: %v", tc.name, i, err)
			}
		}
		if call.CodeOf(err) != call.BadRequest {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

// TestWriteFails: a report that can't be written says so.
func TestWriteFails(t *testing.T) {
	for _, name := range report.Names {
		for _, format := range []string{report.CSV, report.JSON} {
			r, err := report.New(full{}, query(name, format), house)
			for i := 0; err == nil && i < len(day); i++ {
				err = r.Take(day[i])
			}
			if err == nil {
				err = r.End()
			}
			if err == nil {
				t.Errorf("%s.%s: nothing said", name, format)
			}
		}
	}
}
