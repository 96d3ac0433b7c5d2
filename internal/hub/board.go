package hub

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

func (h *Hub) board(w http.ResponseWriter, _ *http.Request, by caller) {
	writeJSON(w, http.StatusOK, h.live.board(by.sight()))
}

// board makes what a wallboard shows of the queues that its reader may see.
func (l *live) board(may sight) wire.Wallboard {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.census().board(may)
	slices.SortStableFunc(b.Agents, func(x, y wire.WallboardAgent) int { return cmp.Compare(x.Name, y.Name) })
	return b
}

// census is everything of which a board is made, looked up once for several.
type census struct {
	now       time.Time
	queues    []Queue
	open      []call.Call
	users     []User
	presences []call.Presence // of users
	days      map[string]dayTally
}

// census counts. The lock is held.
func (l *live) census() census {
	c := census{now: l.now(), queues: l.dir.Queues(), users: l.dir.Users(), days: map[string]dayTally{}}
	c.open = l.floor.Calls(func(call.Call) bool { return true })
	for _, u := range c.users {
		c.presences = append(c.presences, l.floor.Presence(u.Username, c.now))
	}
	for _, q := range c.queues {
		c.days[q.Name] = l.tally.of(q.Name, dayBegan(c.now, q.TimeZone), q.AlertAfter)
	}
	return c
}

// numbers are what a supervisor's app shows.
func (c census) numbers(may sight) wire.Numbers {
	b := c.board(may)
	return wire.Numbers{Time: b.Time, Total: b.Total, Queues: b.Queues}
}

// board is that of somebody who may see so much.
func (c census) board(may sight) wire.Wallboard {
	b := board{place: map[string]int{}}
	b.Time, b.Queues, b.Agents = wire.At(c.now), []wire.WallboardQueue{}, []wire.WallboardAgent{}
	var total wire.ServiceLevel
	for _, q := range c.queues {
		if !may.supervises(q.Name) {
			continue
		}
		b.place[q.Name] = len(b.Queues)
		day, level := c.days[q.Name], wire.ServiceLevel{}
		n := wire.WallboardQueue{Name: q.Name, Today: wire.At(day.began), AlertAfter: int64(q.AlertAfter / time.Second)}
		day.addTo(&n.WallboardNumbers, &level)
		day.addTo(&b.Total, &total)
		n.ServiceLevel = percentOf(level)
		b.Queues = append(b.Queues, n)
	}
	b.Total.ServiceLevel = percentOf(total)
	for _, o := range c.open {
		b.open(o)
	}
	for i, u := range c.users {
		b.agent(u, c.presences[i])
	}
	return b.Wallboard
}

// board is a wallboard that is being made.
type board struct {
	wire.Wallboard
	place map[string]int // of a queue, by name
}

// numbers are those to which something of a queue counts; none if the queue is
// not shown.
func (b *board) numbers(queue string) []*wire.WallboardNumbers {
	i, shown := b.place[queue]
	if !shown {
		return nil
	}
	return []*wire.WallboardNumbers{&b.Total, &b.Queues[i].WallboardNumbers}
}

// open counts an open call.
func (b *board) open(c call.Call) {
	for _, n := range b.numbers(c.Queue) {
		if !c.Unanswered() {
			n.InCall++
			continue
		}
		n.Waiting++
		if n.WaitingSince.IsZero() || c.Since.Before(n.WaitingSince.Time) {
			n.WaitingSince, n.LongestWait = wire.At(c.Since), int64(max(0, b.Time.Sub(c.Since))/time.Second)
		}
	}
}

// agent counts an agent in each of its queues, and once in the total.
func (b *board) agent(u User, p call.Presence) {
	numbers, queues := []*wire.WallboardNumbers{&b.Total}, []string{}
	for _, q := range u.Queues {
		if i, shown := b.place[q]; shown {
			numbers, queues = append(numbers, &b.Queues[i].WallboardNumbers), append(queues, q)
		}
	}
	if len(queues) == 0 || p.State == call.Offline {
		return
	}
	b.Agents = append(b.Agents, wire.WallboardAgent{Name: u.Name, Queues: queues, State: p.State, Since: wire.At(p.Since)})
	for _, n := range numbers {
		switch p.State {
		case call.Ready:
			n.Ready++
		case call.Busy:
			n.Busy++
		case call.Paused:
			n.Paused++
		case call.WrapUp:
			n.WrapUp++
		}
	}
}

// dayBegan is the midnight before a time, in a queue's time zone; without one in
// the hub's.
func dayBegan(now time.Time, zone string) time.Time {
	in := time.Local
	if zone != "" {
		if z, err := time.LoadLocation(zone); err == nil { // it was checked when it was set
			in = z
		}
	}
	year, month, day := now.In(in).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, in)
}

// percentOf works out a service level, to one decimal; nil if no call counts.
func percentOf(l wire.ServiceLevel) *wire.ServiceLevel {
	if l.Of == 0 {
		return nil
	}
	l.Percent = math.Round(float64(l.Answered)/float64(l.Of)*1000) / 10
	return &l
}
