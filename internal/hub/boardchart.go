package hub

import (
	"net/http"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const quarter = 15 * time.Minute

// waitSteps are the upper ends of the waiting times that are counted together;
// what waited longer is counted last.
var waitSteps = []time.Duration{
	5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute,
	3 * time.Minute, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute,
}

func (h *Hub) boardCharts(w http.ResponseWriter, _ *http.Request, by caller) {
	writeJSON(w, http.StatusOK, h.live.boardCharts(by.sight()))
}

// boardCharts makes the charts of the queues that their reader may see.
func (l *live) boardCharts(may sight) wire.WallboardCharts {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	began, charts := map[string]time.Time{}, map[string]*boardChart{}
	total := newBoardChart()
	for _, q := range l.dir.Queues() {
		if may.supervises(q.Name) {
			began[q.Name], charts[q.Name] = dayBegan(now, q.TimeZone), newBoardChart()
		}
	}
	for _, d := range l.tally.calls {
		if c := charts[d.queue]; c != nil && !d.at.Before(began[d.queue]) {
			c.ended(d, began[d.queue])
			total.ended(d, began[d.queue])
		}
	}
	for _, c := range l.floor.Calls(func(c call.Call) bool { return c.Unanswered() && charts[c.Queue] != nil }) {
		charts[c.Queue].waits(c, began[c.Queue])
		total.waits(c, began[c.Queue])
	}
	out := wire.WallboardCharts{Total: total.shown(now), Queues: []wire.WallboardQueueChart{}}
	for _, step := range waitSteps {
		out.Steps = append(out.Steps, int64(step/time.Second))
	}
	for _, q := range l.dir.Queues() {
		if c := charts[q.Name]; c != nil {
			out.Queues = append(out.Queues, wire.WallboardQueueChart{Name: q.Name, WallboardChart: c.shown(now)})
		}
	}
	return out
}

// boardChart counts the calls of a queue, or of all.
type boardChart struct {
	quarters map[int64]*wire.WallboardQuarter // by number since 1970
	waited   []int
}

func newBoardChart() *boardChart {
	return &boardChart{quarters: map[int64]*wire.WallboardQuarter{}, waited: make([]int, len(waitSteps)+1)}
}

// at is the quarter in which a call came; one that came yesterday counts to the
// day's first.
func (b *boardChart) at(received, began time.Time) *wire.WallboardQuarter {
	if received.Before(began) {
		received = began
	}
	n := received.Unix() / int64(quarter/time.Second)
	if b.quarters[n] == nil {
		b.quarters[n] = &wire.WallboardQuarter{}
	}
	return b.quarters[n]
}

// ended counts a call that was answered, or has ended without: those that the
// numbers of the wallboard count too.
func (b *boardChart) ended(d tallied, began time.Time) {
	day := dayTally{began: began}
	day.count(d, 1)
	n := day.numbers
	if n.Answered+n.Missed+n.Abandoned == 0 {
		return
	}
	q := b.at(d.at.Add(-d.waited), began)
	q.Answered, q.Missed, q.Left = q.Answered+n.Answered, q.Missed+n.Missed, q.Left+n.Abandoned
	i, _ := slices.BinarySearch(waitSteps, d.waited)
	b.waited[i]++
}

// waits counts a call that waits.
func (b *boardChart) waits(c call.Call, began time.Time) { b.at(c.Received, began).Waiting++ }

// shown lists the quarters from the first that had a call until now.
func (b *boardChart) shown(now time.Time) wire.WallboardChart {
	out := wire.WallboardChart{Quarters: []wire.WallboardQuarter{}, Waits: b.waited}
	last := now.Unix() / int64(quarter/time.Second)
	first := last + 1
	for n := range b.quarters {
		first = min(first, n)
	}
	for n := first; n <= last; n++ {
		q := wire.WallboardQuarter{}
		if had := b.quarters[n]; had != nil {
			q = *had
		}
		q.At = wire.At(time.Unix(n*int64(quarter/time.Second), 0))
		out.Quarters = append(out.Quarters, q)
	}
	return out
}
