package report

import (
	"io"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

var callsHeading = []string{
	"ID", "Queue", "Received", "Offered", "Accepted", "Ended", "UTC Offset", "Waited", "Handled", "Outcome", "Reason",
	"Agent", "Agent Name", "Joined", "Out Of Hours", "Overflow", "Disposition",
}

// callLine is a call in the JSON of the calls report.
type callLine struct {
	ID             string       `json:"id"`
	Queue          string       `json:"queue"`
	Received       wire.Time    `json:"received"`
	Offered        wire.Time    `json:"offered,omitzero"`
	Accepted       wire.Time    `json:"accepted,omitzero"`
	Ended          wire.Time    `json:"ended"`
	WaitedSeconds  int64        `json:"waited_seconds"`
	HandledSeconds int64        `json:"handled_seconds"`
	Outcome        call.Outcome `json:"outcome"`
	Reason         call.Reason  `json:"reason,omitempty"`
	Agent          string       `json:"agent,omitempty"`
	AgentName      string       `json:"agent_name,omitempty"`
	Joined         bool         `json:"joined"`
	Closed         bool         `json:"closed"`
	Overflow       string       `json:"overflow,omitempty"`
	Disposition    string       `json:"disposition,omitempty"`
}

// calls writes a row a call that has ended, at once.
type calls struct {
	names names
	sheet *sheet // either
	list  *list
}

func newCalls(w io.Writer, q Query, h House) (c *calls, err error) {
	c = &calls{names: names{ask: h.Name}}
	if q.Format == JSON {
		c.list = newList(w)
		return c, nil
	}
	c.sheet, err = newSheet(w, q.BOM, q.Period.Zone, callsHeading)
	return c, err
}

func (c *calls) Take(r Row) error {
	if r.Open() {
		return nil
	}
	if c.list != nil {
		return c.list.add(c.line(r))
	}
	s := c.sheet
	s.text(r.Call)
	s.text(r.Queue)
	for _, t := range []time.Time{r.Received, r.Offered, r.Accepted, r.Ended} {
		s.time(t)
	}
	s.offset(r.Received)
	s.span(seconds(r.waited()))
	s.span(seconds(r.handled()))
	s.text(string(r.Outcome))
	s.text(string(r.Reason))
	s.text(r.Agent)
	s.text(c.names.of(r.Agent))
	s.yes(r.Joined)
	s.yes(r.Closed)
	s.text(r.Overflow)
	s.text(r.Disposition)
	return s.end()
}

func (c *calls) line(r Row) callLine {
	return callLine{
		ID: r.Call, Queue: r.Queue,
		Received: wire.At(r.Received), Offered: wire.At(r.Offered), Accepted: wire.At(r.Accepted), Ended: wire.At(r.Ended),
		WaitedSeconds: seconds(r.waited()), HandledSeconds: seconds(r.handled()),
		Outcome: r.Outcome, Reason: r.Reason, Agent: r.Agent, AgentName: c.names.of(r.Agent),
		Joined: r.Joined, Closed: r.Closed, Overflow: r.Overflow, Disposition: r.Disposition,
	}
}

func (c *calls) End() error {
	if c.list != nil {
		return c.list.end()
	}
	return c.sheet.flush()
}
