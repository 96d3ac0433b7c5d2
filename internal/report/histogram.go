package report

import (
	"math"
	"math/bits"
	"time"
)

const (
	// fineBits says how fine a histogram is: 64 steps between a time and its
	// double. A quantile differs from the exact one by at most 1/128, under 0.8 %,
	// and below 128 ms not at all.
	fineBits = 6
	maxBits  = 36 // milliseconds: over two years
	steps    = (maxBits - fineBits + 1) << fineBits
)

// histogram counts durations in 1,984 steps, whatever their number.
type histogram struct {
	counts  [steps]uint32
	n       int64
	sum     int64 // rounded seconds
	longest time.Duration
}

func (h *histogram) add(d time.Duration) {
	h.counts[step(d.Milliseconds())]++
	h.n++
	h.sum += seconds(d)
	h.longest = max(h.longest, d)
}

// step is where a number of milliseconds is counted.
func step(ms int64) int {
	v := uint64(min(max(ms, 0), 1<<maxBits-1))
	e := max(0, bits.Len64(v)-fineBits-1)
	return e<<fineBits + int(v>>e)
}

// middle is the time that a step stands for.
func middle(step int) time.Duration {
	e := max(0, step>>fineBits-1)
	lowest := int64(step-e<<fineBits) << e
	return time.Duration(lowest+int64(1)<<e/2) * time.Millisecond
}

// quantile is the time that a share of the durations do not exceed.
func (h *histogram) quantile(q float64) time.Duration {
	rank := max(1, int64(math.Ceil(q*float64(h.n))))
	for i, n := range h.counts {
		if rank -= int64(n); rank <= 0 {
			return min(middle(i), h.longest)
		}
	}
	return h.longest
}
