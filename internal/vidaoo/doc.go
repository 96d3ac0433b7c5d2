// Package vidaoo speaks with Vidaoo: it reads the webhooks of Vidaoo's automations and asks its REST
// API for meetings.
//
// A webhook's body is whatever key/value pairs an administrator typed into the automation, so there is
// no fixed shape to decode. It is read in two steps:
//
//	body ── Parse ──▶ Payload ── Mapping.Map ──▶ Session
//
// [Parse] takes JSON objects and forms, whatever the Content-Type says, and knows no field names.
// [Mapping.Map] finds the fields of a call by a list of paths for each; everything else that was sent
// becomes metadata. Each step fails in its own way: [ErrUnreadable] (HTTP 400) or [*NoLinkError]
// (HTTP 422).
//
// What Map returns is clean (package clean), its link passes link.Check, and no other field holds the
// link: the rest of a [Session] is shown to agents who have not accepted.
//
// [Client] creates meetings. Facts about Vidaoo that its vendor has not published are settings with
// defaults, never constants of the code. Package vidaootest is a Vidaoo to test against.
package vidaoo
