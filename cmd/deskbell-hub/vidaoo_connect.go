package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

func newConnect() *cobra.Command {
	var queue, automation string
	var wait time.Duration
	cmd := withJSON(&cobra.Command{
		Use:   "connect",
		Short: "Have Vidaoo ring a queue: check the key, make the automation, try the way back",
		Long: "Have Vidaoo ring a queue. The key is verified, the automation is made or updated, and a test meeting is made, waited for and deleted; " +
			"the bell may ring for a moment. A good key is stored in the data folder. What this Vidaoo does not let Deskbell do is printed, to be done in its pages; then run this again.",
		Args: names(0, 0, "no arguments"),
	})
	f := cmd.Flags()
	f.StringVar(&queue, "queue", "", "the queue")
	f.StringVar(&automation, "automation", "", "the id of the automation to update (default: the one with the queue's Receive URL, else a new one)")
	f.DurationVar(&wait, "wait", time.Minute, "how long to wait for the test meeting's webhook")
	f.String("hub", "", "the queue is at the hub at this https address; an admin's token is taken from "+tokenVariable)
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		return fromEnvironment(cmd.LocalNonPersistentFlags(), "queue", "automation", "wait", "json")
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if queue == "" {
			return usageError{errors.New("say which queue Vidaoo is to ring: --queue NAME")}
		}
		s, err := setup(cmd, queue)
		if err != nil {
			return err
		}
		defer s.Client.Close()
		s.Automation, s.Wait = automation, wait
		return connect(cmd, s)
	}
	return cmd
}

// connect prints each step as it ends, or all of them as JSON.
func connect(cmd *cobra.Command, s vidaoo.Setup) error {
	if !asJSON(cmd) {
		s.Tell = func(step vidaoo.Step) { printStep(cmd.OutOrStdout(), step) }
	}
	steps := vidaoo.Connect(cmd.Context(), s)
	if asJSON(cmd) {
		if err := printJSON(cmd, steps); err != nil {
			return err
		}
	}
	if !vidaoo.Connected(steps) {
		return fmt.Errorf("%s is not connected yet: do what the steps say, and run this again", s.Queue)
	}
	return nil
}

// words are the outcomes as they are printed.
var words = map[vidaoo.Outcome]string{vidaoo.OK: "ok", vidaoo.Failed: "FAILED", vidaoo.Manual: "TO DO", vidaoo.Skipped: "skipped"}

func printStep(w io.Writer, s vidaoo.Step) {
	const indent = "\n                      "
	fmt.Fprintf(w, "%-8s  %-10s  %s\n", words[s.Outcome], s.Name, s.Sentence)
	for _, p := range s.Paste {
		fmt.Fprintf(w, "%s%s: %s\n", indent[1:], p.Field, strings.ReplaceAll(p.Value, "\n", indent))
	}
}

// setup asks the hub for the queue and prepares what connect needs of it.
func setup(cmd *cobra.Command, queue string) (vidaoo.Setup, error) {
	ours := newClient(cmd)
	var q hub.AdminQueue
	if err := ours.do(cmd.Context(), http.MethodGet, "/queues/"+segment(queue), nil, &q); err != nil {
		return vidaoo.Setup{}, err
	}
	client, config, err := vidaooClient(cmd)
	if err != nil {
		return vidaoo.Setup{}, err
	}
	w := hub.Arrivals{Payloads: func(ctx context.Context) (all []calllog.Payload, err error) {
		return all, ours.do(ctx, http.MethodGet, "/queues/"+segment(q.Name)+"/payloads", nil, &all)
	}}
	if err := w.Begin(cmd.Context()); err != nil {
		return vidaoo.Setup{}, err
	}
	return vidaoo.Setup{
		Client: client, Queue: q.Name, ReceiveURL: q.ReceiveURL, AllowFrom: q.AllowFrom,
		Keep: func() (string, error) { return keepKey(cmd, config) }, Arrived: w.Wait,
		Cancel: func(ctx context.Context, id string) error {
			var c wire.Call
			return ours.do(ctx, http.MethodPost, "/calls/"+segment(id)+"/cancel", nil, &c)
		},
	}, nil
}

// keepKey stores a good key, and the settings it is good with, for the hub and for later commands.
func keepKey(cmd *cobra.Command, c vidaooConfig) (string, error) {
	if address, _ := cmd.Flags().GetString("hub"); address != "" {
		return "The key is not stored, for the hub is on another machine.", nil
	}
	dir, _ := cmd.Flags().GetString("data")
	return keep(dir, c)
}

// keep stores a good key, and the settings it is good with, in the data folder.
func keep(dir string, c vidaooConfig) (string, error) {
	if _, err := os.Stat(filepath.Join(dir, settingsName)); err == nil || len(c.Settings) > 0 {
		if err := store(dir, settingsName, c.Settings.String()); err != nil {
			return "", err
		}
	}
	if c.password.value != "" && !c.password.systemd {
		if err := store(dir, passwordSecret.file, string(c.password.value)+"\n"); err != nil {
			return "", err
		}
	}
	if c.key.systemd {
		return "The key stays in systemd's credentials.", nil
	}
	if err := store(dir, keySecret.file, string(c.key.value)+"\n"); err != nil {
		return "", err
	}
	return "The key is stored in " + filepath.Join(dir, keySecret.file) + ", which only the hub's user can read.", nil
}
