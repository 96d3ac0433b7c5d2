package report_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/deskbell/deskbell/internal/report"
)

// TestFormulas: no cell with what somebody wrote is a formula for a spreadsheet,
// and nothing else is changed.
func TestFormulas(t *testing.T) {
	emoji := strings.Repeat("👋🏽", 1280) // 10 kB
	for _, tc := range []struct{ written, cell string }{
		{"Anna", "Anna"},
		{"", ""},
		{"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
		{"+1", "'+1"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t'=1"},
		{"\tAnna", "'\tAnna"},
		{"\rAnna", "'\rAnna"},
		{"\nAnna", "'\nAnna"},
		{"＝1", "'＝1"},
		{"＋1", "'＋1"},
		{"－1", "'－1"},
		{"＠SUM", "'＠SUM"},
		{" =1", "' =1"},
		{`"=1"`, `'"=1"`},
		{"sold;=1+1", "sold;'=1+1"},
		{"sold; =1+1", "sold;' =1+1"},
		{"sold,=1+1", "sold,'=1+1"},
		{"sold\n=1+1", "sold\n'=1+1"},
		{"a=b", "a=b"},
		{"a-b", "a-b"},
		{"anna@example.com", "anna@example.com"},
		{"not now; later", "not now; later"},
		{`say "no"`, `say "no"`},
		{emoji, emoji},
		{"=" + emoji, "'=" + emoji},
	} {
		r := day[0]
		r.Disposition = tc.written
		h := house
		h.Name = func(string) string { return tc.written }
		rows, err := csv.NewReader(strings.NewReader(write(t, query(report.Calls, report.CSV), h, r))).ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", tc.written, err)
		}
		if got := rows[1][16]; got != tc.cell {
			t.Errorf("%q is the cell %q, want %q", tc.written, got, tc.cell)
		}
		if got := rows[1][12]; got != tc.cell {
			t.Errorf("as a name %q is the cell %q, want %q", tc.written, got, tc.cell)
		}
		rows, err = csv.NewReader(strings.NewReader(write(t, query(report.Agents, report.CSV), h, r))).ReadAll()
		if err != nil || tc.cell != "" && rows[1][0] != tc.cell+" (anna)" {
			t.Errorf("%q: the agents report has %q, %v", tc.written, rows, err)
		}
		var lines []struct{ Disposition string }
		if err := json.Unmarshal([]byte(write(t, query(report.Calls, report.JSON), h, r)), &lines); err != nil || lines[0].Disposition != tc.written {
			t.Errorf("JSON has %+v, %v: it has to be to the letter", lines, err)
		}
	}
}

// TestNoFormulaAnywhere draws any text and reads the line as programs do that
// split it at commas, semicolons or tabs.
func TestNoFormulaAnywhere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := day[0]
		r.Disposition = rapid.StringOf(rapid.OneOf(rapid.SampledFrom([]rune("=+-@\t\r\n;,|\" '＝＋－＠a1")), rapid.Rune())).Draw(rt, "disposition")
		out := write(t, query(report.Calls, report.CSV), house, r)
		for _, comma := range []rune{',', ';', '\t'} {
			reader := csv.NewReader(strings.NewReader(out))
			reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord = comma, true, -1
			rows, err := reader.ReadAll()
			if err != nil {
				continue // not readable so
			}
			for _, row := range rows {
				for _, cell := range row {
					if bare := strings.TrimLeft(cell, " \""); bare != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(bare)[0]) && !isOffset(bare) {
						rt.Fatalf("split at %q, %q is a formula in %q", comma, cell, out)
					}
				}
			}
		}
	})
}

// isOffset tells whether a cell is our own "+01:00".
func isOffset(cell string) bool { return strings.HasPrefix(cell, "+01:00") }

func TestBOM(t *testing.T) {
	for _, name := range report.Names {
		q := query(name, report.CSV)
		plain := write(t, q, house, day...)
		q.BOM = true
		if marked := write(t, q, house, day...); marked != "\ufeff"+plain {
			t.Errorf("%s: %q", name, marked)
		}
	}
}
