package web

import "strings"

// kindRows is a list whose entries have several parts, each with a place to type
// it. Its value has a line for each entry, as the hub reads it.
const kindRows = "rows"

// emptyRows are offered behind those that are filled in.
const emptyRows = 2

// column is a part of the entries of such a list.
type column struct {
	Name, Label string
	Choices     []choice // none: it is typed
	Suggest     string   // the id of a list of suggestions
	Wide        bool
}

// table is what a field of this kind is made of.
type table struct {
	Columns []column
	Ordered bool   // the order of the entries matters
	Another string // what the button for one more row says

	split func(line string) (cells []string)
	join  func(cells []string) (line string)
}

// cell is a place to type, as a page shows it.
type cell struct {
	column
	Row   int
	Value string
}

// Rows are the entries, and empty ones for more.
func (f field) Rows() (all [][]cell) {
	entries := append(lines(f.Value), make([]string, emptyRows)...)
	for i, line := range entries {
		values := f.Table.split(line)
		var row []cell
		for j, c := range f.Table.Columns {
			row = append(row, cell{c, i + 1, values[j]})
		}
		all = append(all, row)
	}
	return all
}

// readRows puts together what was typed in the places of a list. A row without
// anything in it is none.
func (f field) readRows(sent map[string][]string) string {
	var entries []string
	for i := 0; ; i++ {
		cells, more, typed := make([]string, len(f.Table.Columns)), false, false
		for j, c := range f.Table.Columns {
			if column := sent[f.Name+"-"+c.Name]; i < len(column) {
				more = true
				cells[j] = strings.Join(strings.Fields(column[i]), " ")
				typed = typed || cells[j] != "" && c.Choices == nil
			}
		}
		if !more {
			return strings.Join(entries, "\n")
		}
		if typed {
			entries = append(entries, f.Table.join(cells))
		}
	}
}
