package hub

import (
	"fmt"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// waitingAlert says that a call has waited for its queue's alert time.
func waitingAlert(c call.Call) wire.Alert {
	return wire.Alert{
		Kind: wire.AlertWaiting, Queue: c.Queue, At: wire.At(c.Alerted), Call: c.ID,
		Message: fmt.Sprintf("A call of queue %s has waited for %v. Assign it, or see who could take it.", c.Queue, c.Alerted.Sub(c.Since).Round(time.Second)),
	}
}

// payloadAlert says that a webhook made no call.
func payloadAlert(queue string, id uint64, code call.Code, at time.Time) wire.Alert {
	return wire.Alert{
		Kind: wire.AlertPayload, Queue: queue, At: wire.At(at), Payload: id, Code: code,
		Message: fmt.Sprintf("A webhook of queue %s could not be used, and perhaps a customer waits. An administrator sees why with 'payload list %s'.", queue, queue),
	}
}

// nobodyAlert says that somebody waits in a queue in which nobody is ready.
func nobodyAlert(queue string, at time.Time) wire.Alert {
	return wire.Alert{
		Kind: wire.AlertNobody, Queue: queue, At: wire.At(at),
		Message: fmt.Sprintf("A customer waits in queue %s, and nobody who serves it is ready. Ask somebody to be ready, or take the call.", queue),
	}
}

// noteAlert says that a customer wants to be called back.
func noteAlert(c call.Call, at time.Time) wire.Alert {
	return wire.Alert{
		Kind: wire.AlertNote, Queue: c.Queue, At: wire.At(at), Call: c.ID,
		Message: fmt.Sprintf("A customer of queue %s left a note and wants to be called back: see call %s.", c.Queue, c.ID),
	}
}
