package ui

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
)

const (
	// overtime is how long an offer may ring past its deadline: the hub says
	// when it lapsed, and only if it stays silent the bell stops by itself.
	overtime = 3 * time.Second
	// winnerGrace is how long a lost race waits for the message that names the
	// winner; it comes with the same event, on another path.
	winnerGrace = time.Second
	// respite is how long after an accepted call the next one may begin to
	// ring: the hub is about to take back what else rings for a busy agent.
	respite = time.Second

	bellQueue = 256 // events that wait for the bell
)

// Front is the surface that shows how an answer fares: the pop-up. Its methods
// return at once, and ids it does not show are ignored.
type Front interface {
	// Answering says that the hub is being asked.
	Answering(id string, answer notify.Kind)
	// Refused says why the answer did not count; the call still rings.
	Refused(id, sentence string)
}

// Ringing is what rings now.
type Ringing struct {
	Calls    []notify.Call // the one that is presented, then longest waiting first
	Silenced bool          // nothing of it sounds
}

// BellOptions is what a bell is made of. Changed, if set, is told from the
// bell's goroutine.
type BellOptions struct {
	Session Session
	Surface notify.Surface
	Front   Front
	Ringer  notify.Ringer
	Changed func(Ringing)
	Logger  *slog.Logger
	// Locked, if set, tells whether the screen is locked: whoever passes by
	// must not read who calls.
	Locked func() bool
	// Hidden, if set, tells whether the system hides notifications: it asks the
	// system and heeds its context.
	Hidden func(context.Context) (bool, error)
}

// Bell turns what the hub tells into ringing: it presents one call at a time
// on all surfaces, the longest waiting first, and carries the answers back. It
// lives as long as one session. All its work is done by one goroutine, [Bell.Run];
// the other methods only leave a message for it and return at once.
type Bell struct {
	opts    BellOptions
	hub     chan agent.Event
	surface chan notify.Event
	answers chan answer
	hushes  chan hushed
	wishes  chan wish
	dropped atomic.Int64

	rings    map[string]*ring
	order    []string  // ids in the hub's order, longest waiting first
	current  string    // the id that is presented; empty for none
	told     Ringing   // what Changed was told last
	hold     time.Time // nothing is presented before
	sounding bool
	soft     bool // it sounds softly
	inCall   bool // the agent has a call
	muted    bool
	loudOnly bool // silent while the agent is in a call
	hush     hush // of what rings
	asking   sync.WaitGroup
}

// ring is one call as long as the hub offers it.
type ring struct {
	offer     agent.Offer
	call      notify.Call
	answering bool            // the hub is being asked
	lost      time.Time       // set when the hub says that another agent has it
	silenced  bool            // by the person, or because it is being answered
	settled   bool            // rings no more until the hub offers it anew
	brought   bool            // the person asked for it while in a call
	shown     map[string]bool // the surfaces that have told so
}

// answer is how the hub took the person's answer.
type answer struct {
	id   string
	kind notify.Kind
	err  error
}

// wish is what the person wants of the bell as a whole.
type wish int

const (
	wishFront wish = iota
	wishScreen
	wishMute
	wishSound
	wishSoft
	wishNoSoft
	wishHush
	wishNoHush
)

// NewBell makes a bell that rings once it is run.
func NewBell(opts BellOptions) *Bell {
	if opts.Changed == nil {
		opts.Changed = func(Ringing) {}
	}
	return &Bell{
		opts:    opts,
		hub:     make(chan agent.Event, bellQueue),
		surface: make(chan notify.Event, bellQueue),
		answers: make(chan answer, bellQueue),
		hushes:  make(chan hushed, bellQueue),
		wishes:  make(chan wish, bellQueue),
		rings:   make(map[string]*ring),
	}
}

// Heard takes an event of the session.
func (b *Bell) Heard(e agent.Event) { post(b, b.hub, e) }

// Surfaced takes an event of a surface.
func (b *Bell) Surfaced(e notify.Event) { post(b, b.surface, e) }

// BringForward presents the current call again, for somebody who closed it.
func (b *Bell) BringForward() { post(b, b.wishes, wishFront) }

// ScreenChanged shows what rings anew: the screen was locked or unlocked.
func (b *Bell) ScreenChanged() { post(b, b.wishes, wishScreen) }

// SetTone turns the ring tone on or off; calls still show.
func (b *Bell) SetTone(on bool) { b.want(on, wishSound, wishMute) }

// SetSoft has the bell beep softly while the agent is in a call, or be silent.
func (b *Bell) SetSoft(on bool) { b.want(on, wishSoft, wishNoSoft) }

// SetHush has the bell be silent for rings that begin while the system hides
// notifications, or not.
func (b *Bell) SetHush(on bool) { b.want(on, wishHush, wishNoHush) }

func (b *Bell) want(on bool, yes, no wish) {
	if on {
		post(b, b.wishes, yes)
		return
	}
	post(b, b.wishes, no)
}

// post leaves a message. A bell that is 256 messages behind is not working any
// more; what is dropped then is counted, and each event of the session has the
// whole state, so the next one mends it.
func post[T any](b *Bell, box chan T, message T) {
	select {
	case box <- message:
	default:
		b.opts.Logger.Warn("bell: message dropped", "dropped", b.dropped.Add(1))
	}
}

// Run rings until ctx ends; then everything is dismissed.
func (b *Bell) Run(ctx context.Context) {
	alarm := time.NewTimer(time.Hour)
	defer alarm.Stop()
	defer b.asking.Wait()
	for {
		select {
		case <-ctx.Done():
			b.dismissAll()
			b.refresh(ctx)
			return
		case e := <-b.hub:
			b.hear(e)
		case e := <-b.surface:
			b.see(ctx, e)
		case a := <-b.answers:
			b.answered(a)
		case h := <-b.hushes:
			b.heardHush(h)
		case w := <-b.wishes:
			b.grant(w)
		case <-alarm.C:
			b.expire()
		}
		b.refresh(ctx)
		alarm.Reset(b.untilAlarm())
	}
}

// hear takes over what the hub says: first what happened, for its reason, then
// the state as a whole.
func (b *Bell) hear(e agent.Event) {
	switch e.Kind {
	case agent.Stopped:
		b.end(e.Call.ID, whyStopped(e))
	case agent.Taken:
		b.end(e.Call.ID, notify.Why{Reason: notify.Accepted})
		b.hold = time.Now().Add(respite)
	}
	if e.State.Connection != agent.Online {
		b.dismissAll()
		return
	}
	b.inCall = len(e.State.Calls) > 0
	b.order = b.order[:0]
	for _, offer := range e.State.Offers {
		b.order = append(b.order, offer.Call.ID)
		b.take(offer, e.State.Queues)
	}
	for id := range b.rings {
		if !slices.Contains(b.order, id) {
			b.end(id, notify.Why{Reason: notify.Reassigned})
			delete(b.rings, id)
		}
	}
}

// whyStopped is the reason for the surfaces. A call that this agent accepted on
// another device was answered by nobody else.
func whyStopped(e agent.Event) notify.Why {
	if owns(e.State, e.Call.ID) {
		return notify.Why{Reason: notify.Accepted}
	}
	return notify.Why{Reason: notify.Reason(e.Reason), By: clean.Text(e.By, maxName)}
}

// owns tells whether a call is the agent's own.
func owns(s agent.State, id string) bool {
	return slices.ContainsFunc(s.Calls, func(c wire.Call) bool { return c.ID == id })
}

// take learns an offer. A new deadline makes it a new offer, so it rings again
// even if the one before was declined or silenced.
func (b *Bell) take(offer agent.Offer, queues []wire.Queue) {
	known := b.rings[offer.Call.ID]
	if known != nil && known.offer.Until.Equal(offer.Until) {
		return
	}
	if known != nil && b.current == offer.Call.ID {
		b.current = "" // so that it is presented anew
	}
	b.rings[offer.Call.ID] = &ring{offer: offer, call: describe(offer, queues), shown: make(map[string]bool)}
}

// see acts on what happened on a surface.
func (b *Bell) see(ctx context.Context, e notify.Event) {
	r := b.rings[e.Call]
	if r == nil || r.settled {
		return
	}
	switch e.Kind {
	case notify.Shown:
		if !r.shown[e.Surface] {
			r.shown[e.Surface] = true
			b.opts.Session.Shown(e.Call, e.Surface, time.Since(r.offer.Came))
		}
	case notify.PressedAccept, notify.PressedDecline:
		b.ask(ctx, e.Call, e.Kind)
	case notify.Closed:
		b.silence()
	}
}

// silence stops the ring tone of all that rings, for the one who wants quiet
// can't see what else rings behind the call on the screen. The calls stay, and
// a new one sounds.
func (b *Bell) silence() {
	for _, r := range b.rings {
		r.silenced = true
	}
}

// ask carries an answer to the hub. While it is on its way no other counts.
func (b *Bell) ask(ctx context.Context, id string, kind notify.Kind) {
	r := b.rings[id]
	if r.answering || !r.lost.IsZero() {
		return
	}
	r.answering, r.silenced = true, true
	b.opts.Front.Answering(id, kind)
	b.asking.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, answerPatience)
		defer cancel()
		send := b.opts.Session.Accept
		if kind == notify.PressedDecline {
			send = b.opts.Session.Decline
		}
		post(b, b.answers, answer{id, kind, send(ctx, id)})
	})
}

// grant does what the person wants of the bell as a whole.
func (b *Bell) grant(w wish) {
	switch w {
	case wishFront:
		if r := b.rings[b.current]; r != nil {
			r.brought = true
			b.show(r)
		}
	case wishScreen:
		if r := b.rings[b.current]; r != nil {
			b.opts.Surface.Update(b.shown(r))
		}
	default:
		b.will(w)
	}
}

// will does what holds on until the person wants something else.
func (b *Bell) will(w wish) {
	switch w {
	case wishMute, wishSound:
		b.muted = w == wishMute
	case wishSoft, wishNoSoft:
		b.loudOnly = w == wishNoSoft
	case wishHush, wishNoHush:
		b.hush.on = w == wishHush
	}
}
