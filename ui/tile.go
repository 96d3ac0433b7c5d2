package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tile is one number on a card: its name, the number, and what is to be said of
// it, with a sign where something is wrong.
type tile struct {
	root             fyne.CanvasObject
	name, value, say *text
	sign             *widget.Icon
	mark             fyne.CanvasObject // the sign with its room
	grade            lateness
}

// newTile makes a tile in the size of a window or, big, of a wall.
func newTile(big bool) *tile {
	name, value, note := textStyle{size: sizeCaption, color: colorMuted}, textStyle{size: sizeCaller, bold: true}, textStyle{size: sizeCaption, color: colorMuted}
	x, y, icon := float32(10), float32(9), float32(16)
	if big {
		name.size, value.size, note.size = sizeWallText, sizeWall, sizeWallNote
		x, y, icon = 24, 18, 28
	}
	t := &tile{name: newText("", name), value: newText("", value), say: newText("", note), sign: widget.NewIcon(nil)}
	t.mark = container.New(rightGap(icon/3), container.New(fixedSquare(icon), t.sign))
	t.mark.Hide()
	t.root = container.NewStack(newPanel(colorPanel, colorBorder, 10),
		inset(x, y, column(2, t.name, t.value, container.NewBorder(nil, nil, t.mark, nil, t.say))))
	return t
}

// show shows a number.
func (t *tile) show(f figure) {
	t.name.SetText(f.name)
	t.value.SetText(f.value)
	t.value.SetColor(f.color())
	t.say.SetText(f.note)
	note := fyne.ThemeColorName(colorMuted)
	if f.grade != inTime {
		note = f.color()
	}
	t.say.SetColor(note)
	if t.grade == f.grade {
		return
	}
	t.grade = f.grade
	t.sign.SetResource(signOf(f.grade))
	if f.grade == inTime {
		t.mark.Hide()
	} else {
		t.mark.Show()
	}
}

// signOf is the picture of how bad something is; none if it is not.
func signOf(l lateness) fyne.Resource {
	switch l {
	case late:
		return theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameError)
	case soon:
		return theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameWarning)
	default:
		return nil
	}
}

// fixedSquare gives one object a size of its own.
type fixedSquare float32

// MinSize is the size.
func (s fixedSquare) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSquareSize(float32(s)) }

// Layout gives the object its size.
func (s fixedSquare) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSquareSize(float32(s)))
}

// rightGap puts space to the right of one object.
type rightGap float32

// MinSize is the object's with the space.
func (g rightGap) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(float32(g), 0)
}

// Layout places the object before the space.
func (g rightGap) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size.SubtractWidthHeight(float32(g), 0))
}
