package gauge

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// sample is one thing that was timed again and again.
type sample struct {
	name  string
	goal  time.Duration // for the 95th percentile; 0 for none
	times []time.Duration
}

func (s *sample) add(d time.Duration) { s.times = append(s.times, d) }

// percentile is the least time within which p percent of all were.
func (s *sample) percentile(p int) time.Duration {
	if len(s.times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s.times))
	return sorted[max((len(sorted)*p+99)/100, 1)-1]
}

// met tells whether the goal is reached, if there is one.
func (s *sample) met() bool {
	return s.goal == 0 || len(s.times) > 0 && s.percentile(95) <= s.goal
}

// row is what a table tells.
func (s *sample) row() string {
	words := fmt.Sprintf("%-46s %5d %8s %8s %8s %8s", s.name, len(s.times),
		millis(s.percentile(0)), millis(s.percentile(50)), millis(s.percentile(95)), millis(s.percentile(100)))
	if s.goal == 0 {
		return words
	}
	return words + fmt.Sprintf("   p95 at most %s: %s", millis(s.goal), verdict(s.met()))
}

// table prints samples, and returns an error that names those whose goal was
// missed.
func table(out io.Writer, samples ...*sample) error {
	fmt.Fprintf(out, "%-46s %5s %8s %8s %8s %8s   goal\n", "milliseconds", "times", "min", "p50", "p95", "max")
	var missed []string
	for _, s := range samples {
		if len(s.times) == 0 {
			continue // it was not asked for
		}
		fmt.Fprintln(out, s.row())
		if !s.met() {
			missed = append(missed, s.name)
		}
	}
	if missed != nil {
		return fmt.Errorf("slower than the goal: %q", missed)
	}
	return nil
}

func millis(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)) }

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "MISSED"
}
