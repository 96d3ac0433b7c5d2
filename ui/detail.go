package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/deskbell/deskbell/notify"
)

// detailLines is how many lines the value of a row takes at most.
const detailLines = 3

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
