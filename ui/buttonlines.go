package ui

import "fyne.io/fyne/v2"

// buttonLines places the buttons of a card: in one line, the last of them at its
// right end. One of them, while it is shown, begins a second line, since in no
// language the others leave it room; the lines are the same in a wider window,
// so that no button moves when its words change.
type buttonLines struct {
	gap    float32
	second int // which begins the second line
}

// MinSize is that of the wider line, and the height of all.
func (b buttonLines) MinSize(objects []fyne.CanvasObject) (size fyne.Size) {
	for i, line := range b.lines(objects) {
		var width, height float32
		for j, o := range line {
			if j > 0 {
				width += b.gap
			}
			width, height = width+o.MinSize().Width, fyne.Max(height, o.MinSize().Height)
		}
		if i > 0 {
			size.Height += b.gap
		}
		size = fyne.NewSize(fyne.Max(size.Width, width), size.Height+height)
	}
	return size
}

// Layout places the buttons in their own widths.
func (b buttonLines) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var y float32
	lines := b.lines(objects)
	for i, line := range lines {
		var x, height float32
		for j, o := range line {
			own := o.MinSize()
			if i == len(lines)-1 && j == len(line)-1 {
				x = fyne.Max(x, size.Width-own.Width)
			}
			o.Move(fyne.NewPos(x, y))
			o.Resize(own)
			x, height = x+own.Width+b.gap, fyne.Max(height, own.Height)
		}
		y += height + b.gap
	}
}

// lines are the objects that are shown, line by line.
func (b buttonLines) lines(objects []fyne.CanvasObject) [][]fyne.CanvasObject {
	lines := [][]fyne.CanvasObject{nil}
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		if i == b.second {
			lines = append(lines, nil)
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], o)
	}
	return lines
}
