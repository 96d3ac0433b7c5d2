//go:build linux

package walkthrough

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// How long things take on this day: long enough for what is done meanwhile.
const (
	ringTime  = "30s"
	shortRing = "8s" // of the call that is missed
	wrapUp    = "8s"
	queue     = "web"

	stepWithin   = 45 * time.Second       // on a busy machine; none takes half of it
	glanceWithin = 600 * time.Millisecond // how long a picture of what never rests may wait
)

// Day is a day of two agents under way: calls that are silenced, accepted,
// taken by the other, declined and missed, pauses, a hub that is killed, and the
// end of work. Each step looks at the desktops and asks the hub.
type Day struct {
	*Walk
	script      script
	client      *http.Client
	receiveURL  string
	supervisor  string // a token
	sessionLink string // of the first call
	customers   int    // who have called by a webhook of the day's own
}

// PlayDay plays a day.
func PlayDay(ctx context.Context, o Options) (err error) {
	o.Sound = true
	w, err := Start(ctx, o)
	if err != nil {
		return err
	}
	transport := new(http.Transport)
	defer transport.CloseIdleConnections()
	d := &Day{Walk: w, script: scriptIn(o.Language), client: &http.Client{Transport: transport}}
	defer func() { err = errors.Join(err, w.Close()) }()
	for _, step := range d.steps() {
		if err := d.take(ctx, step); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", step.name, err), d.failed(context.WithoutCancel(ctx)))
		}
		d.say("done: %s", step.name)
	}
	return nil
}

func (d *Day) take(ctx context.Context, s step) error {
	ctx, cancel := context.WithTimeout(ctx, stepWithin)
	defer cancel()
	return s.take(ctx)
}

type step struct {
	name string
	take func(context.Context) error
}

func (d *Day) steps() []step {
	return []step{
		{"set up the hub", d.setUp},
		{"sign in", d.signIn},
		{"ring on both desks", d.ring},
		{"silence", d.silence},
		{"accept in the pop-up", d.acceptInPopup},
		{"the customer leaves", d.customerLeaves},
		{"accept in the notification", d.acceptInNotification},
		{"finish", d.finish},
		{"decline and miss", d.declineAndMiss},
		{"look at the missed call", d.lookAtMissed},
		{"pause", d.pause},
		{"the hub is killed while it rings", d.killWhileItRings},
		{"sign out", d.signOut},
		{"ring for who is left", d.ringForTheOther},
	}
}

// failed keeps what both desks show.
func (d *Day) failed(ctx context.Context) (err error) {
	if d.options.Out == "" {
		if d.options.Out, err = os.MkdirTemp("", "deskbell-day-"); err != nil {
			return fmt.Errorf("make a folder for the pictures: %w", err)
		}
	}
	d.say("what the desks show is in %s", d.options.Out)
	return errors.Join(d.picture(ctx, d.Anna, "failed-anna"), d.picture(ctx, d.Ben, "failed-ben"))
}

// setUp changes what the demo's hub has.
func (d *Day) setUp(ctx context.Context) error {
	if err := d.hubSays(ctx, nil, "presence", "set", "--reasons", strings.Join(d.script.reasons, ",")); err != nil {
		return err
	}
	var q struct {
		ReceiveURL string `json:"receive_url"`
	}
	err := d.hubSays(ctx, &q, "queue", "set", queue, "--ring", ringTime, "--wrap-up", wrapUp,
		"--dispositions", strings.Join(d.script.dispositions, ","))
	if err != nil {
		return err
	}
	d.receiveURL = q.ReceiveURL
	token, err := d.Anna.Command(ctx, d.options.Hub, "token", "issue", "sara", "--data", d.data()).Output()
	if err != nil {
		return fmt.Errorf("sign in the supervisor: %w", err)
	}
	d.supervisor = strings.TrimSpace(string(token))
	return nil
}

// signIn lets Anna type her password, and Ben's app sign in by itself.
func (d *Day) signIn(ctx context.Context) error {
	for _, step := range []func(context.Context) error{d.SignInByHand, d.SignInHidden} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	want := []string{d.voice.T("Ready") + " · " + d.Anna.name}
	for _, reason := range d.script.reasons {
		want = append(want, d.voice.T("Pause: %s", reason))
	}
	want = append(want, d.voice.T("Pause"), d.voice.T("Open Deskbell"), d.voice.T("Settings…"), d.voice.T("Test ring"),
		d.voice.T("Sign out"), d.voice.T("Quit"))
	if err := d.menuIs(ctx, want); err != nil {
		return err
	}
	if token, err := d.Token(ctx); err != nil || token == "" {
		return fmt.Errorf("the keyring has no token: %w", err)
	}
	return errors.Join(d.awaitPresence(ctx, d.Anna, presence{State: "ready"}), d.awaitPresence(ctx, d.Ben, presence{State: "ready"}))
}

// menuIs compares Anna's tray menu.
func (d *Day) menuIs(ctx context.Context, want []string) error {
	got, err := d.TrayMenu(ctx)
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("the tray's menu is %q, want %q", got, want)
	}
	return nil
}

// glance keeps what a desk shows on which something moves all the time.
func (d *Day) glance(ctx context.Context, on *desk, name string) error {
	return d.keep(ctx, on, name, glanceWithin)
}

// menuPicture keeps what a desk shows with the menu of its tray open.
func (d *Day) menuPicture(ctx context.Context, on *desk, name string) error {
	if d.options.Out == "" {
		return nil
	}
	if err := on.OpenTrayMenu(ctx); err != nil {
		return err
	}
	if err := d.glance(ctx, on, name); err != nil {
		return err
	}
	return on.Key(ctx, "Escape")
}
