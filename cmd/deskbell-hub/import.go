package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/hub"
)

// importHeader is the first line of a file of users; a last column may follow.
var importHeader = []string{"username", "role", "name", "queues", "password"}

const importMore = "supervises"

// row is one user of a file.
type row struct {
	line int
	user hub.UserChange
}

func newUserImport() *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Make or change users from a CSV file",
		Long: "Make or change users from a CSV file with the header " + strings.Join(importHeader, ",") +
			", and " + importMore + " after it if you like. Queues are separated by spaces, semicolons or commas. An empty cell takes its default for a new user and leaves " +
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
func readUsers(cmd *cobra.Command, name string) ([]row, error) {
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
	rows, err := parseUsers(data)
	if err != nil {
		return nil, usageError{fmt.Errorf("%s: %w; nothing was changed", name, err)}
	}
	return rows, nil
}

// parseUsers reads a file of users.
func parseUsers(data []byte) (rows []row, err error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))) // Excel's mark
	r.TrimLeadingSpace = true
	header, err := r.Read()
	if err != nil || !slices.Equal(header, importHeader) && !slices.Equal(header, append(slices.Clip(importHeader), importMore)) {
		return nil, fmt.Errorf("the first line has to be %s", strings.Join(importHeader, ","))
	}
	seen := map[string]int{}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		line, _ := r.FieldPos(0)
		var wrong *csv.ParseError
		switch {
		case errors.As(err, &wrong):
			return nil, fmt.Errorf("line %d: %w; write %d cells, those with a comma or quote within double quotes", wrong.Line, wrong.Err, len(header))
		case err != nil:
			return nil, err
		case cells[0] == "":
			return nil, fmt.Errorf("line %d has no username", line)
		case seen[cells[0]] != 0:
			return nil, fmt.Errorf("line %d: the user %s stands in line %d already", line, cells[0], seen[cells[0]])
		}
		seen[cells[0]] = line
		rows = append(rows, row{line, userOf(cells)})
	}
}

// userOf takes what the cells of a line ask for.
func userOf(cells []string) hub.UserChange {
	u := hub.UserChange{Username: cells[0], Password: cells[4]}
	if cells[1] != "" {
		u.Role = &cells[1]
	}
	if cells[2] != "" {
		u.Name = &cells[2]
	}
	u.Queues = queuesIn(cells[3])
	if len(cells) > len(importHeader) {
		u.Supervises = queuesIn(cells[5])
	}
	return u
}

// queuesIn are the queues of a cell; nil for an empty one.
func queuesIn(cell string) *[]string {
	queues := strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune(" ;,", c) })
	if len(queues) == 0 {
		return nil
	}
	return &queues
}

// importUsers makes those who are new and changes the others. A file that was
// imported in part can be imported again.
func importUsers(cmd *cobra.Command, rows []row) error {
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
		if is[r.user.Username] {
			method, path, count = http.MethodPatch, "/users/"+segment(r.user.Username), &changed
		}
		if err := c.do(cmd.Context(), method, path, r.user, &hub.AdminUser{}); err != nil {
			return fmt.Errorf("line %d: %w (%d users before it were imported; put it right and import the file again)", r.line, err, added+changed)
		}
		*count++
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "%d users added, %d changed.\n", added, changed)
	return err
}
