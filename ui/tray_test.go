package ui_test

import (
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/ui"
)

// menuText is the tray's menu, one item per line; disabled ones in brackets.
func (a *appTest) menuText() string {
	var lines []string
	for _, item := range a.desk.menu.Items {
		switch {
		case item.IsSeparator:
			lines = append(lines, "-")
		case item.Disabled:
			lines = append(lines, "["+item.Label+"]")
		default:
			lines = append(lines, item.Label)
		}
	}
	return strings.Join(lines, "\n")
}

func TestTray(t *testing.T) {
	with := func(change func(*agent.State)) agent.State {
		s := online()
		change(&s)
		return s
	}
	tests := []struct {
		name  string
		state agent.State
		icon  string
		line  string
		other string // what the agent may switch to
	}{
		{"connecting", with(func(s *agent.State) { s.Connection = agent.Connecting }), "offline", "Connecting…", ""},
		{"ready", online(), "ready", "Ready · Anna Rossi", "Pause"},
		{"paused", with(func(s *agent.State) { s.Presence.State = call.Paused }), "paused", "Paused · Anna Rossi", "Ready"},
		{"paused since", with(func(s *agent.State) {
			s.Presence = wire.Presence{State: call.Paused, Reason: "lunch", Since: wire.At(time.Date(2026, 3, 2, 12, 3, 0, 0, time.Local))}
		}), "paused", "Paused: lunch since 12:03 · Anna Rossi", "Ready"},
		{"ready, with reasons for a pause", with(func(s *agent.State) { s.Reasons = []string{"lunch", "coffee"} }), "ready", "Ready · Anna Rossi", "Pause: lunch\nPause: coffee\nPause"},
		{"wrapping up", with(func(s *agent.State) { s.Presence.State = call.WrapUp }), "paused", "Wrapping up · Anna Rossi", "Ready"},
		{"busy", busy(aCall("c1", "Maria")), "paused", "In a call · Anna Rossi", "Pause after this call"},
		{"busy, with reasons for a pause", with(func(s *agent.State) {
			*s = busy(aCall("c1", "Maria"))
			s.Reasons = []string{"lunch"}
		}), "paused", "In a call · Anna Rossi", "Pause after this call: lunch\nPause after this call"},
		{"paused after this call", with(func(s *agent.State) {
			*s = busy(aCall("c1", "Maria"))
			s.Presence = wire.Presence{State: call.Paused, Reason: "lunch", Since: wire.At(time.Now())}
		}), "paused", "In a call · paused afterwards: lunch · Anna Rossi", "Ready after this call"},
		{"offline", with(func(s *agent.State) { s.Connection = agent.Offline }), "offline", "Offline, trying again…", ""},
		{"nameless", with(func(s *agent.State) { s.User.Name = "" }), "ready", "Ready", "Pause"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			withApp(t, func(a *appTest) {
				a.signedIn()
				a.hears(agent.Event{Kind: agent.Changed, State: test.state})
				want := "[" + test.line + "]\n-\n"
				if test.other != "" {
					want += test.other + "\n"
				}
				want += "Open Deskbell\nSettings…\n"
				if test.other != "" {
					want += "Test ring\n"
				}
				want += "-\nSign out\nQuit"
				if got := a.menuText(); got != want {
					t.Errorf("the menu is\n%s\nwant\n%s", got, want)
				}
				if icon := a.desk.icons[len(a.desk.icons)-1]; icon != "tray-"+test.icon+".png" {
					t.Errorf("the icon is %s, want %s", icon, test.icon)
				}
			})
		})
	}
}

func TestTrayWhileACallRings(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.rings(aCall("c1", "Maria"))
		if icon := a.desk.icons[len(a.desk.icons)-1]; icon != "tray-ringing.png" {
			t.Errorf("the icon is %s, want ringing", icon)
		}
		if got := a.menuText(); !strings.HasPrefix(got, "[Ringing · Anna Rossi]\n") || strings.Contains(got, "Maria") {
			t.Errorf("the menu is\n%s", got)
		}
	})
}

func TestTrayBeforeSignIn(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.begin(ui.Start{})
		want := "[Not signed in]\n-\nOpen Deskbell\nSettings…\n-\nSign in…\nQuit"
		if got := a.menuText(); got != want || a.desk.icons[0] != "tray-offline.png" {
			t.Errorf("the menu is\n%s\nwant\n%s", got, want)
		}
		a.choose("Quit")
		if !a.fyne.quit {
			t.Error("the app goes on")
		}
	})
}

func TestTrayIsTouchedOnlyWhenItChanges(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		before := len(a.desk.icons)
		for range 5 {
			a.hears(agent.Event{Kind: agent.Changed, State: online()})
		}
		a.fyne.pass(3 * time.Second)
		if made := len(a.desk.icons) - before; made != 0 {
			t.Errorf("the menu was made %d times although nothing changed", made)
		}
	})
}
