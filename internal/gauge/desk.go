//go:build linux

package gauge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/desktoptest"
)

// Options are the programs to measure.
type Options struct {
	Hub, App, Bare string // paths
}

const (
	queue    = "web"
	password = "a-password-of-the-gauge" // of users in a folder that goes away
	appTitle = "Deskbell"
	popup    = "Incoming call · Deskbell"
	bye      = 5 * time.Second
)

// desk is Anna's desktop, with a hub beside it.
type desk struct {
	*desktoptest.Desktop
	options Options
	hubURL  string
	receive string // the Receive URL of the queue
	app     *desktoptest.Process
}

// newDesk starts desktop and hub; nobody is signed in.
func newDesk(ctx context.Context, o Options) (_ *desk, err error) {
	desktop, err := desktoptest.Start(ctx, desktoptest.Options{})
	if err != nil {
		return nil, err
	}
	d := &desk{Desktop: desktop, options: o}
	if err := d.startHub(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// startHub runs a hub with a queue and its two agents.
func (d *desk) startHub(ctx context.Context) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	d.hubURL = "http://" + address
	hub, err := d.Launch(desktoptest.Program{Name: "hub", Path: d.options.Hub, Args: []string{"serve", "--data", d.data(), "--listen", address}})
	if err != nil {
		return err
	}
	if err := d.awaitHub(ctx, hub); err != nil {
		return err
	}
	if d.receive, err = d.administer(ctx, "", "queue", "add", queue); err != nil {
		return err
	}
	for user, name := range map[string]string{"anna": "Anna Bianchi", "ben": "Ben Weber"} {
		if _, err := d.administer(ctx, password, "user", "add", user, "--name", name, "--queue", queue, "--password-stdin"); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) data() string { return filepath.Join(d.Dir(), "hub") }

// awaitHub waits until the hub takes calls.
func (d *desk) awaitHub(ctx context.Context, hub *desktoptest.Process) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if ready(ctx, d.hubURL) {
			return nil
		}
		select {
		case <-tick.C:
		case <-hub.Done():
			return fmt.Errorf("the hub ended: %s", hub.Output())
		case <-ctx.Done():
			return fmt.Errorf("the hub is not ready: %w: %s", ctx.Err(), hub.Output())
		}
	}
}

func ready(ctx context.Context, hub string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, hub+"/readyz", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// administer runs a command of the hub and returns what it prints.
func (d *desk) administer(ctx context.Context, input string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := d.Command(ctx, d.options.Hub, append(args, "--data", d.data())...)
	var out, failure bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &failure
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("deskbell-hub %s: %w: %s", strings.Join(args[:2], " "), err, &failure)
	}
	return strings.TrimSpace(out.String()), nil
}

// startApp runs the app in the tray and waits until Anna is ready: the first
// time with her password, later with the token in the keyring.
func (d *desk) startApp(ctx context.Context, first bool, env ...string) error {
	p := desktoptest.Program{Name: "deskbell", Path: d.options.App, Args: []string{"--hidden"}, Env: env}
	if first {
		p.Args = append(p.Args, "--hub", d.hubURL, "--user", "anna", "--password-stdin")
		p.Stdin = strings.NewReader(password + "\n")
	}
	var err error
	if d.app, err = d.Launch(p); err != nil {
		return err
	}
	return d.awaitReady(ctx)
}

// awaitReady waits until the tray's menu says that Anna is ready.
func (d *desk) awaitReady(ctx context.Context) error {
	tray, err := d.WaitTrayItem(ctx, appTitle, nil)
	if err != nil {
		return err
	}
	_, err = d.WaitTrayMenuItem(ctx, tray, "Ready · Anna Bianchi", nil)
	return err
}

// session is an agent without a desktop, whose events come in the channel. It
// ends with the context.
func (d *desk) session(ctx context.Context, user string) (*agent.Session, <-chan agent.Event, error) {
	in, err := agent.SignIn(ctx, d.hubURL, user, password)
	if err != nil {
		return nil, nil, fmt.Errorf("sign %s in: %w", user, err)
	}
	events := make(chan agent.Event, 1024)
	s := agent.New(agent.Options{
		Hub: d.hubURL, Token: in.Token, Logger: slog.New(slog.DiscardHandler),
		Emit: func(e agent.Event) {
			select {
			case events <- e:
			default: // nobody asks for it; it must not block
			}
		},
	})
	go s.Run(ctx)
	for {
		select {
		case e := <-events:
			if e.State.Connection == agent.Online {
				return s, events, nil
			}
		case <-time.After(patience):
			return nil, nil, fmt.Errorf("%s is not online after %s: %s", user, patience, s.State().Problem)
		}
	}
}

// freeAddress is one on which nobody listens now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free address: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}
