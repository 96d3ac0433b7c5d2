// Package outbound sends requests of the hub's own to addresses that an administrator chose: to XCALLY
// Motion, and to hooks.
//
// Such an address must not become a way into the network that the hub stands in. So [Target.Check] looks at
// it when it is chosen, and a [Client] looks once more at each address that a name resolves to, at the
// moment it connects: a name may lead elsewhere by then. Redirects are not followed, no proxy is asked, and
// an answer has a bound and a deadline.
//
// No error holds the address: it may have a key in it, and errors are logged and shown.
package outbound
