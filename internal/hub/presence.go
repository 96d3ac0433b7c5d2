package hub

import (
	"maps"
	"slices"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// announce tells whose presence has changed. The lock is held.
func (l *live) announce() {
	for _, name := range l.floor.Changed() {
		l.send(wire.AgentChanged{Agent: l.wireAgent(l.userOrName(name))}, name)
		l.news.agent(name)
		if l.noted != nil {
			l.noted(name, l.floor.Presence(name, l.now()))
		}
	}
	for _, name := range l.floor.Noted() {
		if l.noted != nil {
			l.noted(name, l.floor.Presence(name, l.now()))
		}
	}
	for _, name := range l.floor.PausedForMissing() {
		if l.pausedByRule != nil {
			l.pausedByRule(name, l.floor.Presence(name, l.now()))
		}
	}
}

// chosen takes over the presence that an agent has chosen last, from the
// directory: of two choices at one moment the later write counts.
func (l *live) chosen(username string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.floor.Choose(username, l.now())
	l.settle()
}

// presenceOf is an agent's presence now.
func (l *live) presenceOf(username string) call.Presence {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.floor.Presence(username, l.now())
}

// allPresence is the presence of all users.
func (l *live) allPresence() map[string]call.Presence {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := map[string]call.Presence{}
	for _, u := range l.dir.Users() {
		all[u.Username] = l.floor.Presence(u.Username, l.now())
	}
	return all
}

// agents lists the users whom somebody may see, by name.
func (l *live) agents(may sight) []wire.Agent {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.agentsLocked(may)
}

func (l *live) agentsLocked(may sight) []wire.Agent {
	all := []wire.Agent{}
	for _, u := range l.dir.Users() {
		if may.agent(u) {
			all = append(all, l.wireAgent(u))
		}
	}
	return all
}

// connect takes a connection in: it gets its welcome first, and every change
// after that moment.
func (l *live) connect(conn *connection, u User) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.floor.Connect(u.Username, l.now())
	conn.send(newFrame(l.welcome(u)))
	if l.apps[u.Username] == nil {
		l.apps[u.Username] = map[*connection]bool{}
	}
	l.apps[u.Username][conn] = true
	l.settle()
	l.watchAs(conn, u)
}

// watchAs has an app told what its user may see of others.
func (l *live) watchAs(conn *connection, u User) {
	delete(l.watch, conn)
	if s := sightOf(u); s.watches {
		l.watch[conn] = s
	}
}

// welcomeAgain gives the whole truth once more to the apps of users for whom
// which says yes, and to supervisors: what they are or serve has changed. Each
// user's takes its own turn, so that a thousand hold up nothing else.
func (l *live) welcomeAgain(which func(username string) bool) {
	l.mu.Lock()
	names := slices.Collect(maps.Keys(l.apps))
	l.mu.Unlock()
	for _, name := range names {
		if u, ok := l.dir.User(name); ok && (which(name) || sightOf(u).watches) {
			l.welcomeUser(u)
		}
	}
}

func (l *live) welcomeUser(u User) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.apps[u.Username]) == 0 {
		return
	}
	f := newFrame(l.welcome(u))
	for conn := range l.apps[u.Username] {
		l.watchAs(conn, u)
		conn.send(f)
	}
}

// disconnect lets a connection go.
func (l *live) disconnect(conn *connection) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.watch, conn)
	delete(l.apps[conn.user], conn)
	if len(l.apps[conn.user]) == 0 {
		delete(l.apps, conn.user)
		l.floor.Disconnect(conn.user, conn.signedOut(), l.now())
		l.settle()
	}
}

// signedOut notes that a user who has no app connected is gone for good: an app
// that signs out may close its connection first, which alone looks like a line
// that is back in a moment.
func (l *live) signedOut(username string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.apps[username]) == 0 {
		l.floor.Disconnect(username, true, l.now())
		l.settle()
	}
}

// connected lists the connections, of one user or (empty) of all.
func (l *live) connected(username string) []*connection {
	l.mu.Lock()
	defer l.mu.Unlock()
	if username != "" {
		return slices.Collect(maps.Keys(l.apps[username]))
	}
	var all []*connection
	for _, apps := range l.apps {
		all = slices.AppendSeq(all, maps.Keys(apps))
	}
	return all
}

// welcome is the whole truth for one agent.
func (l *live) welcome(u User) wire.Welcome {
	may := sightOf(u)
	w := wire.Welcome{
		Time: wire.At(l.now()), User: wireUser(u), Presence: wirePresence(l.floor.Presence(u.Username, l.now())),
		Queues: l.wireQueues(may), Offers: []wire.Ring{}, Calls: []wire.Call{},
		Reasons: append([]string{}, l.dir.Rules().Reasons...),
	}
	for _, c := range l.floor.Calls(func(call.Call) bool { return true }) {
		if o, rings := c.OfferTo(u.Username); rings {
			w.Offers = append(w.Offers, wire.Ring{Call: wire.FromCall(c), Until: wire.At(o.Until)})
		}
		switch {
		case c.Agent == u.Username:
			w.Calls = append(w.Calls, l.forOwner(c))
		case may.supervises(c.Queue):
			w.Calls = append(w.Calls, wire.ForSupervisor(c))
		}
	}
	if may.watches {
		n := l.census().numbers(may)
		w.Agents, w.Numbers = l.agentsLocked(may), &n
	}
	return w
}

func (l *live) wireQueues(may sight) []wire.Queue {
	queues := []wire.Queue{}
	for _, q := range l.dir.Queues() {
		if may.queue(q.Name) {
			queues = append(queues, wireQueue(q))
		}
	}
	return queues
}

func wireQueue(q Queue) wire.Queue {
	return wire.Queue{
		Name: q.Name, Strategy: string(q.Strategy), Ring: q.Ring.String(), Patience: q.Patience.String(),
		AlertAfter: q.AlertAfter.String(), WrapUp: q.WrapUp.String(), Capacity: q.Capacity,
		Dispositions: append([]string{}, q.Dispositions...),
	}
}

func (l *live) wireAgent(u User) wire.Agent {
	n := l.shifts.byAgent[u.Username]
	return wire.Agent{
		Username: u.Username, Name: u.Name, Queues: listed(u.Queues), Answered: n.answered, Missed: n.missed,
		Presence: wirePresence(l.floor.Presence(u.Username, l.now())),
	}
}

func wirePresence(p call.Presence) wire.Presence {
	return wire.Presence{State: p.State, Reason: p.Reason, Cause: p.Cause, Since: wire.At(p.Since), Until: wire.At(p.Until)}
}

func wireUser(u User) wire.User {
	return wire.User{Username: u.Username, Name: u.Name, Role: u.Role, Queues: listed(u.Queues), Supervises: listed(u.Supervises)}
}

// listed is a list that is never null in JSON.
func listed(names []string) []string { return append([]string{}, names...) }
