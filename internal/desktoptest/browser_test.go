//go:build linux

package desktoptest_test

import (
	"fmt"
	"image"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/desktoptest"
)

// shop serves a page with a button, and the page that a person lands on.
func shop(t *testing.T) (url string, pressed <-chan struct{}) {
	t.Helper()
	presses := make(chan struct{}, 8)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><title>Shop</title><h1>Bicycles</h1>
			<form method=post action=/press><button>Start video call</button></form>`)
	})
	mux.HandleFunc("POST /press", func(w http.ResponseWriter, r *http.Request) {
		presses <- struct{}{}
		http.Redirect(w, r, "/session", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /session", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><title>Session</title><p>You are in the session.`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, presses
}

func TestBrowser(t *testing.T) {
	d := desktoptest.MustStart(t, desktoptest.Options{WithoutKeyring: true, WithoutTray: true, WithoutNotifications: true})
	ctx := within(t, 60*time.Second)
	url, pressed := shop(t)

	place := image.Rect(60, 60, 660, 460)
	browser, err := d.Browse(url, desktoptest.BrowserOptions{Rect: place})
	if err != nil {
		t.Fatal(err)
	}
	page, err := d.WaitDrawn(ctx, "Shop")
	if err != nil {
		t.Fatal(err)
	}
	if page.Rect.Size() != place.Size() {
		t.Errorf("the window is at %v, want %v", page.Rect, place)
	}
	if _, err := d.WaitWidget(ctx, desktoptest.Target{Window: "Shop", Role: desktoptest.RoleText, Name: "Bicycles"}); err != nil {
		t.Error(err)
	}
	if err := d.Press(ctx, desktoptest.Target{Window: "Shop", Name: "Start video call"}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-pressed:
	case <-ctx.Done():
		t.Fatal("the press did not reach the server")
	}
	if _, err := d.WaitWidget(ctx, desktoptest.Target{Window: "Session", Name: "You are in the session."}); err != nil {
		t.Fatal(err)
	}

	// A link that a program opens becomes a second window of the same browser.
	if err := d.OpenLinksInBrowser(desktoptest.BrowserOptions{Rect: image.Rect(700, 200, 1200, 600)}); err != nil {
		t.Fatal(err)
	}
	if text, err := d.Command(ctx, "/bin/sh", "-c", `xdg-open "$1"`, "sh", url).CombinedOutput(); err != nil {
		t.Fatalf("xdg-open: %v: %s", err, text)
	}
	second, err := d.WaitWindow(ctx, "Shop")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.MoveWindow(ctx, second, image.Pt(5, 5)); err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{"Shop", "Session"} {
		window, err := d.WaitWindow(ctx, title)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.CloseWindow(ctx, window); err != nil {
			t.Fatal(err)
		}
		if err := d.WaitNoWindow(ctx, title); err != nil {
			t.Fatal(err)
		}
	}
	if err := browser.Wait(ctx); err != nil {
		t.Errorf("the browser ended with %v: %s", err, browser.Output())
	}
}
