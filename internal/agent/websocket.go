package agent

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// upgradeLost tells whether an answer is that of a hub which was not asked for
// a WebSocket: what stands between has taken the words for it out of the
// request. The hub then names the version that it would speak, or misses the
// subprotocol.
func upgradeLost(answer *http.Response, data []byte) bool {
	var p wire.Problem
	if json.Unmarshal(data, &p) == nil && p.Code != "" {
		return p.Code == call.BadRequest
	}
	asks := []int{http.StatusBadRequest, http.StatusUpgradeRequired}
	return slices.Contains(asks, answer.StatusCode) && answer.Header.Get("Sec-Websocket-Version") != ""
}

// noWebSockets says that and by whom WebSockets are blocked. The answer may be
// nil.
func (r *route) noWebSockets(answer *http.Response, cause error) error {
	if answer != nil {
		cause = fmt.Errorf("answered %s: %w", answer.Status, cause)
	}
	return &Error{
		Sentence: lang.T("The hub can be reached, but WebSockets can't pass: %s seems to block them. Ask your administrator to let WebSockets through to %s.", r.between(answer), r.hub.Hostname()),
		Cause:    cause,
	}
}

// between names who stands between this computer and the hub, as far as can be
// known: the hub itself sends neither Via nor Server.
func (r *route) between(answer *http.Response) string {
	via, server := "", ""
	if answer != nil {
		via, server = answer.Header.Get("Via"), answer.Header.Get("Server")
	}
	switch {
	case r.proxy != nil:
		return lang.T("the proxy %s, or something behind it,", r.proxy.Host)
	case via != "":
		return lang.T("the proxy that calls itself %s", quoted(via))
	case server != "":
		return lang.T("the web server %s in front of it", quoted(server))
	default:
		return lang.T("a proxy, a firewall or a web server on the way")
	}
}

// socketTrouble says why there is no WebSocket to a hub that has just
// answered other requests: if the hub itself does not say so, something on the
// way let only those pass.
func (r *route) socketTrouble(answer *http.Response, cause error) error {
	var said *Error
	if errors.As(cause, &said) {
		return said
	}
	if answer == nil {
		return r.noWebSockets(nil, cause)
	}
	data, _ := io.ReadAll(answer.Body) // the dialer leaves its beginning
	var p wire.Problem
	if json.Unmarshal(data, &p) == nil && p.Code != "" && p.Code != call.BadRequest {
		return refused(answer, data)
	}
	return r.noWebSockets(answer, cause)
}
