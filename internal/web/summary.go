package web

import (
	"time"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// summary is what the pages read of the hub's summary report (docs/reports.md).
type summary struct {
	From     wire.Time      `json:"from"`
	To       wire.Time      `json:"to"`
	TimeZone string         `json:"time_zone"`
	Total    figures        `json:"total"`
	Queues   []queueFigures `json:"queues"`
	Quarters []quarter      `json:"quarters"`
}

type queueFigures struct {
	Queue string `json:"queue"`
	figures
}

type figures struct {
	Calls int64 `json:"calls"`
	counts
	ServiceLevel *serviceLevel `json:"service_level"`
	Waited       waitFigures   `json:"waited"`
	HandledMean  *float64      `json:"handled_mean_seconds"`
	Waits        []waitStep    `json:"waits"`
}

type counts struct {
	Answered int64 `json:"answered"`
	Missed   int64 `json:"missed"`
	Canceled int64 `json:"canceled"`
	Waiting  int64 `json:"waiting"`
}

type serviceLevel struct {
	Percent  float64 `json:"percent"`
	Answered int64   `json:"answered_in_time"`
	Of       int64   `json:"of"`
}

type waitFigures struct {
	Mean *float64 `json:"mean_seconds"`
	P95  *float64 `json:"p95_seconds"`
	Max  *float64 `json:"max_seconds"`
}

type waitStep struct {
	UpTo  *int64 `json:"up_to_seconds"`
	Calls int64  `json:"calls"`
}

type quarter struct {
	At wire.Time `json:"at"`
	counts
}

// bar is a bar of a chart: its name, a short one for the axis, and its numbers.
type bar struct {
	Name, Short string
	counts
}

// zone is the one on whose clocks the report is.
func (s summary) zone() *time.Location {
	if z, err := time.LoadLocation(s.TimeZone); err == nil {
		return z
	}
	return time.UTC
}

// step is how much time a bar of a chart is: enough that it can be seen.
type step struct {
	name, short string // layouts
	begin       func(time.Time) time.Time
	next        func(time.Time) time.Time
}

// stepFor chooses the step for a period.
func stepFor(from, to time.Time) step {
	const day = 24 * time.Hour
	by := func(d time.Duration) (begin, next func(time.Time) time.Time) {
		return func(t time.Time) time.Time {
				return t.Add(-(time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second) % d)
			},
			func(t time.Time) time.Time { return t.Add(d) }
	}
	days := func(n int) func(time.Time) time.Time {
		return func(t time.Time) time.Time { return t.AddDate(0, 0, n) }
	}
	midnight := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location()) }
	var s step
	switch length := to.Sub(from); {
	case length <= 25*time.Hour: // a day on which the clocks change
		s = step{name: "15:04", short: "15:04"}
		s.begin, s.next = by(15 * time.Minute)
	case length <= 8*day:
		s = step{name: "2006-01-02 15:04", short: "01-02 15:04"}
		s.begin, s.next = by(time.Hour)
	case length <= 100*day:
		s = step{name: time.DateOnly, short: "01-02", begin: midnight, next: days(1)}
	default: // weeks, from Monday on
		s = step{name: time.DateOnly, short: "01-02", next: days(7)}
		s.begin = func(t time.Time) time.Time { return midnight(t).AddDate(0, 0, -(int(t.Weekday())+6)%7) }
	}
	return s
}

// byTime are the calls by when they came, without gaps from the first to the
// last.
func (s summary) byTime() (bars []bar) {
	zone, by := s.zone(), stepFor(s.From.Time, s.To.Time)
	var last time.Time
	add := func(at time.Time) {
		last = at
		bars = append(bars, bar{Name: at.Format(by.name), Short: at.Format(by.short)})
	}
	for _, q := range s.Quarters {
		at := by.begin(q.At.In(zone))
		if last.IsZero() {
			add(at)
		}
		for last.Before(at) {
			add(by.next(last))
		}
		bars[len(bars)-1].add(q.counts)
	}
	return bars
}

func (c *counts) add(more counts) {
	c.Answered += more.Answered
	c.Missed += more.Missed
	c.Canceled += more.Canceled
	c.Waiting += more.Waiting
}

// waitBar is a bar of the distribution of the waiting time.
type waitBar struct {
	Name  string
	Calls int64
}

// byWait are the calls by how long they waited.
func (s summary) byWait(voice *lang.Voice) (bars []waitBar) {
	last := ""
	for _, w := range s.Total.Waits {
		b := waitBar{Name: "> " + last, Calls: w.Calls}
		if w.UpTo != nil {
			last = voice.T("%s s", voice.Number(*w.UpTo))
			if *w.UpTo >= 60 {
				last = voice.T("%s min", voice.Number(*w.UpTo/60))
			}
			b.Name = "≤ " + last
		}
		bars = append(bars, b)
	}
	return bars
}
