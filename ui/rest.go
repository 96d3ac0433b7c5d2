package ui

import (
	"runtime"
	"runtime/debug"
	"time"

	"fyne.io/fyne/v2"
)

const (
	// nap is how long the main goroutine looks at nothing while nothing of the
	// app is on the screen: so late a click on the tray's menu may be. What is for
	// the main goroutine from here ends it at once.
	nap = 100 * time.Millisecond
	// restless is how long after something was on the screen a nap is tried again.
	restless = time.Second
	// tidyAfter is how long the app rests until the memory that the last call or
	// the start has left behind is given back.
	tidyAfter = 5 * time.Second
)

// Rest lets the app cost next to nothing while nothing of it is on the screen.
// Fyne's main goroutine looks for input and for what to draw sixty times a
// second, also while every window is hidden; there is no way to tell it not to.
// So then it is kept in naps, between which it looks once. Call it before the
// app runs.
//
// On macOS the tray's menu itself lives on the main goroutine, so it stays awake.
func (a *App) Rest() {
	if runtime.GOOS == "darwin" {
		return
	}
	a.work.Go(func() {
		since := time.Now() // it rests; zero once the memory is tidy
		for a.ctx.Err() == nil {
			switch {
			case !a.rest():
				since = time.Now()
				select {
				case <-time.After(restless):
				case <-a.ctx.Done():
				}
			case !since.IsZero() && time.Since(since) >= tidyAfter:
				since = time.Time{}
				debug.FreeOSMemory()
			}
		}
	})
}

// rest has the main goroutine take a nap, and tells whether it did.
func (a *App) rest() bool {
	rested := make(chan bool, 1)
	fyne.Do(func() { rested <- a.nap() })
	select {
	case did := <-rested:
		return did
	case <-a.ctx.Done(): // Fyne drops what waits when it ends
		return false
	}
}

// nap waits on the main goroutine until something is for it to do.
func (a *App) nap() bool {
	if a.closed.Load() || !a.hidden || a.popup.shown() || a.queue.seen {
		return false
	}
	timer := time.NewTimer(nap)
	defer timer.Stop()
	select {
	case <-a.roused:
	case <-timer.C:
	case <-a.ctx.Done():
	}
	return true
}

// rouse ends a nap, or the next one if there is none: call it after something
// was left for the main goroutine. It may be called from anywhere.
func (a *App) rouse() {
	select {
	case a.roused <- struct{}{}:
	default: // it is roused already
	}
}
