package gauge_test

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/gauge"
)

func TestHeapOf(t *testing.T) {
	const output = `level=WARN msg="gc 9 of something"
gc 6 @0.133s 2%: 0.081+5.1+0.003 ms clock, 0.16+0.44/2.5/3.5+0.007 ms cpu, 23->25->19 MB, 27 MB goal, 0 MB stacks, 0 MB globals, 2 P
GC forced
gc 7 @120.262s 0%: 0.46+2.9+0.004 ms clock, 0.92+0/1.0/2.8+0.008 ms cpu, 24->24->21 MB, 41 MB goal, 0 MB stacks, 0 MB globals, 2 P
`
	if n, most, last := gauge.HeapOf(output); n != 2 || most != 25 || last != 21 {
		t.Errorf("%d collections, most %d MB, last %d MB; want 2, 25, 21", n, most, last)
	}
	if n, _, _ := gauge.HeapOf("nothing"); n != 0 {
		t.Errorf("%d collections in none", n)
	}
}

func TestPercentile(t *testing.T) {
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(100-i))
	}
	for p, want := range map[int]time.Duration{0: 1, 1: 1, 50: 50, 95: 95, 100: 100} {
		if got := gauge.Percentile(p, hundred...); got != want {
			t.Errorf("percentile %d of 1 to 100 is %d, want %d", p, got, want)
		}
	}
	if got := gauge.Percentile(95, 7); got != 7 {
		t.Errorf("percentile 95 of one is %d", got)
	}
	if !gauge.Met(95, hundred...) || gauge.Met(94, hundred...) || gauge.Met(94) {
		t.Error("a goal is met by its 95th percentile, and not by nothing")
	}
}
