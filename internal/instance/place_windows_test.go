package instance_test

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"
)

var places atomic.Int32

// place returns a name that no other test has: the names of pipes are the machine's.
func place(*testing.T) (name string) {
	return fmt.Sprintf("bell-%d-%d", os.Getpid(), places.Add(1))
}
