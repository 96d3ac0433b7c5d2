package gauge

import "time"

// HeapOf is what the collections in an output tell.
func HeapOf(output string) (collections, most, last int) {
	h := heapOf(output)
	return h.collections, h.most, h.last
}

// Percentile is that of a sample.
func Percentile(p int, times ...time.Duration) time.Duration {
	return (&sample{times: times}).percentile(p)
}

// Met tells whether those times reach a goal.
func Met(goal time.Duration, times ...time.Duration) bool {
	return (&sample{goal: goal, times: times}).met()
}
