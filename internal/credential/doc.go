// Package credential keeps a signed-in agent's token in the keyring of the
// operating system: the Secret Service on Linux, the Keychain on macOS, the
// Credential Manager on Windows. There is no file: a person without a keyring
// signs in for this session only ([NewMemory]).
//
// The flow of one call of [Keyring]:
//
//	Get/Set/Delete ── wait for the turn ── goroutine: vault ── go-keyring ── system
//	      │                                     │
//	      └── Slow after 1 s, [Error] of kind   └── on Linux first unlock over our
//	          TimedOut after 60 s                   own connection, see below
//
// go-keyring takes no context and can block for as long as nobody answers the
// prompt of a locked keyring. So each call runs in a goroutine of its own and
// the caller stops waiting at the deadline. Only one such goroutine exists at
// a time: while it is stuck, later callers wait for the turn and give up at
// their own deadline without starting another. The price of a keyring that
// never answers is one goroutine, however often the person tries again.
//
// On Linux a locked keyring is unlocked here, before go-keyring is called.
// go-keyring waits for the prompt on the process-wide connection
// dbus.SessionBus, which it shares with the toolkit and the notification
// library. There it takes any signal for the prompt's answer, dereferences nil
// when somebody else closes the connection, ignores that a prompt was
// dismissed and cannot stop waiting. Our unlocking uses a private connection,
// waits for the one signal, withdraws the prompt at the deadline, and creates
// the default keyring if the desktop has none yet; go-keyring then finds an
// open keyring and has nothing to ask. Nor does godbus get to start a bus
// daemon of its own: no session bus is an error here.
//
// Every failure is an [*Error] with a [Kind] to decide by, a sentence for the
// person and the cause for the log. No error contains a secret.
package credential
