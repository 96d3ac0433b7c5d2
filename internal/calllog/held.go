package calllog

import "time"

const (
	// notedWithin is how long after a call's end its agent may say how it went,
	// so that the history still tells it. What comes later makes no second call.
	notedWithin = time.Hour
	// maxHeld bounds the rows that are held back for it.
	maxHeld = 5000
)

// held holds rows back for as long as a later row may say more of the same
// call: the history gives each call once, and reads in constant memory.
type held struct {
	give  func(Row) error
	rows  []Row          // a ring, in the order in which they came
	first int            // of the oldest in the ring
	count int            // of rows in it
	place map[string]int // call → place in the ring
	given time.Time      // the latest end among the rows that were given
}

func newHeld(give func(Row) error) *held {
	return &held{give: give, place: map[string]int{}}
}

// take takes the next row of the history; one that is not wanted only tells the
// time.
func (h *held) take(r Row, wanted bool) error {
	now := r.Ended
	if r.Noted.After(now) {
		now = r.Noted
	}
	for h.any() && (h.count == maxHeld || now.Sub(h.rows[h.first].Ended) > notedWithin) {
		if err := h.giveFirst(); err != nil {
			return err
		}
	}
	at, known := h.place[r.Call]
	switch {
	case !wanted:
	case known:
		h.rows[at] = r
	case r.Noted.IsZero() || r.Ended.After(h.given): // else it was given without what was noted
		h.put(r)
	}
	return nil
}

func (h *held) any() bool { return h.count > 0 }

func (h *held) put(r Row) {
	if h.rows == nil {
		h.rows = make([]Row, maxHeld)
	}
	at := (h.first + h.count) % maxHeld
	h.rows[at], h.place[r.Call] = r, at
	h.count++
}

func (h *held) giveFirst() error {
	r := h.rows[h.first]
	delete(h.place, r.Call)
	h.rows[h.first] = Row{}
	h.first = (h.first + 1) % maxHeld
	h.count--
	if r.Ended.After(h.given) {
		h.given = r.Ended
	}
	return h.give(r)
}

// giveAll gives what is left.
func (h *held) giveAll() error {
	for h.any() {
		if err := h.giveFirst(); err != nil {
			return err
		}
	}
	return nil
}
