package hub

import (
	"time"

	"github.com/deskbell/deskbell/internal/call"
)

// shifts count each agent's calls of today, in the hub's time zone. They are
// derived from the log: after a new start from the last entry of each call, in
// which only those are missing who held an offer when its queue's patience ended.
type shifts struct {
	began   time.Time // today
	byAgent map[string]shift
	changed map[string]bool // by username, since the last look
}

// shift are one agent's calls of today: those it took and did not give back, and
// those that rang for it and were not answered.
type shift struct{ answered, missed int }

// roll begins a new day when it is time.
func (s *shifts) roll(now time.Time) {
	began := dayBegan(now, "")
	if began.Equal(s.began) {
		return
	}
	changed := map[string]bool{}
	for name := range s.byAgent {
		changed[name] = true
	}
	s.began, s.byAgent, s.changed = began, map[string]shift{}, changed
}

// take counts what an entry of the log changes. Known tells that the call was
// answered or had ended before: its entry tells nothing new.
func (s *shifts) take(e call.Event, before, after call.Call, known bool, now time.Time) {
	s.roll(now)
	switch {
	case before.ID == "" && known: // it had ended, and something was noted
	case before.ID == "": // the first that is heard of it: a webhook, or a new start
		for _, p := range after.Passed {
			if p.How == call.KindLapsed {
				s.add(p.Agent, p.At, 0, 1)
			}
		}
		if after.Agent != "" {
			s.add(after.Agent, after.Accepted, 1, 0)
		}
	case e.Kind == call.KindAccepted && before.Agent == "":
		s.add(after.Agent, after.Accepted, 1, 0)
	case e.Kind == call.KindReturned:
		s.add(before.Agent, before.Accepted, -1, 0)
	case e.Kind == call.KindLapsed, e.Kind == call.KindMissed:
		for _, name := range lost(before, after) {
			if p := before.PassedBy(name); p.How != call.KindLapsed || p.At.Before(s.began) {
				s.add(name, e.At, 0, 1) // each call once
			}
		}
	}
}

func (s *shifts) add(username string, at time.Time, answered, missed int) {
	if at.Before(s.began) {
		return
	}
	n := s.byAgent[username]
	n.answered += answered
	n.missed += missed
	s.byAgent[username] = n
	s.changed[username] = true
}
