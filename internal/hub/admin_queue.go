package hub

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/outbox"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

// AdminQueue is a queue as administration shows it. Durations are Go's.
type AdminQueue struct {
	wire.Queue
	Overflow      string              `json:"overflow"` // a queue, or empty
	OverflowAfter string              `json:"overflow_after"`
	Hours         string              `json:"hours"` // empty: always open
	TimeZone      string              `json:"time_zone"`
	WhenClosed    string              `json:"when_closed"`
	AllowFrom     []string            `json:"allow_from"`
	LinkHosts     []string            `json:"link_hosts"`
	Map           map[string][]string `json:"map"`
	Forward       *AdminForward       `json:"forward"` // null: calls are not forwarded
	Recording     bool                `json:"recording"`
	DeleteMeeting bool                `json:"delete_meeting"`
	Vidaoo        AdminEnd            `json:"vidaoo"`
	Button        AdminButton         `json:"button"`
	Number        int                 `json:"number"`
	ReceiveURL    string              `json:"receive_url"`
	Members       []string            `json:"members"`
	Open          bool                `json:"open"`     // at this moment, by its opening hours
	Revision      uint64              `json:"revision"` // another one after each change
}

// QueueChange asks for a queue, or for another one; what is not set takes its
// default, or stays. Durations are written like 20s, 5m or 1h30m.
type QueueChange struct {
	Name          string    `json:"name,omitempty"` // of a new queue
	Strategy      *string   `json:"strategy,omitempty"`
	Ring          *string   `json:"ring,omitempty"`
	Patience      *string   `json:"patience,omitempty"`
	AlertAfter    *string   `json:"alert_after,omitempty"`
	WrapUp        *string   `json:"wrap_up,omitempty"`
	Capacity      *int      `json:"capacity,omitempty"`
	Overflow      *string   `json:"overflow,omitempty"`
	OverflowAfter *string   `json:"overflow_after,omitempty"`
	Hours         *string   `json:"hours,omitempty"`
	TimeZone      *string   `json:"time_zone,omitempty"`
	WhenClosed    *string   `json:"when_closed,omitempty"`
	Dispositions  *[]string `json:"dispositions,omitempty"`
	AllowFrom     *[]string `json:"allow_from,omitempty"` // networks, such as 35.180.105.193/32
	LinkHosts     *[]string `json:"link_hosts,omitempty"`
	Map           *[]string `json:"map,omitempty"` // field=path
	// Forward is Motion's Receive URL, or empty for none.
	Forward        *string `json:"forward,omitempty"`
	ForwardPrivate *bool   `json:"forward_private,omitempty"`
	// MotionURL is where Motion's REST is, such as https://motion.example; empty:
	// interactions are not closed there.
	MotionURL         *string       `json:"motion_url,omitempty"`
	MotionDisposition *string       `json:"motion_disposition,omitempty"`
	Recording         *bool         `json:"recording,omitempty"`
	DeleteMeeting     *bool         `json:"delete_meeting,omitempty"`
	Button            *ButtonChange `json:"button,omitempty"`
	// Revision is that of the queue to be changed: if it has another one, somebody
	// else was faster. Without it the last change counts.
	Revision *uint64 `json:"revision,omitempty"`
}

// apply changes a queue.
func (in QueueChange) apply(q *Queue) (err error) {
	if in.Revision != nil && *in.Revision != q.Revision {
		return changedMeanwhile("queue", q.Name)
	}
	var wrong []error
	for _, d := range []struct {
		field, what string
		text        *string
		into        *time.Duration
	}{
		{"ring", "ring time", in.Ring, &q.Ring}, {"patience", "patience", in.Patience, &q.Patience},
		{"alert_after", "alert time", in.AlertAfter, &q.AlertAfter}, {"wrap_up", "wrap-up time", in.WrapUp, &q.WrapUp},
		{"overflow_after", "overflow time", in.OverflowAfter, &q.OverflowAfter},
	} {
		if d.text == nil {
			continue
		}
		t, err := time.ParseDuration(*d.text)
		if err != nil {
			wrong = append(wrong, badField(d.field, "The %s %q is not a time: write 20s, 5m or 1h30m.", d.what, clean.Text(*d.text, 40)))
			continue
		}
		*d.into = t
	}
	set((*string)(&q.Strategy), in.Strategy)
	set((*string)(&q.WhenClosed), in.WhenClosed)
	set(&q.Capacity, in.Capacity)
	set(&q.Overflow, in.Overflow)
	set(&q.TimeZone, in.TimeZone)
	set(&q.Dispositions, in.Dispositions)
	set(&q.LinkHosts, in.LinkHosts)
	set(&q.Forward.URL, in.Forward)
	set(&q.Forward.Private, in.ForwardPrivate)
	set(&q.MotionURL, in.MotionURL)
	set(&q.MotionDisposition, in.MotionDisposition)
	set(&q.Recording, in.Recording)
	set(&q.DeleteMeeting, in.DeleteMeeting)
	if in.Button != nil {
		wrong = append(wrong, in.Button.apply(&q.Button))
	}
	if in.Hours != nil {
		q.Hours, err = routing.ParseHours(*in.Hours)
		wrong = append(wrong, err)
	}
	if in.AllowFrom != nil {
		q.AllowFrom, err = Networks(*in.AllowFrom)
		wrong = append(wrong, ofField("allow_from", err))
	}
	if in.Map != nil {
		wrong = append(wrong, in.remap(q))
	}
	return together(wrong...)
}

// remap takes the fields that are named in the place of what the queue has of
// them: "field=" has the usual keys again, and nothing at all for all fields.
func (in QueueChange) remap(q *Queue) error {
	pairs := withoutEmpty(*in.Map)
	if len(pairs) == 0 {
		q.Map = nil
		return nil
	}
	mapping := vidaoo.Mapping{}.Override(q.Map)
	pairs = slices.DeleteFunc(pairs, func(pair string) bool {
		field, path, ok := strings.Cut(pair, "=")
		usual := ok && path == "" && slices.Contains(vidaoo.Fields, field)
		if usual {
			delete(mapping, field)
		}
		return usual
	})
	named, err := vidaoo.ParseMapping(pairs)
	if err != nil {
		return badField("map", "%s", sentence(err))
	}
	q.Map = mapping.Override(named)
	return nil
}

// Networks reads networks; a bare address is a network of one.
func Networks(list []string) (all []netip.Prefix, err error) {
	for _, text := range withoutEmpty(list) {
		p, err := netip.ParsePrefix(text)
		if a, bare := netip.ParseAddr(text); err != nil && bare == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, badRequest("%q is no network: write 35.180.105.193 or 10.0.0.0/8.", clean.Text(text, 60))
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

func withoutEmpty(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return strings.TrimSpace(s) == "" })
}

func (h *Hub) adminAddQueue(r *http.Request, _ caller) (int, any, error) {
	in, err := readAdmin[QueueChange](r)
	if err != nil {
		return 0, nil, err
	}
	q, err := h.directory.addQueue(r.Context(), Queue{Name: in.Name, Options: routing.Defaults()}, in.apply)
	if err == nil {
		h.live.welcomeAgain(nobody)
	}
	return http.StatusCreated, h.adminQueue(q), err
}

func (h *Hub) adminSetQueue(r *http.Request, _ caller) (int, any, error) {
	in, err := readAdmin[QueueChange](r)
	if err != nil {
		return 0, nil, err
	}
	if in.Revision, err = ifMatch(r, in.Revision); err != nil {
		return 0, nil, err
	}
	q, err := h.directory.SetQueue(r.Context(), r.PathValue("name"), in.apply)
	if err == nil {
		if q.Recording || q.DeleteMeeting {
			h.asks(q.Name) // or an administrator reads in the log that it can't be done
		}
		h.outbox.Hasten(outbox.Target{Kind: kindMotion, Name: q.Name})
		h.outbox.Hasten(outbox.Target{Kind: kindVidaoo, Name: q.Name})
		h.live.welcomeAgain(func(name string) bool { return slices.Contains(h.directory.Serves(name), q.Name) })
	}
	return http.StatusOK, h.adminQueue(q), err
}

func (h *Hub) adminQueue(q Queue) AdminQueue {
	a := AdminQueue{
		Queue:    wireQueue(q),
		Overflow: q.Overflow, OverflowAfter: q.OverflowAfter.String(),
		Hours: q.Hours.String(), TimeZone: q.TimeZone, WhenClosed: string(q.WhenClosed),
		AllowFrom: []string{}, LinkHosts: append([]string{}, q.LinkHosts...), Map: map[string][]string{},
		Recording: q.Recording, DeleteMeeting: q.DeleteMeeting, Vidaoo: h.adminEnd(q),
		Button: h.adminButton(q), Open: q.Open(h.now()), Revision: q.Revision, Number: q.Number, ReceiveURL: h.ReceiveURL(q),
		Members: append([]string{}, h.directory.Members(q.Name)...), Forward: h.adminForward(q),
	}
	for _, p := range q.AllowFrom {
		a.AllowFrom = append(a.AllowFrom, p.String())
	}
	for field, paths := range q.Map {
		a.Map[field] = paths
	}
	return a
}

// ReceiveURL is the address that Vidaoo's automation POSTs to. It holds the
// queue's secret.
func (h *Hub) ReceiveURL(q Queue) string { return h.publicURL + "/receive/" + q.Name + "/" + q.Secret }

func (h *Hub) adminListQueues(*http.Request, caller) (int, any, error) {
	all := []AdminQueue{}
	for _, q := range h.directory.Queues() {
		all = append(all, h.adminQueue(q))
	}
	return http.StatusOK, all, nil
}

func (h *Hub) adminShowQueue(r *http.Request, _ caller) (int, any, error) {
	q, ok := h.directory.Queue(r.PathValue("name"))
	if !ok {
		return 0, nil, noQueue
	}
	return http.StatusOK, h.adminQueue(q), nil
}

// adminRotateQueue gives a queue another Receive URL.
func (h *Hub) adminRotateQueue(r *http.Request, _ caller) (int, any, error) {
	q, err := h.directory.RotateSecret(r.Context(), r.PathValue("name"))
	if err != nil {
		return 0, nil, err
	}
	h.log.Warn("the queue has another Receive URL", "queue", q.Name)
	return http.StatusOK, h.adminQueue(q), nil
}

// Removed tells what a removal took along.
type Removed struct {
	Canceled int `json:"canceled"` // calls that waited
}

// adminRemoveQueue removes a queue; with ?force the calls that wait in it too.
// An accepted call goes on until its agent finishes it.
func (h *Hub) adminRemoveQueue(r *http.Request, _ caller) (int, any, error) {
	name := r.PathValue("name")
	waiting := h.live.open(func(c call.Call) bool { return c.Unanswered() && c.Queue == name })
	if n := len(waiting); n > 0 && !r.URL.Query().Has("force") {
		return 0, nil, &call.Error{Code: wire.CodeInUse, Message: fmt.Sprintf(
			"%s in queue %s: wait until nobody waits, or cancel them with 'queue remove %s --force'.", countCalls(n), name, name)}
	}
	members := slices.Clone(h.directory.Members(name))
	if err := h.directory.RemoveQueue(r.Context(), name); err != nil {
		return 0, nil, err
	}
	h.live.forgetQueue(name)
	h.outbox.Hasten(outbox.Target{Kind: kindMotion, Name: name})
	h.outbox.Hasten(outbox.Target{Kind: kindVidaoo, Name: name})
	for _, c := range waiting { // the dispatcher does it too: the answer waits for it
		if err := h.cancel(r.Context(), "", c.ID, call.QueueRemoved); err != nil {
			return 0, nil, err
		}
	}
	h.log.Warn("queue removed", "queue", name, "canceled", len(waiting))
	h.live.welcomeAgain(func(name string) bool { return slices.Contains(members, name) })
	return http.StatusOK, Removed{Canceled: len(waiting)}, nil
}

func countCalls(n int) string {
	if n == 1 {
		return "A call waits"
	}
	return fmt.Sprintf("%d calls wait", n)
}
