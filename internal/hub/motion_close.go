package hub

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/calllog"
	"github.com/deskbell/deskbell/internal/outbound"
	"github.com/deskbell/deskbell/internal/outbox"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

// closeInMotion closes the interaction of a call that an agent of ours has,
// unless an agent of Motion's was faster.
func (h *Hub) closeInMotion(ctx context.Context, q Queue, id string) outbox.Answer {
	if q.MotionURL == "" {
		return dropped("the queue closes no interactions any more")
	}
	interaction, err := h.interactionOfCall(ctx, id)
	if err != nil {
		return outbox.Answer{Detail: "the hub could not read what Motion answered"}
	}
	if interaction == "" {
		return dropped("Motion did not get the call")
	}
	key, err := h.motion.read()
	if err != nil {
		return outbox.Answer{Detail: err.Error()}
	}
	target := q.rest("/api/openchannel/interactions/" + interaction)
	ask := func(method string, body []byte) (outbound.Reply, error) {
		return h.outside.Do(ctx, target, outbound.Request{
			Method: method, Query: "apikey=" + url.QueryEscape(key), Body: body, Header: http.Header{"Content-Type": {"application/json"}},
		})
	}
	reply, err := ask(http.MethodGet, nil)
	if err != nil {
		return outbox.Answer{Detail: err.Error()}
	}
	if reply.Status != http.StatusOK {
		return unanswered(reply)
	}
	if taken(reply.Body) {
		return dropped("an agent of Motion has the interaction")
	}
	body, err := json.Marshal(map[string]any{"closed": true, "disposition": cmp.Or(q.MotionDisposition, defaultDisposition)})
	if err == nil {
		reply, err = ask(http.MethodPut, body)
	}
	if err != nil {
		return outbox.Answer{Detail: err.Error()}
	}
	if reply.Status < 200 || reply.Status > 299 {
		return unanswered(reply)
	}
	return outbox.Answer{How: outbox.Delivered, Interaction: interaction}
}

// taken tells whether Motion says that an agent of its own has an interaction.
func taken(body []byte) bool {
	var got struct {
		UserID json.RawMessage `json:"UserId"`
	}
	return json.Unmarshal(body, &got) == nil && len(got.UserID) > 0 && string(got.UserID) != "null"
}

// interactionOfCall is what Motion called a call; empty if it did not get it.
func (h *Hub) interactionOfCall(ctx context.Context, id string) (string, error) {
	_, settled, err := h.calls.DeliveriesOf(ctx, id)
	i := slices.IndexFunc(settled, func(s calllog.Settled) bool { return s.Kind == kindMotion && s.What == whatCreated })
	if err != nil || i < 0 {
		return "", err
	}
	return settled[i].Interaction, nil
}

// maxInteractions is how many of the latest interactions are known by their id.
const maxInteractions = 10_000

// interactions knows which call an interaction of Motion's is.
type interactions struct {
	mu    sync.Mutex
	calls map[[2]string]string // queue and interaction → call
	order [][2]string
}

func (i *interactions) note(queue, interaction, call string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.calls == nil {
		i.calls = map[[2]string]string{}
	}
	if len(i.order) == maxInteractions {
		delete(i.calls, i.order[0])
		i.order = i.order[1:]
	}
	key := [2]string{queue, interaction}
	i.calls[key] = call
	i.order = append(i.order, key)
}

func (i *interactions) call(queue, interaction string) (string, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	id, ok := i.calls[[2]string{queue, interaction}]
	return id, ok
}

// settledOutside is told what became of a delivery.
func (h *Hub) settledOutside(s calllog.Settled) {
	if s.Kind == kindMotion && s.What == whatCreated && s.Interaction != "" {
		h.interactions.note(s.Target, s.Interaction, s.Call)
	}
	h.outbox.Settled(s)
}

// answeredInMotion ends a call that an agent of Motion's took. One that an agent
// of ours has stays.
func (h *Hub) answeredInMotion(ctx context.Context, q Queue, p *calllog.Payload, payload vidaoo.Payload) (wire.Received, error) {
	id, ok := h.interactions.call(q.Name, interactionNamed(p.Body))
	if !ok {
		id, ok = h.knownBy(q, payload)
	}
	if !ok {
		return wire.Received{}, &call.Error{Code: call.NotFound, Message: "No call of this queue has the interaction or the session: send interaction.id as Motion answered it when the call was forwarded, or else the session_id of the meeting."}
	}
	c, err := h.change(ctx, id, func(c call.Call) (call.Event, error) {
		if !c.Unanswered() {
			return call.Event{}, errDone
		}
		e := h.ending(c, call.KindCanceled)
		e.Reason = string(call.InMotion)
		return e, nil
	})
	if errors.Is(err, errDone) {
		return received(c.ID, c.State, true), nil
	}
	return received(c.ID, c.State, false), err
}

// interactionNamed finds the id of an interaction in what Motion sends: as
// interaction.id, or as a field of its own, in JSON or in a form.
func interactionNamed(body string) string {
	if id := interactionOf([]byte(body)); id != "" {
		return id
	}
	names := []string{"interactionId", "interaction_id", "interaction", "InteractionId"}
	var fields map[string]json.RawMessage
	form, _ := url.ParseQuery(body) // what can't be read names none
	isJSON := json.Unmarshal([]byte(body), &fields) == nil
	for _, name := range names {
		id := form.Get(name)
		if isJSON && json.Unmarshal(fields[name], &id) != nil {
			id = string(fields[name]) // a number
		}
		if interactionID.MatchString(id) && id != "null" {
			return id
		}
	}
	return ""
}
