package hub

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/wire"
)

const (
	numbersEvery = time.Second
	// numbersAnew is how often the numbers are counted although nothing has
	// happened: a day may have begun.
	numbersAnew = time.Minute
)

// counted is what supervisors know of the numbers.
type counted struct {
	stirred bool // something has changed since the last count
	at      time.Time
	sent    map[string][]byte // by group of those who see the same
}

// tellNumbers tells supervisors the numbers of their queues, if they have
// changed; those who see the same get the same frame.
func (l *live) tellNumbers() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.shifts.roll(now)
	changed := slices.Sorted(maps.Keys(l.shifts.changed))
	clear(l.shifts.changed)
	if !l.counted.stirred && len(changed) == 0 && now.Sub(l.counted.at) < numbersAnew {
		l.tellIdle(now)
		return
	}
	l.counted.stirred, l.counted.at = false, now
	c := l.census()
	l.idle = idleQueues(c, l.idle)
	l.tellIdle(now)
	sent, frames := map[string][]byte{}, map[string]*frame{}
	for conn, s := range l.watch {
		f, made := frames[s.group]
		if !made {
			n := c.numbers(s)
			n.Agents = l.numbersOf(s, changed)
			same := sameNumbers(n)
			if len(n.Agents) > 0 || string(same) != string(l.counted.sent[s.group]) {
				f = newFrame(n)
			}
			frames[s.group], sent[s.group] = f, same
		}
		conn.sendAny(f)
	}
	l.counted.sent = sent
}

// numbersOf are the numbers of those agents whom somebody may see.
func (l *live) numbersOf(may sight, names []string) (all []wire.AgentNumbers) {
	for _, name := range names {
		if u, ok := l.dir.User(name); ok && may.watchesAgent(u) {
			n := l.shifts.byAgent[name]
			all = append(all, wire.AgentNumbers{Username: name, Answered: n.answered, Missed: n.missed})
		}
	}
	return all
}

// sameNumbers is what two numbers have in common that differ by the clock only.
func sameNumbers(n wire.Numbers) []byte {
	n.Time, n.Agents, n.Total.LongestWait = wire.Time{}, nil, 0
	n.Queues = slices.Clone(n.Queues)
	for i := range n.Queues {
		n.Queues[i].LongestWait = 0
	}
	data, err := json.Marshal(n)
	if err != nil { // numbers and times always can be written
		return nil
	}
	return data
}
