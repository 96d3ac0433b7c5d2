package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
)

func newQueue() *cobra.Command {
	return group("queue", "Queues and their Receive URLs", newQueueAdd(), newQueueList(), newQueueShow())
}

func newQueueAdd() *cobra.Command {
	var in hub.NewQueue
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Make a queue and print its Receive URL",
		Args:  names(1, 1, "the queue's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			in.Name = args[0]
			var q hub.AdminQueue
			if err := newClient(cmd).do(cmd.Context(), http.MethodPost, "/queues", in, &q); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd, q)
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), q.ReceiveURL)
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&in.Strategy, "strategy", "", "whom to ring: beep-all (all ready agents until one answers)")
	f.StringVar(&in.Ring, "ring", "", fmt.Sprintf("how long an offer rings (default %v)", hub.DefaultRing))
	f.StringVar(&in.Patience, "patience", "", fmt.Sprintf("how long a call waits before it is missed (default %v)", hub.DefaultPatience))
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newQueueList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the queues",
		Args:  names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var all []hub.AdminQueue
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/queues", nil, &all); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd, all)
			}
			return table(cmd.OutOrStdout(), "NAME\tSTRATEGY\tRING\tPATIENCE\tMEMBERS", all, func(q hub.AdminQueue) string {
				return strings.Join([]string{q.Name, q.Strategy, q.Ring, q.Patience, list(q.Members)}, "\t")
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newQueueShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Show a queue with its Receive URL",
		Args:  names(1, 1, "the queue's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var q hub.AdminQueue
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/queues/"+url.PathEscape(args[0]), nil, &q); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd, q)
			}
			return fields(cmd.OutOrStdout(),
				"Queue", q.Name, "Number", fmt.Sprint(q.Number), "Receive URL", q.ReceiveURL, "Strategy", q.Strategy,
				"Ring time", q.Ring, "Patience", q.Patience, "Members", list(q.Members))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// table prints rows under a heading, columns aligned.
func table[T any](w io.Writer, heading string, rows []T, row func(T) string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, heading)
	for _, r := range rows {
		fmt.Fprintln(t, row(r))
	}
	return t.Flush()
}

// fields prints names and values, a line each.
func fields(w io.Writer, namesAndValues ...string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i := 0; i < len(namesAndValues); i += 2 {
		fmt.Fprintf(t, "%s:\t%s\n", namesAndValues[i], namesAndValues[i+1])
	}
	return t.Flush()
}

// list writes names for a cell; a dash for none.
func list(names []string) string {
	if len(names) == 0 {
		return "-"
	}
	return strings.Join(names, ", ")
}
