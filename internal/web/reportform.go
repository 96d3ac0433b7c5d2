package web

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	maxReportDays   = 400 // the hub's own bound
	firstReportYear = 2000
)

// reportForm is which report somebody asks for, as it was typed, and what is
// wrong with it, by field.
type reportForm struct {
	From, To, Queue, Agent string
	Page                   int
	Wrong                  map[string]string
}

// readReportForm reads an address. Without dates the report is today's.
func readReportForm(q url.Values, now time.Time) reportForm {
	f := reportForm{From: q.Get("from"), To: q.Get("to"), Queue: q.Get("queue"), Agent: q.Get("agent"), Wrong: map[string]string{}}
	if f.From == "" && f.To == "" {
		f.From = now.Format(time.DateOnly)
		f.To = f.From
	}
	if f.From == "" {
		f.From = f.To
	}
	if f.To == "" {
		f.To = now.Format(time.DateOnly)
	}
	f.Page, _ = strconv.Atoi(q.Get("page")) // what is none is the first
	return f
}

// check looks at each field, and says what is wrong in the reader's language.
func (f *reportForm) check(voice *lang.Voice, queues []string, agents []wire.Agent, now time.Time) {
	from, fromErr := time.ParseInLocation(time.DateOnly, f.From, time.Local)
	to, toErr := time.ParseInLocation(time.DateOnly, f.To, time.Local)
	today := now.In(time.Local)
	switch {
	case fromErr != nil:
		f.Wrong["from"] = voice.T("%q is no date: write it like %s.", shown(f.From), today.Format(time.DateOnly))
	case from.Year() < firstReportYear:
		f.Wrong["from"] = voice.T("There were no calls in %s: choose a later day.", from.Format("2006"))
	case from.After(today.AddDate(0, 0, 1)): // it may be tomorrow already in the queue's time zone
		f.Wrong["from"] = voice.T("That day is still to come: choose an earlier one.")
	}
	switch {
	case toErr != nil:
		f.Wrong["to"] = voice.T("%q is no date: write it like %s.", shown(f.To), today.Format(time.DateOnly))
	case fromErr == nil && to.Before(from):
		f.Wrong["to"] = voice.T("The report ends before it begins: exchange the two dates.")
	case fromErr == nil && len(f.Wrong) == 0 && !to.Before(from.AddDate(0, 0, maxReportDays)):
		f.Wrong["to"] = voice.T("A report spans at most %d days: choose dates that are closer together.", maxReportDays)
	}
	if f.Queue != "" && !slices.Contains(queues, f.Queue) {
		f.Wrong["queue"] = voice.T("There is no queue %q that you may see. Choose another one.", shown(f.Queue))
	}
	if f.Agent != "" && !hasAgent(agents, f.Agent) {
		f.Wrong["agent"] = voice.T("There is no agent %q that you may see. Write a username, or nothing for all.", shown(f.Agent))
	}
}

// query is what the hub is asked for.
func (f reportForm) query() url.Values {
	q := url.Values{"from": {f.From}, "to": {f.To}}
	if f.Queue != "" {
		q.Set("queue", f.Queue)
	}
	if f.Agent != "" {
		q.Set("agent", f.Agent)
	}
	return q
}
