package web_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/routing"
	"github.com/deskbell/deskbell/internal/wire"
)

// wallQueue makes a queue whose calls may wait for a time.
func (p *place) wallQueue(tb testing.TB, name string, alertAfter time.Duration) (receiveURL string) {
	tb.Helper()
	return p.app().MustQueue(tb, hub.Queue{Name: name, Options: routing.Options{AlertAfter: alertAfter, Patience: 5 * time.Minute, Ring: 20 * time.Second}})
}

// accept has an agent take a call.
func (p *place) accept(tb testing.TB, token, id string) {
	tb.Helper()
	hubtest.Eventually(tb, "the call rings", func() bool {
		status, _ := hubtest.Do(tb, http.MethodPost, p.URL+"/api/v1/calls/"+id+"/accept", token, "", "")
		return status == http.StatusOK
	})
}

func (p *place) finish(tb testing.TB, token, id string) {
	tb.Helper()
	if status, answer := hubtest.Do(tb, http.MethodPost, p.URL+"/api/v1/calls/"+id+"/finish", token, "", ""); status != http.StatusOK {
		tb.Fatalf("finish: %d %s", status, answer)
	}
}

// aDay is a hub with the calls of a morning, of which some still wait.
func aDay(tb testing.TB) *place {
	tb.Helper()
	now := time.Now()
	morning := now.Add(-4 * time.Hour)
	if morning.Day() != now.Day() {
		morning = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 1, 0, time.Local)
	}
	p := mustOpenAt(tb, morning)
	queues, tokens := map[string]string{}, map[string]string{}
	for name, alert := range map[string]time.Duration{"web": 30 * time.Second, "sales": 2 * time.Minute, "support": time.Minute, "kiosk": 0} {
		queues[name] = p.wallQueue(tb, name, alert)
	}
	for _, name := range []string{"desk1", "desk2", "desk3"} {
		tokens[name] = p.app().MustUser(tb, name, call.RoleAgent, "web", "sales", "support")
	}
	names, n := []string{"web", "sales", "support"}, 0
	for at := morning; at.Before(now.Add(-10 * time.Minute)); at = at.Add(time.Duration(3+n%5) * time.Minute) {
		p.setClock(at)
		n++
		p.aCall(tb, queues[names[n%3]], tokens[fmt.Sprintf("desk%d", 1+n%3)], n)
	}
	p.setClock(now.Add(-80 * time.Second))
	hubtest.MustPost(tb, queues["web"], "late")
	p.setClock(now.Add(-70 * time.Second))
	hubtest.MustPost(tb, queues["sales"], "soon")
	p.setClock(now)
	for i, state := range []call.PresenceState{call.Ready, call.Paused} {
		app, _ := p.app().MustDial(tb, tokens[fmt.Sprintf("desk%d", 2+i)])
		app.MustAsk(wire.Request{Type: wire.ActPresence, State: state})
	}
	busy, _ := p.app().MustDial(tb, tokens["desk1"])
	id := hubtest.MustPost(tb, queues["support"], "busy")
	busy.Offered(id)
	busy.MustAsk(wire.Request{Type: wire.ActAccept, Call: id})
	return p
}

// aCall is one call of the morning: most are answered, the others missed, or the
// customer leaves.
func (p *place) aCall(tb testing.TB, receiveURL, token string, n int) {
	tb.Helper()
	session := fmt.Sprintf("day-%d", n)
	id := hubtest.MustPost(tb, receiveURL, session)
	switch {
	case n%6 == 0: // nobody is there
		p.setClock(p.now().Add(6 * time.Minute))
	case n%7 == 0:
		p.setClock(p.now().Add(50 * time.Second))
		if status, answer := hubtest.Post(tb, receiveURL+"?event=ended", "application/json", fmt.Sprintf(`{"session_id":%q}`, session)); status != http.StatusOK {
			tb.Fatalf("left: %d %s", status, answer)
		}
	default:
		app, _ := p.app().MustDial(tb, token)
		p.setClock(p.now().Add(time.Duration(4+n*n%70) * time.Second))
		p.accept(tb, token, id)
		p.finish(tb, token, id)
		app.Close()
	}
}

// TestPictures shows every page in both looks, on a phone and on a wall, and has
// axe-core look for barriers.
func TestPictures(t *testing.T) {
	p := aDay(t)
	p.mustStub(t, &stubbed{reports: aMonth(230)})
	stranger, admin := p.tab(t), p.tab(t)
	admin.hold(p.app().MustToken(t, "ada"))
	for _, page := range []struct{ name, path, ready string }{
		{"wallboard", "/wallboard", `document.querySelector(".board").dataset.fresh === "yes"`},
		{"reports", "/reports?from=2026-03-02&to=2026-03-02", `document.querySelectorAll("canvas").length === 2`},
		{"mistakes", "/reports?from=2026-03-02&to=2025-03-02&queue=nope&agent=nobody", `document.querySelectorAll(".wrong").length === 3`},
		{"sign-in", "/sign-in", "true"},
	} {
		for _, size := range [][2]int64{{360, 740}, {1920, 1080}} {
			for _, look := range []string{"dark", "light"} {
				tab := admin
				if page.name == "sign-in" {
					tab = stranger
				}
				tab.size(size[0], size[1], look)
				tab.open(page.path)
				tab.await(page.name+" is ready", page.ready)
				name := fmt.Sprintf("%s-%d-%s", page.name, size[0], look)
				tab.picture(name)
				tab.checkBarriers(name)
				tab.checkRoom(name, page.name == "wallboard" && size[0] > 1000)
			}
		}
	}
}

// TestWallInAllLanguages has the wallboard fit on its screen in each language.
func TestWallInAllLanguages(t *testing.T) {
	p := aDay(t)
	tab := p.tab(t)
	tab.hold(p.app().MustToken(t, "ada"))
	for _, l := range lang.Languages {
		for _, size := range [][2]int64{{360, 740}, {1920, 1080}, {1366, 768}, {3840, 2160}} {
			tab.size(size[0], size[1], "light")
			tab.open("/wallboard?lang=" + l.Tag)
			tab.await("the wallboard is there", isFresh+` && document.querySelectorAll("canvas").length === 2`)
			name := fmt.Sprintf("wallboard-%s-%d", l.Tag, size[0])
			tab.picture(name)
			tab.checkRoom(name, size[0] > 1000)
		}
	}
}
