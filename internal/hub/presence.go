package hub

import (
	"maps"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// grace is how long an agent whose last connection is lost counts as there:
// the app is on its way back (docs/protocol.md, "Presence").
const grace = 15 * time.Second

// agent is the presence of one user. What is derived from it is in presence.
type agent struct {
	username    string
	chosen      chosen
	connections map[*connection]bool
	lost        time.Time       // when the last connection went; zero: there was none since the hub started
	calls       map[string]bool // accepted ones
	presence    call.Presence
}

// agent finds an agent, and makes it at the first look. The lock is held.
func (l *live) agent(username string) *agent {
	a := l.agents[username]
	if a == nil {
		a = &agent{username: username, connections: map[*connection]bool{}, calls: map[string]bool{}}
		a.chosen, _ = l.dir.presence.get(userKey(username))
		l.update(a)
		l.agents[username] = a
	}
	return a
}

// awaitHolders gives those a grace who held an offer when the hub went down:
// their apps are on their way back.
func (l *live) awaitHolders() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.calls {
		for _, name := range holders(e.Call, "") {
			a := l.agent(name)
			a.lost = l.started
			l.update(a)
			l.awaited(name, a.lost.Add(grace))
		}
	}
}

// derive works out the presence state from what is known.
func (l *live) derive(a *agent) call.PresenceState {
	switch {
	case len(a.connections) == 0 && l.now().Sub(a.lost) >= grace:
		return call.Offline
	case a.chosen.State == call.Paused:
		return call.Paused
	case len(a.calls) > 0:
		return call.Busy
	default:
		return call.Ready
	}
}

// refresh derives an agent's presence anew, tells it if it has changed, and
// has the calls looked at that this concerns.
func (l *live) refresh(a *agent) {
	if l.update(a) {
		l.announce(a)
	}
}

// update derives an agent's presence anew and tells whether it has changed.
func (l *live) update(a *agent) bool {
	now := call.Presence{State: l.derive(a), Since: l.now()}
	if now.State == call.Paused {
		now.Reason = a.chosen.Reason
	}
	if now.State == a.presence.State && now.Reason == a.presence.Reason {
		return false
	}
	a.presence = now
	return true
}

// announce tells an agent's presence, and has the calls of its queues looked at.
func (l *live) announce(a *agent) {
	m := wire.AgentChanged{Agent: l.wireAgent(a)}
	l.send(m, a.username)
	l.tellSupervisors(m, a.username)
	l.touchQueuesOf(a)
}

// touchQueuesOf has every unanswered call of the agent's queues looked at, and
// those that ring for it: it may have left their queue.
func (l *live) touchQueuesOf(a *agent) {
	u, _ := l.dir.User(a.username)
	var ids []string
	for queue, waiting := range l.queued {
		if slices.Contains(u.Queues, queue) {
			ids = slices.AppendSeq(ids, maps.Keys(waiting))
			continue
		}
		for id := range waiting {
			if _, rings := l.calls[id].Call.OfferTo(a.username); rings {
				ids = append(ids, id)
			}
		}
	}
	l.touched(ids...)
}

// own notes that an agent has a call, or has it no more.
func (l *live) own(c call.Call) {
	a := l.agent(c.Agent)
	if c.State == call.Accepted {
		a.calls[c.ID] = true
	} else {
		delete(a.calls, c.ID)
	}
	l.refresh(a)
}

// hasCall tells whether an agent owns a call other than this one.
func (l *live) hasCall(username, but string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id := range l.agent(username).calls {
		if id != but {
			return true
		}
	}
	return false
}

// chosen takes over the presence that an agent has chosen last. It reads it
// anew, for of two choices at one moment the later write counts.
func (l *live) chosen(username string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.agent(username)
	a.chosen, _ = l.dir.presence.get(userKey(username))
	l.refresh(a)
}

// presenceOf is an agent's presence now.
func (l *live) presenceOf(username string) wire.Presence {
	l.mu.Lock()
	defer l.mu.Unlock()
	return wirePresence(l.agent(username).presence)
}

// allAgents lists all users as supervisors see them, by name.
func (l *live) allAgents() []wire.Agent {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.allAgentsLocked()
}

func (l *live) allAgentsLocked() []wire.Agent {
	all := []wire.Agent{}
	for _, u := range l.dir.Users() {
		all = append(all, l.wireAgent(l.agent(u.Username)))
	}
	return all
}

// connect takes a connection in: it gets its welcome first, and every change
// after that moment.
func (l *live) connect(conn *connection, u User) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.agent(u.Username)
	a.connections[conn] = true
	changed := l.update(a)
	conn.send(newFrame(l.welcome(a, u)))
	if changed {
		l.announce(a)
	} else { // what it can be rung for may have changed all the same
		l.touchQueuesOf(a)
	}
	if u.Role.Supervises() {
		l.watch[conn] = true
	}
}

// disconnect lets a connection go.
func (l *live) disconnect(conn *connection) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.watch, conn)
	a := l.agent(conn.user)
	delete(a.connections, conn)
	if len(a.connections) == 0 {
		a.lost = l.now()
		l.awaited(a.username, a.lost.Add(grace))
	}
}

// graceOver looks at an agent whose grace may have ended.
func (l *live) graceOver(username string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh(l.agent(username))
}

// connected lists the connections, of one user or (empty) of all.
func (l *live) connected(username string) []*connection {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []*connection
	for _, a := range l.agents {
		if username == "" || a.username == username {
			all = slices.AppendSeq(all, maps.Keys(a.connections))
		}
	}
	return all
}

// welcome is the whole truth for one agent.
func (l *live) welcome(a *agent, u User) wire.Welcome {
	w := wire.Welcome{
		Time: wire.At(l.now()), User: wireUser(u), Presence: wirePresence(a.presence),
		Queues: l.wireQueues(u), Offers: []wire.Ring{}, Calls: []wire.Call{},
	}
	for _, c := range l.openLocked(func(c call.Call) bool { return true }) {
		if o, rings := c.OfferTo(u.Username); rings {
			w.Offers = append(w.Offers, wire.Ring{Call: wire.FromCall(c), Until: wire.At(o.Until)})
		}
		switch {
		case c.Agent == u.Username:
			w.Calls = append(w.Calls, wire.ForOwner(c))
		case u.Role.Supervises():
			w.Calls = append(w.Calls, wire.FromCall(c))
		}
	}
	if u.Role.Supervises() {
		w.Agents = l.allAgentsLocked()
	}
	return w
}

func (l *live) wireQueues(u User) []wire.Queue {
	queues := []wire.Queue{}
	for _, q := range l.dir.Queues() {
		if u.Role.Supervises() || slices.Contains(u.Queues, q.Name) {
			queues = append(queues, wireQueue(q))
		}
	}
	return queues
}

func wireQueue(q Queue) wire.Queue {
	return wire.Queue{Name: q.Name, Strategy: string(q.Strategy), Ring: q.Ring.String(), Patience: q.Patience.String()}
}

func (l *live) wireAgent(a *agent) wire.Agent {
	u, _ := l.dir.User(a.username)
	return wire.Agent{Username: a.username, Name: l.dir.DisplayName(a.username), Queues: queuesOf(u), Presence: wirePresence(a.presence)}
}

func wirePresence(p call.Presence) wire.Presence {
	return wire.Presence{State: p.State, Reason: p.Reason, Since: wire.At(p.Since)}
}

func wireUser(u User) wire.User {
	return wire.User{Username: u.Username, Name: u.Name, Role: u.Role, Queues: queuesOf(u)}
}

// queuesOf is never null in JSON.
func queuesOf(u User) []string { return append([]string{}, u.Queues...) }
