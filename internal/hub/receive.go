package hub

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

// maxBody is the largest webhook body, in bytes.
const maxBody = 64 << 10

const (
	maxContentType = 100
	maxEvent       = 40
)

// noReceiveURL is the one answer to an unknown queue and to a wrong secret, so
// that nobody can find out which queues there are.
var noReceiveURL = &call.Error{Code: call.NotFound, Message: "There is no such Receive URL: copy it anew from 'deskbell-hub queue show'."}

// receive is POST /receive/{queue}/{secret}.
func (h *Hub) receive(w http.ResponseWriter, r *http.Request, _ caller) {
	q, ok := h.directory.Queue(r.PathValue("queue"))
	h.receiveFor(w, r, q, ok, r.PathValue("secret"))
}

// receiveMotion is POST /api/openchannel/accounts/{number}/notify?apikey=, the
// shape of XCALLY Motion's Receive URL.
func (h *Hub) receiveMotion(w http.ResponseWriter, r *http.Request, _ caller) {
	number, err := strconv.Atoi(r.PathValue("number"))
	for _, q := range h.directory.Queues() {
		if err == nil && q.Number == number {
			h.receiveFor(w, r, q, true, r.URL.Query().Get("apikey"))
			return
		}
	}
	h.receiveFor(w, r, Queue{}, false, "")
}

func (h *Hub) receiveFor(w http.ResponseWriter, r *http.Request, q Queue, known bool, secret string) {
	if right := subtle.ConstantTimeCompare([]byte(secret), []byte(q.Secret)) == 1; !known || !right {
		writeProblem(w, noReceiveURL)
		return
	}
	if !q.takesFrom(h.source(r)) {
		h.log.Warn("webhook from an address that the queue does not allow", "queue", q.Name, "source", h.source(r))
		writeProblem(w, &call.Error{Code: call.Forbidden, Message: "This queue takes no webhooks from your address: an administrator allows it with 'queue set --allow-from'."})
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		err = bodyError(err)
		if codeOf(err) == wire.CodeTooLarge {
			h.alertOfPayload(q.Name, 0, codeOf(err))
		}
		writeProblem(w, err)
		return
	}
	answer, err := h.takePayload(r.Context(), q, calllog.Payload{
		Queue: q.Name, At: h.now(), Event: r.URL.Query().Get("event"),
		ContentType: clean.Text(r.Header.Get("Content-Type"), maxContentType), Body: string(body),
	})
	if err != nil {
		writeProblem(w, err)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

// takePayload carries out what a payload tells and keeps it for the
// administrator. One that can't be used is on disk before that is answered.
func (h *Hub) takePayload(ctx context.Context, q Queue, payload calllog.Payload) (wire.Received, error) {
	answer, err := h.takeEvent(ctx, q, &payload)
	if err == nil {
		if err := h.forward(ctx, q, payload, answer.Call.ID); err != nil {
			h.log.Error("webhook not kept for forwarding; the sender is told to try again", "queue", q.Name, "call", answer.Call.ID, "err", err)
			return answer, err
		}
		h.payloads.keepUsed(payload, answer)
		return answer, nil
	}
	h.log.Warn("webhook refused", "queue", q.Name, "code", codeOf(err))
	if !unusable(err) {
		return answer, err
	}
	id, kept := h.payloads.keepRefused(ctx, payload, err)
	if kept != nil {
		h.log.Error("unusable payload not kept; the sender is told to try again", "queue", q.Name, "err", kept)
		return answer, kept
	}
	// A replay is an administrator's, who reads why; about what a known call's
	// customer does nobody has to hurry.
	if payload.Replays == 0 && payload.Event == "" {
		h.alertOfPayload(q.Name, id, codeOf(err))
	}
	return answer, err
}

// alertOfPayload tells supervisors of a webhook that made no call, now and then:
// a sender that is set up wrongly sends many.
func (h *Hub) alertOfPayload(queue string, id uint64, code call.Code) {
	now := h.now()
	h.alerting.Lock()
	defer h.alerting.Unlock()
	if now.Sub(h.alerted[queue]) < alertPause {
		return
	}
	h.alerted[queue] = now
	h.live.alert(payloadAlert(queue, id, code, now))
}

// The events of a Receive URL.
const (
	eventJoined = "joined"
	eventEnded  = "ended"
	// eventAnswered comes from Motion: an agent there took the call.
	eventAnswered = "answered"
)

// alertPause is the quiet time between two alerts of one queue's payloads.
const alertPause = 10 * time.Second

// source is the address a request came from: the last one in X-Forwarded-For
// that is no proxy of ours, if a proxy of ours sent it.
func (h *Hub) source(r *http.Request) netip.Addr {
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	from := remote.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && h.isProxy(from); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		from = hop.Unmap()
	}
	return from
}

func (h *Hub) isProxy(a netip.Addr) bool {
	return slices.ContainsFunc(h.proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// bodyError tells a body that is too large from one that did not arrive.
func bodyError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &call.Error{Code: wire.CodeTooLarge, Message: "The body is over 64 KiB: send less."}
	}
	return &call.Error{Code: wire.CodeUnreadable, Message: "The body did not arrive whole: send it again."}
}

// takeEvent carries out what a webhook tells: without "event" a meeting was
// created, "joined" says that the customer is in the room, "ended" that the
// customer has left it.
func (h *Hub) takeEvent(ctx context.Context, q Queue, p *calllog.Payload) (wire.Received, error) {
	payload, err := vidaoo.Parse(p.ContentType, []byte(p.Body))
	if err != nil {
		return wire.Received{}, &call.Error{Code: wire.CodeUnreadable, Message: sentence(err)}
	}
	switch p.Event {
	case "":
		session, err := q.mapping().Map(payload)
		if err != nil {
			return wire.Received{}, err
		}
		p.Warnings, p.Found = session.Warnings, session.Found
		if err := q.checkHost(session.Link); err != nil {
			return wire.Received{}, err
		}
		h.presses.settle(ctx, q.Name)
		return h.take(ctx, q, session, "")
	case eventJoined:
		return h.customer(ctx, q, call.KindJoined, payload)
	case eventEnded:
		return h.customer(ctx, q, call.KindLeft, payload)
	case eventAnswered:
		return h.answeredInMotion(ctx, q, p, payload)
	default:
		return wire.Received{}, badRequest("There is no event %q: use event=joined, event=ended, event=answered, or none for a new meeting.", clean.Text(p.Event, maxEvent))
	}
}

// customer notes what the customer of a known call did. Told twice it is the
// same.
func (h *Hub) customer(ctx context.Context, q Queue, kind call.Kind, payload vidaoo.Payload) (wire.Received, error) {
	id, ok := h.knownBy(q, payload)
	if !ok {
		return wire.Received{}, &call.Error{Code: call.NotFound, Message: "No call of this queue has the session: send the same session_id as when the meeting was created, or else the same link."}
	}
	c, err := h.change(ctx, id, func(c call.Call) (call.Event, error) {
		if !c.Open() || kind == call.KindJoined && c.Joined {
			return call.Event{}, errDone
		}
		if kind == call.KindLeft {
			return h.ending(c, kind), nil
		}
		return call.Event{Kind: kind, At: h.now()}, nil
	})
	if errors.Is(err, errDone) {
		return received(c.ID, c.State, true), nil
	}
	return received(c.ID, c.State, false), err
}

// knownBy finds the call whose session, or else link, a payload names.
func (h *Hub) knownBy(q Queue, payload vidaoo.Payload) (id string, ok bool) {
	session, link := q.mapping().Identify(payload)
	known, ok := h.live.known(call.Call{Queue: q.Name, Session: session, Link: link, Received: h.now()})
	return known.id, ok
}

// take makes a call of a session, and answers when it is on disk and the hub
// knows it: what the sender or an administrator asks next finds the call. Meeting
// is what Vidaoo's API calls it, if that is known.
func (h *Hub) take(ctx context.Context, q Queue, session vidaoo.Session, meeting string) (wire.Received, error) {
	c, event := call.New(call.Call{
		Queue: q.Name, Topic: session.Topic, Customer: call.Customer(session.Customer),
		Metadata: session.Metadata, Session: session.ID, Meeting: meeting, Link: session.Link,
		Warnings: session.Warnings, Received: h.now(),
	})
	c.Closed = !q.Open(c.Received)
	c.ID = newCallID(c, q.Secret)
	if r, ok := h.live.duplicate(c); ok {
		return received(r.id, r.state, true), nil
	}
	seq, err := h.calls.Append(ctx, calllog.Entry{Event: event, Call: c}, 0)
	if errors.Is(err, calllog.ErrConflict) { // the same webhook, a moment ago
		e, err := h.calls.Last(ctx, q.Name, c.ID)
		if err == nil {
			h.await(ctx, e.Seq)
		}
		return received(c.ID, e.Call.State, true), err
	}
	if err != nil {
		h.log.Error("webhook not written; the sender is told to try again", "queue", q.Name, "err", err)
		return wire.Received{}, err
	}
	h.log.Info("call received", "queue", q.Name, "call", c.ID)
	h.await(ctx, seq)
	return received(c.ID, c.State, false), nil
}

// await gives the follower its moment. A call that is on disk is taken even if
// the follower is late, so that is no error to the sender.
func (h *Hub) await(ctx context.Context, seq uint64) {
	if err := h.live.seen(ctx, seq); err != nil {
		h.log.Warn("call on disk, but the hub is late in reading it", "err", err)
	}
}

func received(id string, state call.State, duplicate bool) wire.Received {
	return wire.Received{Call: wire.ReceivedCall{ID: id, State: string(state)}, Interaction: wire.Interaction{ID: id}, Duplicate: duplicate}
}

// callID is the form of a call's id.
var callID = regexp.MustCompile(`^[a-z2-7]{16}$`)

// newCallID names a call after what makes it the same call, and the day: two
// webhooks of one call that come at the same time, even to two hubs, make the
// same id, and the log's compare-and-set lets one of them in. Across midnight
// the live calls know the earlier one. The queue's secret is in it, so that a
// queue that was removed and made again makes other calls.
func newCallID(c call.Call, secret string) string {
	day := c.Received.Unix() / int64(sameCall.Seconds())
	sum := sha256.Sum256([]byte(duplicateKey(c) + "\x00" + strconv.FormatInt(day, 10) + "\x00" + secret))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}
