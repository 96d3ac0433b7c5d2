// Package ui is the tray app's face: tray, sign-in, incoming call, the agent's
// calls, settings.
//
// The flow, once [App.Begin] has an agent signed in:
//
//	session ── agent.Event ──▶ Bell ── Present, Update, Dismiss ──▶ notify.Fanout ──▶ native notifications
//	   ▲          │             ▲ │                                      └─────────▶ Popup
//	   │          ▼             │ └── Ringing ──▶ App: tray, main window
//	   │         App            │
//	   └── accept, decline ─────┴────────── notify.Event ◀── a pressed button
//
// [Bell] decides what rings. It has one goroutine and no widgets, so calls ring
// as notification and sound even while a window is stuck. [Popup] is the
// surface "window". [App] holds the windows and the tray and acts for the
// person: sign in and out, presence, the accepted calls and their session links.
//
// Everything but the bell belongs to Fyne's main goroutine; what waits (hub,
// keyring, browser) runs elsewhere with a deadline and comes back through
// fyne.Do.
//
// The views (signInView, homeView, popupView, callCard) are widgets and the
// words on them; they decide nothing. What Fyne's test app lacks of a desktop
// stands behind [Desktop], the hub behind [Hub] and [Session].
package ui
