package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/wire"
)

func newCall() *cobra.Command {
	return group("call", "Calls and their trails", newCallList(), newCallShow())
}

func newCallList() *cobra.Command {
	var asJSON, ended bool
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
			if asJSON {
				return printJSON(cmd, all)
			}
			return table(cmd.OutOrStdout(), "ID\tQUEUE\tSTATE\tRECEIVED\tCUSTOMER\tTOPIC\tAGENT", all, func(c wire.Call) string {
				return strings.Join([]string{c.ID, c.Queue, string(c.State), clock(c.Received.Time), orDash(c.Customer.Label()), orDash(c.Topic), orDash(c.Agent)}, "\t")
			})
		},
	}
	cmd.Flags().BoolVar(&ended, "all", false, "the ended calls too")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newCallShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show a call and what happened to it",
		Args:  names(1, 1, "the call's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var c hub.AdminCall
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/calls/"+url.PathEscape(args[0]), nil, &c); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd, c)
			}
			return printCall(cmd, c)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printCall(cmd *cobra.Command, c hub.AdminCall) error {
	w := cmd.OutOrStdout()
	if err := fields(w, "Call", c.ID, "Queue", c.Queue, "State", string(c.State), "Customer", orDash(c.Customer.Label()),
		"Topic", orDash(c.Topic), "Session", orDash(c.Session), "Agent", orDash(c.Agent), "Outcome", orDash(string(c.Outcome))); err != nil {
		return err
	}
	for _, warning := range c.Warnings {
		fmt.Fprintln(w, "Warning:", warning)
	}
	fmt.Fprintln(w)
	for _, e := range c.Trail {
		who := strings.TrimSpace(e.Agent + " " + strings.Join(e.Agents, ", "))
		fmt.Fprintln(w, strings.TrimSpace(fmt.Sprintf("%s  %s %s", clock(e.At), e.Kind, who)))
	}
	for _, r := range c.Receipts {
		fmt.Fprintf(w, "%s  shown to %s (%s, after %d ms)\n", clock(r.At), r.Agent, r.Surface, r.Ms)
	}
	return nil
}

func clock(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05.000") }

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
