package hub

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

// recordTimeout is how long Vidaoo may take to start or stop a recording while an
// agent waits; apps give up after 15 seconds.
const recordTimeout = 10 * time.Second

// Why an agent's calls are not recorded.
var (
	notRecorded = &call.Error{Code: call.Forbidden, Message: "Calls of this queue are not recorded: an administrator allows it with 'queue set --recording'."}
	noRecorder  = &call.Error{Code: call.Forbidden, Message: "The hub can't record: it has no API key of Vidaoo. An administrator stores one with 'deskbell-hub vidaoo connect'."}
	nameless    = &call.Error{Code: call.Forbidden, Message: "The call can't be recorded: its webhook named no session. An administrator maps session_id with 'queue set --map'."}
	recordedOut = &call.Error{Code: call.Forbidden, Message: "The call has as many recordings as a call may have."}
)

// Vidaoo did not do it. Why is in the log.
var (
	notStarted = &call.Error{Code: call.Unavailable, Message: "Vidaoo started no recording: try again. The hub's log tells an administrator why."}
	notStopped = &call.Error{Code: call.Unavailable, Message: "Vidaoo did not stop the recording: try again. The hub's log tells an administrator why."}
	nameLost   = &call.Error{Code: call.Unavailable, Message: "Vidaoo may be recording, but did not say what it calls the recording: stop it in the session. The hub's log tells an administrator why."}
)

// mayRecord tells whether a call's owner may have it recorded. It never blocks.
func (h *Hub) mayRecord(q Queue, c call.Call) bool {
	return q.Recording && c.State == call.Accepted && c.Session != "" && h.hasKey()
}

// record starts or stops the recording of an agent's own call. What is so already
// is done; presses that come together are one after the other, so that two of them
// start one recording. The log's lock of the call is not held meanwhile: it can be
// finished while Vidaoo takes its time.
func (h *Hub) record(username, id string, on bool) error {
	unlock := h.oneRecording.lock(id)
	defer unlock()
	// Vidaoo's answer is waited for also when the hub closes: a recording of which
	// nobody knows would go on.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(h.ctx), recordTimeout)
	defer cancel()
	e, err := h.find(ctx, id)
	if err != nil {
		return err
	}
	if err := e.Call.Recordable(username); err != nil {
		return err
	}
	r, _, isOn := e.Call.Recording()
	switch {
	case on && e.Call.LeftOn(): // of who had the call before: the outbox is about to stop it
		if err := h.stopRecording(ctx, e.Call, r.ID, ""); err != nil {
			return err
		}
		return h.startRecording(ctx, e.Call, username)
	case on == isOn:
		return nil
	case on:
		return h.startRecording(ctx, e.Call, username)
	default:
		return h.stopRecording(ctx, e.Call, r.ID, username)
	}
}

// stopRecording stops a recording that an agent waits for to stop. Without a name
// it is the hub that stops it.
func (h *Hub) stopRecording(ctx context.Context, c call.Call, recording, username string) error {
	if !h.asks(c.Queue) {
		return noRecorder
	}
	if err := h.stopAtVidaoo(ctx, recording); err != nil {
		h.log.Error("recording not stopped", "queue", c.Queue, "call", c.ID, "agent", username, "err", err)
		return notStopped
	}
	late, cancel := h.lateContext()
	defer cancel()
	return h.noteStopped(late, c.ID, recording, username)
}

func (h *Hub) startRecording(ctx context.Context, c call.Call, username string) error {
	q, _ := h.directory.Queue(c.Queue)
	switch {
	case !q.Recording:
		return notRecorded
	case !h.asks(c.Queue):
		return noRecorder
	case c.Session == "":
		return nameless
	case len(c.Recordings) >= call.MaxRecordings:
		return recordedOut
	}
	r, err := h.meetings.StartRecording(ctx, c.Session)
	if err != nil {
		h.log.Error("recording not started", "queue", c.Queue, "call", c.ID, "agent", username, "err", err)
		return notStarted
	}
	if len(r.Missing) > 0 || clean.Text(r.ID, vidaoo.MaxID) != r.ID {
		err := errors.New("its id is too long, or has characters that can't be seen")
		if len(r.Missing) > 0 {
			err = r.Missing[0]
		}
		h.log.Error("a recording can't be stopped from here", "queue", c.Queue, "call", c.ID, "agent", username, "err", err)
		return nameLost
	}
	late, cancel := h.lateContext()
	defer cancel()
	after, err := h.change(late, c.ID, func(call.Call) (call.Event, error) {
		return call.Event{Kind: call.KindRecordingStarted, At: h.now(), Agent: username, Recording: r.ID}, nil
	})
	if err != nil { // nobody would ever stop it
		h.stopUnnoted(c, r.ID)
		return err
	}
	return after.Recordable(username) // if it is the agent's no more, the outbox stops it
}

// stopUnnoted stops a recording that could not be noted. It has a time of its own:
// what failed may have used up all of its.
func (h *Hub) stopUnnoted(c call.Call, recording string) {
	late, cancel := h.lateContext()
	defer cancel()
	if _, err := h.meetings.StopRecording(late, recording); err != nil {
		h.log.Error("a recording that could not be noted goes on", "queue", c.Queue, "call", c.ID, "recording", recording, "err", err)
	}
}

// stopAtVidaoo stops a recording, unless somebody else did.
func (h *Hub) stopAtVidaoo(ctx context.Context, recording string) error {
	_, err := h.meetings.StopRecording(ctx, recording)
	if isGone(err) || statusOf(err) == http.StatusConflict {
		h.log.Warn("a recording counts as stopped: Vidaoo has it no more, or says that it is not on", "recording", recording, "err", err)
		return nil
	}
	return err
}

// noteStopped notes that a recording has stopped. Without an agent it was the hub
// that stopped it.
func (h *Hub) noteStopped(ctx context.Context, id, recording, username string) error {
	_, err := h.change(ctx, id, func(c call.Call) (call.Event, error) {
		if r, _, on := c.Recording(); !on || r.ID != recording {
			return call.Event{}, errDone
		}
		return call.Event{Kind: call.KindRecordingStopped, At: h.now(), Agent: username, Recording: recording}, nil
	})
	return unlessDone(err)
}

// lateContext bounds what notes a thing that is done already: also a hub that
// closes has it written.
func (h *Hub) lateContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(h.ctx), requestTimeout)
}

// statusOf is what Vidaoo answered; 0 if it did not.
func statusOf(err error) int {
	var status *vidaoo.StatusError
	if errors.As(err, &status) {
		return status.Status
	}
	return 0
}

// isGone tells whether Vidaoo has no more what was named.
func isGone(err error) bool {
	status := statusOf(err)
	return status == http.StatusNotFound || status == http.StatusGone
}
