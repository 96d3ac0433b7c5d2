package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
)

const (
	callRowHeight  = 34
	agentRowHeight = 50
	cellInset      = 8
)

// columnWidths places the cells of a row, and those of the head above them: each
// column has a least width and a share of what is left.
var columnWidths = cells{
	height: callRowHeight,
	least:  []float32{88, 144, 122, 90, 124, 116, 84},
	share:  []float32{0, 3, 0.5, 2.4, 0.6, 2, 0},
}

// cells places objects side by side in columns.
type cells struct {
	height       float32
	least, share []float32
}

// MinSize is that of the least widths.
func (c cells) MinSize([]fyne.CanvasObject) fyne.Size {
	var width float32
	for _, w := range c.least {
		width += w
	}
	return fyne.NewSize(width, c.height)
}

// Layout places the objects.
func (c cells) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left, shares := size.Width-c.MinSize(nil).Width, float32(0)
	for _, s := range c.share {
		shares += s
	}
	x := float32(0)
	for i, o := range objects {
		width := c.least[i] + max(0, left)*c.share[i]/shares
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(width, size.Height))
		x += width
	}
}

// rowGround is behind a row: tinted if it is chosen, with a frame if keys go
// there.
type rowGround struct{ *panel }

func newRowGround() rowGround { return rowGround{newPanel(colorNone, "", 6)} }

func (g rowGround) mark(chosen, focused bool) {
	fill, border := fyne.ThemeColorName(colorNone), fyne.ThemeColorName(colorNone)
	if chosen {
		fill = colorTint
	}
	if chosen && focused {
		border = theme.ColorNamePrimary
	}
	if g.fill != fill || g.border != border {
		g.fill, g.border = fill, border
		g.Refresh()
	}
}

// sign is a picture in a colour, made anew only when it is another one.
type sign struct {
	*widget.Icon

	name  string
	color fyne.ThemeColorName
}

func newSign() *sign { return &sign{Icon: widget.NewIcon(nil)} }

func (s *sign) show(picture fyne.Resource, color fyne.ThemeColorName) {
	if s.name == picture.Name() && s.color == color {
		return
	}
	s.name, s.color = picture.Name(), color
	s.SetResource(theme.NewColoredResource(picture, color))
}

// callRowView is one call in the table.
type callRowView struct {
	widget.BaseWidget

	ground                                   rowGround
	sign                                     *sign
	wait, customer, queue, topic, state, who *text
	room                                     *text
	content                                  fyne.CanvasObject
}

func newCallRowView() fyne.CanvasObject {
	plain := func(style textStyle) *text { return newText("", style) }
	r := &callRowView{
		ground: newRowGround(), sign: newSign(),
		wait: plain(textStyle{bold: true}), customer: plain(textStyle{bold: true}), queue: plain(textStyle{}),
		topic: plain(textStyle{color: colorMuted}), state: plain(textStyle{}), who: plain(textStyle{}), room: plain(textStyle{}),
	}
	wait := container.NewBorder(nil, nil, row(6, centerY(container.New(fixedSquare(18), r.sign.Icon)), space(0, 0)), nil, centerY(r.wait))
	cells := []fyne.CanvasObject{cell(wait)}
	for _, t := range []*text{r.customer, r.queue, r.topic, r.state, r.who, r.room} {
		cells = append(cells, cell(centerY(t)))
	}
	r.content = container.NewStack(r.ground.panel, container.New(columnWidths, cells...))
	r.ExtendBaseWidget(r)
	return r
}

func cell(o fyne.CanvasObject) fyne.CanvasObject { return inset(cellInset, 0, o) }

// CreateRenderer is Fyne's way to draw the widget.
func (r *callRowView) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.content)
}

func (r *callRowView) show(c callRow, chosen, focused bool) {
	r.ground.mark(chosen, focused)
	picture, colour := callSign(c)
	r.sign.show(picture, colour)
	words := colour
	if c.late == inTime {
		words = theme.ColorNameForeground
	}
	wait := words
	if !c.unanswered() {
		wait = colorMuted // it is over
	}
	r.wait.SetText(clock(c.waited))
	r.wait.SetColor(wait)
	r.customer.SetText(c.customer)
	r.queue.SetText(c.queue)
	r.topic.SetText(c.topic)
	r.state.SetText(c.words)
	r.state.SetColor(words)
	r.who.SetText(c.who)
	who := theme.ColorNameForeground
	if c.state == call.Waiting {
		who = colorMuted
	}
	r.who.SetColor(who)
	room, inRoom := "–", fyne.ThemeColorName(colorMuted)
	if c.joined {
		room, inRoom = lang.T("✓ here"), theme.ColorNameSuccess
	}
	r.room.SetText(room)
	r.room.SetColor(inRoom)
}

// callSign is the picture of how a call stands, and its colour.
func callSign(c callRow) (fyne.Resource, fyne.ThemeColorName) {
	switch {
	case c.late == late:
		return theme.WarningIcon(), theme.ColorNameError
	case c.late == soon:
		return theme.HistoryIcon(), theme.ColorNameWarning
	case c.recording:
		return recordIcon, theme.ColorNameError
	case c.state == call.Accepted:
		return theme.MediaVideoIcon(), theme.ColorNamePrimary
	case c.state == call.Ended && c.outcome == call.Completed:
		return theme.ConfirmIcon(), theme.ColorNameSuccess
	case c.state == call.Ended && c.outcome == call.Missed:
		return theme.WarningIcon(), theme.ColorNameError
	case c.state == call.Ended:
		return theme.CancelIcon(), colorMuted
	case c.state == call.Ringing:
		return theme.VolumeUpIcon(), theme.ColorNameSuccess
	default:
		return theme.HistoryIcon(), colorMuted
	}
}

// agentRowView is one agent in the list.
type agentRowView struct {
	widget.BaseWidget

	ground           rowGround
	sign             *sign
	name, words, day *text
	top              *fyne.Container // holds name and day
	content          fyne.CanvasObject
}

func newAgentRowView() fyne.CanvasObject {
	r := &agentRowView{
		ground: newRowGround(), sign: newSign(),
		name:  newText("", textStyle{bold: true}),
		words: newText("", textStyle{size: sizeCaption, color: colorMuted}),
		day:   newText("", textStyle{size: sizeCaption, color: colorMuted, whole: true}),
	}
	mark := row(8, centerY(container.New(fixedSquare(18), r.sign.Icon)), space(0, 0))
	r.top = container.NewBorder(nil, nil, nil, centerY(r.day), centerY(r.name))
	r.content = container.NewStack(space(0, agentRowHeight), r.ground.panel,
		inset(cellInset, 0, container.NewBorder(nil, nil, mark, nil, centerY(column(1, r.top, r.words)))))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer is Fyne's way to draw the widget.
func (r *agentRowView) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.content)
}

func (r *agentRowView) show(a agentRow, chosen, focused bool) {
	r.ground.mark(chosen, focused)
	picture, colour := presenceSign(a.state)
	r.sign.show(picture, colour)
	r.name.SetText(a.name)
	r.words.SetText(a.words)
	if r.day.words != a.day {
		r.day.SetText(a.day)
		r.top.Refresh() // it may be wider now
	}
	day := fyne.ThemeColorName(colorMuted)
	if a.missed > 0 {
		day = theme.ColorNameWarning
	}
	r.day.SetColor(day)
}
