package ui_test

import (
	"cmp"
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/credential"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/notify/notifytest"
	"github.com/deskbell/deskbell/ui"
)

// appTest is the whole app on fakes.
type appTest struct {
	*testing.T
	fyne    *spyApp
	app     *ui.App
	hub     *fakeHub
	session *fakeSession
	store   *fakeStore
	desk    *fakeDesktop
	ringer  *fakeRinger
	native  *notifytest.Recorder

	autostart ui.Autostart // nil: the system has none
	screen    *fakeScreen
	locale    string
	logger    *slog.Logger                        // nil: logs nothing
	level     *slog.LevelVar                      // nil: is not known
	hides     func(context.Context) (bool, error) // nil: the system does not tell whether it hides notifications
	diagnose  func(context.Context, agent.DiagnoseOptions) []agent.Step
}

// withApp runs a test in virtual time on an app that has not begun.
func withApp(t *testing.T, run func(*appTest)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a := &appTest{
			T: t, fyne: newSpyApp(t), session: newFakeSession(), store: newFakeStore(),
			desk: &fakeDesktop{tray: true}, ringer: &fakeRinger{}, screen: &fakeScreen{},
		}
		a.hub = &fakeHub{session: a.session}
		a.start()
		defer func() { a.stop(); lang.Use(lang.For("en")) }()
		run(a)
	})
}

// start makes the app, as a start of the program does.
func (a *appTest) start() {
	a.fyne.windows = nil
	a.app = ui.New(ui.Options{
		App: a.fyne, Desktop: a.desk, Hub: a.hub, Store: a.store, Ringer: a.ringer, Logger: cmp.Or(a.logger, quiet(a)), LogLevel: a.level, Autostart: a.autostart, Screen: a.screen, Locale: a.locale,
		Diagnose: func(ctx context.Context, o agent.DiagnoseOptions) []agent.Step { return a.diagnose(ctx, o) },
		Native: func(emit func(notify.Event)) notify.Surface {
			a.native = notifytest.NewRecorder("native", emit)
			if a.hides != nil {
				return hidingNative{a.native, a.hides}
			}
			return a.native
		},
	})
}

// hidingNative is a native surface that tells whether it is hidden.
type hidingNative struct {
	*notifytest.Recorder

	hides func(context.Context) (bool, error)
}

func (n hidingNative) Hidden(ctx context.Context) (bool, error) { return n.hides(ctx) }

func (a *appTest) stop() {
	a.app.Close()
	synctest.Wait()
	a.fyne.driver.take()
}

// begin begins and waits until nothing happens any more.
func (a *appTest) begin(start ui.Start) {
	a.app.Begin(start)
	a.fyne.settle()
}

func (a *appTest) main() *spyWindow { return a.fyne.windows[0] }

func (a *appTest) popup() *spyWindow { return a.fyne.windows[1] }

// press taps a button of the main window.
func (a *appTest) press(name string) {
	a.Helper()
	press(a.T, a.main(), name)
	a.fyne.settle()
}

// signIn fills the form in and presses Enter in its last field.
func (a *appTest) signIn(hub, user, password string) {
	a.Helper()
	fields := entries(a.main())
	if len(fields) != 3 {
		a.Fatalf("the form has %d fields, want 3:\n%s", len(fields), words(a.main()))
	}
	for i, s := range []string{hub, user, password} {
		fields[i].SetText(s)
	}
	fields[2].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	a.fyne.settle()
}

// signedIn begins with an agent who is signed in and ready.
func (a *appTest) signedIn() {
	a.Helper()
	a.begin(ui.Start{Hub: "https://bell.example", User: "anna", Password: "right"})
	a.hears(agent.Event{Kind: agent.Changed, State: online()})
}

// hears tells an event of the session.
func (a *appTest) hears(e agent.Event) {
	a.session.options.Emit(e)
	a.fyne.settle()
}

// menuItem is the item of the tray's menu with that label.
func (a *appTest) menuItem(label string) *fyne.MenuItem {
	a.Helper()
	for _, item := range a.desk.menu.Items {
		if item.Label == label {
			return item
		}
	}
	a.Fatalf("the tray's menu has no %q", label)
	return nil
}

func (a *appTest) choose(label string) {
	a.Helper()
	a.menuItem(label).Action()
	a.fyne.settle()
}

var account = credential.Account{Hub: "https://bell.example", User: "anna"}

// kept is the token in the keyring, or empty.
func (a *appTest) kept() string {
	token, err := a.store.Memory.Get(a.Context(), account)
	if err != nil {
		return ""
	}
	return token
}

func TestSignInAndStay(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.begin(ui.Start{})
		if !a.main().visible {
			t.Fatal("nobody is asked to sign in")
		}
		a.signIn(" bell.example/ ", " anna ", "right")
		if got := a.hub.tokens(); len(got) != 1 || got[0] != "token of anna" {
			t.Fatalf("sessions were made with %q", got)
		}
		if a.kept() != "token of anna" {
			t.Error("the token is not in the keyring")
		}
		wantWords(t, a.main(), "Anna Rossi", "Connecting…")
		for _, key := range []string{"hub", "user"} {
			if a.fyne.Preferences().String(key) == "" {
				t.Errorf("%s is not remembered", key)
			}
		}
		a.hears(agent.Event{Kind: agent.Changed, State: online()})
		wantWords(t, a.main(), "Anna Rossi", "Ready", "No calls", "The bell will ring when a customer calls web or sales.")
	})
}

func TestSignInForThisSessionOnly(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.begin(ui.Start{})
		test.Tap(check(t, a.main(), "Stay signed in"))
		a.signIn("bell.example", "anna", "right")
		if len(a.hub.tokens()) != 1 || a.kept() != "" {
			t.Error("want a session and nothing in the keyring")
		}
		a.stop()
		a.start()
		a.begin(ui.Start{})
		fields := entries(a.main())
		if fields[0].Text != "https://bell.example" || fields[1].Text != "anna" || fields[2].Text != "" {
			t.Errorf("the form does not remember who signed in last:\n%s", words(a.main()))
		}
	})
}

func TestSignInMistakes(t *testing.T) {
	tests := []struct{ name, hub, user, password, want string }{
		{"no hub", "", "anna", "right", "Enter the hub's address"},
		{"no web address", "ftp://bell.example", "anna", "right", "The hub's address begins with https://."},
		{"plain http", "http://bell.example", "anna", "right", "over https only"},
		{"no user", "bell.example", "  ", "right", "Enter your user and your password."},
		{"no password", "bell.example", "anna", "", "Enter your user and your password."},
		{"wrong password", "bell.example", "anna", "wrong", "The user or the password is not right."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			withApp(t, func(a *appTest) {
				a.begin(ui.Start{})
				a.signIn(test.hub, test.user, test.password)
				wantWords(t, a.main(), test.want)
				fields := entries(a.main())
				if fields[0].Text != test.hub || fields[1].Text != test.user || fields[2].Text != test.password {
					t.Errorf("what was typed is not kept:\n%s", words(a.main()))
				}
				if len(a.hub.tokens()) != 0 {
					t.Error("a session was made")
				}
				a.signIn("bell.example", "anna", "right")
				if len(a.hub.tokens()) != 1 {
					t.Error("the second try does not sign in")
				}
			})
		})
	}
}

func TestSignInShowsThatItIsUnderWay(t *testing.T) {
	withApp(t, func(a *appTest) {
		answered := make(chan struct{})
		a.hub.signIn = blockedSignIn(answered)
		a.begin(ui.Start{})
		a.signIn("bell.example", "anna", "right")
		wantWords(t, a.main(), "Signing in…")
		if findButton(a.main(), "Sign in") != nil || !entries(a.main())[0].Disabled() {
			t.Error("the form can be sent twice")
		}
		close(answered)
		a.fyne.settle()
		wantWords(t, a.main(), "Anna Rossi")
	})
}

func TestSignInWithoutAKeyring(t *testing.T) {
	locked := &credential.Error{Kind: credential.Locked, Op: credential.Keep, Account: account}
	t.Run("for this session only", func(t *testing.T) {
		withApp(t, func(a *appTest) {
			a.store.set(locked, nil)
			a.begin(ui.Start{})
			a.signIn("bell.example", "anna", "right")
			wantWords(t, a.main(), locked.Sentence())
			if len(a.hub.tokens()) != 0 {
				t.Error("the agent is in before they agreed")
			}
			a.press("Sign in for this session only")
			if len(a.hub.tokens()) != 1 || a.kept() != "" {
				t.Error("want a session and nothing in the keyring")
			}
			if a.fyne.Preferences().Bool("stay-signed-in") {
				t.Error("the next start would look into the keyring")
			}
		})
	})
	t.Run("again", func(t *testing.T) {
		withApp(t, func(a *appTest) {
			a.store.set(locked, nil)
			a.begin(ui.Start{})
			a.signIn("bell.example", "anna", "right")
			a.press("Try the keyring again")
			wantWords(t, a.main(), locked.Sentence())
			a.store.set(nil, nil)
			a.press("Try the keyring again")
			if len(a.hub.tokens()) != 1 || a.kept() == "" {
				t.Error("want a session and its token in the keyring")
			}
		})
	})
}

func TestSignInWaitsForTheKeyring(t *testing.T) {
	withApp(t, func(a *appTest) {
		unlocked := make(chan struct{})
		a.store.set(nil, unlocked)
		a.begin(ui.Start{})
		a.signIn("bell.example", "anna", "right")
		a.fyne.pass(900 * time.Millisecond)
		wantWords(t, a.main(), "Signing in…")
		a.fyne.pass(200 * time.Millisecond)
		wantWords(t, a.main(), "Waiting for your keyring…")
		close(unlocked)
		a.fyne.settle()
		wantWords(t, a.main(), "Anna Rossi")
	})
}

func TestNextStartSignsInByItself(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		withApp(t, func(a *appTest) {
			a.signedIn()
			a.stop()
			a.start()
			unlocked := make(chan struct{})
			a.store.set(nil, unlocked)
			a.begin(ui.Start{Hidden: hidden})
			wantWords(t, a.main(), "Signing in…")
			if len(entries(a.main())) != 0 {
				t.Error("the person is asked what is known")
			}
			close(unlocked)
			a.fyne.settle()
			if got := a.hub.tokens(); len(got) != 2 || got[1] != "token of anna" {
				t.Errorf("sessions were made with %q", got)
			}
			if a.main().visible == hidden {
				t.Errorf("hidden start: %v, and the window is visible: %v", hidden, a.main().visible)
			}
		})
	}
}

func TestNextStartWithAFailingKeyring(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.stop()
		a.start()
		gone := &credential.Error{Kind: credential.NoSecretService, Op: credential.Read, Account: account}
		a.store.set(gone, nil)
		a.begin(ui.Start{Hidden: true})
		if !a.main().visible {
			t.Error("nobody is told")
		}
		wantWords(t, a.main(), gone.Sentence(), "https://bell.example", "anna")
	})
}

func TestSessionThatEndsAsksToSignIn(t *testing.T) {
	for _, err := range []error{agent.ErrSignInAgain, agent.ErrSignedOut} {
		withApp(t, func(a *appTest) {
			a.signedIn()
			a.session.ended <- err
			a.fyne.settle()
			wantWords(t, a.main(), err.Error(), "https://bell.example", "anna")
			if a.kept() != "" {
				t.Error("the worthless token stays in the keyring")
			}
			if a.desk.icons[len(a.desk.icons)-1] != "tray-offline.png" {
				t.Error("the tray does not say so")
			}
		})
	}
}

func TestSignOut(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.hears(agent.Event{Kind: agent.Rang, State: online(offerOf(aCall("c1", "Maria"), 0))})
		a.choose("Settings…")
		a.choose("Sign out")
		wantNoWords(t, a.main(), "Sound the bell") // over the sign-in
		if asked := a.session.asked(); len(asked) != 1 || asked[0] != "sign out" {
			t.Errorf("the hub was asked %q", asked)
		}
		if a.kept() != "" || a.fyne.Preferences().Bool("stay-signed-in") {
			t.Error("the next start would sign in")
		}
		if a.ringer.rings() || a.popup().visible || len(a.native.Ringing()) != 0 {
			t.Error("it still rings")
		}
		wantWords(t, a.main(), "Sign in to Deskbell", "anna")
	})
}

func TestSignOutThatTheHubDoesNotHear(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.session.refuse(&agent.Error{Sentence: "The hub does not answer."})
		a.choose("Sign out")
		if a.kept() != "" {
			t.Error("the token stays in the keyring")
		}
		wantWords(t, a.main(), "You are signed out here, but the hub does not know: The hub does not answer.")
	})
}

func TestPasswordFromTheCommandLine(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.begin(ui.Start{Hub: "https://bell.example", User: "anna", Password: "wrong"})
		wantWords(t, a.main(), "The user or the password is not right.", "https://bell.example", "anna")
	})
}

func TestFormIsFilledInOnTheFirstStart(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.begin(ui.Start{Hub: "bell.example", User: "anna"})
		fields := entries(a.main())
		if fields[0].Text != "bell.example" || fields[1].Text != "anna" {
			t.Errorf("the form is not filled in:\n%s", words(a.main()))
		}
		if a.main().Canvas().Focused() != fields[2] {
			t.Error("the empty field does not have the focus")
		}
	})
}

func TestCloseGoesToTheTray(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.main().close()
		a.fyne.settle()
		if a.main().visible {
			t.Error("the window stays")
		}
		a.choose("Open Deskbell")
		if !a.main().visible {
			t.Error("the window does not come back")
		}
		a.main().close()
		a.fyne.settle()
		a.desk.tapped()
		a.fyne.settle()
		if !a.main().visible {
			t.Error("a click on the tray's icon does not bring the window back")
		}
	})
}

func TestCloseWithoutATrayAsks(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.desk.tray = false
		a.signedIn()
		a.main().close()
		a.fyne.settle()
		if !a.main().visible {
			t.Fatal("the window is gone and nothing brings it back")
		}
		wantWords(t, a.main(), "Quit Deskbell?")
		a.press("Keep open")
		wantNoWords(t, a.main(), "Quit Deskbell?")
		a.main().close()
		a.fyne.settle()
		a.press("Quit")
		if !a.fyne.quit {
			t.Error("the app goes on")
		}
	})
}

func TestHubLostIsTold(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		lost := online()
		lost.Connection, lost.Problem = agent.Offline, "The hub does not answer."
		a.hears(agent.Event{Kind: agent.Changed, State: lost})
		a.fyne.pass(9 * time.Second)
		if got := a.native.Notices(); len(got) != 0 {
			t.Errorf("notices %v before it matters", got)
		}
		a.fyne.pass(10 * time.Second)
		want := notifytest.Notice{Title: "Deskbell is offline", Text: "No call can reach you. The hub does not answer."}
		if got := a.native.Notices(); len(got) != 1 || got[0] != want {
			t.Errorf("notices %v, want %v", got, want)
		}
		a.hears(agent.Event{Kind: agent.Changed, State: online()})
		if got := a.native.Notices(); len(got) != 2 || got[1].Title != "Deskbell is back" {
			t.Errorf("notices %v", got)
		}
	})
}

func TestPresence(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.press("Pause")
		paused := online()
		paused.Presence = wire.Presence{State: call.Paused}
		a.hears(agent.Event{Kind: agent.Changed, State: paused})
		wantWords(t, a.main(), "Paused", "Your bell stays silent.")
		a.choose("Ready")
		want := []string{`presence paused ""`, `presence ready ""`}
		if got := a.session.asked(); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
			t.Errorf("the hub was asked %q, want %q", got, want)
		}
		a.session.refuse(&agent.Error{Sentence: "There is no connection to the hub."})
		a.press("Ready")
		wantWords(t, a.main(), "There is no connection to the hub.")
	})
}
