package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/trail"
)

// takePatience is how long a call that the supervisor takes may take to ring
// here: it is accepted as soon as it does.
const takePatience = 10 * time.Second

func (a *App) queueActions() queueActions {
	return queueActions{
		key:        a.queueKey,
		fullScreen: func() { a.fillScreen(true) },
		filter:     a.settings.setQueueFilter,
		call:       callActions{assign: a.assign, take: a.take, giveBack: a.confirmReturn, cancel: a.confirmCancel, trail: a.askTrail},
		agent:      agentActions{set: a.setPresenceOf, choose: a.queueChoice},
	}
}

// askQueue sends a request of the Queue window, and says there what came of it.
func (a *App) askQueue(request func(context.Context, Session) error, done string) {
	a.ask(request, func(err error) {
		if err != nil {
			a.sayQueue(sentenceOf(err), true)
			return
		}
		a.sayQueue(done, false)
	})
}

// sayQueue tells in the Queue window what came of something.
func (a *App) sayQueue(words string, wrong bool) {
	if v := a.queue.view; v != nil {
		v.bar.say(words, wrong)
	}
}

func (a *App) assign(id, username, name string) {
	a.askQueue(func(ctx context.Context, s Session) error { return s.Assign(ctx, id, username) },
		lang.T("The call rings for %s first.", name))
}

// take has a call ring here, and accepts it when it does.
func (a *App) take(id string) {
	in := a.inside
	if in == nil {
		return
	}
	if p := in.state.Presence.State; p != call.Ready && p != call.Busy {
		a.sayQueue(lang.T("You are not ready, so no call can come to you. Press Ready in Deskbell's window first."), true)
		return
	}
	me := in.state.User.Username
	in.taking[id] = time.Now()
	a.ask(func(ctx context.Context, s Session) error { return s.Assign(ctx, id, me) }, func(err error) {
		if err != nil {
			delete(in.taking, id)
			a.sayQueue(sentenceOf(err), true)
			return
		}
		a.sayQueue(lang.T("The call comes to you."), false)
	})
}

// takeRang accepts a call that rings because the supervisor takes it.
func (a *App) takeRang(in *signedIn, e agent.Event) {
	id := e.Offer.Call.ID
	began, taking := in.taking[id]
	if e.Kind != agent.Rang || !taking {
		return
	}
	delete(in.taking, id)
	if time.Since(began) > takePatience {
		return // it just rings: who knows whether somebody still sits here
	}
	in.pressed[id] = true
	a.ask(func(ctx context.Context, s Session) error { return s.Accept(ctx, id) }, func(err error) {
		if err != nil {
			a.sayQueue(sentenceOf(err), true)
		}
	})
}

func (a *App) confirmCancel(r callRow) {
	words := lang.T("%s in queue %s gets no answer any more, and the call counts as canceled.", r.customer, r.queue)
	if r.state == call.Accepted {
		words = lang.T("%s is in a call with %s. The call ends for both, and counts as canceled.", r.who, r.customer)
	}
	a.confirmQueue(lang.T("Cancel this call?"), words, lang.T("Cancel call"), lang.T("Keep it"), func() {
		a.askQueue(func(ctx context.Context, s Session) error { return s.Cancel(ctx, r.id) }, lang.T("The call is canceled."))
	})
}

func (a *App) confirmReturn(r callRow) {
	a.confirmQueue(lang.T("Return this call to the queue?"),
		lang.T("%s is in a call with %s and loses it. The call rings for the others.", r.who, r.customer), lang.T("Return to queue"), lang.T("Leave it"), func() {
			a.askQueue(func(ctx context.Context, s Session) error { return s.Return(ctx, r.id) }, lang.T("The call is back in the queue."))
		})
}

// confirmQueue asks before something that hurts.
func (a *App) confirmQueue(title, words, yes, no string, do func()) {
	text := newText(words, textStyle{lines: 5, width: 380})
	d := dialog.NewCustomConfirm(title, yes, no, container.New(fixedWidth(380), text), func(sure bool) {
		a.queue.dialog = nil
		if sure {
			do()
		}
	}, a.queue.window)
	a.showQueueDialog(d)
}

func (a *App) setPresenceOf(username, name string, state call.PresenceState, reason string) {
	done := lang.T("%s is ready.", name)
	if state == call.Paused {
		done = lang.T("%s is paused.", name)
	}
	a.askQueue(func(ctx context.Context, s Session) error { return s.SetPresenceOf(ctx, username, state, reason) }, done)
}

// askTrail reads why a call did not ring, and shows it.
func (a *App) askTrail(r callRow) {
	var story trail.Story
	a.ask(func(ctx context.Context, s Session) (err error) {
		story, err = s.Trail(ctx, r.id)
		return err
	}, func(err error) {
		if err != nil {
			a.sayQueue(sentenceOf(err), true)
			return
		}
		if a.queue.seen {
			story.Say, story.Zone = lang.T, time.Local
			d := dialog.NewCustom(r.customer, lang.T("Close"), newTrailView(trail.Tell(story)), a.queue.window)
			d.SetOnClosed(func() { a.queue.dialog = nil })
			a.showQueueDialog(d)
		}
	})
}

const (
	maxTrail    = 400 // characters of a line
	trailWidth  = 560
	trailHeight = 340
)

// newTrailView shows a trail: what became of the call, and then agent by agent.
func newTrailView(t trail.Told) fyne.CanvasObject {
	const inner = trailWidth - scrollBar
	wide := func(words string, style textStyle) fyne.CanvasObject {
		style.lines, style.width = 6, inner
		return container.New(fixedWidth(inner), newText(clean.Text(words, maxTrail), style))
	}
	parts := []fyne.CanvasObject{wide(t.Summary, textStyle{bold: true})}
	for _, of := range t.Agents {
		parts = append(parts, space(0, 8), wide(of.Name, textStyle{bold: true}))
		for _, words := range of.Words {
			parts = append(parts, wide(words, textStyle{}))
		}
	}
	note := lang.T("Times are those of the hub.")
	parts = append(parts, space(0, 8), wide(note, textStyle{size: sizeCaption, color: colorMuted}))
	scroll := container.NewVScroll(column(2, parts...))
	scroll.SetMinSize(fyne.NewSize(trailWidth, trailHeight))
	return scroll
}
