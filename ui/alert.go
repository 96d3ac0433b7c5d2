package ui

import (
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// alertWords say what a supervisor is told. What this app does not know it says
// as the hub did.
func alertWords(a wire.Alert) string {
	switch a.Kind {
	case wire.AlertWaiting:
		return lang.T("A call of queue %s waits too long. Assign it, or see who could take it.", a.Queue)
	case wire.AlertNobody:
		return lang.T("A customer waits in queue %s, and nobody who serves it is ready. Ask somebody to be ready, or take the call.", a.Queue)
	case wire.AlertPayload:
		return lang.T("A webhook of queue %s could not be used, and perhaps a customer waits. Ask your administrator to look at the queue's last payloads.", a.Queue)
	case wire.AlertNote:
		return lang.T("A customer of queue %s left a note and wants to be called back. The note is on the call.", a.Queue)
	default:
		return a.Message
	}
}
