package agent

import (
	"context"
	"time"
)

const (
	sleepCheck = 5 * time.Second
	// sleepAtLeast is longer than a busy computer is late, and shorter than what a
	// connection survives.
	sleepAtLeast = 15 * time.Second
)

// sleepWatch finds out that the computer was asleep: the clock on the wall went
// on and the one that counts running time stood still. Without it a laptop that
// wakes would wait for the hub on a connection that the hub has long given up.
type sleepWatch struct {
	every time.Duration
	wall  func() time.Time // without a reading of the running time
}

func newSleepWatch() sleepWatch {
	return sleepWatch{every: sleepCheck, wall: func() time.Time { return time.Now().Round(0) }}
}

// run calls woke each time the computer has slept, until the context ends. A
// clock that is set forward looks the same, and costs a connection.
func (w sleepWatch) run(ctx context.Context, woke func()) {
	tick := time.NewTicker(w.every)
	defer tick.Stop()
	ran, passed := time.Now(), w.wall()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, wall := time.Now(), w.wall()
		if wall.Sub(passed)-now.Sub(ran) >= sleepAtLeast {
			woke()
		}
		ran, passed = now, wall
	}
}

// wake gives up the connection of before the sleep and has the next one tried at
// once.
func (s *Session) wake() {
	s.o.Logger.Info("the computer was asleep")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.again(errSlept)
}
