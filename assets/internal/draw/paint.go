package draw

import (
	"image"
	"image/color"
)

// layer is a shape with its paint.
type layer struct {
	shape shape
	paint paint
}

// paint is a colour that runs from the one at y = from to the other at y = to.
type paint struct {
	top, bottom color.NRGBA
	from, to    int64
}

// plain is one colour all over.
func plain(c color.NRGBA) paint { return paint{top: c, bottom: c, to: 1} }

// at is the colour at the height y.
func (p paint) at(y int64) color.NRGBA {
	from, to := p.from*unit, p.to*unit
	y = min(max(y, from), to)
	mix := func(a, b uint8) uint8 {
		return uint8((int64(a)*(to-y) + int64(b)*(y-from)) / (to - from))
	}
	return color.NRGBA{
		mix(p.top.R, p.bottom.R), mix(p.top.G, p.bottom.G),
		mix(p.top.B, p.bottom.B), mix(p.top.A, p.bottom.A),
	}
}

// rgb is an opaque colour, written as in CSS: 0xRRGGBB.
func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xff}
}

// render samples the layers, the last on top, to a square of px pixels.
func render(px int, layers []layer) *image.NRGBA {
	// About 1,024 samples across whatever the size: a pixel of a small icon
	// covers more of the drawing and needs more of them.
	fine := max(1024/px, 4)
	img := image.NewNRGBA(image.Rect(0, 0, px, px))
	for row := range px {
		for column := range px {
			img.SetNRGBA(column, row, pixel(px, column, row, fine, layers))
		}
	}
	return img
}

// pixel averages fine × fine samples. Colours weigh by their opacity, so that
// an edge does not darken towards the transparent outside.
func pixel(px, column, row, fine int, layers []layer) color.NRGBA {
	var r, g, b, a int64
	across := int64(2 * px * fine)
	for j := range fine {
		y := int64(2*(row*fine+j)+1) * side / across
		for i := range fine {
			x := int64(2*(column*fine+i)+1) * side / across
			c := sample(x, y, layers)
			weight := int64(c.A)
			r, g, b, a = r+int64(c.R)*weight, g+int64(c.G)*weight, b+int64(c.B)*weight, a+weight
		}
	}
	if a == 0 {
		return color.NRGBA{}
	}
	mean := func(sum, n int64) uint8 { return uint8((sum + n/2) / n) }
	return color.NRGBA{mean(r, a), mean(g, a), mean(b, a), mean(a, int64(fine*fine))}
}

// sample is the colour of one point. A translucent paint may lie on an opaque
// one, not on another translucent one.
func sample(x, y int64, layers []layer) color.NRGBA {
	for k := len(layers) - 1; k >= 0; k-- {
		if !layers[k].shape(x, y) {
			continue
		}
		c := layers[k].paint.at(y)
		if c.A == 0xff {
			return c
		}
		return over(c, sample(x, y, layers[:k]))
	}
	return color.NRGBA{}
}

// over lays a translucent colour on an opaque one.
func over(c, ground color.NRGBA) color.NRGBA {
	mix := func(a, b uint8) uint8 {
		return uint8((int64(a)*int64(c.A) + int64(b)*int64(0xff-c.A) + 0x7f) / 0xff)
	}
	return color.NRGBA{mix(c.R, ground.R), mix(c.G, ground.G), mix(c.B, ground.B), ground.A}
}
