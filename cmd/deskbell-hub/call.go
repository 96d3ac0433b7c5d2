package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/wire"
)

func newCall() *cobra.Command {
	return group("call", "Calls and their trails", newCallList(), newCallShow(), newCallCancel(), newCallErase())
}

func newCallList() *cobra.Command {
	var ended bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the open calls, longest waiting first",
		Args:  names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var all []wire.Call
			path := "/calls"
			if ended {
				path += "?all"
			}
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, path, nil, &all); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, all)
			}
			return table(cmd.OutOrStdout(), "ID\tQUEUE\tSTATE\tRECEIVED\tCUSTOMER\tTOPIC\tAGENT", all, func(c wire.Call) string {
				return strings.Join([]string{c.ID, c.Queue, string(c.State), clock(c.Received.Time), orDash(c.Customer.Label()), orDash(c.Topic), orDash(c.Agent)}, "\t")
			})
		},
	}
	cmd.Flags().BoolVar(&ended, "all", false, "the ended calls too")
	return withJSON(cmd)
}

func newCallShow() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "show ID",
		Short: "Show a call, what happened to it, and why it did or did not ring for each agent",
		Args:  names(1, 1, "the call's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var c hub.AdminCall
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/calls/"+segment(args[0]), nil, &c); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, c)
			}
			return printCall(cmd, c)
		},
	})
}

func printCall(cmd *cobra.Command, c hub.AdminCall) error {
	w := cmd.OutOrStdout()
	outcome := orDash(string(c.Outcome))
	if c.Reason != "" {
		outcome += " (" + string(c.Reason) + ")"
	}
	if err := fields(w, "Call", c.ID, "Queue", c.Queue, "State", string(c.State), "Customer", orDash(c.Customer.Label()),
		"Topic", orDash(c.Topic), "Session", orDash(c.Session), "Agent", orDash(c.Agent), "Outcome", outcome,
		"Disposition", orDash(c.Disposition), "Note", orDash(c.Note)); err != nil {
		return err
	}
	for _, warning := range c.Warnings {
		fmt.Fprintln(w, "Warning:", warning)
	}
	for i, r := range c.Recordings {
		to := "on"
		if !r.Stopped.IsZero() {
			to = "until " + clock(r.Stopped.Time)
		}
		fmt.Fprintf(w, "Recording %d: %s since %s, %s, by %s\n", i+1, shown(r.ID), clock(r.Started.Time), to, r.By)
	}
	fmt.Fprintf(w, "\n%s\n", c.Told.Summary)
	for _, a := range c.Told.Agents {
		fmt.Fprintf(w, "  %s (%s)\n", a.Name, a.Agent)
		for _, line := range a.Words {
			fmt.Fprintln(w, "    "+line)
		}
	}
	fmt.Fprintln(w)
	for _, e := range c.Trail {
		fmt.Fprintln(w, clock(e.At)+"  "+eventWords(e))
	}
	for _, r := range c.Receipts {
		fmt.Fprintf(w, "%s  shown to %s (%s, after %d ms)\n", clock(r.At), r.Agent, r.Surface, r.Ms)
	}
	for _, d := range c.Deliveries {
		fmt.Fprintln(w, clock(d.At.Time)+"  "+deliveryWords(d))
	}
	return nil
}

// eventWords are an event's kind, whom it concerns and why.
func eventWords(e call.Event) string {
	words := []string{string(e.Kind)}
	switch { // else nobody would stand behind it
	case e.Kind == call.KindNoted && e.Agent == "":
		words = append(words, "by the customer")
	case e.Kind == call.KindRecordingStopped && e.Agent == "":
		words = append(words, "by the hub")
	}
	for _, w := range []string{e.Agent, strings.Join(e.Agents, ", "), e.Queue} {
		if w != "" {
			words = append(words, w)
		}
	}
	if e.By != "" {
		words = append(words, "by "+e.By)
	}
	if e.Reason != "" {
		words = append(words, "("+e.Reason+")")
	}
	return strings.Join(words, " ")
}

func newCallCancel() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "cancel ID",
		Short: "End an open call: it rings no more, and its agent has it no more",
		Args:  names(1, 1, "the call's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var c wire.Call
			if err := newClient(cmd).do(cmd.Context(), http.MethodPost, "/calls/"+segment(args[0])+"/cancel", nil, &c); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, c)
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "Call %s is canceled.\n", c.ID)
			return err
		},
	})
}

func newCallErase() *cobra.Command {
	return &cobra.Command{
		Use:   "erase ID",
		Short: "Remove an ended call and all that is known of its customer, at once and for good",
		Long:  "Remove an ended call, its trail and its payloads, and overwrite them on the disk. Its row in the history, which names no customer, stays.",
		Args:  names(1, 1, "the call's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := newClient(cmd).patient().do(cmd.Context(), http.MethodDelete, "/calls/"+segment(args[0]), nil, &struct{}{}); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "Call %s is erased.\n", args[0])
			return err
		},
	}
}
