package routing_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/routing"
)

// TestMain has rapid try more days than it does by itself; -rapid.checks asks
// for another number.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "400"); err != nil {
		panic(err)
	}
	m.Run()
}

// directory is a routing.Directory of maps.
type directory struct {
	options map[string]routing.Options
	serves  map[string][]string // by username
	rules   routing.Rules
	chosen  map[string]call.Presence
}

func (d *directory) Options(queue string) (routing.Options, bool) {
	o, ok := d.options[queue]
	return o, ok
}

func (d *directory) Members(queue string) []string {
	var members []string
	for name, queues := range d.serves {
		if slices.Contains(queues, queue) {
			members = append(members, name)
		}
	}
	slices.Sort(members)
	return members
}

func (d *directory) Serves(username string) []string { return d.serves[username] }
func (d *directory) Rules() routing.Rules            { return d.rules }
func (d *directory) Known(username string) bool      { return d.serves[username] != nil }

func (d *directory) Chosen(username string) (call.Presence, bool) {
	p, ok := d.chosen[username]
	return p, ok
}

// desk is what the test knows of an agent by itself, without the floor.
type desk struct {
	connected bool
	lost      time.Time
	wrapUp    time.Time
	missed    int
}

// office is a hub without log and sockets: a floor, the last entry of each
// call, and the test's own knowledge beside it.
type office struct {
	*rapid.T
	dir   *directory
	floor *routing.Floor
	now   time.Time
	seq   uint64
	last  map[string]entry // by call id; the log
	desks map[string]*desk
	turns map[string]string // queue → whose turn it was last

	restarted time.Time
}

type entry struct {
	event call.Event
	call  call.Call
	seq   uint64
}

var staff = map[string][]string{"anna": {"web"}, "ben": {"web"}, "carla": {"web", "sales"}, "dino": {"sales"}, "eva": {"web", "sales"}}

func newOffice(t *rapid.T) *office {
	o := &office{T: t, now: t0, last: map[string]entry{}, desks: map[string]*desk{}, turns: map[string]string{}}
	o.dir = &directory{options: map[string]routing.Options{}, serves: staff, chosen: map[string]call.Presence{}}
	o.dir.rules.PauseAfterMissed = rapid.SampledFrom([]int{0, 2}).Draw(t, "pause after missed")
	for _, queue := range []string{"sales", "web"} {
		options := routing.Defaults()
		options.Strategy = rapid.SampledFrom(routing.Strategies).Draw(t, queue+" strategy")
		options.Capacity = rapid.IntRange(1, 2).Draw(t, queue+" capacity")
		options.WrapUp = time.Duration(rapid.SampledFrom([]int{0, 10}).Draw(t, queue+" wrap-up")) * time.Second
		options.Patience = 2 * time.Minute
		o.dir.options[queue] = options
	}
	if rapid.Bool().Draw(t, "overflow") {
		options := o.dir.options["web"]
		options.Overflow, options.OverflowAfter = "sales", 40*time.Second
		o.dir.options["web"] = options
	}
	for name := range staff {
		o.desks[name] = &desk{}
	}
	o.floor = routing.NewFloor(o.dir, o.now)
	return o
}

// write is the log: it applies an event if it can happen.
func (o *office) write(id string, e call.Event) bool {
	before := o.last[id].call
	after, err := before.Apply(e)
	if err != nil {
		return false
	}
	o.put(e, after)
	return true
}

func (o *office) put(e call.Event, c call.Call) {
	o.seq++
	o.last[c.ID] = entry{e, c, o.seq}
	o.floor.Apply(e, c, o.seq, o.now)
	o.floor.Changed()
	for _, name := range o.floor.PausedForMissing() {
		o.dir.chosen[name] = o.floor.Presence(name, o.now)
	}
}

// settle takes turns until nothing is to be done.
func (o *office) settle() {
	for range 1000 {
		id, seq, d := o.floor.Next(o.now)
		if !d.Act {
			if !d.Wake.IsZero() && !d.Wake.After(o.now) {
				o.Fatalf("nothing to do, but wake %v is not after %v", d.Wake, o.now)
			}
			o.checkSettled()
			return
		}
		if seq != o.last[id].seq {
			o.Fatalf("decided about entry %d of call %s, the last is %d", seq, id, o.last[id].seq)
		}
		if d.Event.Kind == call.KindOffered {
			o.checkOffer(o.last[id].call, d.Event)
		}
		o.countMissed(d.Event, o.last[id].call)
		if !o.write(id, d.Event) {
			o.Fatalf("routing proposed what can't happen to %+v: %+v", o.last[id].call, d.Event)
		}
	}
	o.Fatal("routing does not come to rest")
}

// countMissed is the rule for too many missed offers, worked out again.
func (o *office) countMissed(e call.Event, before call.Call) {
	late := e.Agents
	switch e.Kind {
	case call.KindLapsed:
	case call.KindMissed:
		for _, offer := range before.Offers {
			late = append(late, offer.Agent)
		}
	default:
		return
	}
	for _, name := range late {
		if d := o.desks[name]; d.connected && o.dir.chosen[name].State != call.Paused {
			d.missed++
		}
	}
}

// calls counts an agent's accepted calls, rings those that ring.
func (o *office) calls(name string) (n int) {
	for _, e := range o.last {
		if e.call.State == call.Accepted && e.call.Agent == name {
			n++
		}
	}
	return n
}

func (o *office) rings(name string) (n int) {
	for _, e := range o.last {
		if _, rings := e.call.OfferTo(name); rings {
			n++
		}
	}
	return n
}

// hasRoom tells whether an agent could take a call of a queue.
func (o *office) hasRoom(name, queue string) bool {
	d := o.desks[name]
	return d.connected && o.dir.chosen[name].State != call.Paused && !o.now.Before(d.wrapUp) && o.calls(name) < o.dir.options[queue].Capacity
}

// free tells whether an agent may be offered a call of a queue.
func (o *office) free(name, queue string) bool {
	options := o.dir.options[queue]
	return o.hasRoom(name, queue) && (options.Strategy == routing.BeepAll || o.calls(name)+o.rings(name) < options.Capacity)
}

// eligible lists who could be offered a call now: those who have not had it,
// else those who let it lapse, else those who refused it a ring time ago.
func (o *office) eligible(c call.Call) []string {
	groups := [3][]string{}
	for _, name := range o.members(c) {
		if _, rings := c.OfferTo(name); rings || !o.free(name, c.Queue) {
			continue
		}
		switch p := c.PassedBy(name); {
		case p.Agent == "":
			groups[0] = append(groups[0], name)
		case p.How == call.KindLapsed:
			groups[1] = append(groups[1], name)
		case !o.now.Before(p.At.Add(o.dir.options[c.Queue].Ring)) && len(c.Offers) == 0:
			groups[2] = append(groups[2], name)
		}
	}
	if o.dir.options[c.Queue].Strategy == routing.BeepAll {
		groups[0] = slices.Sorted(slices.Values(append(groups[0], groups[1]...)))
	}
	for _, g := range groups {
		if len(g) > 0 {
			return g
		}
	}
	return nil
}

func (o *office) members(c call.Call) []string {
	members := o.dir.Members(c.Queue)
	if c.Overflow != "" {
		members = append(members, o.dir.Members(c.Overflow)...)
	}
	return slices.Compact(slices.Sorted(slices.Values(members)))
}

// checkOffer looks at an offer before it is made.
func (o *office) checkOffer(c call.Call, e call.Event) {
	if c.Assigned != "" && len(c.Offers) == 0 && o.hasRoom(c.Assigned, c.Queue) {
		if len(e.Agents) != 1 || e.Agents[0] != c.Assigned {
			o.Fatalf("offered to %v, but %s was chosen", e.Agents, c.Assigned)
		}
		return
	}
	for _, name := range e.Agents {
		if !o.free(name, c.Queue) {
			o.Fatalf("offered to %s, who is not free: %+v %+v, %d calls, rings %d", name, o.desks[name], o.dir.chosen[name], o.calls(name), o.rings(name))
		}
	}
	can := o.eligible(c)
	strategy := o.dir.options[c.Queue].Strategy
	if strategy == routing.BeepAll {
		if !slices.Equal(can, e.Agents) {
			o.Fatalf("beep-all offers to %v, want %v", e.Agents, can)
		}
		return
	}
	if len(e.Agents) != 1 || !slices.Contains(can, e.Agents[0]) {
		o.Fatalf("%s offers to %v, want one of %v", strategy, e.Agents, can)
	}
	o.checkOrder(c, e.Agents[0])
	if strategy == routing.RoundRobin {
		if want := nextOf(can, o.turns[c.Queue]); e.Agents[0] != want {
			o.Fatalf("round-robin offers to %s, want %s: the last was %s, there are %v", e.Agents[0], want, o.turns[c.Queue], can)
		}
	}
	o.turns[c.Queue] = e.Agents[0]
}

// nextOf is the first name after another, or the first.
func nextOf(names []string, last string) string {
	for _, name := range names {
		if name > last {
			return name
		}
	}
	return names[0]
}

// checkOrder: an agent that is offered a call could not be offered one of the
// same queue that has waited longer.
func (o *office) checkOrder(c call.Call, name string) {
	for _, e := range o.last {
		older := e.call.Unanswered() && e.call.Queue == c.Queue && routing.LongestWaiting(e.call, c) < 0
		if older && len(e.call.Offers) == 0 && e.call.Assigned == "" && slices.Contains(o.eligible(e.call), name) {
			o.Fatalf("%s was offered call %s, but %s waits longer", name, c.ID, e.call.ID)
		}
	}
}

// checkSettled: no call waits beside somebody who could be offered it.
func (o *office) checkSettled() {
	for _, e := range o.last {
		c := e.call
		if !c.Unanswered() {
			continue
		}
		if _, rings := c.OfferTo(c.Assigned); rings {
			continue // there first
		}
		if c.Assigned != "" && len(c.Offers) == 0 && o.hasRoom(c.Assigned, c.Queue) {
			o.Fatalf("call %s does not ring for %s, who was chosen", c.ID, c.Assigned)
		}
		oneByOne := o.dir.options[c.Queue].Strategy != routing.BeepAll
		if can := o.eligible(c); len(can) > 0 && (!oneByOne || len(c.Offers) == 0) {
			o.Fatalf("call %s (%s) does not ring for %v", c.ID, c.State, can)
		}
		if end := c.Since.Add(o.dir.options[c.Queue].Patience); !o.now.Before(later(end, o.restarted.Add(routing.AppsReturn))) {
			o.Fatalf("call %s waits beyond its patience", c.ID)
		}
	}
	for name, d := range o.desks {
		if limit := o.dir.rules.PauseAfterMissed; limit > 0 && d.missed >= limit && o.dir.chosen[name].State != call.Paused {
			o.Fatalf("%s missed %d offers and is not paused", name, d.missed)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// step lets something happen.
func (o *office) step() {
	o.now = o.now.Add(time.Duration(rapid.IntRange(0, 12).Draw(o.T, "seconds")) * time.Second)
	o.settle()
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(staff))).Draw(o.T, "agent")
	d := o.desks[name]
	switch rapid.SampledFrom([]string{"call", "call", "come", "come", "go", "pause", "ready", "accept", "accept", "decline", "finish", "finish", "return", "assign", "leave", "restart"}).Draw(o.T, "what") {
	case "call":
		o.ring(rapid.SampledFrom([]string{"web", "sales"}).Draw(o.T, "queue"))
	case "come":
		d.connected = true
		o.floor.Connect(name, o.now)
	case "go":
		if d.connected {
			d.connected, d.lost = false, o.now
			o.floor.Disconnect(name, rapid.Bool().Draw(o.T, "for good"), o.now)
		}
	case "pause", "ready":
		o.choose(name, rapid.SampledFrom([]call.PresenceState{call.Ready, call.Ready, call.Paused}).Draw(o.T, "state"))
	case "accept":
		o.answer(name, call.KindAccepted)
	case "decline":
		o.answer(name, call.KindDeclined)
	case "finish":
		o.end(name, call.KindFinished)
	case "return":
		o.end(name, call.KindReturned)
	case "assign":
		if id := o.any(func(c call.Call) bool { return c.Unanswered() && o.hasRoom(name, c.Queue) }); id != "" {
			o.write(id, call.Event{Kind: call.KindAssigned, At: o.now, Agent: name, By: "sara"})
		}
	case "leave":
		if id := o.any(call.Call.Unanswered); id != "" {
			o.write(id, call.Event{Kind: call.KindLeft, At: o.now})
		}
	case "restart":
		o.restart()
	}
	o.settle()
}

func (o *office) ring(queue string) {
	c, e := call.New(call.Call{ID: fmt.Sprintf("c%02d", len(o.last)), Queue: queue, Received: o.now})
	o.put(e, c)
}

func (o *office) choose(name string, state call.PresenceState) {
	o.dir.chosen[name] = call.Presence{State: state, Since: o.now}
	o.desks[name].missed = 0
	if state == call.Ready {
		o.desks[name].wrapUp = time.Time{}
	}
	o.floor.Choose(name, o.now)
}

// any is the id of a call that fits, or "".
func (o *office) any(fits func(call.Call) bool) string {
	var ids []string
	for id, e := range o.last {
		if fits(e.call) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	slices.Sort(ids)
	return rapid.SampledFrom(ids).Draw(o.T, "call")
}

func (o *office) answer(name string, k call.Kind) {
	id := o.any(func(c call.Call) bool { _, rings := c.OfferTo(name); return rings })
	// The hub asks for room before an accept.
	if id == "" || k == call.KindAccepted && o.calls(name) >= o.dir.options[o.last[id].call.Queue].Capacity {
		return
	}
	if o.write(id, call.Event{Kind: k, At: o.now, Agent: name}) {
		o.desks[name].missed = 0
	}
}

func (o *office) end(name string, k call.Kind) {
	id := o.any(func(c call.Call) bool { return c.State == call.Accepted && c.Agent == name })
	if id == "" {
		return
	}
	e := call.Event{Kind: k, At: o.now, Agent: name}
	if wrapUp := o.dir.options[o.last[id].call.Queue].WrapUp; k == call.KindFinished && wrapUp > 0 {
		e.Until = o.now.Add(wrapUp)
		o.desks[name].wrapUp = later(o.desks[name].wrapUp, e.Until)
	}
	o.write(id, e)
}

// restart makes the floor anew from the log, and has the apps come back.
func (o *office) restart() {
	o.restarted = o.now
	o.floor = routing.NewFloor(o.dir, o.now)
	entries := slices.SortedFunc(maps.Values(o.last), func(a, b entry) int { return cmp.Compare(a.seq, b.seq) })
	for _, e := range entries {
		o.floor.Apply(e.event, e.call, e.seq, o.now)
	}
	o.floor.Open(o.now)
	for name, d := range o.desks {
		d.missed = 0
		if d.connected {
			o.floor.Connect(name, o.now)
		}
	}
}

// TestRandomDays lets calls come and agents connect, go, pause, accept, decline,
// finish, give back, and supervisors assign, and the hub restart, in any order:
// nobody is offered a call who is paused, gone, wrapping up or has no room; no
// call waits while somebody is free; the longest waiting goes first; round-robin
// goes on where it was, over restarts too.
func TestRandomDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := newOffice(t)
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			o.step()
		}
	})
}

// TestFreedForAnOverflow guards against a bug: a call that overflowed to a
// beep-all queue was not decided about when an agent of that queue was free
// again.
func TestFreedForAnOverflow(t *testing.T) {
	dir := &directory{options: map[string]routing.Options{"sales": routing.Defaults(), "web": routing.Defaults()}, serves: map[string][]string{"dino": {"sales"}}, chosen: map[string]call.Presence{}}
	web := routing.Defaults()
	web.Strategy, web.Overflow, web.OverflowAfter = routing.RoundRobin, "sales", time.Second
	dir.options["web"] = web
	f := routing.NewFloor(dir, t0)
	f.Connect("dino", t0)
	calls := map[string]call.Call{}
	var seq uint64
	apply := func(id string, e call.Event) {
		t.Helper()
		c, err := calls[id].Apply(e)
		if err != nil {
			t.Fatal(err)
		}
		seq++
		calls[id] = c
		f.Apply(e, c, seq, e.At)
	}
	settle := func(now time.Time) {
		t.Helper()
		for {
			id, _, d := f.Next(now)
			if !d.Act {
				return
			}
			apply(id, d.Event)
		}
	}
	for i, queue := range []string{"sales", "web"} {
		c, e := call.New(call.Call{ID: queue, Queue: queue, Received: after(time.Duration(i))})
		seq++
		calls[queue] = c
		f.Apply(e, c, seq, t0)
	}
	settle(t0)
	settle(after(2 * time.Second))
	if calls["web"].Overflow != "sales" || calls["web"].State != call.Waiting {
		t.Fatalf("the call waits for dino, for whom another rings: %+v", calls["web"])
	}
	apply("sales", call.Event{Kind: call.KindLeft, At: after(3 * time.Second)})
	settle(after(3 * time.Second))
	if _, rings := calls["web"].OfferTo("dino"); !rings {
		t.Errorf("the call does not ring for dino, who is free: %+v", calls["web"])
	}
}

// TestRoundRobinIsFair: with everybody there, over any window of offers no agent
// has more than one more than another, even if the hub restarts between.
func TestRoundRobinIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := newOffice(t)
		options := o.dir.options["web"]
		options.Strategy, options.WrapUp = routing.RoundRobin, 0
		o.dir.options["web"] = options
		for name := range staff {
			o.desks[name].connected = true
			o.floor.Connect(name, o.now)
		}
		members := o.dir.Members("web")
		var rung []string
		for range rapid.IntRange(1, 40).Draw(t, "calls") {
			o.now = o.now.Add(time.Second)
			o.ring("web")
			o.settle()
			id := fmt.Sprintf("c%02d", len(o.last)-1)
			name := o.last[id].call.Offers[0].Agent
			rung = append(rung, name)
			o.write(id, call.Event{Kind: call.KindAccepted, At: o.now, Agent: name})
			o.end(name, call.KindFinished)
			if rapid.IntRange(0, 4).Draw(t, "restart") == 0 {
				o.restart()
			}
		}
		for from := range rung {
			counts := map[string]int{}
			for _, name := range rung[from:] {
				counts[name]++
				least, most := len(rung), 0
				for _, m := range members {
					least, most = min(least, counts[m]), max(most, counts[m])
				}
				if most-least > 1 {
					t.Fatalf("from offer %d on: %v", from, rung[from:])
				}
			}
		}
	})
}
