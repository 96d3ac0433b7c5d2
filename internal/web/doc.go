// Package web is the hub's pages for people: signing in, the wallboard, reports
// and administration, in the reader's language.
//
// The flow of one page:
//
//	browser ──cookie──▶ route ──▶ page's handler ──token──▶ the hub's API ──▶ access table
//	   ▲                                │
//	   └──── HTML ◀── template ◀── what the API answered
//
// The cookie holds a sign-in token of the hub, like an app's. A page asks the
// hub's own API in process ([Site.ask]) with the token of who looks at it, so
// that one table in package hub says who may see and do what, and everything is
// limited, logged and refused as it is for a program. The table of pages
// ([Site.routes]) only says which pages are worth showing to whom.
//
// A page is one file with its handler and one template of the same name, which
// defines "title" and "main"; templates/layout.html is around all of them. What
// people read is said with {{t "…"}}; each language has its own set of parsed
// templates. A script finds its words in the page and has none of its own.
//
// Forms of administration are a [form]: its fields know how they are named in the
// hub's API, what was there when the form was made and what was typed. Only what
// was touched is sent, with the revision; what the hub refuses comes back beside
// its field, and what somebody else has changed meanwhile is marked.
//
// Nothing on a page is inline: the Content-Security-Policy forbids it. Assets
// have the hash of their content in their name and are kept by browsers for
// good.
package web
