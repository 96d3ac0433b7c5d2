package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/roster"
)

func newUserImport() *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Make or change users from a CSV file",
		Long: "Make or change users from a CSV file with the header " + strings.Join(roster.Header, ",") +
			", and " + roster.More + " after it if you like. Queues are separated by spaces, semicolons or commas. An empty cell takes its default for a new user and leaves " +
			"what a known one has. FILE may be - for standard input.",
		Args: names(1, 1, "a file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			rows, err := readUsers(cmd, args[0])
			if err != nil {
				return err
			}
			return importUsers(cmd, rows)
		},
	}
}

// readUsers reads the whole file before anything is changed.
func readUsers(cmd *cobra.Command, name string) ([]roster.Row, error) {
	var data []byte
	var err error
	if name == "-" {
		data, err = io.ReadAll(cmd.InOrStdin())
	} else {
		data, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, fmt.Errorf("read the users: %w", err)
	}
	rows, err := roster.Parse(data)
	if err != nil {
		return nil, usageError{fmt.Errorf("%s: %w; nothing was changed", name, err)}
	}
	return rows, nil
}

// userOf is what a line asks for.
func userOf(r roster.Row) hub.UserChange {
	return hub.UserChange{Username: r.Username, Password: r.Password, Role: r.Role, Name: r.Name, Queues: r.Queues, Supervises: r.Supervises}
}

// importUsers makes those who are new and changes the others. A file that was
// imported in part can be imported again.
func importUsers(cmd *cobra.Command, rows []roster.Row) error {
	c := newClient(cmd)
	var known []hub.AdminUser
	if err := c.do(cmd.Context(), http.MethodGet, "/users", nil, &known); err != nil {
		return err
	}
	is := map[string]bool{}
	for _, u := range known {
		is[u.Username] = true
	}
	added, changed := 0, 0
	for _, r := range rows {
		method, path, count := http.MethodPost, "/users", &added
		if is[r.Username] {
			method, path, count = http.MethodPatch, "/users/"+segment(r.Username), &changed
		}
		if err := c.do(cmd.Context(), method, path, userOf(r), &hub.AdminUser{}); err != nil {
			return fmt.Errorf("line %d: %w (%d users before it were imported; put it right and import the file again)", r.Line, err, added+changed)
		}
		*count++
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "%d users added, %d changed.\n", added, changed)
	return err
}
