//go:build linux

package walkthrough

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/desktoptest"
	"github.com/deskbell/deskbell/internal/lang"
)

// Options are what a walk needs.
type Options struct {
	Hub, App string    // paths of the two programs
	Out      string    // folder for the pictures; none are taken if empty
	Dark     bool      // dark desktops
	Sound    bool      // desktops with a sound device
	Language string    // of the apps, such as "it"; English if empty
	Log      io.Writer // gets the transcript
}

// The screen, on which the website, the pop-up (in the middle) and the app's
// window stand side by side.
const width, height = 1440, 900

// stillWithin is how long a picture waits for windows to be drawn.
const stillWithin = 2 * time.Second

var (
	websiteAt = image.Rect(24, 150, 476, 780)
	sessionAt = image.Rect(490, 150, 942, 780) // the agent's, where the pop-up was
	appAt     = image.Pt(956, 212)
)

// What the demo's hub knows (cmd/deskbell-hub demo).
const (
	password = "deskbell-demo"
	appTitle = "Deskbell"
	customer = "Maria Rossi"
	shop     = "Corner Shop"
	button   = "Start a video call"
	session  = "You are in the session"
	together = "2 people are here" // what the session page says when both are there
	// sessionTab is the title of its page.
	sessionTab = "MY_WEBSITE – Session"
)

// desk is one agent's desktop with the app on it.
type desk struct {
	*desktoptest.Desktop
	user, name string // of the agent, and as people see it
	app        *desktoptest.Process
	tray       desktoptest.TrayItem
}

// Walk is a walk under way. Its steps are methods, in the order in which they
// stand here.
type Walk struct {
	options   Options
	voice     *lang.Voice // of the apps
	started   time.Time
	listen    [3]string // the hub, the fake Vidaoo, the website
	website   string
	hubURL    string
	hub       *desktoptest.Process
	Anna, Ben *desk
}

// Start makes the desktops and runs the demo's hub on the first of them.
func Start(ctx context.Context, o Options) (w *Walk, err error) {
	w = &Walk{options: o, voice: lang.For(o.Language), started: time.Now()}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Close())
		}
	}()
	for _, d := range []struct {
		into       **desk
		user, name string
	}{{&w.Anna, "anna", "Anna Bianchi"}, {&w.Ben, "ben", "Ben Weber"}} {
		desktop, err := desktoptest.Start(ctx, desktoptest.Options{Dark: o.Dark, Sound: o.Sound, Width: width, Height: height})
		if err != nil {
			return w, err
		}
		*d.into = &desk{Desktop: desktop, user: d.user, name: d.name}
	}
	w.say("two desktops are up, with tray, notifications and keyring")
	return w, w.startHub(ctx)
}

var (
	websiteLine = regexp.MustCompile(`Website +(http://\S+)`)
	hubLine     = regexp.MustCompile(`Hub +(http://\S+)`)
)

func (w *Walk) startHub(ctx context.Context) (err error) {
	if w.listen, err = freeAddresses(); err != nil {
		return err
	}
	if err := w.launchHub(ctx); err != nil {
		return err
	}
	out := w.hub.Output()
	website, hub := websiteLine.FindStringSubmatch(out), hubLine.FindStringSubmatch(out)
	if website == nil || hub == nil {
		return fmt.Errorf("the demo does not say its addresses: %s", out)
	}
	w.website, w.hubURL = website[1], hub[1]
	w.say("the hub, a fake Vidaoo and the website run")
	return nil
}

// launchHub starts the demo's hub on its folder and addresses: the first time,
// and again after it was killed.
func (w *Walk) launchHub(ctx context.Context) (err error) {
	w.hub, err = w.Anna.Launch(desktoptest.Program{Name: "hub", Path: w.options.Hub, Args: []string{
		"demo", "--data", filepath.Join(w.Anna.Dir(), "hub"),
		"--listen", w.listen[0], "--listen-vidaoo", w.listen[1], "--listen-site", w.listen[2],
	}})
	if err != nil {
		return err
	}
	return w.hub.WaitOutput(ctx, "End it with")
}

// freeAddresses finds three addresses on which nobody listens now, of the ports
// that the system gives nobody by itself: a hub that was killed finds its own again.
func freeAddresses() (addresses [3]string, err error) {
	for i, tries := 0, 0; i < len(addresses); tries++ {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000)))
		switch {
		case err == nil:
			defer l.Close()
			addresses[i] = l.Addr().String()
			i++
		case tries > 1_000:
			return addresses, fmt.Errorf("find a free address: %w", err)
		}
	}
	return addresses, nil
}

// SignInByHand lets Anna type the password into the sign-in window.
func (w *Walk) SignInByHand(ctx context.Context) error {
	if err := w.launch(w.Anna, nil, "--hub", w.hubURL, "--user", "anna"); err != nil {
		return err
	}
	window, err := w.Anna.WaitDrawn(ctx, appTitle)
	if err != nil {
		return err
	}
	if err := w.picture(ctx, w.Anna, "1-sign-in"); err != nil {
		return err
	}
	if err := w.Anna.Raise(ctx, window); err != nil {
		return err
	}
	// With address and user filled in, the keys go to the password.
	if err := w.Anna.Type(ctx, password); err != nil {
		return err
	}
	if err := w.Anna.Key(ctx, "Return"); err != nil {
		return err
	}
	if err := w.waitReady(ctx, w.Anna); err != nil {
		return err
	}
	if err := w.Anna.MoveWindow(ctx, window, appAt); err != nil {
		return err
	}
	w.say("Anna has signed in by hand; the tray says Ready")
	return w.picture(ctx, w.Anna, "2-signed-in")
}

// SignInHidden signs Ben in; the app stays in the tray.
func (w *Walk) SignInHidden(ctx context.Context) error {
	in := strings.NewReader(password + "\n")
	if err := w.launch(w.Ben, in, "--hidden", "--hub", w.hubURL, "--user", "ben", "--password-stdin"); err != nil {
		return err
	}
	if err := w.waitReady(ctx, w.Ben); err != nil {
		return err
	}
	w.say("Ben's app sits in the tray and says Ready")
	return nil
}

func (w *Walk) launch(d *desk, in io.Reader, args ...string) (err error) {
	p := desktoptest.Program{Name: "deskbell", Path: w.options.App, Args: args, Stdin: in}
	if w.options.Language != "" {
		p.Env = []string{"LANG=" + w.options.Language + ".UTF-8", "LANGUAGE=" + w.options.Language}
	}
	d.app, err = d.Launch(p)
	return err
}

// waitReady waits until the tray says so.
func (w *Walk) waitReady(ctx context.Context, d *desk) (err error) {
	if d.tray, err = d.WaitTrayItem(ctx, appTitle, nil); err != nil {
		return err
	}
	return w.waitState(ctx, d, w.voice.T("Ready"))
}

// waitState waits until the tray's menu says what its agent does.
func (w *Walk) waitState(ctx context.Context, d *desk, state string) error {
	_, err := d.WaitTrayMenuItem(ctx, d.tray, state+" · "+d.name, nil)
	return err
}

// ringing is the title of the pop-up.
func (w *Walk) ringing() string { return w.voice.T("Incoming call") + " · Deskbell" }

// PressTheButton opens the website and presses its video button: the customer
// waits on the hub's page then.
func (w *Walk) PressTheButton(ctx context.Context) error {
	// Anna's browser is not the customer's: a window of the same one would come up
	// over it.
	if err := w.Anna.OpenLinksInBrowser(desktoptest.BrowserOptions{Rect: sessionAt, Profile: w.Anna.user}); err != nil {
		return err
	}
	return w.pressOn(ctx, "the customer has pressed %q")
}

func (w *Walk) pressOn(ctx context.Context, said string) error {
	if _, err := w.Anna.Browse(w.website, desktoptest.BrowserOptions{Rect: websiteAt}); err != nil {
		return err
	}
	if err := w.Anna.Press(ctx, desktoptest.Target{Window: shop, Role: desktoptest.RoleButton, Name: button}); err != nil {
		return err
	}
	w.say(said, button)
	return nil
}

// PressAgain has another customer open the website and press the button: the
// first one is in the session, or waits.
func (w *Walk) PressAgain(ctx context.Context) error {
	return w.pressOn(ctx, "another customer has pressed %q")
}

// WebhookCame waits until the automation's webhook of the same meeting has come
// too, and has made no second call.
func (w *Walk) WebhookCame(ctx context.Context) error {
	id, err := w.onlyCall(ctx)
	if err != nil {
		return err
	}
	err = desktoptest.Await(ctx, "the automation's webhook", func(ctx context.Context) (bool, error) {
		var payloads []struct {
			Call string
		}
		if err := w.hubSays(ctx, &payloads, "payload", "list", queue); err != nil {
			return false, err
		}
		if len(payloads) != 1 || payloads[0].Call != id {
			return false, fmt.Errorf("the payloads are %+v", payloads)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	w.say("Vidaoo's automation has told the hub of the meeting too")
	return nil
}

// BothRing waits for the bell on both desks.
func (w *Walk) BothRing(ctx context.Context) error {
	return errors.Join(w.Rings(ctx, w.Anna), w.Rings(ctx, w.Ben))
}

// Rings waits for the bell on a desk.
func (w *Walk) Rings(ctx context.Context, d *desk) error {
	n, err := d.WaitNotification(ctx, customer)
	if err != nil {
		return err
	}
	if _, err := d.WaitWindow(ctx, w.ringing()); err != nil {
		return err
	}
	var buttons []string
	for _, b := range n.Buttons {
		buttons = append(buttons, b.Name)
	}
	w.say("%s's desk rings: notification with %s, and the pop-up", d.user, strings.Join(buttons, " and "))
	return w.picture(ctx, d, "3-ringing-"+d.user)
}

// AcceptInTheNotification presses Accept on a desk with the mouse, and waits
// for the link that the app opens.
func (w *Walk) AcceptInTheNotification(ctx context.Context, d *desk) (link string, err error) {
	if _, err := d.PressNotification(ctx, customer, w.voice.T("Accept")); err != nil {
		return "", err
	}
	links, err := d.WaitLinks(ctx, 1)
	if err != nil {
		return "", err
	}
	w.say("%s pressed Accept in the notification; the app opened the session link", d.user)
	return links[0], d.WaitNoWindow(ctx, w.ringing())
}

// SessionIsOpen waits until the customer, whom the waiting page led there, and
// Anna, whose app opened the link, are on the same session page side by side.
func (w *Walk) SessionIsOpen(ctx context.Context) error {
	if err := w.sessionPages(ctx, together, 2); err != nil {
		return err
	}
	w.say("customer and agent are on the same session page")
	return w.picture(ctx, w.Anna, "4-accepted")
}

// sessionPages waits until so many windows show a session page that says so.
func (w *Walk) sessionPages(ctx context.Context, says string, want int) error {
	return desktoptest.Await(ctx, fmt.Sprintf("%d session pages that say %q", want, says), func(ctx context.Context) (bool, error) {
		pages, err := w.Anna.Widgets(ctx, desktoptest.Target{App: "Chromium", Name: says})
		if err == nil && len(pages) != want {
			err = fmt.Errorf("there are %d", len(pages))
		}
		return err == nil, err
	})
}

// BenIsTold waits until Ben's desk says who took the call, and is quiet.
func (w *Walk) BenIsTold(ctx context.Context) error {
	if _, err := w.Ben.WaitNotification(ctx, w.voice.T("Taken by %s", w.Anna.name)); err != nil {
		return err
	}
	if err := w.picture(ctx, w.Ben, "5-taken"); err != nil {
		return err
	}
	w.say("Ben's desk says that Anna took it")
	if err := w.Ben.WaitNoNotification(ctx, w.voice.T("Taken by %s", w.Anna.name)); err != nil {
		return err
	}
	return w.Ben.WaitNoWindow(ctx, w.ringing())
}

// picture keeps what the desk shows.
func (w *Walk) picture(ctx context.Context, d *desk, name string) error {
	return w.keep(ctx, d, name, stillWithin)
}

// keep keeps what the desk shows when it is still, or at the end of patience.
func (w *Walk) keep(ctx context.Context, d *desk, name string, patience time.Duration) error {
	if w.options.Out == "" {
		return nil
	}
	still, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := d.WaitStill(still); err != nil && still.Err() == nil {
		return err // but a desk on which a countdown runs may never be still
	}
	path := filepath.Join(w.options.Out, name+".png")
	if err := d.Screenshot(ctx, path); err != nil {
		return err
	}
	w.say("picture %s", filepath.Base(path))
	return nil
}

// say writes a line of the transcript.
func (w *Walk) say(format string, args ...any) {
	fmt.Fprintf(w.options.Log, "%5.1f s  %s\n", time.Since(w.started).Seconds(), fmt.Sprintf(format, args...))
}

// Close ends everything.
func (w *Walk) Close() error {
	var err error
	for _, d := range []*desk{w.Ben, w.Anna} {
		if d != nil {
			err = errors.Join(err, d.Close())
		}
	}
	return err
}

// Play walks the way of one call, from the customer's press to the end of the
// meeting.
func Play(ctx context.Context, o Options) (err error) {
	w, err := Start(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	for _, step := range []func(context.Context) error{
		w.SignInByHand, w.SignInHidden, w.PressTheButton, w.BothRing, w.WebhookCame,
		func(ctx context.Context) error { _, err := w.AcceptInTheNotification(ctx, w.Anna); return err },
		w.BenIsTold, w.SessionIsOpen, w.Record, w.Finish,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	w.say("done")
	return nil
}
