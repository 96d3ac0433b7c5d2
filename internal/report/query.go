package report

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
)

// The reports, and the formats in which they are written.
const (
	Calls   = "calls"
	Agents  = "agents"
	Summary = "summary"

	CSV  = "csv"
	JSON = "json"
)

// Names are the reports' names.
var Names = []string{Calls, Agents, Summary}

// Query is a report that somebody wants.
type Query struct {
	Name   string // Calls, Agents or Summary
	Format string // CSV or JSON
	Period Period
	Queues []string // empty: all that may be read
	Agent  string   // username; empty: all, and calls that nobody took
	BOM    bool     // a mark for programs that do not expect UTF-8
}

// World is what a query may ask about.
type World struct {
	// Queue tells whether there is a queue that may be read, and its time zone,
	// if it has one.
	Queue func(name string) (zone string, ok bool)
	Agent func(username string) bool
	Zone  *time.Location // where nothing else says which
	Now   time.Time
}

// parameters are those of a query, each with how often it may come.
var parameters = map[string]int{"from": 1, "to": 1, "queue": 1000, "agent": 1, "tz": 1, "bom": 1}

// Parse reads a query from the name of a file, such as calls.csv, and
// parameters. Its errors are sentences.
func Parse(file string, values map[string][]string, w World) (Query, error) {
	var q Query
	var ok bool
	q.Name, q.Format, ok = strings.Cut(file, ".")
	if !ok || !slices.Contains(Names, q.Name) || q.Format != CSV && q.Format != JSON {
		return q, &call.Error{Code: call.NotFound, Message: "There is no such report: ask for calls.csv, agents.csv, summary.csv, calls.json, agents.json or summary.json."}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch most, known := parameters[name]; {
		case !known:
			return q, bad("A report has no parameter %q: use from, to, queue, agent, tz and bom.", clean.Text(name, maxQuoted))
		case len(values[name]) > most:
			return q, bad("Say %q once only.", name)
		}
	}
	if err := q.parseWho(values, w); err != nil {
		return q, err
	}
	zone, err := q.zone(first(values["tz"]), w)
	if err != nil {
		return q, err
	}
	if q.Period, err = ParsePeriod(first(values["from"]), first(values["to"]), zone, w.Now); err != nil {
		return q, err
	}
	return q, q.parseBOM(first(values["bom"]))
}

// parseWho reads whose calls the report is about.
func (q *Query) parseWho(values map[string][]string, w World) error {
	for _, name := range values["queue"] {
		if name == "" {
			continue
		}
		if _, ok := w.Queue(name); !ok {
			return &call.Error{Code: call.NotFound, Message: "There is no queue \"" + clean.Text(name, maxQuoted) +
				"\" that you may read: name another, or none for all. The calls of a removed queue are in the report of all."}
		}
		q.Queues = append(q.Queues, name)
	}
	if q.Agent = first(values["agent"]); q.Agent != "" && !w.Agent(q.Agent) {
		return &call.Error{Code: call.NotFound, Message: "There is no user \"" + clean.Text(q.Agent, maxQuoted) +
			"\": give a username, or none for all. The calls of a removed user are in the report of all."}
	}
	return nil
}

// zone is the one that was asked for, else the queue's if one is named, else
// the hub's.
func (q *Query) zone(asked string, w World) (*time.Location, error) {
	if asked != "" {
		return ParseZone(asked)
	}
	if len(q.Queues) == 1 {
		if name, _ := w.Queue(q.Queues[0]); name != "" {
			return ParseZone(name)
		}
	}
	return w.Zone, nil
}

func (q *Query) parseBOM(text string) error {
	switch text {
	case "", "0", "false":
	case "1", "true":
		q.BOM = true
	default:
		return bad("\"bom\" is 1 or 0, not %q.", clean.Text(text, maxQuoted))
	}
	if q.BOM && q.Format != CSV {
		return bad("A byte order mark is for CSV: JSON has none. Leave \"bom\" out.")
	}
	return nil
}

// Wants tells whether the report is about a call. Which queues may be read at
// all is not its question.
func (q Query) Wants(r Row) bool {
	return !r.Received.Before(q.Period.From) && r.Received.Before(q.Period.To) &&
		(len(q.Queues) == 0 || slices.Contains(q.Queues, r.Queue)) && (q.Agent == "" || q.Agent == r.Agent)
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
