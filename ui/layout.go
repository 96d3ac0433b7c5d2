package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/deskbell/deskbell/assets"
)

// inset puts space around content, the same left and right, above and below.
func inset(x, y float32, content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(y, y, x, x), content)
}

// column stacks objects with a gap between them.
func column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(gap), objects...)
}

// row puts objects side by side with a gap between them.
func row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedHBoxLayout(gap), objects...)
}

// tall gives objects side by side the same height and shares of the width.
type tall struct {
	height, gap float32
	shares      []float32
}

// MinSize is the widest object at its share.
func (l tall) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var width float32
	for i, o := range objects {
		width = fyne.Max(width, o.MinSize().Width/l.share(i))
	}
	return fyne.NewSize(width+l.gap*float32(len(objects)-1), l.height)
}

// Layout places the objects.
func (l tall) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	room := size.Width - l.gap*float32(len(objects)-1)
	x := float32(0)
	for i, o := range objects {
		width := room * l.share(i)
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(width, size.Height))
		x += width + l.gap
	}
}

func (l tall) share(i int) float32 {
	var sum float32
	for _, s := range l.shares {
		sum += s
	}
	return l.shares[i] / sum
}

// centerY keeps an object at its own height in the middle of a taller row.
func centerY(o fyne.CanvasObject) fyne.CanvasObject {
	return column(0, layout.NewSpacer(), o, layout.NewSpacer())
}

// space is nothing, of a size.
func space(width, height float32) fyne.CanvasObject {
	nothing := canvas.NewRectangle(color.Transparent)
	nothing.SetMinSize(fyne.NewSize(width, height))
	return nothing
}

// newIcon is an icon of the theme in a size.
func newIcon(resource fyne.Resource, size float32) fyne.CanvasObject {
	return container.New(layout.NewGridWrapLayout(fyne.NewSquareSize(size)), widget.NewIcon(resource))
}

// appIcon is the program's picture in a size.
func appIcon(size float32) fyne.CanvasObject {
	image := canvas.NewImageFromResource(fyne.NewStaticResource("deskbell.png", assets.AppIcon()))
	image.FillMode = canvas.ImageFillContain
	image.SetMinSize(fyne.NewSquareSize(size))
	return image
}

// fixedWidth gives each object its width, and the height that it needs then.
type fixedWidth float32

// MinSize is the width and the greatest height.
func (w fixedWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var height float32
	for _, o := range objects {
		height = fyne.Max(height, o.MinSize().Height)
	}
	return fyne.NewSize(float32(w), height)
}

// Layout places the objects at the left.
func (w fixedWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(fyne.NewSize(float32(w), size.Height))
	}
}

// roomy gives a button with words more room at its sides than Fyne does.
func roomy(button fyne.CanvasObject) fyne.CanvasObject { return container.New(wider(16), button) }

// wider makes one object wider than it asks to be.
type wider float32

// MinSize is the object's with the width.
func (w wider) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(float32(w), 0)
}

// Layout gives the object all the room.
func (w wider) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// above puts space above one object, none while it is hidden.
type above float32

// MinSize is the object's with the space.
func (a above) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if !objects[0].Visible() {
		return fyne.NewSize(0, 0)
	}
	return objects[0].MinSize().AddWidthHeight(0, float32(a))
}

// Layout places the object below the space.
func (a above) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, float32(a)))
	objects[0].Resize(size.SubtractWidthHeight(0, float32(a)))
}
