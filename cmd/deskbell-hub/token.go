package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/wire"
)

func newToken() *cobra.Command {
	return group("token", "Sign-in tokens", newTokenIssue(), newTokenList(), newTokenRevoke())
}

func newTokenIssue() *cobra.Command {
	return &cobra.Command{
		Use:   "issue USER…",
		Short: "Make a sign-in token and print it; it is shown this once",
		Args:  names(1, -1, "one or more usernames"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := newClient(cmd)
			for _, name := range args {
				var s wire.SignedIn
				if err := c.do(cmd.Context(), http.MethodPost, "/users/"+segment(name)+"/tokens", nil, &s); err != nil {
					return err
				}
				line := s.Token
				if len(args) > 1 {
					line = name + "\t" + s.Token
				}
				if _, err := fmt.Fprintln(cmd.OutOrStdout(), line); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func newTokenList() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "list USER",
		Short: "List a user's sign-ins; the tokens themselves are kept nowhere",
		Args:  names(1, 1, "a username"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var all []hub.AdminToken
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/users/"+segment(args[0])+"/tokens", nil, &all); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, all)
			}
			return table(cmd.OutOrStdout(), "ID\tCREATED\tEXPIRES\tCONNECTED", all, func(t hub.AdminToken) string {
				connected := "no"
				if t.Connected {
					connected = "yes"
				}
				return strings.Join([]string{t.ID, clock(t.Created.Time), clock(t.Expires.Time), connected}, "\t")
			})
		},
	})
}

func newTokenRevoke() *cobra.Command {
	var id string
	cmd := &cobra.Command{
		Use:   "revoke USER",
		Short: "End a user's sign-ins, all of them or one; their apps ask for the password",
		Args:  names(1, 1, "a username"),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "/users/" + segment(args[0]) + "/tokens"
			if id != "" {
				path += "?id=" + url.QueryEscape(id)
			}
			var r hub.Revoked
			if err := newClient(cmd).do(cmd.Context(), http.MethodDelete, path, nil, &r); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "Sign-ins of %s that were ended: %d.\n", args[0], r.Revoked)
			return err
		},
	}
	cmd.Flags().StringVar(&id, "id", "", "only the one with this id ('token list')")
	return cmd
}
