package ui

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"github.com/deskbell/deskbell/assets"
	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/credential"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/notify"
)

const (
	homeTick     = time.Second
	quitPatience = 3 * time.Second
)

// Options is what an app is made of. All but Native and what says so is needed.
type Options struct {
	App     fyne.App
	Desktop Desktop
	Hub     Hub
	Store   credential.Store
	Ringer  notify.Ringer
	Logger  *slog.Logger
	// LogLevel, if set, is what is logged at least; the settings set it.
	LogLevel *slog.LevelVar
	// Screen, if set, tells whether the screen is locked; [App.ScreenLocked] is
	// to be called at each change.
	Screen Screen
	// Autostart, if set, starts the program at login.
	Autostart Autostart
	// Diagnose tries the way to a hub; nil is agent.Diagnose.
	Diagnose func(context.Context, agent.DiagnoseOptions) []agent.Step
	// Locale is the system's, such as it-IT: the app speaks its language unless
	// another is set. Empty is English.
	Locale string
	// Version and LogFile stand in the diagnostics.
	Version, LogFile string
	// Native makes the surface of the system's notifications, which tells its
	// events to emit.
	Native func(emit func(notify.Event)) notify.Surface
}

// Start says how the app begins.
type Start struct {
	Hidden bool // no window unless there is something to ask
	// Hub and User stand in the sign-in form if nobody signed in before.
	Hub, User string
	// Password, if set, signs in at once with Hub and User and stays signed in.
	Password string
}

// App is the tray app: one main window that is the sign-in or the agent's
// calls, the pop-up, and the tray. Its state belongs to Fyne's main goroutine.
type App struct {
	opts     Options
	settings Settings
	window   fyne.Window
	content  *fyne.Container // holds the view that is shown
	door     *signInView
	home     *homeView
	popup    *Popup
	surfaces *notify.Fanout
	tray     *tray
	dialog   dialog.Dialog // the last one, which may be closed; nil for none
	stopTick context.CancelFunc
	hidden   bool          // nobody sees the main window, so its clocks may stand
	roused   chan struct{} // ends a nap, see Rest

	attempt attempt   // the sign-in that is under way
	inside  *signedIn // nil while nobody is signed in
	ringing Ringing
	problem string // a failure of something the agent asked for, or of a surface
	queue   *queueWindow
	day     day  // of the one who is signed in
	atDay   bool // the main window shows it

	native   notify.Surface // the system's; nil for none
	test     *testRing      // under way; nil for none
	sampling bool           // the bell is heard because its sound was changed

	failures map[string]bool // of surfaces that were told

	ctx    context.Context // of the app
	cancel context.CancelFunc
	work   sync.WaitGroup
	closed atomic.Bool
	bell   atomic.Pointer[Bell] // the one that hears the surfaces

	watching atomic.Bool // the Queue window is open
}

// New makes the app and its windows; nothing is shown yet.
func New(opts Options) *App {
	a := &App{opts: opts, settings: Settings{opts.App.Preferences()}, failures: make(map[string]bool), queue: &queueWindow{}, roused: make(chan struct{}, 1)}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	if a.opts.Diagnose == nil {
		a.opts.Diagnose = agent.Diagnose
	}
	a.speak()
	a.applyLook(a.settings.Look())
	a.applySound()
	a.applyLogging()
	a.window = opts.App.NewWindow("Deskbell")
	a.window.SetPadded(false)
	a.layViews()
	a.content = container.NewStack(newPanel(theme.ColorNameBackground, "", 0), a.door.root)
	a.window.SetContent(a.content)
	a.window.Resize(fyne.NewSize(homeWidth, homeHeight))

	a.surfaces = notify.NewFanout(a.surfaced)
	if opts.Native != nil {
		a.native = opts.Native(a.surfaces.Emit)
		a.surfaces.Add(a.native)
	}
	// The pop-up tells the bell itself: of several answers the fanout passes
	// the first only, but here the agent may try again when one failed.
	a.popup = NewPopup(opts.App, opts.Desktop, a.surfaced)
	a.popup.rouse = a.rouse
	a.surfaces.Add(a.popup)

	a.tray = &tray{desk: opts.Desktop, window: a.window, actions: trayActions{
		setPresence: a.setPresence, open: a.Raise, settings: a.openSettings,
		signOut: a.signOut, signIn: a.Raise, quit: opts.App.Quit, missed: a.openMissed, testRing: a.testRing, queue: a.openQueue,
		tapped: func() { a.do(a.Raise) },
	}}
	a.showTray()
	a.window.SetCloseIntercept(a.hide) // after the tray, which sets its own
	a.stopTick = every(homeTick, a.tick)
	a.hidden = true
	return a
}

// layViews makes what the main window may show.
func (a *App) layViews() {
	a.door = newSignInView(signInActions{
		signIn:       a.signIn,
		retryKeyring: a.keepToken,
		sessionOnly:  func() { a.enter(false) },
	})
	a.home = newHomeView(a.homeActions(), &a.day)
}

// Begin signs in by itself if it can, and asks otherwise.
func (a *App) Begin(start Start) {
	account := a.settings.Account()
	if start.Hub != "" && (account.Hub == "" || start.Password != "") {
		account = credential.Account{Hub: start.Hub, User: start.User}
	}
	a.door.fill(account.Hub, account.User)
	switch {
	case start.Password != "":
		a.signIn(signInForm{hub: start.Hub, user: start.User, password: start.Password, stay: true})
	case a.settings.StaySignedIn():
		a.resume(account)
	default:
		a.askSignIn("")
		return // which shows the window
	}
	if !start.Hidden {
		a.Raise()
	}
}

// Raise brings the main window to the front, or, while a call rings, the
// pop-up. It is for the main goroutine.
func (a *App) Raise() {
	a.raiseWindow()
	if len(a.ringing.Calls) > 0 {
		a.inside.bell.BringForward()
	}
}

// raiseWindow brings the main window alone to the front.
func (a *App) raiseWindow() {
	a.wake()
	a.opts.Desktop.Raise(a.window)
}

// Close ends everything that runs. Call it once, after the app has stopped: it
// touches no window any more.
func (a *App) Close() {
	a.closed.Store(true)
	a.stopTick()
	if err := a.surfaces.Close(); err != nil {
		a.opts.Logger.Warn("close surfaces", "err", err)
	}
	a.cancel()
	done := make(chan struct{})
	go func() { a.work.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(quitPatience):
		a.opts.Logger.Warn("quit without waiting for all work")
	}
}

// do runs f on the main goroutine, unless the app has stopped.
func (a *App) do(f func()) {
	fyne.Do(func() {
		if !a.closed.Load() {
			f()
		}
	})
	a.rouse()
}

// background runs work off the main goroutine, and then what it returns on it.
func (a *App) background(patience time.Duration, work func(context.Context) func()) {
	a.work.Go(func() {
		ctx, cancel := context.WithTimeout(a.ctx, patience)
		defer cancel()
		a.do(work(ctx))
	})
}

// surfaced passes on what happened on a surface.
func (a *App) surfaced(e notify.Event) {
	a.opts.Logger.Debug("surface", "surface", e.Surface, "event", string(e.Kind), "call", e.Call)
	switch e.Kind {
	case notify.Opened:
		a.do(a.Raise)
		return
	case notify.PressedAccept:
		a.do(func() { a.wanted(e.Call) })
	case notify.PressedDecline:
		a.do(func() {
			if a.inside != nil {
				a.inside.declined[e.Call] = true
			}
		})
	case notify.Failed:
		a.do(func() { a.surfaceFailed(e) })
	}
	if at := time.Now(); e.Kind == notify.Shown || e.Kind == notify.Failed {
		a.do(func() { a.testSurfaced(e, at) })
	}
	if bell := a.bell.Load(); bell != nil {
		bell.Surfaced(e)
	}
}

// surfaceFailed says what a surface can't do, once for each reason: it will fail
// in the same way at the next call.
func (a *App) surfaceFailed(e notify.Event) {
	a.opts.Logger.Warn("surface failed", "surface", e.Surface, "call", e.Call, "err", e.Err)
	words := lang.Sentence(e.Err)
	if a.inside == nil || a.failures[words] {
		return
	}
	a.failures[words] = true
	a.say(words)
}

// showView puts a view into the main window.
func (a *App) showView(view fyne.CanvasObject) {
	if a.content.Objects[1] != view {
		a.content.Objects[1] = view
		a.content.Refresh()
	}
}

// refresh makes window and tray agree with the state.
func (a *App) refresh() {
	if a.inside != nil {
		a.home.show(a.homeState())
	}
	a.showTray()
	a.showQueue()
}

func (a *App) tick() {
	if a.inside != nil && !a.closed.Load() {
		a.watch(time.Now())
		a.watchDesk(time.Now())
		if !a.hidden {
			a.home.tick(a.homeState())
		}
		a.tickQueue()
	}
}

// openMissed brings the list with the missed calls to the front.
func (a *App) openMissed() {
	a.Raise()
	a.showDay(true)
}

// showDay shows the last calls in the main window, or the agent's own. Who
// looks at the list has seen what was missed.
func (a *App) showDay(on bool) {
	a.atDay = on
	a.home.showDay(on)
	a.sawMissed()
	a.refresh()
}

// sawMissed notes that the person looks at the missed calls, if so.
func (a *App) sawMissed() {
	if a.atDay && !a.hidden {
		a.day.seen = time.Now()
	}
}

// wake sets the clocks of the main window, which is seen from now on.
func (a *App) wake() {
	a.hidden = false
	a.sawMissed()
	a.refresh()
}

func (a *App) homeState() homeState {
	return homeState{agent: a.inside.state, left: a.inside.left, ringing: a.ringing, problem: a.problem, missed: a.day.missed(), now: time.Now()}
}

func (a *App) showTray() {
	if a.inside == nil {
		a.tray.show(trayFace{state: assets.Offline, line: lang.T("Not signed in")})
		return
	}
	a.tray.show(faceOf(a.inside.state, len(a.ringing.Calls), a.day.missed()))
}

// hide is the close button of the main window. Without a tray there would be
// no way back to it, so then it is quitting, and asked for.
func (a *App) hide() {
	a.background(answerPatience, func(context.Context) func() {
		tray := a.opts.Desktop.HasTray()
		return func() {
			if tray {
				a.hidden = true
				a.window.Hide()
				return
			}
			a.confirmQuit()
		}
	})
}

func (a *App) confirmQuit() {
	quit := dialog.NewConfirm(lang.T("Quit Deskbell?"),
		lang.T("This desktop has no tray to put Deskbell into.\nWhen you quit, no call rings here."),
		func(yes bool) {
			if yes {
				a.opts.App.Quit()
			}
		}, a.window)
	quit.SetConfirmText(lang.T("Quit"))
	quit.SetDismissText(lang.T("Keep open"))
	a.showDialog(quit)
}

// showDialog shows a dialog in place of the one that is open, if any: two over
// each other would have to be closed twice.
func (a *App) showDialog(d dialog.Dialog) {
	a.closeDialog()
	a.dialog = d
	d.Show()
}

// closeDialog uncovers the window.
func (a *App) closeDialog() {
	if a.dialog != nil {
		a.dialog.Hide()
		a.dialog = nil
	}
}

// tellBell has the bell of the session, if there is one, ring as the settings
// say.
func (a *App) tellBell() {
	if a.inside == nil {
		return
	}
	bell := a.inside.bell
	bell.SetTone(a.settings.Tone())
	bell.SetSoft(a.settings.SoftInCall())
	bell.SetHush(a.settings.QuietWhenHidden())
}

// sentenceOf is what to show for an error of any of the packages below.
func sentenceOf(err error) string {
	var kept *credential.Error
	if errors.As(err, &kept) {
		return kept.Sentence()
	}
	return agent.Sentence(err)
}
