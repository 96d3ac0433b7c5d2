package ui_test

import (
	"image"
	"slices"
	"testing"
	"time"

	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/ui"
)

func TestPopupComesBackWhereItWasMoved(t *testing.T) {
	withApp(t, func(a *appTest) {
		a.signedIn()
		a.desk.place = &image.Point{X: 420, Y: 200} // where it was centred
		ring := func(id string, while func()) {
			a.rings(aCall(id, "Maria"))
			a.fyne.pass(time.Second)
			while()
			a.hears(stopped(aCall(id, "Maria")))
			a.fyne.pass(5 * time.Second)
		}
		ring("c1", func() {})
		ring("c2", func() { a.desk.place = &image.Point{X: 900, Y: 40}; a.fyne.pass(time.Second) })
		if len(a.desk.put) != 0 {
			t.Fatalf("put at %v before it was moved", a.desk.put)
		}
		want := image.Pt(900, 40)
		ring("c3", func() {})
		if got := a.desk.put; len(got) != 1 || got[0] != want {
			t.Errorf("the next ring put it at %v, want %v", got, want)
		}
		a.desk.put = nil
		a.restart()
		ring("c4", func() {})
		if got := a.desk.put; len(got) == 0 || slices.Compact(got)[0] != want {
			t.Errorf("the next start put it at %v, want %v", got, want)
		}
		a.choose("Settings…")
		a.press("Show in the middle")
		a.press("Close")
		a.desk.put = nil
		ring("c5", func() {})
		if len(a.desk.put) != 0 {
			t.Errorf("put at %v although it belongs into the middle again", a.desk.put)
		}
	})
}

// TestPopupMovedAtTheLastMoment: who moves it and answers at once has moved it.
func TestPopupMovedAtTheLastMoment(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		p.desk.place = &image.Point{X: 420, Y: 200}
		p.do.Present(ringingCall("c1", "Maria"))
		p.after(time.Second)
		p.desk.place = &image.Point{X: 10, Y: 20}
		p.do.Dismiss("c1", notify.Why{Reason: notify.Accepted})
		p.do.Present(ringingCall("c2", "Maria"))
		if want := image.Pt(10, 20); len(p.desk.put) != 1 || p.desk.put[0] != want {
			t.Errorf("put at %v, want %v", p.desk.put, want)
		}
	})
}

// TestPopupPlacedByTheWindowManager: what moves by itself while it comes up was
// not moved by the person.
func TestPopupPlacedByTheWindowManager(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		p.desk.place = &image.Point{}
		p.do.Present(ringingCall("c1", "Maria"))
		p.after(100 * time.Millisecond)
		p.desk.place = &image.Point{X: 420, Y: 200}
		p.after(2 * time.Second)
		p.do.Dismiss("c1", notify.Why{Reason: notify.Accepted})
		p.do.Present(ringingCall("c2", "Maria"))
		if len(p.desk.put) != 0 {
			t.Errorf("put at %v", p.desk.put)
		}
	})
}

// TestPopupWhosePlaceNobodyTells is in the middle each time.
func TestPopupWhosePlaceNobodyTells(t *testing.T) {
	withPopup(t, func(p *popupTest) {
		for range 2 {
			p.do.Present(ringingCall("c1", "Maria"))
			p.after(2 * time.Second)
			p.do.Dismiss("c1", notify.Why{Reason: notify.Accepted})
		}
		if len(p.desk.put) != 0 {
			t.Errorf("put at %v", p.desk.put)
		}
	})
}

func TestOnScreen(t *testing.T) {
	one := []image.Rectangle{image.Rect(0, 0, 1280, 770)}
	two := []image.Rectangle{image.Rect(0, 0, 1280, 770), image.Rect(1280, 0, 3200, 1080)}
	left := []image.Rectangle{image.Rect(0, 0, 1280, 770), image.Rect(-1920, 0, 0, 1080)}
	at := func(x, y int) image.Rectangle { return image.Rect(x, y, x+440, y+400) }
	tests := []struct {
		name    string
		screens []image.Rectangle
		window  image.Rectangle
		want    image.Point
	}{
		{"all of it is seen", one, at(800, 10), image.Pt(800, 10)},
		{"on the second screen", two, at(2700, 600), image.Pt(2700, 600)},
		{"on a screen to the left", left, at(-1900, 600), image.Pt(-1900, 600)},
		{"the second screen is gone", one, at(2700, 600), image.Pt(840, 370)},
		{"the screen to the left is gone", one, at(-1900, 600), image.Pt(0, 370)},
		{"half over the edge", one, at(-200, -100), image.Pt(0, 32)},
		{"between two screens", two, at(1100, 300), image.Pt(1280, 300)},
		{"far from both", two, at(9000, 9000), image.Pt(2760, 680)},
		{"larger than the screen", []image.Rectangle{image.Rect(0, 0, 320, 200)}, at(100, 100), image.Pt(0, 32)},
		{"no screen is known", nil, at(9000, 9000), image.Pt(9000, 9000)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := ui.OnScreen(test.screens, test.window); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
