package hub

import (
	"maps"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	// newsPause is how long changes are collected for supervisors after they were
	// told some: one change is told at once, a rush a few times a second.
	newsPause = 100 * time.Millisecond
	// maxNews bounds what is told at once; the rest follows after a pause.
	maxNews = 500
)

// news are the changes that supervisors were not told of yet: of each call and
// agent the last one counts.
type news struct {
	calls  map[string]call.Call
	agents map[string]bool // by username
	order  []string        // ids of the calls, the first that changed first
	there  chan struct{}   // holds one while there is something
}

func newNews() news {
	return news{calls: map[string]call.Call{}, agents: map[string]bool{}, there: make(chan struct{}, 1)}
}

// call notes a call after a change.
func (n *news) call(c call.Call) {
	if _, known := n.calls[c.ID]; !known {
		n.order = append(n.order, c.ID)
	}
	n.calls[c.ID] = c
	n.wake()
}

// agent notes that an agent's presence has changed.
func (n *news) agent(username string) {
	n.agents[username] = true
	n.wake()
}

func (n *news) wake() {
	select {
	case n.there <- struct{}{}:
	default: // it is known already
	}
}

// take takes what is to be told next.
func (n *news) take() (calls []call.Call, agents []string) {
	some := n.order[:min(len(n.order), maxNews)]
	for _, id := range some {
		calls = append(calls, n.calls[id])
		delete(n.calls, id)
	}
	if n.order = n.order[len(some):]; len(n.order) == 0 {
		n.order = nil
	} else {
		n.wake()
	}
	agents = slices.Sorted(maps.Keys(n.agents))
	clear(n.agents)
	return calls, agents
}

// spreadNews tells supervisors what has changed, until the hub closes.
func (h *Hub) spreadNews() {
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-h.live.news.there:
		}
		h.live.tellNews()
		select {
		case <-h.ctx.Done():
			return
		case <-time.After(newsPause):
		}
	}
}

// tellNews tells the supervisors what they were not told of yet. Those who see
// the same get the same frame; but what an owner or agent was told itself, which
// is more, is left out for it.
func (l *live) tellNews() {
	l.mu.Lock()
	defer l.mu.Unlock()
	calls, names := l.news.take()
	if len(l.watch) == 0 || len(calls)+len(names) == 0 {
		return
	}
	concerned := map[string]bool{}
	for _, c := range calls {
		concerned[c.Agent] = true
	}
	var agents []User
	for _, name := range names {
		concerned[name] = true
		agents = append(agents, l.userOrName(name))
	}
	frames := map[string]*frame{}
	for conn, s := range l.watch {
		if concerned[conn.user] {
			conn.sendAny(l.newsFrame(s, conn.user, calls, agents))
			continue
		}
		f, made := frames[s.group]
		if !made {
			f = l.newsFrame(s, "", calls, agents)
			frames[s.group] = f
		}
		conn.sendAny(f)
	}
}

// newsFrame is what somebody may see of changes; nil for nothing. One change
// goes as what it is.
func (l *live) newsFrame(may sight, but string, calls []call.Call, agents []User) *frame {
	var m wire.Changes
	for _, c := range calls {
		if may.supervises(c.Queue) && (but == "" || c.Agent != but) {
			m.Calls = append(m.Calls, wire.ForSupervisor(c))
		}
	}
	for _, u := range agents {
		if may.watchesAgent(u) && u.Username != but {
			m.Agents = append(m.Agents, l.wireAgent(u))
		}
	}
	switch nc, na := len(m.Calls), len(m.Agents); {
	case nc+na == 0:
		return nil
	case nc == 1 && na == 0:
		return newFrame(wire.CallChanged{Call: m.Calls[0]})
	case nc == 0 && na == 1:
		return newFrame(wire.AgentChanged{Agent: m.Agents[0]})
	default:
		return newFrame(m)
	}
}

// userOrName is a user; of one who was removed only the name is left.
func (l *live) userOrName(username string) User {
	if u, ok := l.dir.User(username); ok {
		return u
	}
	return User{Username: username, Name: username}
}
