package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/demo"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/routing"
)

const (
	demoQueue    = "web"
	demoPassword = "deskbell-demo" // of users that exist in the demo's own folder only
)

var demoUsers = []hub.User{
	{Username: "anna", Name: "Anna Bianchi", Role: call.RoleAgent, Queues: []string{demoQueue}},
	{Username: "ben", Name: "Ben Weber", Role: call.RoleAgent, Queues: []string{demoQueue}},
	{Username: "sara", Name: "Sara Conti", Role: call.RoleSupervisor},
}

// demoOptions are the flags of demo.
type demoOptions struct{ listen, vidaoo, site string }

func newDemo() *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run a hub, a fake Vidaoo and a website with a video button, all on this machine",
		Args:  names(0, 0, "no arguments"),
		// DESKBELL_DATA names the folder of a real hub: its users and the
		// demo's, whose password everybody knows, must never meet.
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return fromEnvironment(cmd.Flags(), "data") },
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, _ := cmd.Flags().GetString("data")
			if !cmd.Flags().Changed("data") {
				temporary, err := os.MkdirTemp("", "deskbell-demo-")
				if err != nil {
					return fmt.Errorf("make a folder for the demo: %w", err)
				}
				defer os.RemoveAll(temporary)
				dir = temporary
			}
			return runDemo(cmd.Context(), cmd.OutOrStdout(), dir, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8480", "the hub's address")
	f.StringVar(&o.vidaoo, "listen-vidaoo", "127.0.0.1:8481", "the fake Vidaoo's address")
	f.StringVar(&o.site, "listen-site", "127.0.0.1:8482", "the address of the website with the button")
	cmd.AddCommand(newDemoVidaoo())
	return cmd
}

func runDemo(ctx context.Context, out io.Writer, dir string, o demoOptions) error {
	for _, address := range []string{o.listen, o.vidaoo, o.site} {
		if !loopback(address) {
			return usageError{fmt.Errorf("the demo runs on this machine only and %s is not loopback: write 127.0.0.1:PORT", address)}
		}
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	vidaoo, err := listenDemo(o.vidaoo)
	if err != nil {
		return err
	}
	defer vidaoo.Close()
	customers, err := demo.New(vidaoo)
	if err != nil {
		return err
	}
	defer customers.Close()
	r, err := start(ctx, dir, logger, serveOptions{listen: o.listen, meetings: customers.Client()})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	served := make(chan error, 1)
	go func() {
		defer cancel() // one part alone is no demo
		served <- r.serve(ctx)
	}()
	err = customersSide(ctx, out, customers, r, o)
	cancel()
	return errors.Join(err, <-served)
}

// customersSide runs what is around the hub: Vidaoo and the website.
func customersSide(ctx context.Context, out io.Writer, customers *demo.Demo, r *running, o demoOptions) error {
	site, err := listenDemo(o.site)
	if err != nil {
		return err
	}
	defer site.Close()
	q, err := demoDirectory(ctx, r.hub.Directory(), "http://"+site.Addr().String())
	if err != nil {
		return fmt.Errorf("make the demo's users: %w", err)
	}
	fmt.Fprintf(out, `Deskbell demo

  Website     http://%s   press the button: a customer calls
  Hub         %s   where the app signs in
  Agents      anna and ben, supervisor sara
  Password    %s

End it with Ctrl+C.
`, site.Addr(), r.address, demoPassword)
	return customers.Run(ctx, demo.Options{Site: site, Hub: r.address, Queue: q.Name, ReceiveURL: r.hub.ReceiveURL(q)})
}

func listenDemo(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w: is another demo running?", address, err)
	}
	return l, nil
}

// demoDirectory makes the queue, with its button on the demo's site, and the
// users, unless an earlier demo on the same folder did.
func demoDirectory(ctx context.Context, d *hub.Directory, site string) (hub.Queue, error) {
	for _, u := range d.Users() {
		if !slices.ContainsFunc(demoUsers, func(demo hub.User) bool { return demo.Username == u.Username }) {
			return hub.Queue{}, fmt.Errorf("the data folder has users of a real hub (%s): leave --data out, or name another folder", u.Username)
		}
	}
	if _, ok := d.Queue(demoQueue); !ok {
		if q, err := d.AddQueue(ctx, hub.Queue{
			Name: demoQueue, Options: routing.Defaults(), Dispositions: []string{"Solved", "Needs a call back", "Wrong desk"},
		}); err != nil {
			return q, err
		}
	}
	q, err := d.SetQueue(ctx, demoQueue, func(q *hub.Queue) error {
		q.Recording, q.DeleteMeeting = true, true
		q.Button = hub.Button{
			On: true, Sites: []string{site}, Topic: "MY_WEBSITE", Return: site + "/", Fields: []hub.ButtonField{{Name: "name", Required: true}},
			Texts: map[string]string{"title": "Corner Shop", "back": "Back to the shop"},
		}
		return nil
	})
	if err != nil {
		return q, err
	}
	if len(d.Rules().Reasons) == 0 {
		if _, err := d.SetRules(ctx, func(r *routing.Rules) { r.Reasons = []string{"Lunch", "Coffee", "Training"} }); err != nil {
			return q, err
		}
	}
	for _, u := range demoUsers {
		if _, ok := d.User(u.Username); ok {
			continue
		}
		if _, err := d.AddUser(ctx, u, demoPassword); err != nil {
			return q, err
		}
	}
	return q, nil
}
