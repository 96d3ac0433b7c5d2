package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/deskbell/deskbell/notify"
)

// detailLines is how many lines the value of a row takes at most.
const detailLines = 3

// scrollBar is the width at the right edge that a scroll bar covers, and a gap.
const scrollBar = 14

// detailList shows the metadata of a call in a fixed width. It scrolls where it
// would be higher than most.
type detailList struct {
	scroll           *container.Scroll
	width, gap, most float32
}

func newDetailList(width, gap, most float32) *detailList {
	return &detailList{scroll: container.NewVScroll(space(0, 0)), width: width, gap: gap, most: most}
}

// show takes the place of what was shown before. Without details it is hidden.
func (l *detailList) show(details []notify.Detail) {
	width := l.width
	rows := column(l.gap, detailRows(details, width)...)
	height := rows.MinSize().Height
	if height > l.most {
		height = l.most
		width -= scrollBar
		rows = column(l.gap, detailRows(details, width)...)
	}
	l.scroll.Content = container.New(fixedWidth(width), rows)
	l.scroll.SetMinSize(fyne.NewSize(0, height))
	l.scroll.Refresh()
	l.scroll.ScrollToTop()
	if len(details) == 0 {
		l.scroll.Hide()
		return
	}
	l.scroll.Show()
}

// detailRows are the rows of a call's metadata for a given width: names on the
// left, values on the right.
func detailRows(details []notify.Detail, width float32) []fyne.CanvasObject {
	columns := detailColumns{gap: 12, name: 0.32}
	var rows []fyne.CanvasObject
	for _, d := range details {
		name := newText(d.Name, textStyle{color: colorMuted, lines: 1, width: columns.nameWidth(width)})
		value := newText(d.Value, textStyle{lines: detailLines, width: columns.valueWidth(width)})
		rows = append(rows, container.New(columns, name, value))
	}
	return rows
}

// detailColumns places a name and a value side by side.
type detailColumns struct {
	gap  float32
	name float32 // share of the width
}

func (c detailColumns) nameWidth(width float32) float32 { return (width - c.gap) * c.name }

func (c detailColumns) valueWidth(width float32) float32 { return (width - c.gap) * (1 - c.name) }

// MinSize is the height of the taller text.
func (c detailColumns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, fyne.Max(objects[0].MinSize().Height, objects[1].MinSize().Height))
}

// Layout places the two texts.
func (c detailColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(fyne.NewSize(c.nameWidth(size.Width), size.Height))
	objects[1].Resize(fyne.NewSize(c.valueWidth(size.Width), size.Height))
	objects[0].Move(fyne.NewPos(0, 0))
	objects[1].Move(fyne.NewPos(c.nameWidth(size.Width)+c.gap, 0))
}
