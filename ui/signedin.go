package ui

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/credential"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/link"
	"github.com/deskbell/deskbell/internal/wire"
)

// signedIn is the time between sign-in and sign-out: a session that runs, and
// a bell that rings for it.
type signedIn struct {
	account credential.Account
	token   string
	kept    bool // the token is in the keyring
	session Session
	bell    *Bell
	state   agent.State
	pressed map[string]bool // calls whose Accept was pressed here
	left    []wire.Call     // own calls that the customer ended, to say how they went
	closing map[string]bool // own calls that are finished or given back here

	declined map[string]bool       // calls whose Decline was pressed here
	taking   map[string]time.Time  // calls that the supervisor takes, since when
	alerts   map[alertOf]time.Time // when the last notice of each kind was told
	screen   bool                  // paused because the screen was locked
	away     away
	lost     time.Time // since when the hub is out of reach; zero while it is not
	warned   bool      // the person was told of it by a notice
	online   bool      // the list of the last calls has been asked for
	stop     context.CancelFunc
}

// lostNotice is how long the hub is out of reach before a notice says so: a
// restart of the hub is over by then.
const lostNotice = 10 * time.Second

// open begins a session.
func (a *App) open(from attempt, kept bool) {
	ctx, stop := context.WithCancel(a.ctx)
	in := &signedIn{account: from.account, token: from.token, kept: kept, stop: stop, pressed: make(map[string]bool), closing: make(map[string]bool), declined: make(map[string]bool)}
	in.taking, in.alerts = make(map[string]time.Time), make(map[alertOf]time.Time)
	in.state = agent.State{Connection: agent.Connecting, User: from.user}
	in.session = a.opts.Hub.Session(agent.Options{
		Hub: from.account.Hub, Token: from.token, Network: a.settings.Network(), Logger: a.opts.Logger,
		Emit: func(e agent.Event) { a.emits(in, e) },
	})
	in.bell = NewBell(BellOptions{
		Session: in.session, Surface: a.surfaces, Front: a.popup, Ringer: a.opts.Ringer, Logger: a.opts.Logger, Locked: a.locked, Hidden: a.notificationsHidden,
		Changed: func(r Ringing) { a.do(func() { a.rang(in, r) }) },
	})
	a.inside, a.problem = in, ""
	a.tellBell()
	a.bell.Store(in.bell)
	a.work.Go(func() { in.bell.Run(ctx) })
	a.work.Go(func() {
		err := in.session.Run(ctx)
		a.do(func() { a.ended(in, err) })
	})
	a.refresh()
	a.showView(a.home.root)
}

// watch tells by a notice that the hub is out of reach, because an agent who
// works elsewhere would wait for a bell that can't ring, and when it is back.
func (a *App) watch(now time.Time) {
	in := a.inside
	switch {
	case in.state.Connection == agent.Online:
		if in.warned {
			a.surfaces.Notice(lang.T("Deskbell is back"), lang.T("Calls can reach you again."))
		}
		in.lost, in.warned = time.Time{}, false
	case in.state.Connection == agent.Connecting:
	case in.lost.IsZero():
		in.lost = now
	case !in.warned && now.Sub(in.lost) >= lostNotice:
		in.warned = true
		a.surfaces.Notice(lang.T("Deskbell is offline"), lang.T("No call can reach you.")+" "+in.state.Problem)
	}
}

// wanted remembers that the agent wants a call, until it is known who got it.
func (a *App) wanted(id string) {
	if a.inside != nil {
		a.inside.pressed[id] = true
	}
}

// heard takes over the state, and brings a call that the agent accepted here to
// the front. One that was accepted elsewhere or before a restart only gets its
// card: its session is open already.
func (a *App) heard(in *signedIn, e agent.Event) {
	if a.inside != in {
		return
	}
	in.state = e.State
	if c := e.Call; e.Kind == agent.Ended && c.Outcome == call.Completed && !in.closing[c.ID] {
		in.left = append(in.left, c)
	}
	a.testHeard(e)
	a.keepDay(in, e)
	if e.Kind == agent.Alerted {
		a.alerted(in, e.Alert, time.Now())
	}
	a.takeRang(in, e)
	a.watch(time.Now())
	a.refresh()
	if e.Kind == agent.Taken && in.pressed[e.Call.ID] {
		a.closeDialog() // which would cover the session link
		a.showDay(false)
		a.raiseWindow() // not what rings behind
		if a.settings.OpenAtOnce() {
			a.openLink(e.Call.ID)
		}
	}
	if e.Kind == agent.Taken || e.Kind == agent.Stopped && !owns(e.State, e.Call.ID) {
		delete(in.pressed, e.Call.ID)
		delete(in.declined, e.Call.ID)
	}
}

// keepDay keeps the list of the last calls: from the hub when the line is new,
// from what is heard after that.
func (a *App) keepDay(in *signedIn, e agent.Event) {
	if !e.Call.Test {
		a.day.hear(e, in.declined[e.Call.ID], time.Now())
	}
	a.sawMissed()
	online := in.state.Connection == agent.Online
	if online && !in.online {
		a.ask(a.readDay, func(error) {}) // the list goes on with what is heard
	}
	in.online = online
}

func (a *App) readDay(ctx context.Context, s Session) error {
	list, err := s.Day(ctx)
	if err != nil {
		a.opts.Logger.Info("the last calls could not be read", "err", err)
		return err
	}
	a.do(func() {
		a.day.replace(list)
		if a.inside != nil {
			a.refresh()
		}
	})
	return nil
}

// rang takes over what rings.
func (a *App) rang(in *signedIn, r Ringing) {
	if a.inside == in {
		a.ringing = r
		a.refresh()
	}
}

// ended is the end of a session that nobody asked for: the token is worthless,
// so it is forgotten.
func (a *App) ended(in *signedIn, err error) {
	if a.inside != in || errors.Is(err, context.Canceled) {
		return
	}
	a.opts.Logger.Info("session ended", "hub", in.account.Hub, "err", err)
	a.leave()
	if in.kept {
		a.settings.Remember(in.account, false)
		a.forget(in.account, func(string) {})
	}
	a.askSignIn(sentenceOf(err))
}

// leave stops the session and its bell.
func (a *App) leave() {
	in := a.inside
	in.stop()
	a.leaveQueue()
	a.test = nil
	a.inside, a.ringing, a.problem, a.day.calls, a.day.seen = nil, Ringing{}, "", nil, time.Time{}
	a.bell.Store(nil)
	a.door.fill(in.account.Hub, in.account.User)
}

// signOut makes the token worthless and forgets it. It always signs out here;
// what could not be told to the hub or the keyring is said.
func (a *App) signOut() {
	in := a.inside
	if in == nil {
		return
	}
	a.leave()
	a.settings.Remember(in.account, false)
	a.askSignIn("")
	number := a.attempt.number
	say := func(words string) {
		if a.attempt.number == number {
			a.door.ask(words)
		}
	}
	a.background(answerPatience, func(ctx context.Context) func() {
		err := in.session.SignOut(ctx)
		return func() {
			if err != nil {
				a.opts.Logger.Warn("sign out failed", "hub", in.account.Hub, "err", err)
				say(lang.T("You are signed out here, but the hub does not know: %s", sentenceOf(err)))
			}
		}
	})
	if in.kept {
		a.forget(in.account, say)
	}
}

func (a *App) homeActions() homeActions {
	return homeActions{
		cardActions:    cardActions{open: a.openLink, copy: a.copyLink, record: a.record, asked: func(id string) { a.home.showWhole(id) }, finish: a.finish, giveBack: a.giveBack, putAway: a.putAway},
		setPresence:    a.setPresence,
		showRinging:    a.Raise,
		showDay:        a.showDay,
		dismissProblem: func() { a.say("") },
		showMenu:       a.showMenu,
		showChoice:     a.showChoice,
	}
}

// showMenu opens the menu of the main window, for desktops without a tray.
func (a *App) showMenu(below fyne.CanvasObject) {
	var items []*fyne.MenuItem
	if a.mayWatch() {
		items = append(items, fyne.NewMenuItem(lang.T("Queue…"), a.openQueue))
	}
	a.showChoice(fyne.NewMenu("", append(items,
		fyne.NewMenuItem(lang.T("Settings…"), a.openSettings),
		fyne.NewMenuItem(lang.T("Sign out"), a.signOut),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.T("Quit Deskbell"), a.opts.App.Quit))...), below)
}

// showChoice opens a menu below a button, their right sides in line.
func (a *App) showChoice(menu *fyne.Menu, below fyne.CanvasObject) {
	choice := widget.NewPopUpMenu(menu, a.window.Canvas())
	corner := fyne.CurrentApp().Driver().AbsolutePositionForObject(below)
	choice.ShowAtPosition(corner.AddXY(below.Size().Width-choice.MinSize().Width, below.Size().Height))
}

// say shows a failure of something the agent asked for, or takes it away.
func (a *App) say(problem string) {
	a.problem = problem
	a.refresh()
}

// ask sends a request of the agent to the hub and brings back its error.
func (a *App) ask(request func(context.Context, Session) error, done func(error)) {
	a.askWithin(answerPatience, request, done)
}

func (a *App) askWithin(patience time.Duration, request func(context.Context, Session) error, done func(error)) {
	in := a.inside
	if in == nil {
		return
	}
	a.background(patience, func(ctx context.Context) func() {
		err := request(ctx, in.session)
		return func() {
			if a.inside == in {
				done(err)
			}
		}
	})
}

func (a *App) setPresence(state call.PresenceState, reason string) {
	a.ask(func(ctx context.Context, s Session) error {
		return s.SetPresence(ctx, state, reason)
	}, func(err error) {
		if err != nil {
			a.say(sentenceOf(err))
			return
		}
		a.say("")
	})
}

func (a *App) finish(id, disposition, note string) {
	a.askOf(id, func(ctx context.Context, s Session) error { return s.Finish(ctx, id, disposition, note) })
}

func (a *App) giveBack(id string) {
	a.askOf(id, func(ctx context.Context, s Session) error { return s.Return(ctx, id) })
}

// record starts or stops the recording of an own call; what fails is said on its
// card.
func (a *App) record(id string, on bool) {
	a.askWithin(recordPatience, func(ctx context.Context, s Session) error { return s.Record(ctx, id, on) }, func(err error) {
		k := a.home.card(id)
		switch {
		case k == nil: // the call has ended meanwhile
		case err != nil:
			a.opts.Logger.Info("recording not changed", "call", id, "on", on, "err", err)
			k.recordAnswered(sentenceOf(err))
		default:
			k.recordAnswered("")
		}
	})
}

// askOf sends a request about an own call; what fails is said on its card.
func (a *App) askOf(id string, request func(context.Context, Session) error) {
	in := a.inside
	if in == nil {
		return
	}
	in.closing[id] = true
	a.ask(request, func(err error) {
		if err == nil {
			a.putAway(id)
			return
		}
		delete(in.closing, id)
		if k := a.home.card(id); k != nil {
			k.say(sentenceOf(err), true)
		}
	})
}

// putAway takes the card of a call away that the customer ended.
func (a *App) putAway(id string) {
	if in := a.inside; in != nil {
		in.left = slices.DeleteFunc(in.left, func(c wire.Call) bool { return c.ID == id })
		a.refresh()
	}
}

// openLink hands the session link of an own call to the browser. It checks the
// link itself, whatever anybody checked before.
func (a *App) openLink(id string) {
	k := a.home.card(id)
	if k == nil {
		return
	}
	address, err := addressOf(k.call)
	if err != nil {
		k.say(refusal(err), true)
		return
	}
	open := a.opts.Desktop.Open
	if command := a.settings.Browser(); command != "" {
		open = func(address *url.URL) error { return a.opts.Desktop.OpenWith(command, address) }
	}
	a.background(answerPatience, func(context.Context) func() {
		err := open(address)
		return func() {
			if err != nil {
				a.opts.Logger.Warn("open session failed", "call", id)
				k.say(lang.T("Your browser could not be started. Copy the link and open it yourself."), true)
				return
			}
			k.say(lang.T("Opened in your browser at %s.", time.Now().Format("15:04")), false)
		}
	})
}

func (a *App) copyLink(id string) {
	k := a.home.card(id)
	if k == nil {
		return
	}
	if _, err := addressOf(k.call); err != nil {
		k.say(refusal(err), true)
		return
	}
	a.opts.App.Clipboard().SetContent(k.call.Link)
	k.say(lang.T("Copied."), false)
}

// addressOf is the session link of a call if it may be opened.
func addressOf(c wire.Call) (*url.URL, error) {
	if err := link.Check(c.Link); err != nil {
		return nil, err
	}
	return url.Parse(c.Link)
}
