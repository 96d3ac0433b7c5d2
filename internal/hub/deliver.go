package hub

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/outbound"
	"github.com/deskbell/deskbell/internal/outbox"
	"github.com/deskbell/deskbell/internal/wire"
)

// deliver tries to send what waits in the outbox.
func (h *Hub) deliver(ctx context.Context, d calllog.Delivery) outbox.Answer {
	d, found, err := h.calls.Delivery(ctx, d.Seq)
	switch {
	case err != nil:
		return outbox.Answer{Detail: "the hub could not read what is to be sent"}
	case !found: // the call was erased
		return outbox.Answer{Gone: true}
	}
	switch d.Kind {
	case kindMotion:
		return h.deliverToMotion(ctx, d)
	case kindVidaoo:
		return h.deliverToVidaoo(ctx, d)
	case kindHook:
		return h.deliverToHook(ctx, d)
	default: // of a later version
		return dropped("this version of the hub does not know how to send it")
	}
}

func dropped(why string) outbox.Answer { return outbox.Answer{How: outbox.Dropped, Detail: why} }

// unanswered is what an answer that is no success means.
func unanswered(reply outbound.Reply) outbox.Answer {
	words := fmt.Sprintf("it answered %d %s", reply.Status, http.StatusText(reply.Status))
	switch {
	case reply.Status >= 300 && reply.Status < 400:
		return outbox.Answer{Detail: words + ", and redirects are not followed: name the address it leads to"}
	case reply.Status == http.StatusRequestTimeout || reply.Status == http.StatusTooManyRequests || reply.Status < 400 || reply.Status >= 500:
		return outbox.Answer{Detail: words, RetryAfter: reply.RetryAfter}
	default:
		return outbox.Answer{How: outbox.Refused, Detail: words + ": check the address and its key"}
	}
}

// AdminDelivery is what of a call went to somebody outside, or is to go.
type AdminDelivery struct {
	Kind        string    `json:"kind"`   // motion, vidaoo, hook
	Target      string    `json:"target"` // a queue, a hook
	What        string    `json:"what"`
	State       string    `json:"state"` // waiting, delivered, refused, expired, dropped
	At          wire.Time `json:"at"`    // since when it waits, or when it was settled
	Tries       int       `json:"tries"`
	Error       string    `json:"error,omitempty"`
	Interaction string    `json:"interaction,omitempty"` // Motion's
}

// deliveriesOf lists what of a call went out, and waits.
func (h *Hub) deliveriesOf(ctx context.Context, call string) ([]AdminDelivery, error) {
	all := []AdminDelivery{}
	waiting, settled, err := h.calls.DeliveriesOf(ctx, call)
	for _, s := range settled {
		all = append(all, AdminDelivery{
			Kind: s.Kind, Target: s.Target, What: s.What, State: s.How, At: wire.At(s.At), Tries: s.Tries, Error: s.Detail, Interaction: s.Interaction,
		})
	}
	for _, d := range waiting {
		if slices.ContainsFunc(settled, func(s calllog.Settled) bool { return s.Address == d.Address }) {
			continue // about to be removed
		}
		tries, failure := h.outbox.Trying(d.Address)
		all = append(all, AdminDelivery{Kind: d.Kind, Target: d.Target, What: d.What, State: "waiting", At: wire.At(d.At), Tries: tries, Error: failure})
	}
	slices.SortStableFunc(all, func(a, b AdminDelivery) int { return cmp.Or(a.At.Compare(b.At.Time), cmp.Compare(a.Kind, b.Kind)) })
	return all, err
}

// AdminTarget tells how a target outside does.
type AdminTarget struct {
	Delivered    int       `json:"delivered"`
	Refused      int       `json:"refused"` // or tried for a day
	Waiting      int       `json:"waiting"`
	Dropped      int       `json:"dropped"` // too many waited
	FailingSince wire.Time `json:"failing_since,omitzero"`
	LastError    string    `json:"last_error,omitempty"`
	LastErrorAt  wire.Time `json:"last_error_at,omitzero"`
}

func (h *Hub) adminTarget(kind, name string) AdminTarget {
	s := h.outbox.Status(outbox.Target{Kind: kind, Name: name})
	return AdminTarget{
		Delivered: s.Delivered, Refused: s.Refused, Waiting: s.Waiting, Dropped: s.Dropped,
		FailingSince: wire.At(s.FailingSince), LastError: s.LastError, LastErrorAt: wire.At(s.LastErrorAt),
	}
}

// closeOutbox ends what is being sent.
func (h *Hub) closeOutbox() {
	if h.stopOutbox != nil {
		h.stopOutbox()
	}
	if h.outbox != nil {
		h.outbox.Close()
		h.outside.Close()
	}
}
