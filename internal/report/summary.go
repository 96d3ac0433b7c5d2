package report

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	// maxQueues bounds the memory of a summary: each queue has two histograms.
	maxQueues = 2000
	quarter   = 15 * time.Minute
	// allQueues names the row of all queues: no queue can be called that.
	allQueues = "(total)"
)

// waitSteps are the upper ends of the distribution of the waiting time; what is
// longer comes last.
var waitSteps = []time.Duration{
	5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 3 * time.Minute,
	5 * time.Minute, 10 * time.Minute, 20 * time.Minute, 30 * time.Minute, time.Hour,
}

// counts are calls by what became of them: their sum is all calls.
type counts struct {
	Answered int64 `json:"answered"`
	Missed   int64 `json:"missed"`
	Canceled int64 `json:"canceled"`
	Waiting  int64 `json:"waiting"`
}

func (c *counts) take(r Row) {
	switch {
	case r.fate() == answered:
		c.Answered++
	case r.Open():
		c.Waiting++
	case r.Outcome == call.Missed:
		c.Missed++
	default:
		c.Canceled++
	}
}

func (c counts) all() int64 { return c.Answered + c.Missed + c.Canceled + c.Waiting }

// figures are those of one queue, or of all.
type figures struct {
	counts
	outOfHours int64
	waited     histogram // of calls that are answered, or over and could ring
	answered   histogram // of those that are answered
	waits      []int64   // as many as waitSteps, and one
	handled    int64     // seconds
	finished   int64     // answered calls that have ended
	// Of queues with an alert time: calls that count for the service level, and
	// those that were answered within it.
	counted, inTime int64
}

func newFigures() *figures { return &figures{waits: make([]int64, len(waitSteps)+1)} }

func (f *figures) take(r Row, alertAfter time.Duration) {
	f.counts.take(r)
	if r.Closed {
		f.outOfHours++
	}
	fate, waited := r.fate(), r.waited()
	if fate == answered {
		f.answered.add(waited)
		if !r.Open() {
			f.finished++
			f.handled += seconds(r.handled())
		}
	}
	if fate != waiting && r.Reason != call.OutOfHours {
		f.waited.add(waited)
		at, _ := slices.BinarySearch(waitSteps, waited)
		f.waits[at]++
	}
	if alertAfter > 0 && r.countsForLevel(alertAfter) {
		f.counted++
		if fate == answered && waited <= alertAfter {
			f.inTime++
		}
	}
}

// countsForLevel tells whether a call counts for the service level: it was
// answered, or could have been for longer than the alert time.
func (r Row) countsForLevel(alertAfter time.Duration) bool {
	switch r.fate() {
	case answered:
		return true
	case waiting, closedOff:
		return false
	default:
		return r.Reason != call.OutOfHours && (r.Outcome == call.Missed || r.waited() > alertAfter)
	}
}

// summary counts by queue, and by quarter of an hour.
type summary struct {
	w        io.Writer
	query    Query
	house    House
	total    *figures
	queues   map[string]*figures
	quarters map[int64]*counts // by number since 1970
}

func newSummary(w io.Writer, q Query, h House) *summary {
	return &summary{w: w, query: q, house: h, total: newFigures(), queues: map[string]*figures{}, quarters: map[int64]*counts{}}
}

func (s *summary) Take(r Row) error {
	f := s.queues[r.Queue]
	if f == nil {
		if len(s.queues) >= maxQueues {
			return bad("The report has more than %d queues: name some.", maxQueues)
		}
		f = newFigures()
		s.queues[r.Queue] = f
	}
	alertAfter := s.house.AlertAfter(r.Queue)
	f.take(r, alertAfter)
	s.total.take(r, alertAfter)
	number := r.Received.Unix() / int64(quarter/time.Second)
	if s.quarters[number] == nil { // no more than a period has
		s.quarters[number] = &counts{}
	}
	s.quarters[number].take(r)
	return nil
}

func (s *summary) End() error {
	if s.query.Format == JSON {
		e := json.NewEncoder(s.w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(s.object())
	}
	return s.table()
}

// summaryObject is the JSON of a summary.
type summaryObject struct {
	From     wire.Time     `json:"from"`
	To       wire.Time     `json:"to"` // not in it
	TimeZone string        `json:"time_zone"`
	Total    queueFigures  `json:"total"`
	Queues   []queueTotals `json:"queues"`
	Quarters []quarterLine `json:"quarters"` // those that had calls
}

type queueTotals struct {
	Queue             string `json:"queue"`
	AlertAfterSeconds int64  `json:"alert_after_seconds"`
	queueFigures
}

type queueFigures struct {
	Calls int64 `json:"calls"`
	counts
	OutOfHours   int64       `json:"out_of_hours"`
	ServiceLevel *level      `json:"service_level"` // null: no call counts for it
	Waited       waitFigures `json:"waited"`
	Answer       waitFigures `json:"waited_until_answered"`
	HandledMean  *float64    `json:"handled_mean_seconds"`
	Handled      int64       `json:"handled_seconds"`
	Waits        []waitLine  `json:"waits"`
}

type level struct {
	Percent  float64 `json:"percent"`
	Answered int64   `json:"answered_in_time"`
	Of       int64   `json:"of"`
}

type waitFigures struct {
	Calls int64    `json:"calls"`
	Mean  *float64 `json:"mean_seconds"`
	P50   *float64 `json:"p50_seconds"`
	P80   *float64 `json:"p80_seconds"`
	P95   *float64 `json:"p95_seconds"`
	P99   *float64 `json:"p99_seconds"`
	Max   *float64 `json:"max_seconds"`
}

// waitLine counts the calls that waited longer than the line before says, up to
// a time; the last has none.
type waitLine struct {
	UpTo  *int64 `json:"up_to_seconds"`
	Calls int64  `json:"calls"`
}

type quarterLine struct {
	At wire.Time `json:"at"`
	counts
}

func (s *summary) object() summaryObject {
	p := s.query.Period
	o := summaryObject{
		From: wire.At(p.From), To: wire.At(p.To), TimeZone: p.Zone.String(), Total: s.total.object(),
		Queues: []queueTotals{}, Quarters: []quarterLine{},
	}
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		o.Queues = append(o.Queues, queueTotals{name, seconds(s.house.AlertAfter(name)), s.queues[name].object()})
	}
	for _, number := range slices.Sorted(maps.Keys(s.quarters)) {
		o.Quarters = append(o.Quarters, quarterLine{wire.At(time.Unix(number*int64(quarter/time.Second), 0)), *s.quarters[number]})
	}
	return o
}

func (f *figures) object() queueFigures {
	o := queueFigures{
		Calls: f.all(), counts: f.counts, OutOfHours: f.outOfHours, Waited: f.waited.object(), Answer: f.answered.object(),
		Handled: f.handled, HandledMean: mean(f.handled, f.finished),
	}
	if p, ok := percent(f.inTime, f.counted); ok {
		o.ServiceLevel = &level{p, f.inTime, f.counted}
	}
	for i, n := range f.waits {
		line := waitLine{Calls: n}
		if i < len(waitSteps) {
			upTo := seconds(waitSteps[i])
			line.UpTo = &upTo
		}
		o.Waits = append(o.Waits, line)
	}
	return o
}

func (h *histogram) object() waitFigures {
	o := waitFigures{Calls: h.n, Mean: mean(h.sum, h.n)}
	if h.n == 0 {
		return o
	}
	exact := func(d time.Duration) *float64 {
		s := d.Round(time.Millisecond).Seconds()
		return &s
	}
	o.P50, o.P80, o.P95, o.P99 = exact(h.quantile(0.5)), exact(h.quantile(0.8)), exact(h.quantile(0.95)), exact(h.quantile(0.99))
	o.Max = exact(h.longest)
	return o
}

var summaryHeading = []string{
	"Queue", "Calls", "Answered", "Missed", "Canceled", "Waiting", "Out Of Hours", "Service Level (%)", "Answered In Time", "Of",
	"AVG Wait", "P50 Wait", "P80 Wait", "P95 Wait", "P99 Wait", "Max Wait", "AVG Answer", "P95 Answer", "Handled", "AVG Handled",
}

// table writes a row a queue, and one of all.
func (s *summary) table() error {
	sheet, err := newSheet(s.w, s.query.BOM, s.query.Period.Zone, summaryHeading)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		sheet.text(name)
		if err := s.queues[name].cells(sheet); err != nil {
			return err
		}
	}
	sheet.word(allQueues)
	if err := s.total.cells(sheet); err != nil {
		return err
	}
	return sheet.flush()
}

func (f *figures) cells(s *sheet) error {
	for _, n := range []int64{f.all(), f.Answered, f.Missed, f.Canceled, f.Waiting, f.outOfHours} {
		s.count(n)
	}
	s.share(f.inTime, f.counted)
	s.count(f.inTime)
	s.count(f.counted)
	s.mean(f.waited.sum, f.waited.n)
	for _, q := range []float64{0.5, 0.8, 0.95, 0.99, 1} {
		f.waited.cell(s, q)
	}
	s.mean(f.answered.sum, f.answered.n)
	f.answered.cell(s, 0.95)
	s.span(f.handled)
	s.mean(f.handled, f.finished)
	return s.end()
}

// cell is a quantile; 1 is the longest.
func (h *histogram) cell(s *sheet, q float64) {
	switch {
	case h.n == 0:
		s.word("")
	case q == 1:
		s.span(seconds(h.longest))
	default:
		s.span(seconds(h.quantile(q)))
	}
}
