package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// bom tells a spreadsheet that the text is UTF-8.
const bom = "\ufeff"

// sheet writes CSV cell by cell. Only [sheet.text] takes what people wrote.
type sheet struct {
	csv   *csv.Writer
	cells []string
	zone  *time.Location
	buf   []byte
}

func newSheet(w io.Writer, withBOM bool, zone *time.Location, heading []string) (*sheet, error) {
	if withBOM {
		if _, err := io.WriteString(w, bom); err != nil {
			return nil, err
		}
	}
	s := &sheet{csv: csv.NewWriter(w), zone: zone}
	return s, s.csv.Write(heading)
}

// text is a cell with what somebody wrote.
func (s *sheet) text(t string) { s.cells = append(s.cells, plain(t)) }

// word is a cell with a word of ours.
func (s *sheet) word(w string) { s.cells = append(s.cells, w) }

func (s *sheet) yes(b bool) {
	if b {
		s.word("yes")
	} else {
		s.word("no")
	}
}

func (s *sheet) count(n int64) { s.word(strconv.FormatInt(n, 10)) }

// share is a part of a whole in percent; an empty cell if there is no whole.
func (s *sheet) share(part, whole int64) {
	if p, ok := percent(part, whole); ok {
		s.word(strconv.FormatFloat(p, 'f', 2, 64))
	} else {
		s.word("")
	}
}

// time is a cell with a time on the clocks of the sheet's zone; empty for none.
func (s *sheet) time(t time.Time) { s.format(t, time.DateTime) }

// offset is a cell with the zone's distance from UTC at a time.
func (s *sheet) offset(t time.Time) { s.format(t, "Z07:00") }

func (s *sheet) format(t time.Time, layout string) {
	if t.IsZero() {
		s.word("")
		return
	}
	s.buf = t.In(s.zone).AppendFormat(s.buf[:0], layout)
	s.word(string(s.buf))
}

// span is a cell with a duration in seconds.
func (s *sheet) span(seconds int64) { s.word(hms(seconds)) }

// mean is a cell with a mean of durations; empty if there are none.
func (s *sheet) mean(sum, n int64) {
	if n == 0 {
		s.word("")
		return
	}
	s.span((sum + n/2) / n)
}

// end ends the row.
func (s *sheet) end() error {
	err := s.csv.Write(s.cells)
	s.cells = s.cells[:0]
	return err
}

func (s *sheet) flush() error {
	s.csv.Flush()
	return s.csv.Error()
}

// hms writes seconds as HH:MM:SS; the hours may have more digits.
func hms(seconds int64) string {
	return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

// percent is a part of a whole, with two decimals.
func percent(part, whole int64) (float64, bool) {
	if whole == 0 {
		return 0, false
	}
	return float64((part*10_000+whole/2)/whole) / 100, true
}

// plain takes its power from a text that a spreadsheet would take for a formula:
// an apostrophe has it shown as it is. A program may split the line at other
// marks than commas, or ignore what stands before: so each place counts where a
// cell could begin.
func plain(text string) string {
	if !strings.ContainsAny(text, "=+-@\t\r\n＝＋－＠") {
		return text
	}
	var out strings.Builder
	begins, gap := true, 0 // at a cell's beginning; out's length there
	for _, r := range text {
		if begins && strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) {
			head := out.String()
			out.Reset()
			out.WriteString(head[:gap] + "'" + head[gap:])
			begins = false
		}
		out.WriteRune(r)
		switch {
		case strings.ContainsRune(",;|\t\r\n", r):
			begins, gap = true, out.Len()
		case r != ' ' && r != '"' && r != '\u00a0':
			begins = false
		}
	}
	return out.String()
}
