package ui

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/notify"
)

// answered acts on the hub's reply. Losing the race is not a failure: the
// message that the call is gone comes too and names the winner, so it is given
// a moment to be first.
func (b *Bell) answered(a answer) {
	r := b.rings[a.id]
	if r == nil || r.settled {
		return
	}
	r.answering = false
	switch code := codeOf(a.err); {
	case a.err == nil && a.kind == notify.PressedAccept:
		b.end(a.id, notify.Why{Reason: notify.Accepted})
		b.hold = time.Now().Add(respite)
	case a.err == nil:
		b.end(a.id, notify.Why{Reason: notify.Declined})
	case code == call.Taken:
		r.lost = time.Now()
	case code == call.Gone, code == call.NotFound:
		b.end(a.id, notify.Why{Reason: notify.Canceled})
	case code == call.NotOffered:
		b.end(a.id, notify.Why{Reason: notify.Lapsed})
	default:
		b.opts.Logger.Warn("answer failed", "call", a.id, "answer", string(a.kind), "err", a.err)
		b.opts.Front.Refused(a.id, agent.Sentence(a.err))
	}
}

// codeOf is the hub's code for a failure, or empty.
func codeOf(err error) call.Code {
	var failure *agent.Error
	if errors.As(err, &failure) {
		return call.Code(failure.Code)
	}
	return ""
}

// end stops the ringing of a call and keeps its row, so that the same offer
// does not begin anew while the hub still lists it.
func (b *Bell) end(id string, why notify.Why) {
	r := b.rings[id]
	if r == nil || r.settled {
		return
	}
	r.settled = true
	b.opts.Logger.Debug("ring ended", "call", id, "reason", string(why.Reason))
	b.opts.Surface.Dismiss(id, why)
	if b.current == id {
		b.current = ""
	}
}

// dismissAll is for a lost line: what rings is not known any more. The hub
// tells it all again when the line is back.
func (b *Bell) dismissAll() {
	for id := range b.rings {
		b.end(id, notify.Why{Reason: notify.Offline})
	}
	clear(b.rings)
	b.order = b.order[:0]
}

// refresh makes surfaces, ring tone and tray agree with what rings.
func (b *Bell) refresh(ctx context.Context) {
	alive := b.alive()
	b.present(ctx, alive)
	b.sound(alive)
	b.tell(alive)
}

// alive are the calls that ring, longest waiting first.
func (b *Bell) alive() []*ring {
	var alive []*ring
	for _, id := range b.order {
		if r := b.rings[id]; r != nil && !r.settled {
			alive = append(alive, r)
		}
	}
	return alive
}

// present shows one call and how many wait behind it. The call that is shown
// stays until it ends, whatever comes meanwhile: a button that changes its
// meaning under the pointer would answer the wrong call.
//
// While the agent is in a call, nothing comes up over the session by itself.
func (b *Bell) present(ctx context.Context, alive []*ring) {
	if len(alive) == 0 {
		return
	}
	waiting := len(alive) - 1
	if r := b.rings[b.current]; r != nil {
		changed := r.call.Waiting != waiting
		r.call.Waiting = waiting
		switch aside := b.inCall && !r.brought; {
		case aside != r.call.Aside:
			b.show(r)
		case changed:
			b.opts.Surface.Update(b.shown(r))
		}
		return
	}
	if time.Now().Before(b.hold) {
		return
	}
	next := alive[0]
	next.call.Waiting = waiting
	b.current = next.call.ID
	b.show(next)
	b.askHidden(ctx)
}

// show presents a call.
func (b *Bell) show(r *ring) {
	r.call.Aside = b.inCall && !r.brought
	b.opts.Logger.Debug("ring shown", "call", r.call.ID, "aside", r.call.Aside, "until", r.call.Until)
	b.opts.Surface.Present(b.shown(r))
}

// shown is what the surfaces show of a call: not who calls while the screen is
// locked, for a notification stands on many a lock screen.
func (b *Bell) shown(r *ring) notify.Call {
	c := r.call
	if b.opts.Locked == nil || !b.opts.Locked() {
		return c
	}
	c.Customer, c.Topic, c.Details = lang.T("A customer"), "", nil
	return c
}

// sound runs the ring tone while a call rings that nobody silenced: a quiet beep
// for an agent who talks to somebody already, or nothing.
func (b *Bell) sound(alive []*ring) {
	loud := !b.muted && b.current != "" && !b.hush.holds() && !(b.inCall && b.loudOnly) && slices.ContainsFunc(alive, func(r *ring) bool { return !r.silenced })
	voice, canBeSoft := b.opts.Ringer.(notify.Voice)
	soft := canBeSoft && b.inCall
	switch {
	case loud && soft && !(b.sounding && b.soft):
		voice.StartSoft()
	case loud && !soft && !(b.sounding && !b.soft):
		b.opts.Ringer.Start()
	case !loud && b.sounding:
		b.opts.Ringer.Stop()
	}
	if loud != b.sounding {
		b.opts.Logger.Debug("bell", "sounds", loud, "softly", soft, "muted", b.muted, "hushed", b.hush.holds())
	}
	b.sounding, b.soft = loud, soft
}

// tell reports what rings when it changed.
func (b *Bell) tell(alive []*ring) {
	now := Ringing{Silenced: len(alive) > 0 && !b.sounding && !b.hush.asking}
	for _, r := range alive {
		if r.call.ID == b.current {
			now.Calls = slices.Insert(now.Calls, 0, r.call)
			continue
		}
		now.Calls = append(now.Calls, r.call)
	}
	same := now.Silenced == b.told.Silenced && slices.EqualFunc(now.Calls, b.told.Calls, sameOffer)
	if same {
		return
	}
	b.told = now
	b.opts.Changed(now)
}

func sameOffer(a, b notify.Call) bool {
	return a.ID == b.ID && a.Until.Equal(b.Until) && a.Waiting == b.Waiting
}

// expire ends what the hub should have ended.
func (b *Bell) expire() {
	now := time.Now()
	for id, r := range b.rings {
		switch {
		case r.settled:
		case !r.lost.IsZero() && !now.Before(r.lost.Add(winnerGrace)):
			b.end(id, notify.Why{Reason: notify.Answered})
		case !r.answering && !now.Before(r.offer.Until.Add(overtime)):
			b.end(id, notify.Why{Reason: notify.Lapsed})
		}
	}
}

// untilAlarm is how long until expire or refresh have something to do.
func (b *Bell) untilAlarm() time.Duration {
	next := time.Now().Add(time.Hour)
	if b.current == "" && len(b.alive()) > 0 && b.hold.Before(next) {
		next = b.hold
	}
	for _, r := range b.rings {
		switch {
		case r.settled:
			continue
		case !r.lost.IsZero():
			next = earlier(next, r.lost.Add(winnerGrace))
		case !r.answering:
			next = earlier(next, r.offer.Until.Add(overtime))
		}
	}
	return max(time.Until(next), 0)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
