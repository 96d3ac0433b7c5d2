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
// [Client] asks the REST API, one method for each operation:
//
//	Settings ──▶ endpoint ──▶ request ──▶ again, if that is safe ──▶ reply ──▶ Meeting, Automation, Recording
//
// Facts about Vidaoo that its vendor has not published are [Settings] with defaults, never constants of
// the code; each has a [Mark] that says how well it is known. An error says what happened and which
// setting changes it: [*StatusError], [*FieldError], [*ReplyError], [*NetworkError]. The API key is a
// [Key], which can't be printed, and is taken out of everything that a server sends back.
//
// [Connect] has Vidaoo ring a queue, and returns a list of steps with what was found at each.
//
// Package vidaootest is a Vidaoo to test against.
package vidaoo
