// Package link holds the one rule for which addresses Deskbell opens.
//
// A session link comes from outside: a website asked Vidaoo for a meeting, an administrator typed a
// template, a webhook carried the result. The hub applies [Check] before it keeps a link, and the app
// applies it again before it hands the link to the browser, so that neither has to trust the other.
//
// No error of this package holds the link or a part of it: the link is a secret until a call is
// accepted, and errors are logged and shown.
package link
