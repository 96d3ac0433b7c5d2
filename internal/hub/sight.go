package hub

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// sight is what somebody may see of calls and agents. It is made once for each
// app and asked for each frame.
type sight struct {
	user    string
	watches bool            // sees others' calls and agents
	limited bool            // only those of some queues
	queues  map[string]bool // those
	serves  []string        // queues that the user serves itself
	// group is the same for all who may see the same: what they are told is made
	// and encoded once.
	group string
}

func (by caller) sight() sight {
	if by.local {
		return sight{watches: true}
	}
	return sightOf(by.User)
}

func sightOf(u User) sight {
	s := sight{user: u.Username, watches: u.Role.Supervises() || u.Role == roleWallboard, serves: u.Queues}
	if u.Role != call.RoleAdmin && s.watches && len(u.Supervises) > 0 {
		s.limited, s.queues = true, map[string]bool{}
		for _, q := range u.Supervises {
			s.queues[q] = true
		}
		s.group = strings.Join(slices.Sorted(maps.Keys(s.queues)), " ") // no queue's name has a space
	}
	return s
}

// supervises tells whether the queue is one of those that are watched.
func (s sight) supervises(queue string) bool { return s.watches && (!s.limited || s.queues[queue]) }

// queue tells whether the user may know of a queue.
func (s sight) queue(name string) bool {
	return s.supervises(name) || slices.Contains(s.serves, name)
}

// call tells whether the user may know of a call: it is its own, or rings for
// it, or is of a queue that it supervises.
func (s sight) call(c call.Call) bool {
	_, rings := c.OfferTo(s.user)
	return s.supervises(c.Queue) || rings || c.Agent == s.user
}

// agent tells whether the user may know of an agent: it is itself, or serves a
// queue that it supervises.
func (s sight) agent(u User) bool { return u.Username == s.user || s.watchesAgent(u) }

// watchesAgent is agent but for the user itself: the same for the whole group.
func (s sight) watchesAgent(u User) bool {
	return s.watches && (!s.limited || slices.ContainsFunc(u.Queues, s.supervises))
}

// What is not in sight is answered as what is not there.
var (
	noCallInSight  = notFound("There is no such call in the queues that you supervise.")
	noAgentInSight = notFound("There is no such agent in the queues that you supervise.")
)

// inSight tells why a supervisor who is limited may not do something to a call
// or an agent. Others are not limited by queues.
func (h *Hub) inSight(ctx context.Context, s sight, r wire.Request) error {
	if r.Agent != "" {
		u, ok := h.directory.User(r.Agent)
		switch {
		case s.limited && (!ok || !s.agent(u)):
			return noAgentInSight
		case !ok:
			return noUser(r.Agent)
		}
	}
	if !s.limited || r.Call == "" {
		return nil
	}
	e, err := h.find(ctx, r.Call)
	switch {
	case call.CodeOf(err) == call.NotFound:
		return noCallInSight
	case err != nil:
		return err
	case !s.call(e.Call) && e.Call.PassedBy(s.user).Agent == "": // who gave it back may say so again
		return noCallInSight
	}
	return nil
}
