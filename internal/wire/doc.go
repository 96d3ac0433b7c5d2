// Package wire holds the messages between hub and app, the subprotocol
// "deskbell.v1": JSON text frames over one WebSocket, and the JSON objects of
// the HTTP API, which are the same.
//
// The hub sends [Welcome], [Offer], [Withdrawn], [CallChanged], [AgentChanged]
// and [Reply]; the app sends [Request]. Both sides decode with this package,
// so it is the one place where a name on the wire is written.
//
// A [Call] on the wire is made by [FromCall], which leaves the session link
// out unless it is asked for: an offer can't carry a link by accident.
//
// docs/protocol.md is the full text; change it and this package together.
package wire
