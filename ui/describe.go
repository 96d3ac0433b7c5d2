package ui

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
)

// How much of what the caller wrote is shown, in characters; the hub cleans
// and bounds it too, but a bell trusts no hub to have done so.
const (
	maxDetails  = 20 // rows of metadata
	maxCustomer = 80
	maxQueue    = 60
	maxTopic    = 200
	maxDetail   = 60  // name of a row
	maxValue    = 300 // value of a row
)

// describe is what the surfaces may show of an offer: no session link, and the
// caller's words cleaned and bounded. The queues tell when it has waited too
// long.
func describe(o agent.Offer, queues []wire.Queue) notify.Call {
	c := describeCall(o.Call)
	c.Received, c.Until = o.Received, o.Until
	for _, q := range queues {
		if after, err := time.ParseDuration(q.AlertAfter); q.Name == o.Call.Queue && err == nil && after > 0 {
			c.Late = o.Received.Add(after)
		}
	}
	return c
}

// describeCall is describe for a call that is not offered any more.
func describeCall(c wire.Call) notify.Call {
	if c.Test { // its words are the hub's own, in English
		c.Customer.Name, c.Topic = lang.T("Test ring"), lang.T("Nobody waits: this is a test.")
	}
	return notify.Call{
		ID:       c.ID,
		Queue:    clean.Text(c.Queue, maxQueue),
		Topic:    clean.Text(c.Topic, maxTopic),
		Customer: clean.Text(c.Customer.Label(), maxCustomer),
		Details:  details(c.Metadata),
		Received: c.Received.Time,
	}
}

// details are the rows of the metadata by name. Objects and arrays become
// compact JSON; rows that are too many become one that counts them.
func details(metadata map[string]any) []notify.Detail {
	object, _ := clean.Object(metadata)
	var rows []notify.Detail
	for _, name := range slices.Sorted(maps.Keys(object)) {
		value := clean.Text(valueText(object[name]), maxValue)
		if value == "" {
			continue
		}
		rows = append(rows, notify.Detail{Name: clean.Text(name, maxDetail), Value: value})
	}
	if more := len(rows) - maxDetails; more > 0 {
		rows = append(rows[:maxDetails:maxDetails], notify.Detail{Name: "…", Value: lang.T("%d more", more)})
	}
	return rows
}

func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool, json.Number:
		return fmt.Sprint(v)
	default:
		text, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(text)
	}
}

// caller is who calls, with words for somebody who left no name.
func caller(c notify.Call) string {
	if c.Customer == "" {
		return lang.T("Unknown caller")
	}
	return c.Customer
}

// whose names a call in one line: "Maria Rossi · web".
func whose(c notify.Call) string {
	return caller(c) + " · " + c.Queue
}

// waited is how long a call has waited; the clocks of two machines may make it
// negative for a moment.
func waited(c notify.Call, now time.Time) time.Duration {
	return max(now.Sub(c.Received), 0)
}
