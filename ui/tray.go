package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"github.com/deskbell/deskbell/assets"
	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/lang"
)

// trayFace is everything that the tray shows, so that two can be compared.
type trayFace struct {
	state  assets.State
	line   string             // the state in words, the first line of the menu
	toggle call.PresenceState // what the agent may switch to; empty for nothing
	inside bool               // signed in
	inCall bool               // what is chosen counts afterwards
	watch  bool               // may watch the queues
	// reasons are those for a pause, a line each.
	reasons string
	missed  int // calls that the agent has not looked at
}

// trayActions are what the menu does.
type trayActions struct {
	setPresence                     func(state call.PresenceState, reason string)
	open, settings, signOut, signIn func()
	missed, testRing, queue         func()
	quit                            func()
	tapped                          func() // the icon itself was clicked
}

// tray keeps the tray as it should be. A menu can only be replaced as a whole,
// so it is touched only when something in it changed.
type tray struct {
	desk    Desktop
	window  fyne.Window
	actions trayActions
	face    trayFace
}

// show puts a face into the tray.
func (t *tray) show(face trayFace) {
	if face == t.face {
		return
	}
	t.face = face
	t.desk.SetTray(trayIcon(face), trayMenu(face, t.actions), t.window, t.actions.tapped)
}

// trayIcon is the picture of a state, as PNG: some desktops draw no others. It
// has a badge while there are missed calls to look at.
func trayIcon(face trayFace) fyne.Resource {
	name, data := "tray-"+string(face.state), assets.Tray(face.state)
	if face.missed > 0 && assets.HasBadge(face.state) {
		name, data = name+"-missed", assets.TrayMissed(face.state)
	}
	return fyne.NewStaticResource(name+".png", data)
}

// faceOf tells how the tray looks while somebody is signed in. In a call it is
// paused: the bell stays silent.
func faceOf(s agent.State, ringing, missed int) trayFace {
	face := trayFace{inside: true, state: assets.Offline, line: "Connecting…", inCall: inCall(s), watch: s.User.Role.Supervises(), reasons: strings.Join(s.Reasons, "\n"), missed: missed}
	switch {
	case s.Connection == agent.Offline:
		face.line = lang.T("Offline, trying again…")
	case s.Connection != agent.Online:
	case ringing > 0:
		face.state, face.line, face.toggle = assets.Ringing, named(lang.T("Ringing"), s), call.Paused
	case s.Presence.State == call.Paused && inCall(s):
		face.state, face.line, face.toggle = assets.Paused, named(afterwards(s.Presence), s), call.Ready
	case s.Presence.State == call.Paused:
		face.state, face.line, face.toggle = assets.Paused, named(pausedSince(s), s), call.Ready
	case s.Presence.State == call.Busy:
		face.state, face.line, face.toggle = assets.Paused, named(lang.T("In a call"), s), call.Paused
	case s.Presence.State == call.WrapUp:
		face.state, face.line, face.toggle = assets.Paused, named(lang.T("Wrapping up"), s), call.Ready
	default:
		face.state, face.line, face.toggle = assets.Ready, named(lang.T("Ready"), s), call.Paused
	}
	return face
}

// pausedSince says when a pause began: a clock that runs would have the menu
// made anew each second.
func pausedSince(s agent.State) string {
	if s.Presence.Since.IsZero() {
		return pauseWords(s.Presence)
	}
	return lang.T("%s since %s", pauseWords(s.Presence), s.Presence.Since.Local().Format("15:04"))
}

// named adds the agent's name to a state.
func named(state string, s agent.State) string {
	if s.User.Name == "" {
		return state
	}
	return state + " · " + s.User.Name
}

// trayMenu is flat, because some desktops drop submenus that come late, and
// has Open, because some show no window when the icon is clicked.
func trayMenu(face trayFace, do trayActions) *fyne.Menu {
	line := fyne.NewMenuItem(face.line, nil)
	line.Disabled = true
	items := []*fyne.MenuItem{line}
	if face.missed > 0 {
		items = append(items, fyne.NewMenuItem(missedWords(face.missed), do.missed))
	}
	items = append(items, fyne.NewMenuItemSeparator())
	switch face.toggle {
	case call.Paused:
		items = append(items, pauseItems(face, do)...)
	case call.Ready:
		items = append(items, fyne.NewMenuItem(readyItem(face), func() { do.setPresence(call.Ready, "") }))
	}
	items = append(items, fyne.NewMenuItem(lang.T("Open Deskbell"), do.open))
	if face.watch {
		items = append(items, fyne.NewMenuItem(lang.T("Queue…"), do.queue))
	}
	items = append(items, fyne.NewMenuItem(lang.T("Settings…"), do.settings))
	if face.toggle != "" { // online
		items = append(items, fyne.NewMenuItem(lang.T("Test ring"), do.testRing))
	}
	items = append(items, fyne.NewMenuItemSeparator())
	if face.inside {
		items = append(items, fyne.NewMenuItem(lang.T("Sign out"), do.signOut))
	} else {
		items = append(items, fyne.NewMenuItem(lang.T("Sign in…"), do.signIn))
	}
	quit := fyne.NewMenuItem(lang.T("Quit"), do.quit)
	quit.IsQuit = true
	return fyne.NewMenu("Deskbell", append(items, quit)...)
}

// pauseItems are the pauses that may be chosen: one for each of the hub's
// reasons, if it has any.
func pauseItems(face trayFace, do trayActions) (items []*fyne.MenuItem) {
	plain, withReason := lang.Mark("Pause"), lang.Mark("Pause: %s")
	if face.inCall {
		plain, withReason = lang.Mark("Pause after this call"), lang.Mark("Pause after this call: %s")
	}
	if face.reasons != "" {
		for reason := range strings.SplitSeq(face.reasons, "\n") {
			words := lang.T(withReason, clean.Text(reason, maxName))
			items = append(items, fyne.NewMenuItem(words, func() { do.setPresence(call.Paused, reason) }))
		}
	}
	return append(items, fyne.NewMenuItem(lang.T(plain), func() { do.setPresence(call.Paused, "") }))
}

func readyItem(face trayFace) string {
	if face.inCall {
		return lang.T("Ready after this call")
	}
	return lang.T("Ready")
}
