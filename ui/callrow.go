package ui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// lateness is how a wait stands to the alert time of its queue.
type lateness int

const (
	inTime lateness = iota
	soon            // half of the time is over
	late
)

// latenessOf is that of a wait; an alert time of 0 is never.
func latenessOf(waited, alertAfter time.Duration) lateness {
	switch {
	case alertAfter <= 0 || waited < alertAfter/2:
		return inTime
	case waited < alertAfter:
		return soon
	default:
		return late
	}
}

// callRow is a call as the Queue window shows it. All words of it are cleaned.
type callRow struct {
	id, customer, queue, topic string
	state                      call.State
	outcome                    call.Outcome
	agent                      string // username of who has it
	who                        string // who has it, or is being rung
	words                      string // the state in words
	since                      time.Time
	waited                     time.Duration // until somebody took it, or it ended
	late                       lateness
	joined                     bool
	recording                  bool
	recorded                   string // since when it is being recorded, or for how long it was
}

// unanswered tells whether nobody has the call yet.
func (r callRow) unanswered() bool { return r.state == call.Waiting || r.state == call.Ringing }

// floorWords makes rows of calls. It keeps what was cleaned, for the same few
// hundred calls are shown every second.
type floorWords struct {
	calls  map[string]callWords // by id
	alerts map[string]time.Duration
	names  map[string]string // of agents, by username
}

type callWords struct {
	customer, queue, topic string
	shown                  bool // in the last rows
}

// rows are those of a floor at a time: the open calls, or those that have ended.
func (f *floorWords) rows(floor agent.Floor, queues []wire.Queue, ended bool, now time.Time) []callRow {
	f.alerts, f.names = map[string]time.Duration{}, map[string]string{}
	for _, q := range queues {
		if after, err := time.ParseDuration(q.AlertAfter); err == nil {
			f.alerts[q.Name] = after
		}
	}
	for _, a := range floor.Agents {
		f.names[a.Username] = clean.Text(a.Name, maxName)
	}
	calls := floor.Calls
	if ended {
		calls = floor.Ended
	}
	rows := make([]callRow, 0, len(calls))
	for _, c := range calls {
		rows = append(rows, f.row(c, now))
	}
	f.forget()
	return rows
}

func (f *floorWords) row(c wire.Call, now time.Time) callRow {
	words := f.of(c)
	r := callRow{
		id: c.ID, customer: words.customer, queue: words.queue, topic: words.topic,
		state: c.State, outcome: c.Outcome, agent: c.Agent, joined: c.Joined, since: c.Since.Time,
	}
	if r.since.IsZero() {
		r.since = c.Received.Time
	}
	until := now
	switch {
	case !c.Accepted.IsZero():
		until = c.Accepted.Time
	case !c.Ended.IsZero():
		until = c.Ended.Time
	}
	r.waited = max(0, until.Sub(r.since))
	if r.unanswered() {
		r.late = latenessOf(r.waited, f.alerts[c.Queue])
	}
	if r.recorded = recordingWords(c, now); r.recorded != "" {
		r.recording = true
	} else {
		r.recorded = recordedOf(c).words()
	}
	r.words, r.who = f.stateWords(c, r.late, now), f.whoWords(c)
	return r
}

// of are the caller's words, cleaned.
func (f *floorWords) of(c wire.Call) callWords {
	words, known := f.calls[c.ID]
	if !known {
		words = callWords{
			customer: clean.Text(c.Customer.Label(), maxCustomer), queue: clean.Text(c.Queue, maxQueue), topic: clean.Text(c.Topic, maxTopic),
		}
		if words.customer == "" {
			words.customer = lang.T("Unknown caller")
		}
	}
	words.shown = true
	if f.calls == nil {
		f.calls = map[string]callWords{}
	}
	f.calls[c.ID] = words
	return words
}

// forget drops what was not shown.
func (f *floorWords) forget() {
	for id, words := range f.calls {
		if !words.shown {
			delete(f.calls, id)
			continue
		}
		words.shown = false
		f.calls[id] = words
	}
}

// stateWords say how a call stands.
func (f *floorWords) stateWords(c wire.Call, l lateness, now time.Time) string {
	switch {
	case c.State == call.Accepted:
		return lang.T("In a call · %s", clock(now.Sub(c.Accepted.Time)))
	case c.State == call.Ended && c.Outcome == call.Completed:
		return lang.T("Answered")
	case c.State == call.Ended && c.Outcome == call.Missed:
		return lang.T("Missed")
	case c.State == call.Ended && c.Reason == call.CustomerLeft:
		return lang.T("Customer left")
	case c.State == call.Ended:
		return lang.T("Canceled")
	case c.State == call.Ringing && l == late:
		return lang.T("Rings · too long")
	case c.State == call.Ringing:
		return lang.T("Rings")
	case l == late:
		return lang.T("Waits too long")
	default:
		return lang.T("Waits")
	}
}

// whoWords name who has a call, or is being rung.
func (f *floorWords) whoWords(c wire.Call) string {
	if c.Agent != "" {
		return f.name(c.Agent)
	}
	if len(c.Rings) == 0 {
		if c.State == call.Waiting {
			return lang.T("nobody")
		}
		return ""
	}
	var names []string
	for _, username := range c.Rings {
		names = append(names, f.name(username))
	}
	if len(names) > 2 {
		names = names[:2]
	}
	words := strings.Join(names, ", ")
	if more := c.RingsFor - len(names); more > 0 {
		return lang.T("%s and %d more", words, more)
	}
	return words
}

func (f *floorWords) name(username string) string {
	if name := f.names[username]; name != "" {
		return name
	}
	return clean.Text(username, maxName)
}

// The states to choose from in the filter.
const (
	stateOpen    = ""
	stateWaits   = "waits"
	stateLate    = "late"
	stateInCall  = "in-call"
	stateEnded   = "ended"
	columnWait   = "wait"
	columnName   = "customer"
	columnQueue  = "queue"
	columnTopic  = "topic"
	columnState  = "state"
	columnWho    = "who"
	columnInRoom = "room"
)

// queueStates lists the states of the filter, in its order.
var queueStates = []string{stateOpen, stateWaits, stateLate, stateInCall, stateEnded}

// queueColumns lists the columns in their order.
var queueColumns = []string{columnWait, columnName, columnQueue, columnTopic, columnState, columnWho, columnInRoom}

// queueFilter is which calls are shown, and in which order.
type queueFilter struct {
	text, queue, state string
	column             string // by which the rows are sorted; empty is columnWait
	up                 bool   // the other way round
}

// apply finds and sorts the rows.
func (q queueFilter) apply(rows []callRow) []callRow {
	words := strings.Fields(strings.ToLower(q.text))
	found := rows[:0:0]
	for _, r := range rows {
		if q.has(r, words) {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, func(a, b callRow) int {
		by := q.compare(a, b)
		if q.up {
			by = -by
		}
		return cmp.Or(by, strings.Compare(a.id, b.id))
	})
	return found
}

func (q queueFilter) has(r callRow, words []string) bool {
	if q.queue != "" && r.queue != q.queue {
		return false
	}
	switch q.state {
	case stateWaits:
		if !r.unanswered() {
			return false
		}
	case stateLate:
		if r.late != late {
			return false
		}
	case stateInCall:
		if r.state != call.Accepted {
			return false
		}
	}
	if len(words) == 0 {
		return true
	}
	text := strings.ToLower(strings.Join([]string{r.customer, r.queue, r.topic, r.words, r.who, r.recorded}, " "))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

// compare orders two rows by the column; who waits comes before who is served,
// and the longest wait first.
func (q queueFilter) compare(a, b callRow) int {
	switch q.column {
	case columnName:
		return compareWords(a.customer, b.customer)
	case columnQueue:
		return cmp.Or(compareWords(a.queue, b.queue), byWait(a, b))
	case columnTopic:
		return compareWords(a.topic, b.topic)
	case columnState:
		return cmp.Or(compareWords(a.words, b.words), byWait(a, b))
	case columnWho:
		return cmp.Or(compareWords(a.who, b.who), byWait(a, b))
	case columnInRoom:
		return cmp.Or(-compareBool(a.joined, b.joined), byWait(a, b))
	default:
		return byWait(a, b)
	}
}

func byWait(a, b callRow) int {
	if a.state == call.Ended && b.state == call.Ended {
		return b.since.Compare(a.since) // the last one first
	}
	return cmp.Or(-compareBool(a.unanswered(), b.unanswered()), a.since.Compare(b.since))
}

func compareWords(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}
