package web_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/deskbell/deskbell/internal/hub/hubtest"
)

// picturesVar names the folder to which tests write pictures of the pages.
const picturesVar = "DESKBELL_PICTURES"

//go:embed testdata/axe/axe.min.js
var axe string

// tab is a page in a real Chromium. Tabs of one test share nothing.
type tab struct {
	tb  testing.TB
	p   *place
	ctx context.Context
}

// chromium is one browser for all tests, which [TestMain] ends.
var chromium struct {
	once sync.Once
	ctx  context.Context
	end  func()
	err  error
}

func startChromium() {
	var path string
	for _, name := range []string{"chromium", "google-chrome-stable", "google-chrome"} {
		if path, chromium.err = exec.LookPath(name); chromium.err == nil {
			break
		}
	}
	if chromium.err != nil {
		chromium.err = fmt.Errorf("no browser is installed, neither Chromium nor Google Chrome: run .ci/setup desktop")
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("lang", "en-GB"))
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, endBrowser := chromedp.NewContext(alloc)
	chromium.ctx, chromium.end = ctx, func() {
		_ = chromedp.Cancel(ctx) // waits until it has ended
		endBrowser()
		endAlloc()
	}
	chromium.err = chromedp.Do(ctx)
}

// tab opens a tab with cookies of its own.
func (p *place) tab(tb testing.TB) *tab {
	tb.Helper()
	chromium.once.Do(startChromium)
	if chromium.err != nil {
		tb.Fatal(chromium.err)
	}
	ctx, cancel := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	tb.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		cancel()
	})
	t := &tab{tb, p, ctx}
	command(t, network.Enable, network.EnableParams{})
	return t
}

// do carries out steps, all within the patience of a test.
func (t *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, hubtest.Patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.tb.Fatalf("%v; the page says: %s", err, t.text())
	}
}

// command sends a command of the protocol.
func command[P, R any](t *tab, c cdp.Command[P, R], params P) R {
	t.tb.Helper()
	got, err := chromedp.Call(t.ctx, c, params)
	if err != nil {
		t.tb.Fatalf("%s: %v", c.Method, err)
	}
	return got
}

func (t *tab) text() string {
	words, _ := chromedp.Run(t.ctx, chromedp.Evaluate[string]("document.body ? document.body.innerText : ''"))
	return words
}

func (t *tab) open(path string) {
	t.tb.Helper()
	t.do(chromedp.Navigate(t.p.URL + path))
}

// hold gives the tab the cookie of a token.
func (t *tab) hold(token string) {
	t.tb.Helper()
	yes := true
	command(t, network.SetCookie, network.SetCookieParams{Name: "deskbell", Value: token, URL: t.p.URL, HTTPOnly: &yes, SameSite: network.CookieSameSiteStrict})
}

// eval is what an expression of JavaScript is.
func eval[T any](t *tab, expression string, options ...chromedp.EvaluateOption) T {
	t.tb.Helper()
	got, err := chromedp.Run(t.ctx, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		t.tb.Fatalf("%.200s: %v", expression, err)
	}
	return got
}

// await waits until an expression of JavaScript is true, over loads of the page.
func (t *tab) await(what, expression string) {
	t.tb.Helper()
	var err error
	hubtest.Eventually(t.tb, what, func() bool {
		var is bool
		is, err = chromedp.Run(t.ctx, chromedp.Evaluate[bool](expression))
		return err == nil && is
	})
}

// size makes the window so large, in a look.
func (t *tab) size(width, height int64, look string) {
	t.tb.Helper()
	command(t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 500})
	command(t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look}}})
}

// picture writes what the tab shows to the folder for pictures, if there is one.
func (t *tab) picture(name string) {
	t.tb.Helper()
	dir := os.Getenv(picturesVar)
	if dir == "" {
		return
	}
	png, err := chromedp.Run(t.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.tb.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		t.tb.Fatal(err)
	}
}

// barriers are what axe-core finds.
type barriers []struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// checkBarriers has axe-core look at what the tab shows.
func (t *tab) checkBarriers(what string) {
	t.tb.Helper()
	eval[chromedp.Void](t, axe)
	found := eval[string](t, `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise)
	var all barriers
	if err := json.Unmarshal([]byte(found), &all); err != nil {
		t.tb.Fatal(err)
	}
	for _, b := range all {
		var where []string
		for _, n := range b.Nodes {
			where = append(where, n.HTML+"\n    "+n.Summary)
		}
		t.tb.Errorf("%s: %s (%s): %s\n  %s", what, b.ID, b.Impact, b.Help, strings.Join(where, "\n  "))
	}
}

// checkRoom tells whether the page scrolls sideways, which none may, and one on
// a wall not at all.
func (t *tab) checkRoom(what string, wall bool) {
	t.tb.Helper()
	if wide := eval[int](t, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
		t.tb.Errorf("%s is %d pixels too wide", what, wide)
	}
	const clipped = `[...document.querySelectorAll(".tile, .queues .scroll, main")].filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1).map(e => e.className + " " + e.innerText)`
	if !wall {
		return
	}
	if high := eval[int](t, "document.documentElement.scrollHeight - innerHeight"); high > 0 {
		t.tb.Errorf("%s is %d pixels too high", what, high)
	}
	if cut := eval[[]string](t, clipped); len(cut) > 0 {
		t.tb.Errorf("%s: cut off are %q", what, cut)
	}
}
