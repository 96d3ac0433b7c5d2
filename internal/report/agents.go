package report

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"time"
)

const (
	// maxPairs bounds the rows of the agents report, and so its memory.
	maxPairs = 100_000
	// quick is the time of Motion's column "AVG Response <=5mins".
	quick = 5 * time.Minute
)

// motionHeading are the columns of Motion's report "Openchannel By Agent".
var motionHeading = []string{
	"Agent", "Account", "Total Interactions", "Open", "Open (%)", "Closed", "Closed (%)", "Accepted", "Timeout",
	"Abandoned-OH", "Abandoned-OH (%)", "Abandoned-OOH", "Abandoned-OOH (%)", "AVG Response <=5mins", "AVG Response-Time",
	"Hold-Time", "AVG Hold-Time", "Resolution-Time", "AVG Resolution-Time", "Total Interaction-Time", "AVG Interaction-Time",
}

// pair is an agent and a queue; the empty agent has the calls that nobody took.
type pair struct{ agent, queue string }

// tally counts the calls of a pair. Times are in seconds, of ended calls.
type tally struct {
	open, closed, accepted, timedOut, left, outOfHours int64

	quickResponses, quickResponse int64 // how many, and their time
	responses, response           int64
	hold, resolution              int64
	resolved                      int64
}

func (t tally) total() int64 { return t.open + t.closed }

func (t *tally) take(r Row) {
	fate := r.fate()
	switch fate {
	case answered:
		t.accepted++
	case timedOut:
		t.timedOut++
	case left:
		t.left++
	case outOfHours:
		t.outOfHours++
	}
	if r.Open() {
		t.open++
		return
	}
	t.closed++
	t.hold += seconds(r.waited())
	if fate != answered {
		return
	}
	t.resolved++
	t.resolution += seconds(r.handled())
	t.responses++
	t.response += seconds(r.response())
	if r.response() <= quick {
		t.quickResponses++
		t.quickResponse += seconds(r.response())
	}
}

// agents counts by agent and queue.
type agents struct {
	w       io.Writer
	query   Query
	names   names
	tallies map[pair]*tally
}

func newAgents(w io.Writer, q Query, h House) *agents {
	return &agents{w: w, query: q, names: names{ask: h.Name}, tallies: map[pair]*tally{}}
}

func (a *agents) Take(r Row) error {
	p := pair{queue: r.Queue}
	if r.fate() == answered {
		p.agent = r.Agent
	}
	t := a.tallies[p]
	if t == nil {
		if len(a.tallies) >= maxPairs {
			return bad("The report has more than %d agents and queues: name some queues, or an agent.", maxPairs)
		}
		t = &tally{}
		a.tallies[p] = t
	}
	t.take(r)
	return nil
}

func (a *agents) End() error {
	pairs := slices.SortedFunc(maps.Keys(a.tallies), func(p, q pair) int {
		return cmp.Or(cmp.Compare(p.agent, q.agent), cmp.Compare(p.queue, q.queue))
	})
	if a.query.Format == JSON {
		return a.json(pairs)
	}
	s, err := newSheet(a.w, a.query.BOM, a.query.Period.Zone, motionHeading)
	for _, p := range pairs {
		if err != nil {
			return err
		}
		s.text(a.label(p.agent))
		s.text(p.queue)
		a.tallies[p].cells(s)
		err = s.end()
	}
	if err != nil {
		return err
	}
	return s.flush()
}

// label is an agent's display name, with the username that tells two of one
// name apart.
func (a *agents) label(username string) string {
	name := a.names.of(username)
	if name == username {
		return username
	}
	return name + " (" + username + ")"
}

// cells are the columns behind the agent and the account.
func (t tally) cells(s *sheet) {
	total := t.total()
	s.count(total)
	s.count(t.open)
	s.share(t.open, total)
	s.count(t.closed)
	s.share(t.closed, total)
	s.count(t.accepted)
	s.count(t.timedOut)
	s.count(t.left)
	s.share(t.left, total)
	s.count(t.outOfHours)
	s.share(t.outOfHours, total)
	s.mean(t.quickResponse, t.quickResponses)
	s.mean(t.response, t.responses)
	s.span(t.hold)
	s.mean(t.hold, t.closed)
	s.span(t.resolution)
	s.mean(t.resolution, t.resolved)
	s.span(t.hold + t.resolution)
	s.mean(t.hold+t.resolution, t.closed)
}

// agentLine is a row in the JSON of the agents report. What is null is not
// known: there is nothing of which it could be.
type agentLine struct {
	Agent              string   `json:"agent"`
	AgentName          string   `json:"agent_name"`
	Queue              string   `json:"queue"`
	Total              int64    `json:"total"`
	Open               int64    `json:"open"`
	Closed             int64    `json:"closed"`
	Accepted           int64    `json:"accepted"`
	Timeout            int64    `json:"timeout"`
	Abandoned          int64    `json:"abandoned_open_hours"`
	OutOfHours         int64    `json:"abandoned_out_of_hours"`
	QuickResponse      *float64 `json:"quick_response_mean_seconds"`
	Response           *float64 `json:"response_mean_seconds"`
	HoldSeconds        int64    `json:"hold_seconds"`
	HoldMean           *float64 `json:"hold_mean_seconds"`
	ResolutionSeconds  int64    `json:"resolution_seconds"`
	ResolutionMean     *float64 `json:"resolution_mean_seconds"`
	InteractionSeconds int64    `json:"interaction_seconds"`
	InteractionMean    *float64 `json:"interaction_mean_seconds"`
}

func (a *agents) json(pairs []pair) error {
	l := newList(a.w)
	for _, p := range pairs {
		t := a.tallies[p]
		err := l.add(agentLine{
			Agent: p.agent, AgentName: a.names.of(p.agent), Queue: p.queue,
			Total: t.total(), Open: t.open, Closed: t.closed, Accepted: t.accepted, Timeout: t.timedOut,
			Abandoned: t.left, OutOfHours: t.outOfHours,
			QuickResponse: mean(t.quickResponse, t.quickResponses), Response: mean(t.response, t.responses),
			HoldSeconds: t.hold, HoldMean: mean(t.hold, t.closed),
			ResolutionSeconds: t.resolution, ResolutionMean: mean(t.resolution, t.resolved),
			InteractionSeconds: t.hold + t.resolution, InteractionMean: mean(t.hold+t.resolution, t.closed),
		})
		if err != nil {
			return err
		}
	}
	return l.end()
}

// mean is a mean with one decimal; nil if there is nothing of which it could be.
func mean(sum, n int64) *float64 {
	if n == 0 {
		return nil
	}
	m := float64((sum*20+n)/(2*n)) / 10
	return &m
}
