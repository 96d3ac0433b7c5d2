package notify

import (
	"slices"
	"sync"
)

const (
	maxCalls   = 64 // calls a surface holds at once
	maxNotices = 16 // notices that wait for the surface
)

// mailbox stands between the methods of a surface, which return at once, and
// its goroutine, which may be slow. It holds one row per call with the latest
// wish for it, so its size is bounded by the calls that ring, and a dismissal
// always finds room.
type mailbox struct {
	wake chan struct{} // holds a token while there is something to take

	mu      sync.Mutex
	rows    map[string]*row
	order   []string // ids of rows with something to take, oldest first
	notices []notice
	refused []string // ids of calls that found the mailbox full
	dropped uint64   // notices that found it full, since the last take
}

// row is what is known and wished of one call.
type row struct {
	ringing bool  // presented and not dismissed since
	taken   bool  // the goroutine has heard of the call
	queued  bool  // its id is in order
	ending  *Why  // dismiss it first,
	call    *Call // then show it like this
}

// wish is one row as the goroutine takes it.
type wish struct {
	id     string
	ending *Why  // dismiss it first, if not nil,
	call   *Call // then show it like this, if not nil
}

// notice is a plain message.
type notice struct{ title, text string }

// post is all that was in the mailbox.
type post struct {
	wishes  []wish
	notices []notice
	refused []string
	dropped uint64
}

func newMailbox() *mailbox {
	return &mailbox{wake: make(chan struct{}, 1), rows: make(map[string]*row)}
}

func (m *mailbox) present(c Call) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.rows[c.ID]
	if r == nil {
		if len(m.rows) >= maxCalls {
			m.refuse(c.ID)
			return
		}
		r = new(row)
		m.rows[c.ID] = r
	}
	r.ringing, r.call = true, &c
	m.queue(c.ID, r)
}

func (m *mailbox) update(c Call) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.rows[c.ID]; r != nil && r.ringing {
		r.call = &c
		m.queue(c.ID, r)
	}
}

func (m *mailbox) dismiss(id string, why Why) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.rows[id]
	if r == nil || !r.ringing {
		return
	}
	if !r.taken {
		// It never reached the screen: nothing to take back.
		delete(m.rows, id)
		m.order = slices.DeleteFunc(m.order, func(o string) bool { return o == id })
		return
	}
	r.ringing, r.ending, r.call = false, &why, nil
	m.queue(id, r)
}

func (m *mailbox) notice(title, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.notices) >= maxNotices {
		m.notices = m.notices[1:]
		m.dropped++
	}
	m.notices = append(m.notices, notice{title, text})
	m.signal()
}

// take empties the mailbox in the order in which calls entered it.
func (m *mailbox) take() post {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := post{notices: m.notices, refused: m.refused, dropped: m.dropped}
	m.notices, m.refused, m.dropped = nil, nil, 0
	for _, id := range m.order {
		r := m.rows[id]
		p.wishes = append(p.wishes, wish{id, r.ending, r.call})
		if !r.ringing {
			delete(m.rows, id)
			continue
		}
		r.taken, r.queued, r.ending, r.call = true, false, nil, nil
	}
	m.order = m.order[:0]
	return p
}

func (m *mailbox) queue(id string, r *row) {
	if !r.queued {
		r.queued = true
		m.order = append(m.order, id)
	}
	m.signal()
}

// refuse keeps the latest ids only: one is enough to tell the agent.
func (m *mailbox) refuse(id string) {
	if len(m.refused) >= maxCalls {
		m.refused = m.refused[1:]
	}
	m.refused = append(m.refused, id)
	m.signal()
}

func (m *mailbox) signal() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}
