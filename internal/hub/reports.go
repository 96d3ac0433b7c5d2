package hub

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/report"
)

const (
	// maxReports are written at once: each reads the history, which shares the
	// disk with the calls.
	maxReports = 3
	// reportStall is how long a reader may take for the next part of a report.
	reportStall = 30 * time.Second
)

var tooManyReports = &call.Error{Code: call.TooMany, Message: "Other reports are being written: try again in a moment."}

// reports counts those that are being written.
type reports struct {
	readers
	slots chan struct{}
}

func newReports() *reports { return &reports{slots: make(chan struct{}, maxReports)} }

// enter takes a place, or says why there is none.
func (r *reports) enter() error {
	if !r.begin() {
		return &call.Error{Code: call.Unavailable, Message: unavailable}
	}
	select {
	case r.slots <- struct{}{}:
		return nil
	default:
		r.end()
		return tooManyReports
	}
}

func (r *reports) leave() {
	<-r.slots
	r.end()
}

// showReport is GET /api/v1/reports/{file}: a report of the calls of the queues
// that the caller supervises. Who is not limited reads removed queues too.
func (h *Hub) showReport(w http.ResponseWriter, r *http.Request, by caller) {
	may := by.sight()
	if by.local {
		may = sight{watches: true}
	}
	mayRead := may.supervises
	q, err := report.Parse(r.PathValue("file"), r.URL.Query(), h.reportWorld(may))
	if err == nil {
		err = h.reports.enter()
	}
	if err != nil {
		writeProblem(w, err)
		return
	}
	defer h.reports.leave()
	ctx, cancel := context.WithTimeout(r.Context(), LongWork)
	defer cancel()
	defer context.AfterFunc(h.ctx, cancel)()
	p := newPaper(ctx, w, q)
	defer context.AfterFunc(ctx, p.tear)()
	if err = h.writeReport(ctx, p, q, mayRead); err == nil {
		err = p.buf.Flush()
	}
	if err == nil {
		return
	}
	if r.Context().Err() == nil {
		h.log.Warn("report broken off", "report", q.Name, "err", err)
	}
	p.breakOff(err)
}

// reportWorld is what a query may ask about.
func (h *Hub) reportWorld(may sight) report.World {
	return report.World{
		Queue: func(name string) (zone string, ok bool) {
			q, ok := h.directory.Queue(name)
			return q.TimeZone, ok && may.supervises(name)
		},
		Agent: func(username string) bool {
			u, ok := h.directory.User(username)
			return ok && may.agent(u)
		},
		Zone: time.Local,
		Now:  h.now(),
	}
}

// writeReport gives a report the calls that it wants: first those that have
// ended, from the history, then those that are open.
func (h *Hub) writeReport(ctx context.Context, p *paper, q report.Query, mayRead func(queue string) bool) error {
	out, err := report.New(p.buf, q, report.House{Name: h.directory.DisplayName, AlertAfter: h.alertAfter})
	if err != nil {
		return err
	}
	take := func(r report.Row) error {
		if !mayRead(r.Queue) || !q.Wants(r) {
			return nil
		}
		return out.Take(r)
	}
	open := map[string]call.Call{}
	for _, c := range h.OpenCalls() {
		open[c.ID] = c
	}
	h.archive.flush(ctx) // what has ended before now is in it
	err = h.calls.History(ctx, q.Period.From, q.Period.To, func(r calllog.Row) error {
		delete(open, r.Call) // it has ended meanwhile
		return take(endedRow(r))
	})
	if err != nil {
		return err
	}
	for _, c := range open {
		if err := take(openRow(c)); err != nil {
			return err
		}
	}
	return out.End()
}

// alertAfter is a queue's alert time; 0 for none, or no such queue.
func (h *Hub) alertAfter(queue string) time.Duration {
	o, _ := h.directory.Options(queue)
	return o.AlertAfter
}

func endedRow(r calllog.Row) report.Row {
	return report.Row{
		Call: r.Call, Queue: r.Queue, Received: r.Received, Offered: r.Offered, Accepted: r.Accepted, Ended: r.Ended,
		Outcome: r.Outcome, Reason: r.Reason, Agent: r.Agent, Joined: r.Joined, Closed: r.Closed, Overflow: r.Overflow,
		Disposition: r.Disposition,
	}
}

func openRow(c call.Call) report.Row {
	return report.Row{
		Call: c.ID, Queue: c.Queue, Received: c.Received, Offered: c.Offered, Accepted: c.Accepted,
		Agent: c.Agent, Joined: c.Joined, Closed: c.Closed, Overflow: c.Overflow,
	}
}
