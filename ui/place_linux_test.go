package ui_test

import (
	"bufio"
	"context"
	"fmt"
	"image"
	"io"
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"github.com/deskbell/deskbell/internal/desktoptest"
	"github.com/deskbell/deskbell/notify"
	"github.com/deskbell/deskbell/ui"
)

// asPopupProgram makes this test binary be a program with the pop-up alone: one
// process has one Fyne app.
const asPopupProgram = "DESKBELL_POPUP_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asPopupProgram) != "" {
		runPopupProgram()
		return
	}
	os.Exit(m.Run())
}

// runPopupProgram does what the lines of its input say.
func runPopupProgram() {
	fyneApp := app.NewWithID("io.github.deskbell.PopupTest")
	popup := ui.NewPopup(fyneApp, &ui.FyneDesktop{App: fyneApp}, func(notify.Event) {})
	go func() {
		for n, lines := 0, bufio.NewScanner(os.Stdin); lines.Scan(); n++ {
			switch lines.Text() {
			case "ring":
				popup.Present(notify.Call{ID: fmt.Sprint("c", n), Queue: "web", Customer: "Maria", Until: time.Now().Add(time.Minute)})
			case "end":
				popup.Dismiss(fmt.Sprint("c", n-1), notify.Why{Reason: notify.Accepted})
			case "quit":
				fyne.Do(fyneApp.Quit)
			}
		}
	}()
	fyneApp.Run()
}

// popupProgram is that program on a desktop.
type popupProgram struct {
	*testing.T
	desktop *desktoptest.Desktop
	run     *desktoptest.Process
	say     io.WriteCloser
}

const popupTitle = "Incoming call · Deskbell"

func startPopupProgram(t *testing.T, d *desktoptest.Desktop) *popupProgram {
	t.Helper()
	lines, say := io.Pipe()
	run, err := d.Launch(desktoptest.Program{Path: os.Args[0], Env: []string{asPopupProgram + "=1"}, Stdin: lines})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { say.Close() })
	return &popupProgram{T: t, desktop: d, run: run, say: say}
}

func (p *popupProgram) do(line string) {
	p.Helper()
	if _, err := fmt.Fprintln(p.say, line); err != nil {
		p.Fatal(err)
	}
}

// rings rings and waits until the pop-up stands at a place, which is checked
// unless it is nil.
func (p *popupProgram) rings(ctx context.Context, at *image.Point) desktoptest.Window {
	p.Helper()
	p.do("ring")
	return p.stands(ctx, at)
}

func (p *popupProgram) stands(ctx context.Context, at *image.Point) (w desktoptest.Window) {
	p.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		var err error
		if w, err = p.desktop.WaitWindow(ctx, popupTitle); err != nil {
			p.Fatalf("the pop-up is not at %v: %v", at, err)
		}
		if at == nil || w.Rect.Min == *at {
			return w
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.Fatalf("the pop-up is at %v, want %v", w.Rect.Min, *at)
		}
	}
}

// rests waits until the pop-up stays where it is for longer than it takes the
// program to look twice.
func (p *popupProgram) rests(ctx context.Context) desktoptest.Window {
	p.Helper()
	w, same := p.stands(ctx, nil), 0
	for tick := time.Tick(100 * time.Millisecond); same < 10; {
		select {
		case <-tick:
		case <-ctx.Done():
			p.Fatal("the pop-up does not rest")
		}
		same++
		if now := p.stands(ctx, nil); now.Rect != w.Rect {
			w, same = now, 0
		}
	}
	return w
}

// gone ends the ring.
func (p *popupProgram) gone(ctx context.Context) {
	p.Helper()
	p.do("end")
	if err := p.desktop.WaitNoWindow(ctx, popupTitle); err != nil {
		p.Fatal(err)
	}
}

// quit ends the program.
func (p *popupProgram) quit(ctx context.Context) {
	p.Helper()
	p.do("quit")
	p.say.Close()
	if err := p.run.Wait(ctx); err != nil {
		p.Fatal(err)
	}
}

// TestPopupComesBackOnTheRealDesktop moves the real pop-up under a real window
// manager, and has it ring again, now and after a restart.
func TestPopupComesBackOnTheRealDesktop(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	d := desktoptest.MustStart(t, desktoptest.Options{WithoutKeyring: true, WithoutNotifications: true})
	p := startPopupProgram(t, d)
	p.rings(ctx, nil)
	w := p.rests(ctx)
	middle := w.Rect.Min.Add(w.Rect.Max).Div(2)
	if off := middle.Sub(d.Size().Div(2)); max(off.X, -off.X, off.Y, -off.Y) > 60 {
		t.Errorf("at first the middle of the pop-up is at %v", middle)
	}
	if err := d.MoveWindow(ctx, w, image.Pt(700, 120)); err != nil {
		t.Fatal(err)
	}
	moved := p.rests(ctx).Rect.Min
	if moved == w.Rect.Min {
		t.Fatal("the window manager did not move it")
	}
	p.gone(ctx)
	p.rings(ctx, &moved)
	p.gone(ctx)
	p.quit(ctx)

	p = startPopupProgram(t, d)
	p.rings(ctx, &moved)
	if err := d.MoveWindow(ctx, p.rests(ctx), image.Pt(1150, 700)); err != nil { // mostly off the screen
		t.Fatal(err)
	}
	off := p.rests(ctx).Rect
	p.gone(ctx)
	p.rings(ctx, nil)
	if back := p.rests(ctx).Rect; !back.In(image.Rectangle{Max: d.Size()}) || off.In(image.Rectangle{Max: d.Size()}) {
		t.Errorf("the pop-up was at %v and comes back at %v", off, back)
	}
	p.gone(ctx)
	p.quit(ctx)
	t.Logf("real: the pop-up was moved to %v under openbox and came back there, also after a restart", moved)
}
