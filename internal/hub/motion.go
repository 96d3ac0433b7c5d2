package hub

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/outbound"
	"github.com/deskbell/deskbell/internal/outbox"
)

// kindMotion is the kind of deliveries to XCALLY Motion. The target's name is
// the queue's.
const kindMotion = "motion"

// whatCreated is a new meeting.
const whatCreated = "created"

// whatClosed is an interaction that is to be closed: an agent of ours has the
// call.
const whatClosed = "closed"

// motionName is what agents read where a colleague's name stands.
const motionName = "Motion"

// AdminForward is where a queue's payloads go on to, and how that does.
type AdminForward struct {
	URL     string `json:"url"` // without keys
	Private bool   `json:"private"`
	// MotionURL is where interactions are closed; empty: they are not.
	MotionURL   string `json:"motion_url"`
	Disposition string `json:"motion_disposition"`
	AdminTarget
}

// defaultDisposition is what an interaction is closed with.
const defaultDisposition = "Answered in Deskbell"

// checkMotion tells what is wrong with where a queue's calls go on to. A queue
// that forwards nothing closes nothing either.
func (q *Queue) checkMotion() error {
	q.MotionDisposition = clean.Text(q.MotionDisposition, maxDisposition)
	if q.Forward.URL == "" {
		q.Forward, q.MotionURL = outbound.Target{}, ""
		return nil
	}
	if err := q.Forward.Check(); err != nil {
		return badField("forward", "Calls can't be forwarded there: %v.", err)
	}
	q.MotionURL = strings.TrimRight(q.MotionURL, "/")
	if q.MotionURL == "" {
		return nil
	}
	if strings.Contains(q.MotionURL, "?") {
		return badField("motion_url", "Motion's REST is an address without a query: write https://motion.example, and give the key with 'motion key'.")
	}
	if err := q.rest("").Check(); err != nil {
		return badField("motion_url", "Motion's REST can't be there: %v.", err)
	}
	return nil
}

// rest is an address of Motion's REST.
func (q *Queue) rest(path string) outbound.Target {
	return outbound.Target{URL: q.MotionURL + path, Private: q.Forward.Private}
}

func (h *Hub) adminForward(q Queue) *AdminForward {
	if q.Forward.URL == "" {
		return nil
	}
	return &AdminForward{URL: q.Forward.Shown(), Private: q.Forward.Private,
		MotionURL: q.MotionURL, Disposition: cmp.Or(q.MotionDisposition, defaultDisposition), AdminTarget: h.adminTarget(kindMotion, q.Name)}
}

// forward keeps a payload that made a call for Motion. It is on disk before the
// webhook is answered; sent twice it is the same, for a call goes to Motion once.
// That a customer joined or left is not forwarded: Motion's Receive URL knows no
// such event and would take each for another message of the customer's.
func (h *Hub) forward(ctx context.Context, q Queue, p calllog.Payload, call string) error {
	if q.Forward.URL == "" || p.Event != "" {
		return nil
	}
	if !h.outbox.Room(outbox.Target{Kind: kindMotion, Name: q.Name}) {
		h.log.Error("webhook not forwarded: too many wait", "queue", q.Name, "call", call)
		return nil
	}
	_, err := h.calls.AppendDelivery(ctx, calllog.Delivery{
		Address: calllog.Address{Kind: kindMotion, Target: q.Name, Call: call, What: whatCreated},
		At:      h.now(), ContentType: p.ContentType, Body: []byte(p.Body),
	})
	return err
}

// deliverToMotion has Motion ring.
func (h *Hub) deliverToMotion(ctx context.Context, d calllog.Delivery) outbox.Answer {
	q, ok := h.directory.Queue(d.Target)
	if !ok || q.Forward.URL == "" {
		return dropped("the queue forwards its calls no more")
	}
	if d.What == whatClosed {
		return h.closeInMotion(ctx, q, d.Call)
	}
	reply, err := h.outside.Do(ctx, q.Forward, outbound.Request{
		Method: http.MethodPost, Header: http.Header{"Content-Type": {d.ContentType}}, Body: d.Body,
	})
	if err != nil {
		return outbox.Answer{Detail: err.Error()}
	}
	if reply.Status != http.StatusOK {
		return unanswered(reply)
	}
	id := interactionOf(reply.Body)
	if id == "" {
		return outbox.Answer{Detail: "it answered 200 without an interaction.id, as Motion's Receive URL does not: check the address"}
	}
	return outbox.Answer{How: outbox.Delivered, Interaction: id}
}

// interactionID is the form of an interaction's id; Motion's are numbers.
var interactionID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// interactionOf finds the interaction's id in an answer of Motion's, a number or
// a text; empty if there is none.
func interactionOf(body []byte) string {
	var got struct {
		Interaction struct {
			ID json.RawMessage `json:"id"`
		} `json:"interaction"`
	}
	if json.Unmarshal(body, &got) != nil {
		return ""
	}
	id := string(got.Interaction.ID)
	var text string
	if json.Unmarshal(got.Interaction.ID, &text) == nil {
		id = text
	}
	if !interactionID.MatchString(id) || id == "null" {
		return ""
	}
	return id
}
