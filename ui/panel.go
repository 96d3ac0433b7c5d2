package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// panel is a ground with rounded corners in a colour of the theme.
type panel struct {
	widget.BaseWidget

	fill   fyne.ThemeColorName
	border fyne.ThemeColorName // none if empty
	radius float32
}

func newPanel(fill, border fyne.ThemeColorName, radius float32) *panel {
	p := &panel{fill: fill, border: border, radius: radius}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer is Fyne's way to draw the widget.
func (p *panel) CreateRenderer() fyne.WidgetRenderer {
	r := &panelRenderer{panel: p, ground: canvas.NewRectangle(nil)}
	r.paint()
	return r
}

type panelRenderer struct {
	panel  *panel
	ground *canvas.Rectangle
}

func (r *panelRenderer) Destroy() {}

func (r *panelRenderer) Layout(size fyne.Size) { r.ground.Resize(size) }

func (r *panelRenderer) MinSize() fyne.Size { return fyne.NewSize(0, 0) }

func (r *panelRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.ground} }

func (r *panelRenderer) Refresh() {
	r.paint()
	r.ground.Refresh()
}

func (r *panelRenderer) paint() {
	r.ground.FillColor = theme.ColorForWidget(r.panel.fill, r.panel)
	r.ground.CornerRadius = r.panel.radius
	if r.panel.border != "" {
		r.ground.StrokeColor = theme.ColorForWidget(r.panel.border, r.panel)
		r.ground.StrokeWidth = 1
	}
}

// card is content on a raised panel.
func card(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(newPanel(colorPanel, colorBorder, 10), inset(16, 14, content))
}

// chip is a short word on a tinted ground: a queue's name.
func chip(words *text) fyne.CanvasObject {
	return container.NewStack(newPanel(colorTint, "", 9), inset(9, 2, words))
}
