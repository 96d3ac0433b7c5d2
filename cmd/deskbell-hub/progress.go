package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// progress is a bar on a terminal, which tells how far a download is.
type progress struct {
	out   io.Writer
	since time.Time // bytes began to come
	from  int64     // bytes that were there then
	last  time.Time // it was painted
	width int       // of what stands there
}

const (
	barWidth = 30
	repaint  = 100 * time.Millisecond
)

func (p *progress) start(at int64) { p.since, p.from = time.Now(), at }

func (p *progress) show(done, total int64) {
	if now := time.Now(); now.Sub(p.last) < repaint && done != total {
		return
	} else {
		p.last = now
	}
	rate := float64(done-p.from) / max(time.Since(p.since).Seconds(), 0.001)
	line := fmt.Sprintf("%s  %s/s", size(float64(done)), size(rate))
	if total > 0 {
		full := int(min(done, total) * barWidth / total)
		line = fmt.Sprintf("[%s%s] %3d%%  %s of %s  %s/s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), min(done, total)*100/total,
			size(float64(done)), size(float64(total)), size(rate))
	}
	fmt.Fprintf(p.out, "\r%-*s", p.width, line)
	p.width = len(line)
}

// end leaves the bar as it is and begins a line.
func (p *progress) end() {
	if p.width > 0 {
		fmt.Fprintln(p.out)
	}
}

// size writes bytes for people.
func size(bytes float64) string {
	unit := 0
	for bytes >= 1000 && unit < 4 {
		bytes, unit = bytes/1000, unit+1
	}
	return fmt.Sprintf("%.4g %s", bytes, []string{"B", "kB", "MB", "GB", "TB"}[unit])
}
