package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
)

func newUser() *cobra.Command {
	return group("user", "Agents, supervisors and admins", newUserAdd(), newUserSet(), newUserList(), newUserShow(), newUserRemove(), newUserImport())
}

// userFlags are the options of a user. Only those on the command line are asked
// for: the others take their defaults, or stay.
func userFlags(f *pflag.FlagSet) (changes func(*cobra.Command) (hub.UserChange, error)) {
	role := f.String("role", string(call.RoleAgent), "agent, supervisor or admin")
	name := f.String("name", "", "display name, such as \"Desk 4\" (default the username)")
	queues := f.StringSlice("queue", nil, "queues to serve, separated by commas; empty for none")
	supervises := f.StringSlice("supervises", nil, "queues to which a supervisor is limited, separated by commas; empty for all")
	fromStdin := f.Bool("password-stdin", false, "read the password from standard input")
	return func(cmd *cobra.Command) (c hub.UserChange, err error) {
		if f.Changed("role") {
			c.Role = role
		}
		if f.Changed("name") {
			c.Name = name
		}
		if f.Changed("queue") {
			c.Queues = queues
		}
		if f.Changed("supervises") {
			c.Supervises = supervises
		}
		if *fromStdin {
			c.Password, err = readPassword(cmd.InOrStdin())
		}
		return c, err
	}
}

func newUserAdd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Make a user",
		Long:  "Make a user. Without --password-stdin it can sign in only by a token ('token issue NAME').",
		Args:  names(1, 1, "the username"),
	}
	changes := userFlags(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in, err := changes(cmd)
		if err != nil {
			return err
		}
		in.Username = args[0]
		return sendUser(cmd, http.MethodPost, "/users", in)
	}
	return withJSON(cmd)
}

func newUserSet() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "set NAME",
		Short: "Change a user; what is not named stays",
		Long:  "Change a user; what is not named stays. --queue names all queues that the user serves from now on. A new password ends the sign-ins with the old one.",
		Args:  names(1, 1, "the username"),
	}
	changes := userFlags(cmd.Flags())
	revision := revisionFlag(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		in, err := changes(cmd)
		if err != nil {
			return err
		}
		in.Revision = revision()
		return sendUser(cmd, http.MethodPatch, "/users/"+segment(args[0]), in)
	}
	return withJSON(cmd)
}

// sendUser asks for a user and prints it.
func sendUser(cmd *cobra.Command, method, path string, in hub.UserChange) error {
	var u hub.AdminUser
	if err := newClient(cmd).do(cmd.Context(), method, path, in, &u); err != nil {
		return err
	}
	if asJSON(cmd) {
		return printJSON(cmd, u)
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "User %s (%s, %s) serves %s.\n", u.Username, u.Name, u.Role, list(u.Queues))
	return err
}

func newUserShow() *cobra.Command {
	return withJSON(&cobra.Command{
		Use:   "show NAME",
		Short: "Show a user",
		Args:  names(1, 1, "the username"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var u hub.AdminUser
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/users/"+segment(args[0]), nil, &u); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, u)
			}
			return printUser(cmd, u)
		},
	})
}

func printUser(cmd *cobra.Command, u hub.AdminUser) error {
	supervises, password := "-", "no"
	switch {
	case len(u.Supervises) > 0:
		supervises = list(u.Supervises)
	case u.Role.Supervises():
		supervises = "all queues"
	}
	if u.HasPassword {
		password = "yes"
	}
	return fields(cmd.OutOrStdout(), "Username", u.Username, "Name", u.Name, "Role", string(u.Role),
		"Serves", list(u.Queues), "Supervises", supervises, "Has a password", password, "State", string(u.Presence.State))
}

func newUserRemove() *cobra.Command {
	return &cobra.Command{
		Use:   "remove NAME",
		Short: "Remove a user; its apps are signed out",
		Args:  names(1, 1, "the username"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := newClient(cmd).do(cmd.Context(), http.MethodDelete, "/users/"+segment(args[0]), nil, &struct{}{}); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "User %s is removed.\n", args[0])
			return err
		},
	}
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
	return withJSON(&cobra.Command{
		Use:   "list",
		Short: "List the users",
		Args:  names(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var all []hub.AdminUser
			if err := newClient(cmd).do(cmd.Context(), http.MethodGet, "/users", nil, &all); err != nil {
				return err
			}
			if asJSON(cmd) {
				return printJSON(cmd, all)
			}
			return table(cmd.OutOrStdout(), "USERNAME\tNAME\tROLE\tQUEUES\tSTATE", all, func(u hub.AdminUser) string {
				return strings.Join([]string{u.Username, u.Name, string(u.Role), list(u.Queues), string(u.Presence.State)}, "\t")
			})
		},
	})
}
