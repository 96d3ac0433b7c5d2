package hub

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/report"
)

// paperBuffer is how much of a report is written at a time. A report that fails
// before is answered with why.
const paperBuffer = 64 << 10

// paper is the answer that a report is written on. It can be long, and its
// reader slow: each part has a deadline of its own.
type paper struct {
	ctx  context.Context // of the request: nobody waits for more when it ends
	w    http.ResponseWriter
	rc   *http.ResponseController
	buf  *bufio.Writer
	file string
	kind string
	sent bool // a part: the answer can't be another any more
}

func newPaper(ctx context.Context, w http.ResponseWriter, q report.Query) *paper {
	first, last := q.Period.Days()
	p := &paper{
		ctx: ctx, w: w, rc: http.NewResponseController(w), kind: "application/json",
		file: fmt.Sprintf("deskbell-%s-%s-%s.%s", q.Name, first, last, q.Format),
	}
	if q.Format == report.CSV {
		p.kind = "text/csv; charset=utf-8"
	}
	p.buf = bufio.NewWriterSize(p, paperBuffer)
	return p
}

// Write passes a part on.
func (p *paper) Write(part []byte) (int, error) {
	if !p.sent {
		p.sent = true
		p.w.Header().Set("Content-Type", p.kind)
		p.w.Header().Set("Content-Disposition", `attachment; filename="`+p.file+`"`)
		p.w.Header().Set("Cache-Control", "no-store")
		p.w.Header().Set("X-Content-Type-Options", "nosniff")
	}
	if err := p.rc.SetWriteDeadline(time.Now().Add(reportStall)); err != nil {
		return 0, err
	}
	if err := p.ctx.Err(); err != nil { // the paper was torn before
		return 0, err
	}
	return p.w.Write(part)
}

// tear ends a write that waits for its reader.
func (p *paper) tear() {
	// What can't be torn ends at its own deadline.
	_ = p.rc.SetWriteDeadline(time.Now())
}

// breakOff ends a report that has failed: with the reason, if nothing of it was
// sent, else with the connection. A file must not look whole that is not.
func (p *paper) breakOff(err error) {
	if p.sent {
		panic(http.ErrAbortHandler)
	}
	if p.ctx.Err() == nil { // reading may have lasted longer than an answer may
		_ = p.rc.SetWriteDeadline(time.Now().Add(reportStall)) // without it the answer is perhaps too late
	}
	writeProblem(p.w, err)
}
