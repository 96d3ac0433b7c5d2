package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	callsPage = 50
	// maxCalls is how many calls the page goes back; the CSV has all.
	maxCalls = 2000
)

// callLine is what the pages read of a call in the hub's report.
type callLine struct {
	ID          string       `json:"id"`
	Queue       string       `json:"queue"`
	Received    wire.Time    `json:"received"`
	Waited      int64        `json:"waited_seconds"`
	Handled     int64        `json:"handled_seconds"`
	Outcome     call.Outcome `json:"outcome"`
	Reason      call.Reason  `json:"reason"`
	Agent       string       `json:"agent"`
	AgentName   string       `json:"agent_name"`
	Disposition string       `json:"disposition"`
}

// lastCalls keeps the newest of many calls.
type lastCalls struct {
	ring  []callLine
	count int
}

func (l *lastCalls) take(c callLine) {
	if len(l.ring) < maxCalls {
		l.ring = append(l.ring, c)
	} else {
		l.ring[l.count%maxCalls] = c
	}
	l.count++
}

// page is one page of them, the newest first.
func (l *lastCalls) page(number int) (lines []callLine) {
	for i := number * callsPage; i < min((number+1)*callsPage, len(l.ring)); i++ {
		lines = append(lines, l.ring[(l.count-1-i)%maxCalls])
	}
	return lines
}

func (l *lastCalls) pages() int { return max(1, (len(l.ring)+callsPage-1)/callsPage) }

// readCalls reads the report of calls as the hub writes it: it may be long, and
// only its end is kept.
func (s *Site) readCalls(r *http.Request, token string, query url.Values) (*lastCalls, error) {
	in, out := io.Pipe()
	w := &pipeAnswer{out: out}
	go func() {
		err := errBrokenOff
		defer func() {
			if fault := recover(); fault != nil && fault != http.ErrAbortHandler {
				s.log.Error("report not read", "err", fmt.Sprint(fault))
			}
			out.CloseWithError(err)
		}()
		if err = s.pass(w, r, token, "GET", "/api/v1/reports/calls.json?"+query.Encode(), nil); err == nil {
			err = w.refusal()
		}
	}()
	calls := &lastCalls{}
	err := decodeList(in, calls.take)
	in.CloseWithError(errBrokenOff) // the hub stops writing
	return calls, err
}

var errBrokenOff = errors.New("the report was broken off")

// decodeList gives each element of a JSON array as it comes.
func decodeList[T any](in io.Reader, take func(T)) error {
	d := json.NewDecoder(in)
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		var one T
		if err := d.Decode(&one); err != nil {
			return err
		}
		take(one)
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	return nil
}

// pipeAnswer passes on what the API answers, but for a refusal.
type pipeAnswer struct {
	answer
	out *io.PipeWriter
}

// SetWriteDeadline is the reader's matter: it is in the same process.
func (p *pipeAnswer) SetWriteDeadline(time.Time) error { return nil }

func (p *pipeAnswer) Write(b []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	if p.status >= 400 {
		return p.body.Write(b)
	}
	return p.out.Write(b)
}

// refusal is why there is no report, if there is none.
func (p *pipeAnswer) refusal() error {
	if p.status < 400 {
		return io.EOF
	}
	return p.answer.refusal()
}
