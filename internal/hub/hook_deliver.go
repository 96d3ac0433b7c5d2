package hub

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/outbound"
	"github.com/deskbell/deskbell/internal/outbox"
	"github.com/deskbell/deskbell/internal/wire"
)

// kindHook is the kind of deliveries to hooks.
const kindHook = "hook"

// HookMessage is what a hook is sent, in the form that Standard Webhooks
// recommends.
type HookMessage struct {
	Type      string    `json:"type"` // call.missed, call.waiting, test
	Timestamp wire.Time `json:"timestamp"`
	Data      HookData  `json:"data"`
}

// HookData tells of a call without personal data, but for the customer's name
// if the hook is to have it.
type HookData struct {
	Call     string    `json:"call,omitempty"`
	Queue    string    `json:"queue,omitempty"`
	State    string    `json:"state,omitempty"`
	Received wire.Time `json:"received,omitzero"`
	Offered  wire.Time `json:"offered,omitzero"`
	Alerted  wire.Time `json:"alerted,omitzero"`
	Ended    wire.Time `json:"ended,omitzero"`
	Outcome  string    `json:"outcome,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Waited   float64   `json:"waited_seconds,omitempty"`
	Customer string    `json:"customer,omitempty"`
}

// message is what a hook is told of something.
func (k Hook) message(n tiding) HookMessage {
	c := n.call
	d := HookData{
		Call: c.ID, Queue: c.Queue, State: string(c.State), Received: wire.At(c.Received), Offered: wire.At(c.Offered),
		Alerted: wire.At(c.Alerted), Ended: wire.At(c.Ended), Outcome: string(c.Outcome), Reason: string(c.Reason),
		Waited: n.at.Sub(c.Since).Round(time.Millisecond).Seconds(),
	}
	if k.Customer {
		d.Customer = c.Customer.Name
	}
	return HookMessage{Type: "call." + n.what, Timestamp: wire.At(n.at), Data: d}
}

// tellHooks keeps for each hook what it is to be told.
func (h *Hub) tellHooks(ctx context.Context, n tiding) error {
	for _, k := range h.directory.Hooks() {
		if !k.wants(n) {
			continue
		}
		if !h.outbox.Room(outbox.Target{Kind: kindHook, Name: k.Name}) {
			h.log.Error("hook not told: too much waits", "hook", k.Name, "call", n.call.ID)
			continue
		}
		body, err := json.Marshal(k.message(n))
		if err != nil {
			return err
		}
		if _, err := h.calls.AppendDelivery(ctx, calllog.Delivery{
			Address: calllog.Address{Kind: kindHook, Target: k.Name, Call: n.call.ID, What: n.name()}, At: h.now(), Body: body,
		}); err != nil {
			return err
		}
	}
	return nil
}

// name tells one event of a call from others: a call that was given back may wait
// for too long again.
func (n tiding) name() string {
	if n.what == whatWaiting && !n.call.Since.Equal(n.call.Received) {
		return n.what + "-" + strconv.FormatInt(n.call.Since.UnixMilli(), 10)
	}
	return n.what
}

// deliverToHook sends what waits for a hook.
func (h *Hub) deliverToHook(ctx context.Context, d calllog.Delivery) outbox.Answer {
	k, ok := h.directory.hooks.get(d.Target)
	if !ok || k.Created.After(d.At) { // another one has its name now
		return dropped("the hook was removed")
	}
	return h.sendToHook(ctx, k, "msg_"+d.Call+"_"+d.What, d.Body)
}

// sendToHook sends a message, signed anew at each try: old ones are refused.
func (h *Hub) sendToHook(ctx context.Context, k Hook, id string, body []byte) outbox.Answer {
	header, err := outbound.Sign(k.Secret, id, h.now(), body)
	if err != nil {
		return outbox.Answer{How: outbox.Refused, Detail: err.Error()}
	}
	reply, err := h.outside.Do(ctx, k.Target, outbound.Request{Method: http.MethodPost, Header: header, Body: body})
	if err != nil {
		return outbox.Answer{Detail: err.Error()}
	}
	if reply.Status < 200 || reply.Status > 299 {
		return unanswered(reply)
	}
	return outbox.Answer{How: outbox.Delivered}
}

// testHook sends a message that is about no call, once.
func (h *Hub) testHook(ctx context.Context, k Hook) (outbox.Answer, error) {
	body, err := json.Marshal(HookMessage{Type: "test", Timestamp: wire.At(h.now())})
	if err != nil {
		return outbox.Answer{}, err
	}
	return h.sendToHook(ctx, k, "msg_test_"+strconv.FormatInt(h.now().UnixNano(), 36), body), nil
}
