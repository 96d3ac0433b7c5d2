package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Report takes a row of each call, in any order, and writes the report.
type Report interface {
	// Take takes the next call.
	Take(Row) error
	// End writes what is left. Without it the report is not whole.
	End() error
}

// House is what a report wants to know of queues and users as they are now.
type House struct {
	// Name is a user's display name.
	Name func(username string) string
	// AlertAfter is a queue's alert time; 0 if it has none, or is gone.
	AlertAfter func(queue string) time.Duration
}

// New begins to write a report.
func New(w io.Writer, q Query, h House) (Report, error) {
	switch q.Name {
	case Calls:
		return newCalls(w, q, h)
	case Agents:
		return newAgents(w, q, h), nil
	case Summary:
		return newSummary(w, q, h), nil
	default:
		return nil, fmt.Errorf("there is no report %q", q.Name)
	}
}

// list writes a JSON array, an element a line.
type list struct {
	w     io.Writer
	json  *json.Encoder
	begun bool
}

func newList(w io.Writer) *list {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &list{w: w, json: e}
}

func (l *list) add(v any) error {
	mark := ","
	if !l.begun {
		mark, l.begun = "[", true
	}
	if _, err := io.WriteString(l.w, mark); err != nil {
		return err
	}
	return l.json.Encode(v)
}

func (l *list) end() error {
	mark := "]\n"
	if !l.begun {
		mark = "[]\n"
	}
	_, err := io.WriteString(l.w, mark)
	return err
}

// names remembers display names: they are asked for once a row.
type names struct {
	ask   func(username string) string
	known map[string]string
}

func (n *names) of(username string) string {
	if username == "" {
		return ""
	}
	name, ok := n.known[username]
	if !ok {
		if n.known == nil || len(n.known) >= maxPairs {
			n.known = map[string]string{}
		}
		name = n.ask(username)
		n.known[username] = name
	}
	return name
}
