package hub

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/outbox"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

// kindVidaoo is the kind of what is done at Vidaoo when a call is over. The
// target's name is the queue's.
const kindVidaoo = "vidaoo"

const (
	// whatDeleted is a meeting that is to be deleted: its agent finished the call.
	whatDeleted = "deleted"
	// whatStopped and a number is a recording that is to be stopped: it is on, and
	// its agent has the call no more.
	whatStopped = "stopped-"
)

const (
	vidaooTimeout = 20 * time.Second
	maxDetail     = 300
)

// AdminEnd tells whether Vidaoo can be asked for a queue's recordings and
// deletions, and how those do that wait.
type AdminEnd struct {
	Key bool `json:"key"` // the hub has an API key
	AdminTarget
}

func (h *Hub) adminEnd(q Queue) AdminEnd {
	return AdminEnd{Key: h.hasKey(), AdminTarget: h.adminTarget(kindVidaoo, q.Name)}
}

// leftOn is the tiding that a recording is to be stopped, if one is.
func leftOn(c call.Call) (tiding, bool) {
	r, place, _ := c.Recording()
	if !c.LeftOn() {
		return tiding{}, false
	}
	at := r.Started
	for _, t := range []time.Time{c.Since, c.Ended} { // given back, or over
		if t.After(at) {
			at = t
		}
	}
	return tiding{whatStopped + strconv.Itoa(place+1), at, c}, true
}

func (n tiding) toVidaoo() bool {
	return n.what == whatDeleted || strings.HasPrefix(n.what, whatStopped)
}

// tellVidaoo has something done at Vidaoo. What is there already is not written
// again.
func (h *Hub) tellVidaoo(ctx context.Context, n tiding) error {
	if !h.outbox.Room(outbox.Target{Kind: kindVidaoo, Name: n.call.Queue}) {
		h.log.Error("not done at Vidaoo: too much waits", "queue", n.call.Queue, "call", n.call.ID, "what", n.what)
		return nil
	}
	_, err := h.calls.AppendDelivery(ctx, calllog.Delivery{
		Address: calllog.Address{Kind: kindVidaoo, Target: n.call.Queue, Call: n.call.ID, What: n.what}, At: h.now(),
	})
	return err
}

// deliverToVidaoo stops a recording, or deletes a meeting.
func (h *Hub) deliverToVidaoo(ctx context.Context, d calllog.Delivery) outbox.Answer {
	unlock := h.oneRecording.lock(d.Call) // one may just be beginning
	defer unlock()
	ctx, cancel := context.WithTimeout(ctx, vidaooTimeout)
	defer cancel()
	e, err := h.find(ctx, d.Call)
	switch {
	case call.CodeOf(err) == call.NotFound:
		return dropped("the call is kept no more")
	case err != nil:
		return outbox.Answer{Detail: "the hub could not read the call"}
	}
	c := e.Call
	if d.What == whatDeleted {
		return h.deleteMeeting(ctx, c)
	}
	number, err := strconv.Atoi(strings.TrimPrefix(d.What, whatStopped))
	if r, place, on := c.Recording(); err == nil && on && place == number-1 {
		if !h.asks(c.Queue) {
			return keyless()
		}
		return h.stopLeftOn(ctx, c.ID, r.ID)
	}
	return outbox.Answer{How: outbox.Delivered} // its agent was faster
}

// deleteMeeting deletes the meeting of a finished call, so that Vidaoo leads its
// guests on.
func (h *Hub) deleteMeeting(ctx context.Context, c call.Call) outbox.Answer {
	q, ok := h.directory.Queue(c.Queue)
	meeting := firstOf(c.Meeting, c.Session)
	switch {
	case !ok || !q.DeleteMeeting:
		return dropped("the queue deletes no meetings any more")
	case meeting == "":
		return outbox.Answer{How: outbox.Refused, Detail: "the webhook named no session: map session_id with 'queue set --map'"}
	case !h.asks(c.Queue):
		return keyless()
	}
	if r, _, on := c.Recording(); on { // begun as the call ended, or Vidaoo refused to stop it
		if a := h.stopLeftOn(ctx, c.ID, r.ID); a.How == "" {
			return a
		}
	}
	_, err := h.meetings.DeleteMeeting(ctx, meeting)
	if isGone(err) {
		return outbox.Answer{How: outbox.Delivered}
	}
	return didVidaoo(err)
}

// stopLeftOn stops a recording whose agent has the call no more. If the hub closes
// before that is noted, it is stopped once more: Vidaoo says then that it is done.
func (h *Hub) stopLeftOn(ctx context.Context, id, recording string) outbox.Answer {
	err := h.stopAtVidaoo(ctx, recording)
	if err == nil {
		if err := h.noteStopped(ctx, id, recording, ""); err != nil {
			return outbox.Answer{Detail: "the hub could not note that the recording has stopped"}
		}
	}
	return didVidaoo(err)
}

// asks tells whether Vidaoo can be asked for something.
func (h *Hub) asks(queue string) bool {
	if h.lookForKey(); h.hasKey() {
		return true
	}
	h.noKey(queue)
	return false
}

func keyless() outbox.Answer {
	return outbox.Answer{How: outbox.Refused, Detail: "the hub has no API key of Vidaoo: run 'deskbell-hub vidaoo connect'"}
}

// didVidaoo is what Vidaoo's answer means. The errors of its client hold neither
// key nor link.
func didVidaoo(err error) outbox.Answer {
	if err == nil {
		return outbox.Answer{How: outbox.Delivered}
	}
	a := outbox.Answer{Detail: clean.Text(err.Error(), maxDetail)}
	var status *vidaoo.StatusError
	switch {
	case vidaoo.Unsupported(err):
		a.How = outbox.Refused
	case !errors.As(err, &status):
	case status.Status == http.StatusRequestTimeout, status.Status == http.StatusTooManyRequests:
		a.RetryAfter = status.RetryAfter
	case status.Status >= 400 && status.Status < 500:
		a.How = outbox.Refused
	default:
		a.RetryAfter = status.RetryAfter
	}
	return a
}
