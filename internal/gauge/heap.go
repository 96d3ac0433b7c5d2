package gauge

import (
	"regexp"
	"strconv"
)

// gctrace has the Go runtime print a line for each collection. That shows the
// heap of the program as it is built for people, without a door into it.
const gctrace = "GODEBUG=gctrace=1"

var collection = regexp.MustCompile(`(?m)^gc \d+ .* \d+->(\d+)->(\d+) MB, `)

// heap is what the collections of a program tell, in MB: the most that one found,
// and what the last one left.
type heap struct{ collections, most, last int }

// heapOf reads what a program printed.
func heapOf(output string) (h heap) {
	for _, m := range collection.FindAllStringSubmatch(output, -1) {
		h.collections++
		// Not a number can't be: the expression takes digits only.
		end, _ := strconv.Atoi(m[1])
		h.most = max(h.most, end)
		h.last, _ = strconv.Atoi(m[2])
	}
	return h
}
