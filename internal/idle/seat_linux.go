package idle

import "github.com/godbus/dbus/v5"

// maxRest is how many rounds a witness that keeps silent is not asked.
const maxRest = 15

// seat is a witness on one connection.
type seat struct {
	witness
	said statement

	located bool          // it is known who has the service's name
	owner   string        // who has it; empty if nobody
	ownerAt dbus.Sequence // the message that told so
	lockAt  dbus.Sequence // the message that told of the lock

	asking bool // a question is open
	again  bool // ask once more after it
	rest   int  // rounds for which it is left alone
	pause  int  // the rest after the next silence
}

// findings are what comes of asking a witness.
type findings struct {
	seat    *seat
	owner   string // who was asked, empty for nobody
	ownerAt dbus.Sequence
	located bool // the bus told who has the name
	answer  answer
	busLost bool // the bus itself does not answer
}

// inquire asks a witness; owner is who has its name, if that is known.
func inquire(q inquiry, s *seat, owner string) findings {
	f := findings{seat: s, owner: owner}
	if owner == "" {
		var r reply
		f.owner, r = q.ownerOf(s.service())
		f.ownerAt, f.located, f.busLost = r.at, !r.silent(), r.silent()
	}
	if f.owner == "" {
		return f
	}
	q.owner = f.owner
	f.answer = s.ask(q)
	if f.answer.silent {
		// Whatever is sent to a bus that does not read fills the socket, and a
		// connection with a full socket can't even be closed.
		f.busLost = !q.busAnswers()
	}
	return f
}

// locate takes who has the service's name, unless something newer is known.
func (s *seat) locate(owner string, at dbus.Sequence) {
	if s.located && at <= s.ownerAt {
		return
	}
	if owner != s.owner {
		s.said, s.lockAt = statement{}, 0
		s.rest, s.pause = 0, 0
	}
	s.located, s.owner, s.ownerAt = true, owner, at
}

// take takes what the owner of the name answered.
func (s *seat) take(a answer) {
	if a.silent {
		s.said.idle, s.said.idles = 0, false // but the lock stays as it was
		s.rest, s.pause = s.pause, min(2*s.pause+1, maxRest)
		return
	}
	s.rest, s.pause = 0, 0
	lock := s.said.lock
	if a.lockAt > s.lockAt {
		lock, s.lockAt = a.lock, a.lockAt
	}
	s.said = a.statement
	s.said.lock = lock
}

// tellLock takes what a signal of the owner says of the lock.
func (s *seat) tellLock(lock State, at dbus.Sequence) {
	if at > s.lockAt {
		s.said.lock, s.lockAt = lock, at
	}
}

// isDue tells whether the witness is to be asked in this round.
func (s *seat) isDue() bool {
	if s.located && s.owner == "" {
		return false // its arrival is announced
	}
	if s.rest > 0 {
		s.rest--
		return false
	}
	return true
}
