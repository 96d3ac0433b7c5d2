package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
)

const (
	wallMargin = 32
	wallCalls  = 12 // that wait, and
	wallDesks  = 24 // agents, at most: a wall shows those for which it has room
)

// wallView is the Queue window in full screen: the numbers to be read from afar,
// who waits and who is there. It shows no word of a customer's, for whoever
// passes by reads it.
type wallView struct {
	root  fyne.CanvasObject
	tiles []*tile
	title *text
	stamp *text
	stale fyne.CanvasObject
	calls []*wallLine
	desks []*wallLine
	none  *text
}

// wallLine is one call or agent on the wall.
type wallLine struct {
	root              fyne.CanvasObject
	sign              *sign
	left, right, note *text
	top               *fyne.Container // holds left and right
}

func newWallLine() *wallLine {
	l := &wallLine{
		sign: newSign(),
		left: newText("", textStyle{size: sizeWallText, bold: true}), right: newText("", textStyle{size: sizeWallText, bold: true, whole: true}),
		note: newText("", textStyle{size: sizeWallNote, color: colorMuted}),
	}
	mark := row(14, centerY(container.New(fixedSquare(30), l.sign.Icon)), space(0, 0))
	l.top = container.NewBorder(nil, nil, nil, l.right, l.left)
	l.root = container.NewBorder(nil, nil, mark, nil, column(0, l.top, l.note))
	l.root.Hide()
	return l
}

func (l *wallLine) show(picture fyne.Resource, colour fyne.ThemeColorName, left, note, right string) {
	l.sign.show(picture, colour)
	l.left.SetText(left)
	l.note.SetText(note)
	if l.right.words != right {
		l.right.SetText(right)
		l.top.Refresh() // it may be wider now
	}
	if !l.root.Visible() {
		l.root.Show()
	}
}

func newWallView() *wallView {
	v := &wallView{
		title: newText("", textStyle{size: sizeWallText, bold: true, whole: true}),
		stamp: newText("", textStyle{size: sizeWallText, bold: true, color: theme.ColorNameWarning, whole: true}),
		none:  newText("", textStyle{size: sizeWallText, color: colorMuted, lines: 2}),
	}
	var tiles, calls, desks []fyne.CanvasObject
	for range 8 {
		t := newTile(true)
		v.tiles, tiles = append(v.tiles, t), append(tiles, t.root)
	}
	for range wallCalls {
		l := newWallLine()
		v.calls, calls = append(v.calls, l), append(calls, l.root)
	}
	for range wallDesks {
		l := newWallLine()
		v.desks, desks = append(v.desks, l), append(desks, l.root)
	}
	mark := newIcon(theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameWarning), 30)
	v.stale = container.NewStack(newPanel(colorCaution, "", 12), inset(18, 8, row(12, centerY(mark), centerY(v.stamp))))
	v.stale.Hide()
	hint := newText(lang.T("Esc leaves the full screen"), textStyle{size: sizeWallNote, color: colorMuted, whole: true})
	head := container.NewBorder(nil, nil, row(24, centerY(v.title), centerY(v.stale)), centerY(hint))
	waiting := wallPanel(lang.T("Waiting"), container.NewStack(container.New(fitting{gap: 12, columns: 1}, calls...), column(0, v.none)))
	agents := wallPanel(lang.T("Agents"), container.New(fitting{gap: 14, columns: 2}, desks...))
	body := container.New(sideBySide{gap: 24, share: 0.42}, waiting, agents)
	v.root = inset(wallMargin, wallMargin, container.NewBorder(
		column(20, head, container.New(equally{gap: 16, columns: 4}, tiles...), space(0, 0)), nil, nil, nil, body))
	return v
}

func wallPanel(title string, o fyne.CanvasObject) fyne.CanvasObject {
	name := newText(title, textStyle{size: sizeWallText, color: colorMuted})
	return container.NewStack(newPanel(colorPanel, colorBorder, 12), inset(24, 18, container.NewBorder(column(0, name, space(0, 8)), nil, nil, nil, o)))
}

// show makes the wall agree with the state.
func (v *wallView) show(s queueState, queue string, open []callRow) {
	v.title.SetText(queue)
	if queue == "" {
		v.title.SetText(lang.T("All queues"))
	}
	words := s.stamp()
	v.stamp.SetText(words)
	if words == "" {
		v.stale.Hide()
	} else {
		v.stale.Show()
	}
	for i, f := range figures(s, queue, open) {
		v.tiles[i].show(f)
	}
	v.showCalls(queueFilter{queue: queue, state: stateWaits}.apply(open))
	v.showDesks(agentRows(s.floor, queue, s.at()))
}

func (v *wallView) showCalls(rows []callRow) {
	for i, l := range v.calls {
		if i >= len(rows) {
			l.root.Hide()
			continue
		}
		r := rows[i]
		picture, colour := callSign(r)
		note := r.words
		if r.state == call.Ringing {
			note += between + r.who
		}
		l.show(picture, colour, r.queue, note, clock(r.waited))
		words := colour
		if r.late == inTime {
			words = theme.ColorNameForeground
		}
		l.right.SetColor(words)
	}
	none := ""
	if len(rows) == 0 {
		none = lang.T("Nobody waits.")
	}
	v.none.SetText(none)
}

// showDesks shows who is there; the offline ones stay away.
func (v *wallView) showDesks(rows []agentRow) {
	for i, l := range v.desks {
		if i >= len(rows) || rows[i].state == call.Offline {
			l.root.Hide()
			continue
		}
		picture, colour := presenceSign(rows[i].state)
		l.show(picture, colour, rows[i].name, rows[i].wall, "")
	}
}

// fitting places objects in columns, one below the other, at their own height,
// and hides none: what has no room is not drawn.
type fitting struct {
	gap     float32
	columns int
}

// MinSize is small: the objects take what there is.
func (f fitting) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 0) }

// Layout places the visible objects, row by row; those that have no room are
// moved out of sight.
func (f fitting) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := (size.Width - f.gap*float32(f.columns-1)) / float32(f.columns)
	y, i := float32(0), 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		height := o.MinSize().Height
		if y+height > size.Height {
			o.Move(fyne.NewPos(-2*size.Width-width, 0))
			o.Resize(fyne.NewSize(width, height))
			continue
		}
		o.Move(fyne.NewPos(float32(i%f.columns)*(width+f.gap), y))
		o.Resize(fyne.NewSize(width, height))
		if i++; i%f.columns == 0 {
			y += height + f.gap
		}
	}
}

// sideBySide gives two objects shares of the width.
type sideBySide struct{ gap, share float32 }

// MinSize is small: the objects take what there is.
func (s sideBySide) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 0) }

// Layout places the two.
func (s sideBySide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left := (size.Width - s.gap) * s.share
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(left, size.Height))
	objects[1].Move(fyne.NewPos(left+s.gap, 0))
	objects[1].Resize(fyne.NewSize(size.Width-s.gap-left, size.Height))
}
