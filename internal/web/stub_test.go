package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// stubbed answers reports with what a test says, and has the hub answer the rest.
type stubbed struct {
	http.Handler
	reports map[string]string // by file
	breaks  bool              // break the report of calls off in the middle
}

func (s *stubbed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, is := strings.CutPrefix(r.URL.Path, "/api/v1/reports/")
	if !is {
		s.Handler.ServeHTTP(w, r)
		return
	}
	if s.breaks && file == "calls.json" {
		_, _ = w.Write([]byte(s.reports[file][:10]))
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write([]byte(s.reports[file]))
}

// aMonth are reports of many calls.
func aMonth(calls int) map[string]string {
	begin := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	var lines, quarters []map[string]any
	for n := range calls {
		at := begin.Add(time.Duration(n*37%(10*60)) * time.Minute)
		line := map[string]any{"id": fmt.Sprint(n), "queue": []string{"web", "sales"}[n%2], "received": at, "waited_seconds": n % 90, "outcome": "completed",
			"agent": "desk1", "agent_name": "Anna Bianchi", "handled_seconds": 100 + n%400, "disposition": "sold"}
		if n%5 == 0 {
			line["outcome"], line["agent"], line["agent_name"], line["handled_seconds"], line["disposition"] = "missed", "", "", 0, ""
		}
		if n%7 == 0 {
			line["outcome"], line["reason"], line["agent"], line["agent_name"], line["handled_seconds"], line["disposition"] = "canceled", "left", "", "", 0, ""
		}
		lines = append(lines, line)
	}
	for n := range 40 {
		quarters = append(quarters, map[string]any{"at": begin.Add(time.Duration(n) * 15 * time.Minute), "answered": 3 + n*7%9, "missed": n % 3, "canceled": n % 4 / 2, "waiting": n / 39})
	}
	figures := map[string]any{"calls": calls, "answered": calls * 7 / 10, "missed": calls / 5, "canceled": calls / 10, "waiting": 1,
		"service_level": map[string]any{"percent": 84.25, "answered_in_time": 337, "of": 400}, "handled_mean_seconds": 312.4,
		"waited": map[string]any{"mean_seconds": 21.3, "p95_seconds": 71.0, "max_seconds": 300.1},
		"waits": []map[string]any{{"up_to_seconds": 5, "calls": 20}, {"up_to_seconds": 30, "calls": 90}, {"up_to_seconds": 60, "calls": 50},
			{"up_to_seconds": 300, "calls": 12}, {"up_to_seconds": nil, "calls": 1}}}
	queue := map[string]any{"queue": "web"}
	for k, v := range figures {
		queue[k] = v
	}
	summary := map[string]any{"from": begin, "to": begin.Add(20 * time.Hour), "time_zone": "Europe/Rome", "total": figures,
		"queues": []any{queue}, "quarters": quarters}
	agents := []map[string]any{
		{"agent": "", "agent_name": "", "queue": "web", "total": calls / 5, "accepted": 0},
		{"agent": "desk1", "agent_name": "Anna Bianchi", "queue": "web", "total": calls / 2, "accepted": calls / 2, "response_mean_seconds": 6.2,
			"resolution_mean_seconds": 287.0, "resolution_seconds": 120_345},
	}
	return map[string]string{"calls.json": encoded(lines), "summary.json": encoded(summary), "agents.json": encoded(agents)}
}

func encoded(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}
