package wire

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
)

// MaxRequest is the largest frame an app may send, in bytes.
const MaxRequest = 16 << 10

// The actions, in the "type" field of a request.
const (
	ActAccept      = "accept"
	ActDecline     = "decline"
	ActFinish      = "finish"
	ActReturn      = "return"
	ActShown       = "shown"
	ActPresence    = "presence"
	ActRecord      = "record"       // starts or stops a recording of an own call
	ActTest        = "test"         // rings this agent's apps without a customer
	ActAssign      = "assign"       // supervisors
	ActCancel      = "cancel"       // supervisors
	ActSetPresence = "set-presence" // supervisors
)

// Acts are all actions.
var Acts = []string{
	ActAccept, ActDecline, ActFinish, ActReturn, ActShown, ActPresence, ActRecord, ActTest, ActAssign, ActCancel, ActSetPresence,
}

// The surfaces of a delivery receipt.
const (
	SurfaceNative = "native"
	SurfaceWindow = "window"
)

// Request is what an app asks of the hub. Type is always there; the others as
// the type needs them.
type Request struct {
	Type string `json:"type"`
	// ID comes back in the reply's "to" as it was written: a string or a number.
	ID json.RawMessage `json:"id,omitempty"`

	Call        string             `json:"call,omitempty"`
	Disposition string             `json:"disposition,omitempty"` // finish
	Note        string             `json:"note,omitempty"`        // finish
	Surface     string             `json:"surface,omitempty"`     // shown
	On          bool               `json:"on,omitempty"`          // record; left out: false
	Ms          int64              `json:"ms,omitempty"`          // shown: milliseconds since the offer came
	State       call.PresenceState `json:"state,omitempty"`       // presence, set-presence: ready or paused
	Reason      string             `json:"reason,omitempty"`      // presence, set-presence
	Agent       string             `json:"agent,omitempty"`       // assign, set-presence: a username
}

const (
	maxID   = 64
	maxText = 2000 // bytes of a note, disposition or reason
)

// DecodeRequest reads a frame from an app and checks its form. The returned
// request has its ID even when the rest is wrong, so that it can be answered.
func DecodeRequest(frame []byte) (Request, error) {
	var r Request
	if err := json.Unmarshal(frame, &r); err != nil {
		return Request{ID: IDOf(frame)}, bad("The frame is not a JSON object of the protocol: send {\"type\":…,\"id\":…}.")
	}
	if !validID(r.ID) {
		r.ID = nil
		return r, bad(fmt.Sprintf("\"id\" must be a string or a number of at most %d characters.", maxID))
	}
	return r, r.check()
}

func (r Request) check() error {
	for _, s := range []string{r.Call, r.Disposition, r.Note, r.Reason, r.Agent} {
		if len(s) > maxText {
			return bad(fmt.Sprintf("A text is longer than %d bytes.", maxText))
		}
	}
	if !slices.Contains(Acts, r.Type) {
		return bad("\"type\" is one of " + strings.Join(Acts, ", ") + ".")
	}
	switch r.Type {
	case ActAccept, ActDecline, ActFinish, ActReturn, ActRecord, ActCancel:
		return r.needsCall()
	case ActShown:
		if r.Surface != SurfaceNative && r.Surface != SurfaceWindow {
			return bad("\"surface\" is native or window.")
		}
		if r.Ms < 0 {
			return bad("\"ms\" is the milliseconds since the offer came, 0 or more.")
		}
		return r.needsCall()
	case ActPresence:
		return r.needsState()
	case ActAssign:
		return cmp.Or(r.needsCall(), r.needsAgent())
	case ActSetPresence:
		return cmp.Or(r.needsState(), r.needsAgent())
	default: // of ActTest
		return nil
	}
}

func (r Request) needsState() error {
	if r.State != call.Ready && r.State != call.Paused {
		return bad("\"state\" is ready or paused.")
	}
	return nil
}

func (r Request) needsAgent() error {
	if r.Agent == "" {
		return bad(fmt.Sprintf("%q needs \"agent\", a username.", r.Type))
	}
	return nil
}

func (r Request) needsCall() error {
	if r.Call == "" {
		return bad(fmt.Sprintf("%q needs \"call\", the call's id.", r.Type))
	}
	return nil
}

func bad(message string) error { return &call.Error{Code: call.BadRequest, Message: message} }

// IDOf finds the id of a frame whose other fields can't or shan't be read.
func IDOf(frame []byte) json.RawMessage {
	var r struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(frame, &r) != nil || !validID(r.ID) {
		return nil
	}
	return r.ID
}

// validID tells whether an id is absent, null, or a short JSON string or number.
func validID(id json.RawMessage) bool {
	if len(id) > maxID+2 {
		return false
	}
	return !bytes.ContainsAny(id[:min(1, len(id))], "{[tf")
}
