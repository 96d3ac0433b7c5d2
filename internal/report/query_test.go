package report_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/report"
)

// world has the queues web and roma, the user anna, and the time t0.
var world = report.World{
	Queue: func(name string) (string, bool) {
		zone := map[string]string{"web": "", "roma": "Europe/Rome"}
		z, ok := zone[name]
		return z, ok
	},
	Agent: func(username string) bool { return username == "anna" },
	Zone:  time.UTC,
	Now:   t0,
}

func parse(file, query string) (report.Query, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return report.Query{}, err
	}
	return report.Parse(file, values, world)
}

func TestPeriods(t *testing.T) {
	for _, tc := range []struct{ query, from, to string }{
		{"from=2026-03-01&to=2026-03-01", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"},
		{"from=2026-02-01&to=2026-02-28", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"from=2026-03-01", "2026-03-01T00:00:00Z", "2026-03-02T09:00:00Z"},
		{"from=2026-03-01&to=", "2026-03-01T00:00:00Z", "2026-03-02T09:00:00Z"},
		{"from=2026-03-02&to=2026-03-31", "2026-03-02T00:00:00Z", "2026-04-01T00:00:00Z"},
		{"from=2026-03-01T08:00:00Z&to=2026-03-01T09:30:00%2B01:00", "2026-03-01T08:00:00Z", "2026-03-01T08:30:00Z"},
		{"from=2026-03-01T08:00:00Z&to=2026-03-01", "2026-03-01T08:00:00Z", "2026-03-02T00:00:00Z"},
		{"from=2026-03-01&to=2026-03-01&tz=Europe/Rome", "2026-02-28T23:00:00Z", "2026-03-01T23:00:00Z"},
		{"from=2026-03-01&to=2026-03-01&queue=roma", "2026-02-28T23:00:00Z", "2026-03-01T23:00:00Z"},
		{"from=2026-03-01&to=2026-03-01&queue=roma&queue=web", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"},
		{"from=2026-03-01&to=2026-03-01&queue=roma&tz=UTC", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"},
		// A day of 23 hours, and one of 25.
		{"from=2025-03-30&to=2025-03-30&tz=Europe/Rome", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z"},
		{"from=2025-10-26&to=2025-10-26&tz=Europe/Rome", "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z"},
		// 400 days, and no more.
		{"from=2025-01-27&to=2026-03-02", "2025-01-27T00:00:00Z", "2026-03-03T00:00:00Z"},
	} {
		q, err := parse("calls.csv", tc.query)
		if err != nil {
			t.Errorf("%s: %v", tc.query, err)
			continue
		}
		from, to := q.Period.From.UTC().Format(time.RFC3339), q.Period.To.UTC().Format(time.RFC3339)
		if from != tc.from || to != tc.to {
			t.Errorf("%s: from %s to %s, want from %s to %s", tc.query, from, to, tc.from, tc.to)
		}
	}
}

func TestRefused(t *testing.T) {
	const good = "from=2026-03-01&to=2026-03-02"
	for _, tc := range []struct {
		file, query string
		code        call.Code
		says        string
	}{
		{"calls.xls", good, call.NotFound, "calls.csv"},
		{"calls", good, call.NotFound, "calls.csv"},
		{"", good, call.NotFound, "calls.csv"},
		{"weather.csv", good, call.NotFound, "calls.csv"},
		{"calls.csv", "", call.BadRequest, "from when"},
		{"calls.csv", "to=2026-03-01", call.BadRequest, "from when"},
		{"calls.csv", "from=yesterday", call.BadRequest, `"yesterday" is no date`},
		{"calls.csv", "from=2026-02-30", call.BadRequest, "no date"},
		{"calls.csv", "from=2026-3-1", call.BadRequest, "no date"},
		{"calls.csv", "from=2026-03-01T10:00:00", call.BadRequest, "no date"},
		{"calls.csv", "from=2026-03-01&to=tomorrow", call.BadRequest, `"to"`},
		{"calls.csv", "from=2026-03-02&to=2026-03-01", call.BadRequest, "exchange"},
		{"calls.csv", "from=2026-03-01T10:00:00Z&to=2026-03-01T10:00:00Z", call.BadRequest, "exchange"},
		{"calls.csv", "from=1999-12-31", call.BadRequest, "before 2000"},
		{"calls.csv", "from=0001-01-01&to=9999-12-31", call.BadRequest, "before 2000"},
		{"calls.csv", "from=2025-01-26&to=2026-03-02", call.BadRequest, "more than 400 days"},
		{"calls.csv", "from=2026-03-01&to=9999-12-31", call.BadRequest, "more than 400 days"},
		{"calls.csv", "from=2026-03-03", call.BadRequest, "in the future"},
		{"calls.csv", good + "&queue=nowhere", call.NotFound, `no queue "nowhere"`},
		{"calls.csv", good + "&queue=web&queue=%3Cb%3E%0a", call.NotFound, `no queue "<b>"`},
		{"calls.csv", good + "&agent=nobody", call.NotFound, `no user "nobody"`},
		{"calls.csv", good + "&tz=Mars/Olympus", call.BadRequest, "Europe/Rome"},
		{"calls.csv", good + "&tz=Local", call.BadRequest, "Europe/Rome"},
		{"calls.csv", good + "&tz=../../etc/passwd", call.BadRequest, "Europe/Rome"},
		{"calls.csv", good + "&bom=yes", call.BadRequest, "1 or 0"},
		{"calls.json", good + "&bom=1", call.BadRequest, "JSON has none"},
		{"calls.csv", good + "&form=2026-03-01", call.BadRequest, `no parameter "form"`},
		{"calls.csv", good + "&from=2026-03-02", call.BadRequest, `"from" once`},
	} {
		_, err := parse(tc.file, tc.query)
		if call.CodeOf(err) != tc.code || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s?%s: %v, want %s: %q", tc.file, tc.query, err, tc.code, tc.says)
		}
	}
}

func TestParse(t *testing.T) {
	q, err := parse("agents.csv", "from=2026-03-01&queue=web&queue=roma&agent=anna&bom=1&tz=Asia/Kathmandu")
	if err != nil || q.Name != report.Agents || q.Format != report.CSV || strings.Join(q.Queues, " ") != "web roma" || q.Agent != "anna" || !q.BOM || q.Period.Zone.String() != "Asia/Kathmandu" {
		t.Errorf("%+v, %v", q, err)
	}
	if first, last := q.Period.Days(); first != "2026-03-01" || last != "2026-03-02" {
		t.Errorf("days %s to %s", first, last)
	}
	in := report.Row{Queue: "web", Agent: "anna", Received: q.Period.From}
	for name, change := range map[string]func(*report.Row){
		"before":        func(r *report.Row) { r.Received = q.Period.From.Add(-1) },
		"after":         func(r *report.Row) { r.Received = q.Period.To },
		"another queue": func(r *report.Row) { r.Queue = "sales" },
		"another agent": func(r *report.Row) { r.Agent = "ben" },
	} {
		out := in
		if change(&out); q.Wants(out) {
			t.Errorf("it wants one %s", name)
		}
	}
	if !q.Wants(in) {
		t.Error("it does not want what it asks for")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("calls.csv", "from=2026-03-01&to=2026-03-02&queue=web&agent=anna&tz=Europe/Rome&bom=1")
	f.Add("agents.json", "from=2026-03-01T08:00:00Z&to=2026-03-01T09:30:00%2B01:00")
	f.Add("summary.csv", "from=1999-01-01&tz=%00&queue=%e2%80%ae")
	f.Add("calls.csv", "from=2026-03-01&to=2026-02-01")
	f.Add("x.csv", "from=292277026596-12-04")
	f.Fuzz(func(t *testing.T, file, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		q, err := report.Parse(file, values, world)
		if err != nil {
			var e *call.Error
			if !errors.As(err, &e) || !strings.HasSuffix(e.Message, ".") || strings.ContainsFunc(e.Message, unicode.IsControl) {
				t.Fatalf("refused with %q", err)
			}
			return
		}
		p := q.Period
		if !p.From.Before(p.To) || p.From.After(world.Now) || p.From.Year() < 1999 || p.To.Sub(p.From) > 401*24*time.Hour {
			t.Errorf("%s: from %v to %v", query, p.From, p.To)
		}
		if first, last := p.Days(); len(first) != 10 || len(last) != 10 {
			t.Errorf("days %q to %q", first, last)
		}
	})
}
