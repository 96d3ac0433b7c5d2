package hub

import "sync"

// readers counts the connections that are read, and refuses new ones once the
// hub closes.
type readers struct {
	mu     sync.Mutex
	closed bool
	group  sync.WaitGroup
}

func (r *readers) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.group.Add(1)
	return true
}

func (r *readers) end() { r.group.Done() }

func (r *readers) refuse() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
}

func (r *readers) refusing() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}

func (r *readers) wait() { r.group.Wait() }
