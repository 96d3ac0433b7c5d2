package hub_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/wire"
)

// TestPressesThatCameToNothing push out neither what was pressed before nor what is
// under way.
func TestPressesThatCameToNothing(t *testing.T) {
	fails := errors.New("there is no Vidaoo")
	for name, once := range map[string]func(p hub.Presses, key string) (kept int){
		"refused": func(p hub.Presses, key string) int {
			_, kept, _ := p.Once(key, errors.New("too often"), nil)
			return kept
		},
		"failed": func(p hub.Presses, key string) int {
			_, kept, _ := p.Once(key, nil, func() (wire.Pressed, error) { return wire.Pressed{}, fails })
			return kept
		},
		"closed": func(p hub.Presses, key string) int {
			_, kept, _ := p.Once(key, nil, func() (wire.Pressed, error) { return wire.Pressed{Closed: true}, nil })
			return kept
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := hub.NewPresses()
			times := map[string]int{}
			press := func(key string, gate <-chan struct{}) {
				p.Once(key, nil, func() (wire.Pressed, error) {
					times[key]++
					<-gate
					return wire.Pressed{Ticket: key}, nil
				})
			}
			open, gate := make(chan struct{}), make(chan struct{})
			close(open)
			press("done", open)
			begun := make(chan struct{})
			var underway sync.WaitGroup
			underway.Go(func() {
				p.Once("under way", nil, func() (wire.Pressed, error) {
					close(begun)
					<-gate
					return wire.Pressed{Ticket: "the first"}, nil
				})
			})
			<-begun
			for i := range hub.MaxKeys + 1 {
				if kept := once(p, fmt.Sprint("nothing ", i)); kept > 2 {
					t.Fatalf("%d presses that came to nothing, and %d are kept", i+1, kept)
				}
			}
			close(gate)
			underway.Wait()
			for _, key := range []string{"done", "under way"} {
				press(key, open)
			}
			if times["done"] != 1 || times["under way"] != 0 {
				t.Errorf("they were done anew: %v", times)
			}
		})
	}
}

// TestPressesAreBounded: the oldest goes, and may be pressed anew.
func TestPressesAreBounded(t *testing.T) {
	p := hub.NewPresses()
	times := 0
	for i := range hub.MaxKeys + 10 {
		if _, kept, err := p.Once(fmt.Sprint("press ", i), nil, func() (wire.Pressed, error) { times++; return wire.Pressed{}, nil }); err != nil || kept > hub.MaxKeys {
			t.Fatalf("press %d: %v, %d are kept", i, err, kept)
		}
	}
	for _, i := range []int{hub.MaxKeys + 9, 10, 0} { // remembered, remembered, forgotten
		p.Once(fmt.Sprint("press ", i), nil, func() (wire.Pressed, error) { times++; return wire.Pressed{}, nil })
	}
	if times != hub.MaxKeys+11 {
		t.Errorf("%d were done", times)
	}
}
