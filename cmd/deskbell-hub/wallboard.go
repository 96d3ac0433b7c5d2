package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
)

func newWallboard() *cobra.Command {
	return group("wallboard", "Screens on a wall that show the queues' numbers", newWallboardAdd(), newWallboardList(), newWallboardRemove())
}

func newWallboardAdd() *cobra.Command {
	var queues []string
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Make a wallboard and print its token; it is shown this once",
		Long: "Make a wallboard and print its token; it is shown this once. The token is good until 'wallboard remove NAME', and reads " +
			"numbers and the display names of agents: no call, no customer, no link.",
		Args: names(1, 1, "the wallboard's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var b hub.AdminWallboard
			in := hub.WallboardChange{Name: args[0], Queues: queues}
			if err := newClient(cmd).do(cmd.Context(), http.MethodPost, "/wallboards", in, &b); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, b)
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), b.Token)
			return err
		},
	}
	cmd.Flags().StringSliceVar(&queues, "queue", nil, "the queues to show, separated by commas; empty for all")
	return withJSON(cmd)
}

func newWallboardList() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "list",
		Short: "List the wallboards; their tokens are kept nowhere",
		Args:  names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var all []hub.AdminWallboard
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/wallboards", nil, &all); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, all)
			}
			return table(cmd.OutOrStdout(), "NAME\tQUEUES\tCREATED\tID", all, func(b hub.AdminWallboard) string {
				queues := "all"
				if len(b.Queues) > 0 {
					queues = list(b.Queues)
				}
				return strings.Join([]string{b.Name, queues, clock(b.Created.Time), b.ID}, "\t")
			})
		},
	})
}

func newWallboardRemove() *cobra.Command {
	return &cobra.Command{
		Use:   "remove NAME",
		Short: "Remove a wallboard: its token is worthless",
		Args:  names(1, 1, "the wallboard's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := newClient(cmd).do(cmd.Context(), http.MethodDelete, "/wallboards/"+segment(args[0]), nil, &struct{}{}); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "Wallboard %s is removed.\n", args[0])
			return err
		},
	}
}
