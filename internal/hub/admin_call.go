package hub

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/trail"
	"github.com/deskbell/deskbell/internal/wire"
)

// AdminCall is a call with its trail, and the trail in words.
type AdminCall struct {
	wire.Call
	Trail    []call.Event   `json:"trail"`
	Receipts []call.Receipt `json:"receipts"`
	Told     trail.Told     `json:"told"`
	// Deliveries are what of the call went to others, or is to go.
	Deliveries []AdminDelivery `json:"deliveries"`
}

func (h *Hub) adminListCalls(r *http.Request, _ caller) (int, any, error) {
	all := []wire.Call{}
	if !r.URL.Query().Has("all") {
		for _, c := range h.OpenCalls() {
			all = append(all, wire.FromCall(c))
		}
		return http.StatusOK, all, nil
	}
	entries, err := h.calls.Calls(r.Context())
	for _, e := range entries {
		all = append(all, wire.FromCall(e.Call))
	}
	slices.SortFunc(all, func(a, b wire.Call) int { return a.Received.Compare(b.Received.Time) })
	return http.StatusOK, all, err
}

func (h *Hub) adminShowCall(r *http.Request, _ caller) (int, any, error) {
	shown, err := h.showTrail(r.Context(), r.PathValue("id"))
	return http.StatusOK, shown, err
}

// showTrail reads everything that is known of a call.
func (h *Hub) showTrail(ctx context.Context, id string) (AdminCall, error) {
	story, err := h.story(ctx, id)
	if err != nil {
		return AdminCall{}, err
	}
	deliveries, err := h.deliveriesOf(ctx, id)
	if err != nil {
		return AdminCall{}, err
	}
	return AdminCall{
		Call: wire.FromCall(story.Call), Deliveries: deliveries, Trail: append([]call.Event{}, story.Events...),
		Receipts: append([]call.Receipt{}, story.Receipts...), Told: trail.Tell(story),
	}, nil
}

// callTrail answers a supervisor with everything that is known of a call but its
// link, to be told in words of any language.
func (h *Hub) callTrail(w http.ResponseWriter, r *http.Request, by caller) {
	id := r.PathValue("id")
	e, err := h.find(r.Context(), id)
	if err == nil && !by.sight().call(e.Call) {
		err = noCallInSight
	}
	if err != nil {
		writeProblem(w, err)
		return
	}
	story, err := h.story(r.Context(), id)
	story.Call.Link, story.Call.Meeting = "", ""
	h.limit(&story, by.sight())
	answer(w, http.StatusOK, story, err)
}

// limit leaves out of a story the agents whom a supervisor may not see, unless it
// rang for them.
func (h *Hub) limit(story *trail.Story, s sight) {
	rang := func(name string) bool {
		return slices.ContainsFunc(story.Events, func(e call.Event) bool { return e.Agent == name || slices.Contains(e.Agents, name) })
	}
	unseen := func(name string) bool {
		u, known := h.directory.User(name)
		return !rang(name) && (!known || !s.agent(u))
	}
	story.Agents = slices.DeleteFunc(story.Agents, func(a trail.Agent) bool { return unseen(a.Username) })
	story.Presence = slices.DeleteFunc(story.Presence, func(c trail.Change) bool { return unseen(c.Username) })
}

// story collects what is known of a call.
func (h *Hub) story(ctx context.Context, id string) (story trail.Story, err error) {
	e, err := h.find(ctx, id)
	if err != nil {
		return story, err
	}
	h.flush(ctx)
	story = trail.Story{Call: e.Call, Zone: time.Local}
	entries, err := h.calls.Trail(ctx, e.Call.Queue, id)
	if err != nil {
		return story, err
	}
	for _, e := range entries {
		story.Events = append(story.Events, e.Event)
	}
	if story.Receipts, err = h.calls.Receipts(ctx, e.Call.Queue, id); err != nil {
		return story, err
	}
	story.Agents = h.concerned(story)
	if q, ok := h.directory.Queue(e.Call.Queue); ok {
		story.Hours, story.Capacity = q.Hours.String(), q.Capacity
	}
	story.Presence, err = h.presenceDuring(ctx, story)
	return story, err
}

// concerned are the members of the call's queues, and whoever it rang for.
func (h *Hub) concerned(s trail.Story) (agents []trail.Agent) {
	names := slices.Clone(h.directory.Members(s.Call.Queue))
	if s.Call.Overflow != "" {
		names = append(names, h.directory.Members(s.Call.Overflow)...)
	}
	for _, e := range s.Events {
		names = append(names, e.Agents...)
		if e.Kind == call.KindAssigned {
			names = append(names, e.Agent)
		}
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		agents = append(agents, trail.Agent{Username: name, Name: h.directory.DisplayName(name)})
	}
	return agents
}

// presenceDuring is the presence of those whom the call did not ring, while it
// looked for an agent: at its beginning and each change.
func (h *Hub) presenceDuring(ctx context.Context, s trail.Story) (changes []trail.Change, err error) {
	from, to := s.Call.Received, s.Call.Ended
	if !s.Call.Accepted.IsZero() {
		to = s.Call.Accepted
	}
	if to.IsZero() {
		to = h.now()
	}
	first, later := map[string]call.Presence{}, []trail.Change{}
	for _, a := range s.Agents {
		first[a.Username] = call.Presence{}
	}
	err = h.calls.PresenceBetween(ctx, from, to, func(name string, p call.Presence) {
		known, concerned := first[name]
		switch {
		case !concerned:
		case !p.Since.After(from):
			if !p.Since.Before(known.Since) { // the same state may have lost its connection
				first[name] = p
			}
		default:
			later = append(later, trail.Change{Username: name, Presence: p})
		}
	})
	for _, a := range s.Agents {
		p := first[a.Username]
		if now := h.live.presenceOf(a.Username); p.State == "" && !now.Since.After(from) { // a new user
			p = now
		}
		if p.State != "" {
			changes = append(changes, trail.Change{Username: a.Username, Presence: p})
		}
	}
	slices.SortStableFunc(later, func(a, b trail.Change) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Username, b.Username))
	})
	// Who is told whole now and then is told twice.
	later = slices.CompactFunc(later, func(a, b trail.Change) bool {
		return a.Username == b.Username && a.Since.Equal(b.Since) && a.Same(b.Presence)
	})
	return append(changes, later...), err
}

func (h *Hub) adminCancelCall(r *http.Request, by caller) (int, any, error) {
	ctx, cancel := h.requestContext()
	defer cancel()
	id := r.PathValue("id")
	if err := h.cancel(ctx, by.Username, id, call.BySupervisor); err != nil {
		return 0, nil, err
	}
	e, err := h.find(ctx, id)
	return http.StatusOK, wire.FromCall(e.Call), err
}

// adminEraseCall removes what is known of an ended call's customer.
// It goes on if the client leaves: half an erasure is none.
func (h *Hub) adminEraseCall(r *http.Request, _ caller) (int, any, error) {
	ctx, cancel := context.WithTimeout(h.ctx, LongWork)
	defer cancel()
	return http.StatusOK, struct{}{}, h.erase(ctx, r.PathValue("id"))
}

// LongWork is how long what reads or overwrites a whole trail may take: each
// entry is overwritten on the disk by itself, and a trail may have thousands.
const LongWork = 10 * time.Minute

func (h *Hub) erase(ctx context.Context, id string) error {
	e, err := h.find(ctx, id)
	if err != nil {
		return err
	}
	if e.Call.Open() {
		return &call.Error{Code: wire.CodeInUse, Message: "The call is open: 'call cancel " + id + "' ends it first."}
	}
	h.flush(ctx) // what is written later would come after the erasure
	if err := h.calls.Erase(ctx, e.Call.Queue, id); err != nil {
		return err
	}
	h.live.forget(id)
	h.log.Info("call erased", "queue", e.Call.Queue, "call", id)
	return nil
}

// payloadID reads the id of a payload.
func payloadID(text string) (uint64, error) {
	id, err := strconv.ParseUint(text, 10, 64)
	if err != nil || id == 0 {
		return 0, badRequest("A payload's id is a number: 'payload list QUEUE' shows it.")
	}
	return id, nil
}
