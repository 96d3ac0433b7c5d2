// Package roster reads a file of users: CSV with the header
// username,role,name,queues,password, and supervises after it if somebody likes.
package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/lang"
)

// Header is the first line of a file; More may follow it.
var Header = []string{"username", "role", "name", "queues", "password"}

// More is a last column that a file may have.
const More = "supervises"

// Row is one user of a file. What is nil is an empty cell: it takes its default
// for a new user, and stays for a known one.
type Row struct {
	Line       int
	Username   string
	Password   string
	Role, Name *string
	Queues     *[]string
	Supervises *[]string
}

// Parse reads a whole file before anything is changed. Its errors are sentences
// in the reader's language.
func Parse(data []byte) (rows []Row, err error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))) // Excel's mark
	r.TrimLeadingSpace = true
	header, err := r.Read()
	if err != nil || !slices.Equal(header, Header) && !slices.Equal(header, append(slices.Clip(Header), More)) {
		return nil, lang.Errorf("the first line has to be %s", strings.Join(Header, ","))
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
			return nil, lang.Errorf("line %d: %s; write %d cells, those with a comma or quote within double quotes", wrong.Line, wrong.Err.Error(), len(header))
		case err != nil:
			return nil, err
		case cells[0] == "":
			return nil, lang.Errorf("line %d has no username", line)
		case seen[cells[0]] != 0:
			return nil, lang.Errorf("line %d: the user %s stands in line %d already", line, cells[0], seen[cells[0]])
		}
		seen[cells[0]] = line
		rows = append(rows, rowOf(line, cells))
	}
}

// rowOf takes what the cells of a line ask for.
func rowOf(line int, cells []string) Row {
	u := Row{Line: line, Username: cells[0], Password: cells[4]}
	if cells[1] != "" {
		u.Role = &cells[1]
	}
	if cells[2] != "" {
		u.Name = &cells[2]
	}
	u.Queues = queuesIn(cells[3])
	if len(cells) > len(Header) {
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
