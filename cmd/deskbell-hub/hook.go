package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
)

func newHook() *cobra.Command {
	return group("hook", "Addresses outside that are told of missed and waiting calls", newHookAdd(), newHookList(), newHookTest(), newHookRemove())
}

func newHookAdd() *cobra.Command {
	var in hub.HookChange
	cmd := &cobra.Command{
		Use:   "add NAME --url URL",
		Short: "Make a hook and print the secret that signs its messages; it is shown this once",
		Long: "Make a hook and print the secret that signs its messages; it is shown this once. Messages are those of Standard Webhooks " +
			"(webhook-id, webhook-timestamp, webhook-signature), and name no customer unless --customer is given.",
		Args: names(1, 1, "the hook's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if in.URL == "" {
				return usageError{errors.New("say with --url where the hook sends to: an https address")}
			}
			in.Name = args[0]
			var k hub.AdminHook
			if err := newClient(cmd).do(cmd.Context(), http.MethodPost, "/hooks", in, &k); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, k)
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), k.Secret)
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&in.URL, "url", "", "where to send to: an https address")
	f.StringSliceVar(&in.Queues, "queue", nil, "the queues to tell of, separated by commas; empty for all")
	f.StringSliceVar(&in.Events, "events", nil, "what to tell of: missed, waiting (for the queue's alert time); empty for both")
	f.BoolVar(&in.Customer, "customer", false, "tell the customer's name too")
	f.BoolVar(&in.Private, "private", false, "the address may be in a private network or on this machine")
	return withJSON(cmd)
}

func newHookList() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "list",
		Short: "List the hooks and how they do",
		Args:  names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var all []hub.AdminHook
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/hooks", nil, &all); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, all)
			}
			return table(cmd.OutOrStdout(), "NAME\tQUEUES\tEVENTS\tURL\tSTATE", all, func(k hub.AdminHook) string {
				queues := "all"
				if len(k.Queues) > 0 {
					queues = list(k.Queues)
				}
				return strings.Join([]string{k.Name, queues, list(k.Events), k.URL, targetWords(k.AdminTarget)}, "\t")
			})
		},
	})
}

func newHookTest() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "test NAME",
		Short: "Send a hook a message now, and tell what came of it",
		Args:  names(1, 1, "the hook's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var got hub.HookTest
			if err := newClient(cmd).do(cmd.Context(), http.MethodPost, "/hooks/"+segment(args[0])+"/test", nil, &got); err != nil {
				return err
			}
			var err error
			if asJSON(cmd) {
				err = printJSON(cmd, got)
			}
			if got.State != "delivered" {
				return errors.Join(err, fmt.Errorf("the test of hook %s did not arrive: %s", args[0], got.Error))
			}
			if !asJSON(cmd) {
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "Hook %s has taken the test.\n", args[0])
			}
			return err
		},
	})
}

func newHookRemove() *cobra.Command {
	return &cobra.Command{
		Use:   "remove NAME",
		Short: "Remove a hook; what waits for it is let go",
		Args:  names(1, 1, "the hook's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			err := newClient(cmd).do(cmd.Context(), http.MethodDelete, "/hooks/"+segment(args[0]), nil, &struct{}{})
			return said(cmd, err, "Hook "+args[0]+" is removed.")
		},
	}
}
