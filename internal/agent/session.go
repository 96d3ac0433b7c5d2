package agent

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	dialTimeout = 15 * time.Second
	// silentAfter is how long the hub may say nothing; it pings every 15 s.
	silentAfter  = 45 * time.Second
	replyTimeout = 15 * time.Second
	writeTimeout = 10 * time.Second
	maxFrame     = 16 << 20 // a welcome with many open calls

	firstPause = 500 * time.Millisecond
	lastPause  = 30 * time.Second
	// steadyAfter is how long a connection must have lasted for the next pause
	// to be a short one: an app that is thrown out again and again slows down.
	steadyAfter = 10 * time.Second
)

// Options are what a session needs to know.
type Options struct {
	Hub   string // an address of NormalizeHub
	Token string
	// Emit is called for each event, in order, from one goroutine at a time.
	// It must not block.
	Emit   func(Event)
	Logger *slog.Logger
	// Network is the way to the hub; the zero value is the system's.
	Network Network
}

// Session is an agent's session with the hub. Its methods may be called from
// any goroutine.
type Session struct {
	o Options

	// emitting keeps events in order: it is held from the change of the state
	// to the end of Emit.
	emitting sync.Mutex
	mu       sync.Mutex
	state    State
	floor    floor
	link     *link // nil while offline
	network  Network
	drop     context.CancelFunc // ends the connection, or the try for one; nil before Run

	renew chan error // holds why the connection has to be made anew, until that is seen
	sleep sleepWatch

	heard   atomic.Int64  // when the hub was heard of last, in Unix nanoseconds
	stirred chan struct{} // holds one when the floor has changed
}

// New makes a session; Run brings it to life.
func New(o Options) *Session {
	return &Session{
		o: o, network: o.Network, state: State{Connection: Connecting}, renew: make(chan error, 1), sleep: newSleepWatch(),
		stirred: make(chan struct{}, 1),
	}
}

// State is everything the session knows now.
func (s *Session) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.copied()
}

func (st State) copied() State {
	st.Queues = slices.Clone(st.Queues)
	st.Reasons = slices.Clone(st.Reasons)
	st.Offers = slices.Clone(st.Offers)
	st.Calls = slices.Clone(st.Calls)
	return st
}

// Run keeps the connection to the hub until the context ends or the token is
// no good. It returns the context's error, ErrSignInAgain or ErrSignedOut.
func (s *Session) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { s.sleep.run(ctx, s.wake) })
	watch.Go(func() { s.tellFloor(ctx) })
	defer func() { stop(); watch.Wait() }()
	pause := firstPause
	for {
		began := time.Now()
		welcomed, err := s.connectOnce(s.droppable(ctx))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if why := s.renewed(); why != nil {
			pause = firstPause
			s.offline(Sentence(why), time.Now())
			continue
		}
		if errors.Is(err, ErrSignInAgain) || errors.Is(err, ErrSignedOut) {
			s.offline(err.Error(), time.Time{})
			return err
		}
		if welcomed && time.Since(began) > steadyAfter {
			pause = firstPause
		}
		// Jitter over the whole upper half: after a hub's restart ten thousand
		// apps must not come back at one moment.
		wait := pause/2 + rand.N(pause/2)
		s.o.Logger.Info("connection to the hub lost", "err", err, "retry_in", wait)
		s.offline(Sentence(err), time.Now().Add(wait))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.renew:
			pause = firstPause
			continue
		case <-time.After(wait):
		}
		pause = min(2*pause, lastPause)
	}
}

// connectOnce lives through one connection.
func (s *Session) connectOnce(ctx context.Context) (welcomed bool, err error) {
	ws, err := s.dial(ctx)
	if err != nil {
		return false, err
	}
	l := newLink(ws, &s.heard)
	defer l.close()
	stop := context.AfterFunc(ctx, l.close)
	defer stop()
	for {
		data, err := l.read()
		if err != nil {
			return welcomed, lost(err)
		}
		m, err := wire.Decode(data)
		if err != nil {
			return welcomed, notAHub(err)
		}
		if w, ok := m.(wire.Welcome); ok {
			welcomed = true
			s.welcome(w, l)
			continue
		}
		if r, ok := m.(wire.Reply); ok {
			l.replied(r)
			continue
		}
		if !welcomed {
			return false, notAHub(errors.New("the first message is no welcome"))
		}
		s.hear(m, l)
	}
}

func (s *Session) dial(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	r, err := s.way().route(s.o.Hub)
	if err != nil {
		return nil, err
	}
	ws, answer, err := r.openSocket(ctx, s.o.Token)
	switch {
	case err == nil:
		ws.SetReadLimit(maxFrame)
		return ws, nil
	case answer != nil:
		// The dialer leaves the beginning of the body, enough for a problem.
		data, _ := io.ReadAll(answer.Body)
		if upgradeLost(answer, data) {
			return nil, r.noWebSockets(answer, err)
		}
		return nil, refused(answer, data)
	default:
		return nil, r.unreachable(err)
	}
}

// lost says why a connection ended.
func lost(err error) error {
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		switch closed.Code {
		case wire.CloseSignIn:
			return ErrSignInAgain
		case wire.CloseSignedOut:
			return ErrSignedOut
		case wire.CloseRestart:
			return &Error{Sentence: lang.T("The hub restarts."), Cause: err}
		case wire.CloseTooSlow:
			return &Error{Sentence: lang.T("The network is too slow."), Cause: err}
		}
	}
	return &Error{Sentence: lang.T("The connection to the hub was lost."), Cause: err}
}

// welcome takes the hub's whole truth and tells the difference.
func (s *Session) welcome(w wire.Welcome, l *link) {
	now := time.Now()
	// What the hub's clock is ahead of ours; the way of the message is ignored.
	l.ahead.Store(int64(w.Time.Sub(now)))
	s.change(func(st *State) []Event {
		if s.floor.welcome(w, l); s.floor.watches {
			s.stir()
		}
		before := st.copied()
		st.Connection, st.Problem, st.Retry = Online, "", time.Time{}
		st.Notice = clockTrouble(time.Duration(l.ahead.Load()))
		st.User, st.Presence, st.Queues, st.Reasons = w.User, l.presence(w.Presence), w.Queues, w.Reasons
		st.Offers, st.Calls = nil, nil
		events := []Event{{Kind: Changed}}
		for _, c := range w.Calls {
			if c.Agent == w.User.Username {
				c = l.call(c)
				st.Calls = append(st.Calls, c)
				if !slices.ContainsFunc(before.Calls, sameID(c.ID)) {
					events = append(events, Event{Kind: Taken, Call: c})
				}
			}
		}
		for _, r := range w.Offers {
			st.Offers = append(st.Offers, l.offer(r, now))
		}
		sortOffers(st.Offers)
		return append(append(stoppedMeanwhile(before, *st), events...), endedAndRang(before, *st)...)
	}, l)
}

// stoppedMeanwhile finds offers that are no more since the last connection.
func stoppedMeanwhile(before, now State) (events []Event) {
	for _, o := range before.Offers {
		if !slices.ContainsFunc(now.Offers, func(n Offer) bool { return n.Call.ID == o.Call.ID }) {
			events = append(events, Event{Kind: Stopped, Call: o.Call, Reason: wire.ReasonReassigned})
		}
	}
	return events
}

// endedAndRang finds own calls that are over, and offers that are new.
func endedAndRang(before, now State) (events []Event) {
	for _, c := range before.Calls {
		if !slices.ContainsFunc(now.Calls, sameID(c.ID)) {
			events = append(events, Event{Kind: Ended, Call: c})
		}
	}
	for i, o := range now.Offers {
		j := slices.IndexFunc(before.Offers, func(b Offer) bool { return b.Call.ID == o.Call.ID })
		if j >= 0 { // the receipt counts from the first time the app heard of it
			now.Offers[i].Came = before.Offers[j].Came
			o = now.Offers[i]
		}
		events = append(events, Event{Kind: Rang, Offer: o})
	}
	return events
}

func sameID(id string) func(wire.Call) bool {
	return func(c wire.Call) bool { return c.ID == id }
}

func sortOffers(offers []Offer) {
	slices.SortFunc(offers, func(a, b Offer) int {
		if d := a.Received.Compare(b.Received); d != 0 {
			return d
		}
		return strings.Compare(a.Call.ID, b.Call.ID)
	})
}

// hear takes a change that the hub tells.
func (s *Session) hear(m any, l *link) {
	s.change(func(st *State) []Event {
		if s.floor.hear(m, l) {
			s.stir()
		}
		switch m := m.(type) {
		case wire.Changes:
			return st.changes(m, l)
		case wire.Offer:
			return st.ring(l.offer(m.Ring, time.Now()))
		case wire.Withdrawn:
			return st.stop(m.Call, m.Reason, m.By)
		case wire.CallChanged:
			return st.changed(l.call(m.Call))
		case wire.AgentChanged:
			return st.agent(m.Agent, l)
		case wire.Alerted:
			return []Event{{Kind: Alerted, Alert: m.Alert}}
		}
		return nil
	}, l)
}

// changes takes several changes at once.
func (st *State) changes(m wire.Changes, l *link) (events []Event) {
	for _, c := range m.Calls {
		events = append(events, st.changed(l.call(c))...)
	}
	for _, a := range m.Agents {
		events = append(events, st.agent(a, l)...)
	}
	return events
}

// agent takes this agent's own presence; that of others is the floor's.
func (st *State) agent(a wire.Agent, l *link) []Event {
	if a.Username != st.User.Username {
		return nil
	}
	st.Presence = l.presence(a.Presence)
	return []Event{{Kind: Changed}}
}

func (st *State) ring(o Offer) []Event {
	st.Offers = slices.DeleteFunc(st.Offers, func(have Offer) bool { return have.Call.ID == o.Call.ID })
	st.Offers = append(st.Offers, o)
	sortOffers(st.Offers)
	return []Event{{Kind: Rang, Offer: o}}
}

func (st *State) stop(id string, reason wire.WithdrawnReason, by string) []Event {
	i := slices.IndexFunc(st.Offers, func(o Offer) bool { return o.Call.ID == id })
	if i < 0 {
		return nil
	}
	c := st.Offers[i].Call
	st.Offers = slices.Delete(st.Offers, i, i+1)
	return []Event{{Kind: Stopped, Call: c, Reason: reason, By: by}}
}

// changed takes a call after a change. Calls of others, which supervisors are
// told of, are not this agent's.
func (st *State) changed(c wire.Call) (events []Event) {
	own := slices.IndexFunc(st.Calls, sameID(c.ID))
	if mine := c.Agent == st.User.Username && c.State == call.Accepted; mine {
		// It may ring here still when another device of this agent accepted.
		events = st.stop(c.ID, wire.ReasonAnswered, st.User.Name)
		if own >= 0 {
			st.Calls[own] = c
			return append(events, Event{Kind: Changed})
		}
		st.Calls = append(st.Calls, c)
		return append(events, Event{Kind: Taken, Call: c})
	}
	if own >= 0 {
		st.Calls = slices.Delete(st.Calls, own, own+1)
		return []Event{{Kind: Ended, Call: c}}
	}
	return nil
}

// offline notes that the connection is gone. What rang stays known: the next
// welcome tells what became of it.
func (s *Session) offline(problem string, retry time.Time) {
	s.change(func(st *State) []Event {
		st.Connection, st.Problem, st.Retry = Offline, problem, retry
		return []Event{{Kind: Changed}}
	}, nil)
}

// change changes the state and tells the events that follow.
func (s *Session) change(do func(*State) []Event, l *link) {
	s.emitting.Lock()
	defer s.emitting.Unlock()
	s.mu.Lock()
	events := do(&s.state)
	s.link = l
	var now State
	if len(events) > 0 { // of a supervisor's frames most are nothing of its own
		now = s.state.copied()
	}
	s.mu.Unlock()
	for _, e := range events {
		e.State = now
		s.o.Logger.Debug("event", "kind", string(e.Kind), "call", e.id(), "reason", string(e.Reason),
			"connection", string(now.Connection), "presence", string(now.Presence.State), "rings", len(now.Offers), "calls", len(now.Calls))
		s.o.Emit(e)
	}
}
