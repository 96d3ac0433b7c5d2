package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/wire"
)

// maxAgents is how many agents a field proposes.
const maxAgents = 500

// agentLine is what the pages read of the hub's report of agents.
type agentLine struct {
	Agent       string   `json:"agent"`
	Name        string   `json:"agent_name"`
	Queue       string   `json:"queue"`
	Total       int64    `json:"total"`
	Open        int64    `json:"open"`
	Accepted    int64    `json:"accepted"`
	Timeout     int64    `json:"timeout"`
	Abandoned   int64    `json:"abandoned_open_hours"`
	OutOfHours  int64    `json:"abandoned_out_of_hours"`
	Response    *float64 `json:"response_mean_seconds"`
	HandledMean *float64 `json:"resolution_mean_seconds"`
	Handled     int64    `json:"resolution_seconds"`
}

// reportsPage is what the page of reports shows.
type reportsPage struct {
	Form   reportForm
	Queues []string
	Agents []wire.Agent

	Ready   bool // there is a report
	Problem string
	Summary summary
	ByTime  []bar
	ByWait  []waitBar
	ByAgent []agentLine
	Calls   []callLine
	Page    int // of the calls, from 1
	Pages   int
	Cut     bool // there are more calls than the page goes back
}

func (s *Site) reports(w http.ResponseWriter, r *http.Request, v visit) {
	p := reportsPage{Form: readReportForm(r.URL.Query(), s.now())}
	var queues []wire.Queue
	err := s.ask(r, v.token, "GET", "/api/v1/queues", nil, &queues)
	if err == nil {
		err = s.ask(r, v.token, "GET", "/api/v1/agents", nil, &p.Agents)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	for _, q := range queues {
		p.Queues = append(p.Queues, q.Name)
	}
	p.Form.check(v.voice, p.Queues, p.Agents, s.now())
	p.Agents = p.Agents[:min(len(p.Agents), maxAgents)]
	if len(p.Form.Wrong) > 0 {
		s.show(w, v, http.StatusUnprocessableEntity, "reports", p)
		return
	}
	status := http.StatusOK
	if err := s.report(r, v, &p); err != nil {
		status = wire.Status(codeOf(err))
		if p.Problem = s.reportProblem(v, err); p.Problem == "" {
			s.fail(w, r, v, err)
			return
		}
	}
	s.show(w, v, status, "reports", p)
}

// report reads what the page shows.
func (s *Site) report(r *http.Request, v visit, p *reportsPage) error {
	query := p.Form.query()
	if err := s.ask(r, v.token, "GET", "/api/v1/reports/summary.json?"+query.Encode(), nil, &p.Summary); err != nil {
		return err
	}
	if err := s.ask(r, v.token, "GET", "/api/v1/reports/agents.json?"+query.Encode(), nil, &p.ByAgent); err != nil {
		return err
	}
	calls, err := s.readCalls(r, v.token, query)
	if err != nil {
		return err
	}
	p.ByTime, p.ByWait = p.Summary.byTime(), p.Summary.byWait(v.voice)
	p.Pages, p.Cut = calls.pages(), calls.count > maxCalls
	p.Page = min(max(1, p.Form.Page), p.Pages)
	p.Calls, p.Ready = calls.page(p.Page-1), true
	return nil
}

// reportProblem says why there is no report, if somebody can do something.
func (s *Site) reportProblem(v visit, err error) string {
	switch codeOf(err) {
	case call.TooMany:
		return v.T("Other reports are being written. Try again in a moment.")
	case call.BadRequest, call.NotFound:
		s.log.Warn("report refused", "err", err)
		return v.T("There is no such report. Check the dates, the queue and the agent.")
	}
	return ""
}

// Time is a call's time on the clocks of the report.
func (p reportsPage) Time(t wire.Time) string {
	return t.In(p.Summary.zone()).Format("2006-01-02 15:04:05")
}

// downloads are where a report is downloaded: bare, and with the mark by which a
// spreadsheet knows its letters.
type downloads struct{ Name, Plain, BOM string }

// CSV is where a report is downloaded.
func (p reportsPage) CSV(name string) downloads {
	at := "/reports/" + name + ".csv?" + p.Form.query().Encode()
	return downloads{Name: name, Plain: at, BOM: at + "&bom=1"}
}

// At is where another page of the calls is.
func (p reportsPage) At(step int) string {
	q := p.Form.query()
	q.Set("page", strconv.Itoa(p.Page+step))
	return "/reports?" + q.Encode() + "#calls"
}

// download has the hub write a report for who is signed in.
func (s *Site) download(w http.ResponseWriter, r *http.Request, v visit) {
	s.passOn(w, r, v, "/api/v1/reports/"+url.PathEscape(r.PathValue("file"))+"?"+r.URL.RawQuery)
}

// passOn gives who is signed in what the hub's API answers, as it is written.
func (s *Site) passOn(w http.ResponseWriter, r *http.Request, v visit, path string) {
	out := &download{ResponseWriter: w}
	err := s.pass(out, r, v.token, "GET", path, nil)
	if err == nil && out.status >= 400 {
		err = out.refusal()
	}
	if err != nil {
		s.fail(w, r, v, err)
	}
}

// download passes a file on as it is written, and keeps a refusal back.
type download struct {
	http.ResponseWriter
	answer
}

func (d *download) Unwrap() http.ResponseWriter { return d.ResponseWriter }

func (d *download) Header() http.Header { return d.ResponseWriter.Header() }

// SetWriteDeadline is the reader's.
func (d *download) SetWriteDeadline(t time.Time) error {
	return http.NewResponseController(d.ResponseWriter).SetWriteDeadline(t)
}

func (d *download) WriteHeader(status int) {
	if d.answer.WriteHeader(status); status < 400 {
		d.ResponseWriter.WriteHeader(status)
	}
}

func (d *download) Write(b []byte) (int, error) {
	if d.status >= 400 {
		return d.body.Write(b)
	}
	return d.ResponseWriter.Write(b)
}

// hasAgent tells whether one of the agents has a username.
func hasAgent(agents []wire.Agent, username string) bool {
	return slices.ContainsFunc(agents, func(a wire.Agent) bool { return a.Username == username })
}

// shown is what somebody wrote, as it is shown again.
func shown(text string) string { return clean.Text(text, maxShown) }
