package ui_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/ui"
)

func dayCall(id, name string, what wire.DayWhat, ago time.Duration) wire.DayCall {
	c := aCall(id, name)
	c.State = call.Ended
	if what == wire.DayAnswered {
		c.Accepted, c.Ended = wire.At(time.Now().Add(-ago)), wire.At(time.Now().Add(-ago+4*time.Minute))
	}
	return wire.DayCall{Call: c, What: what, At: wire.At(time.Now().Add(-ago))}
}

// TestLastCalls: the hub's list, then what is heard; the badge counts what was
// missed until the person looks.
func TestLastCalls(t *testing.T) {
	withApp(t, func(a *appTest) {
		taken := dayCall("c2", "Luca Verdi", wire.DayTaken, 2*time.Hour)
		taken.By = "Desk 4"
		a.session.day = []wire.DayCall{dayCall("c1", "Maria Bianchi", wire.DayAnswered, time.Hour), taken, dayCall("c3", "", wire.DayMissed, 3*time.Hour)}
		a.signedIn()
		wantWords(t, a.main(), "Last 24 hours  ·  1 missed call")
		if got := a.menuText(); !strings.HasPrefix(got, "[Ready · Anna Rossi]\n1 missed call\n-\n") {
			t.Errorf("the menu is\n%s", got)
		}
		if icon := a.desk.icons[len(a.desk.icons)-1]; icon != "tray-ready-missed.png" {
			t.Errorf("the icon is %s", icon)
		}
		wantNoWords(t, a.main(), "Luca Verdi")
		a.press("Last 24 hours  ·  1 missed call")
		wantWords(t, a.main(), "Maria Bianchi", "Answered, 4:00  ·  web", "Luca Verdi", "Taken by Desk 4", "Unknown caller", "Missed  ·  web")
		wantNoWords(t, a.main(), "missed call", "No calls in the last")
		if icon := a.desk.icons[len(a.desk.icons)-1]; icon != "tray-ready.png" {
			t.Errorf("the icon is %s after the person looked", icon)
		}

		a.press("Calls")
		a.rings(aCall("c4", "Greta Conti"))
		a.fyne.pass(time.Second)
		a.hears(agent.Event{Kind: agent.Stopped, Call: aCall("c4", "Greta Conti"), Reason: wire.ReasonLapsed, State: online()})
		wantWords(t, a.main(), "1 missed call")
		a.choose("1 missed call") // in the tray
		wantWords(t, a.main(), "Greta Conti")
	})
}

func TestLastCallsSearch(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.session.day = []wire.DayCall{dayCall("c1", "Maria Bianchi", wire.DayAnswered, time.Hour), dayCall("c2", "Luca Verdi", wire.DayMissed, 2*time.Hour)}
		a.signedIn()
		a.press("Last 24 hours  ·  1 missed call")
		search := entries(a.main())[0]
		test.Type(search, "LUCA web")
		wantWords(t, a.main(), "Luca Verdi")
		wantNoWords(t, a.main(), "Maria Bianchi")
		search.SetText("nobody")
		wantWords(t, a.main(), "No call of the last 24 hours has these words.")
	})
}

// TestLastCallsAreForgotten: the next one to sign in sees nothing of them.
func TestLastCallsAreForgotten(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.session.day = []wire.DayCall{dayCall("c1", "Maria Bianchi", wire.DayMissed, time.Hour)}
		a.signedIn()
		a.choose("Sign out")
		if got := a.menuText(); strings.Contains(got, "missed") {
			t.Errorf("the menu is\n%s", got)
		}
		a.session.day = nil
		a.fyne.settle()
		a.begin(ui.Start{})
		wantNoWords(t, a.main(), "Maria Bianchi", "missed call")
	})
}
