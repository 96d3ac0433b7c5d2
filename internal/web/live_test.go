package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
)

const (
	isFresh = `document.querySelector(".board")?.dataset.fresh === "yes"`
	isStale = `document.querySelector(".board")?.dataset.fresh === "no" && document.querySelector("#stamp").innerText.includes("Connection lost: numbers of ")`
)

// shows is the expression that a number of the wallboard's tiles is so.
func shows(name, is string) string {
	return `document.querySelector('.tiles [data-n="` + name + `"]')?.textContent === "` + is + `"`
}

// A supervisor signs in and sees a call come, being answered, and the hub go and
// come back, without touching the page.
func TestWallboardIsLive(t *testing.T) {
	p := mustOpen(t)
	p.pages.Hurry(100 * time.Millisecond)
	receive := p.wallQueue(t, "web", time.Minute)
	desk := p.app().MustUser(t, "desk", call.RoleAgent, "web")
	app, _ := p.app().MustDial(t, desk)
	tab := p.tab(t)
	tab.size(1280, 800, "light")
	tab.open("/wallboard")
	tab.do(
		chromedp.SendKeys(chromedp.CSS("#username"), "sara"),
		chromedp.SendKeys(chromedp.CSS("#password"), password),
		chromedp.Click(chromedp.CSS("form.fields button")),
	)
	tab.await("the wallboard is there", isFresh+" && location.pathname === '/wallboard'")
	tab.await("an agent is ready", shows("ready", "1")+" && "+shows("waiting", "0"))

	id := hubtest.MustPost(t, receive, "s1")
	tab.await("the call waits", shows("waiting", "1")+` && /^0:[0-9]{2}$/.test(document.querySelector('[data-n="wait"]').textContent)`)
	tab.await("a screen reader hears it", `document.querySelector("#heard").textContent === "Waiting: 1. Ready: 1."`)
	tab.await("the row of the queue says so", `document.querySelector(".queues tbody tr .word").textContent === "Waiting"`)
	p.accept(t, desk, id)
	tab.await("it is answered", shows("waiting", "0")+" && "+shows("answered", "1")+" && "+shows("busy", "1")+" && "+shows("level", "100%"))
	tab.await("the chart's table has it", `[...document.querySelectorAll('#quarters tbody tr')].some((row) => row.querySelector("td").textContent === "1")`)
	tab.await("the chart is drawn", `document.querySelector("#quarters canvas") !== null`)

	app.Close()
	p.stop(t)
	tab.await("the stamp says that the numbers are old", isStale)
	p.mustStart(t)
	tab.await("the wallboard is back", isFresh+" && "+shows("answered", "1"))
	hubtest.MustPost(t, receive, "s2")
	tab.await("the next call waits", shows("waiting", "1")+" && "+shows("ready", "0"))
	tab.await("it says that nobody is there", `document.querySelector(".tile.large .word").textContent === "Nobody is ready"`)

	tab.do(chromedp.Click(chromedp.CSS(".who button")))
	tab.await("one is signed out", `location.pathname === "/sign-in"`)
}

// A link with a wallboard's token leaves no token in the address; when the
// wallboard is removed the screen shows where one signs in.
func TestWallboardLink(t *testing.T) {
	p := mustOpen(t)
	p.pages.Hurry(50 * time.Millisecond)
	p.wallQueue(t, "web", time.Minute)
	_, token, err := p.hub.Directory().AddWallboard(t.Context(), "hall", nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	tab := p.tab(t)
	tab.open("/wallboard?look=dark&token=" + token)
	tab.await("the wallboard is there", isFresh+` && location.search === "?look=dark"`)
	if entries := eval[int](tab, "history.length"); entries > 2 {
		t.Errorf("the history has %d entries", entries)
	}
	if status, _ := hubtest.Do(t, http.MethodGet, p.URL+"/api/v1/me", token, "", ""); status != http.StatusForbidden {
		t.Errorf("the token reads %d elsewhere", status)
	}
	if err := p.hub.Directory().RemoveWallboard(t.Context(), "hall"); err != nil {
		t.Fatal(err)
	}
	tab.await("the screen asks to sign in", `location.pathname === "/sign-in"`)
}
