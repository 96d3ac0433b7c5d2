package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/wire"
)

func newUser() *cobra.Command {
	return group("user", "Agents, supervisors and admins", newUserAdd(), newUserList())
}

func newUserAdd() *cobra.Command {
	var in hub.NewUser
	var fromStdin, asJSON bool
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Make a user",
		Long:  "Make a user. Without --password-stdin it can sign in only by a token ('token issue NAME').",
		Args:  names(1, 1, "the username"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			in.Username = args[0]
			if fromStdin {
				if in.Password, err = readPassword(cmd.InOrStdin()); err != nil {
					return err
				}
			}
			var u hub.AdminUser
			if err := newClient(cmd).do(cmd.Context(), http.MethodPost, "/users", in, &u); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd, u)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "User %s (%s, %s) serves %s.\n", u.Username, u.Name, u.Role, list(u.Queues))
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&in.Role, "role", "", "agent, supervisor or admin (default agent)")
	f.StringVar(&in.Name, "name", "", "display name, such as \"Desk 4\" (default the username)")
	f.StringSliceVar(&in.Queues, "queue", nil, "queues to serve, separated by commas")
	f.BoolVar(&fromStdin, "password-stdin", false, "read the password from standard input")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// readPassword reads one line: a password never stands on the command line,
// where other users of the machine could read it.
func readPassword(r io.Reader) (string, error) {
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", usageError{errors.New("no password on standard input: pipe it in, one line")}
	}
	return line, nil
}

func newUserList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the users",
		Args:  names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var all []hub.AdminUser
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/users", nil, &all); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd, all)
			}
			return table(cmd.OutOrStdout(), "USERNAME\tNAME\tROLE\tQUEUES\tSTATE", all, func(u hub.AdminUser) string {
				return strings.Join([]string{u.Username, u.Name, string(u.Role), list(u.Queues), string(u.Presence.State)}, "\t")
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newToken() *cobra.Command {
	return group("token", "Sign-in tokens", &cobra.Command{
		Use:   "issue USER…",
		Short: "Make a sign-in token and print it; it is shown this once",
		Args:  names(1, -1, "one or more usernames"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := newClient(cmd)
			for _, name := range args {
				var s wire.SignedIn
				if err := c.do(cmd.Context(), http.MethodPost, "/users/"+url.PathEscape(name)+"/tokens", nil, &s); err != nil {
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
	})
}
