package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// hurry is how much of an offer is left when its countdown changes colour.
const hurry = 5 * time.Second

// countdown is a thin bar that empties as an offer runs out.
type countdown struct {
	widget.BaseWidget

	left, of time.Duration
}

const countdownHeight = 6

func newCountdown() *countdown {
	c := &countdown{}
	c.ExtendBaseWidget(c)
	return c
}

// Set shows how much is left of a time.
func (c *countdown) Set(left, of time.Duration) {
	c.left, c.of = max(left, 0), of
	c.Refresh()
}

// fraction is what is left, 0 to 1.
func (c *countdown) fraction() float32 {
	if c.of <= 0 {
		return 0
	}
	return min(float32(c.left)/float32(c.of), 1)
}

// color is the bar's, which says when it is time to hurry.
func (c *countdown) color() fyne.ThemeColorName {
	if c.left <= hurry {
		return theme.ColorNameWarning
	}
	return theme.ColorNamePrimary
}

// CreateRenderer is Fyne's way to draw the widget.
func (c *countdown) CreateRenderer() fyne.WidgetRenderer {
	r := &countdownRenderer{countdown: c, track: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil)}
	r.track.CornerRadius, r.bar.CornerRadius = countdownHeight/2, countdownHeight/2
	r.paint()
	return r
}

type countdownRenderer struct {
	countdown  *countdown
	track, bar *canvas.Rectangle
}

func (r *countdownRenderer) Destroy() {}

func (r *countdownRenderer) MinSize() fyne.Size {
	return fyne.NewSize(countdownHeight, countdownHeight)
}

func (r *countdownRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track, r.bar}
}

func (r *countdownRenderer) Layout(size fyne.Size) {
	r.track.Resize(size)
	r.bar.Resize(fyne.NewSize(size.Width*r.countdown.fraction(), size.Height))
}

func (r *countdownRenderer) Refresh() {
	r.paint()
	r.Layout(r.countdown.Size())
	canvas.Refresh(r.countdown)
}

func (r *countdownRenderer) paint() {
	r.track.FillColor = theme.ColorForWidget(colorTrack, r.countdown)
	r.bar.FillColor = theme.ColorForWidget(r.countdown.color(), r.countdown)
}
