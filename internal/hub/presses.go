package hub

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/wire"
)

const (
	// From one address come pressBurst presses and notes at once, then one every
	// pressPause: a shop's customers may share an address.
	pressBurst = 10
	pressPause = 6 * time.Second
	// Of one queue they are queueBurst, then one every queuePause, wherever they
	// come from: each asks Vidaoo for a meeting.
	queueBurst = 60
	queuePause = time.Second

	maxPressers  = 10_000 // addresses remembered
	maxKeys      = 10_000 // presses remembered
	settleFor    = time.Second
	pressTimeout = 20 * time.Second
)

// presses are what customers have pressed lately: a key is one press, however
// often it comes.
type presses struct {
	mu    sync.Mutex
	keys  map[string]*pressed // by queue and key: what was done, and what is being done
	order []string            // of the keys of what was done, the oldest first
	paces map[string]*pace    // by address, and by queue
	// making are presses under way, by queue.
	making map[string]map[*pressed]bool
}

// pressed is one press, and what came of it once it is done.
type pressed struct {
	done   chan struct{}
	answer wire.Pressed
	err    error
}

func newPresses() *presses {
	return &presses{keys: map[string]*pressed{}, paces: map[string]*pace{}, making: map[string]map[*pressed]bool{}}
}

// once does a press unless it was done, or is being done, under this key. One
// that failed may be tried again.
func (p *presses) once(ctx context.Context, queue, key string, may func() error, do func() (wire.Pressed, error)) (wire.Pressed, error) {
	name := queue + "\x00" + key
	p.mu.Lock()
	if one, known := p.keys[name]; known {
		p.mu.Unlock()
		select {
		case <-one.done:
			return one.answer, one.err
		case <-ctx.Done():
			return wire.Pressed{}, ctx.Err()
		}
	}
	one := &pressed{done: make(chan struct{})}
	p.keys[name] = one
	if p.making[queue] == nil {
		p.making[queue] = map[*pressed]bool{}
	}
	p.making[queue][one] = true
	p.mu.Unlock()

	if one.err = may(); one.err == nil {
		one.answer, one.err = do()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if one.err != nil || one.answer.Closed { // it may be open a moment later
		delete(p.keys, name)
	} else {
		p.keep(name)
	}
	if delete(p.making[queue], one); len(p.making[queue]) == 0 {
		delete(p.making, queue)
	}
	close(one.done)
	return one.answer, one.err
}

// keep remembers a press that was done; the oldest goes when there are too many.
// What was refused takes no place, and what is being done needs none: any number of
// presses that come to nothing push none out.
func (p *presses) keep(name string) {
	if len(p.order) >= maxKeys {
		delete(p.keys, p.order[0])
		p.order = p.order[1:]
	}
	p.order = append(p.order, name)
}

// allow tells whether one more may come from an address to a queue.
func (p *presses) allow(from netip.Addr, queue string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.paces) >= maxPressers {
		clear(p.paces)
	}
	return p.pace("from "+network(from), pressBurst, pressPause).allow(now) && p.pace("to "+queue, queueBurst, queuePause).allow(now)
}

func (p *presses) pace(name string, burst int, pause time.Duration) *pace {
	if p.paces[name] == nil {
		p.paces[name] = &pace{burst: burst, pause: pause}
	}
	return p.paces[name]
}

// network is what one customer has of addresses: of IPv6 a whole /64.
func network(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// settle has a webhook wait a moment for presses of its queue that are under way:
// Vidaoo tells of a meeting before it has answered who asked for it, and the call
// is to have what the customer wrote.
func (p *presses) settle(ctx context.Context, queue string) {
	p.mu.Lock()
	var making []*pressed
	for one := range p.making[queue] {
		making = append(making, one)
	}
	p.mu.Unlock()
	if len(making) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, settleFor)
	defer cancel()
	for _, one := range making {
		select {
		case <-one.done:
		case <-ctx.Done():
			return
		}
	}
}
