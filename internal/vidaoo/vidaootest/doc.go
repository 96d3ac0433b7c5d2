// Package vidaootest is a Vidaoo to test and to show Deskbell with: a REST API for meetings, automations
// that send webhooks, and a page behind each session link.
//
//	POST /api/v1/meetings ──▶ meeting ──▶ automation "Meeting Created" ──▶ POST to its Receive URL
//	GET  /session/...     ──▶ page, and the first time automation "First Participant Joined"
//	DELETE the meeting    ──▶ the pages that are open go to guestRedirectionUrl
//
// Fixed is what the vendor has published: form-encoded requests, JSON replies, the key in a header, the
// names topic, metadata and guestRedirectionUrl, the two triggers, and webhook bodies that an
// administrator types. All else is in [Options] with a likely default, so that tests can show that
// Deskbell does not depend on it.
package vidaootest
