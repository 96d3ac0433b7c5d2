package draw

// The designs are drawn on a square of 512 units, with y pointing down. Inside,
// a unit is 16 points: fine enough for the sampling, and small enough that a
// distance to the fourth power fits into an int64.
const (
	unit = 16
	side = 512 * unit
)

// shape tells whether the point (x, y) is inside.
type shape func(x, y int64) bool

// ellipse is around (cx, cy) with the half axes rx and ry.
func ellipse(cx, cy, rx, ry int64) shape {
	cx, cy, rx, ry = cx*unit, cy*unit, rx*unit, ry*unit
	return func(x, y int64) bool {
		dx, dy := x-cx, y-cy
		return dx*dx*ry*ry+dy*dy*rx*rx <= rx*rx*ry*ry
	}
}

// superellipse is a square with softly rounded sides, x⁴ + y⁴ ≤ r⁴.
func superellipse(cx, cy, r int64) shape {
	cx, cy, r = cx*unit, cy*unit, r*unit
	return func(x, y int64) bool {
		dx, dy := (x-cx)*(x-cx), (y-cy)*(y-cy)
		return dx*dx+dy*dy <= r*r*r*r
	}
}

// bar is the rectangle from (x0, y0) to (x1, y1) with corners of radius r.
func bar(x0, y0, x1, y1, r int64) shape {
	x0, y0, x1, y1, r = x0*unit, y0*unit, x1*unit, y1*unit, r*unit
	return func(x, y int64) bool {
		if x < x0 || x > x1 || y < y0 || y > y1 {
			return false
		}
		dx, dy := x-min(max(x, x0+r), x1-r), y-min(max(y, y0+r), y1-r)
		return dx*dx+dy*dy <= r*r
	}
}

// line is the stroke from (x0, y0) to (x1, y1) with round ends, 2r wide.
func line(x0, y0, x1, y1, r int64) shape {
	x0, y0, x1, y1, r = x0*unit, y0*unit, x1*unit, y1*unit, r*unit
	dx, dy := x1-x0, y1-y0
	square := dx*dx + dy*dy
	return func(x, y int64) bool {
		px, py := x-x0, y-y0
		switch along := px*dx + py*dy; {
		case along < 0:
			return px*px+py*py <= r*r
		case along > square:
			return (x-x1)*(x-x1)+(y-y1)*(y-y1) <= r*r
		default:
			across := px*dy - py*dx
			return across*across <= r*r*square
		}
	}
}

// arc is the part of the circle of that radius around (cx, cy) that is seen
// from its centre between the directions (x0, y0) and, clockwise, (x1, y1),
// less than half a turn; the stroke is 2r wide with round ends.
func arc(cx, cy, radius, r, x0, y0, x1, y1 int64) shape {
	band := minus(ellipse(cx, cy, radius+r, radius+r), ellipse(cx, cy, radius-r, radius-r))
	sector := func(x, y int64) bool {
		x, y = x-cx*unit, y-cy*unit
		return x0*y-y0*x >= 0 && x*y1-y*x1 >= 0
	}
	end := func(x, y int64) shape {
		length := root((x*x + y*y) * unit * unit)
		endX, endY := cx*unit+x*radius*unit*unit/length, cy*unit+y*radius*unit*unit/length
		return func(x, y int64) bool {
			return (x-endX)*(x-endX)+(y-endY)*(y-endY) <= r*r*unit*unit
		}
	}
	return union(intersect(band, sector), end(x0, y0), end(x1, y1))
}

// root is the integer square root, rounded down.
func root(n int64) int64 {
	r := n
	for r*r > n {
		r = (r + n/r) / 2
	}
	return r
}

// above is the half plane over the line y.
func above(line int64) shape {
	return func(_, y int64) bool { return y <= line*unit }
}

func union(shapes ...shape) shape {
	return func(x, y int64) bool {
		for _, s := range shapes {
			if s(x, y) {
				return true
			}
		}
		return false
	}
}

func intersect(a, b shape) shape {
	return func(x, y int64) bool { return a(x, y) && b(x, y) }
}

// minus is a without holes.
func minus(a shape, holes ...shape) shape {
	hole := union(holes...)
	return func(x, y int64) bool { return a(x, y) && !hole(x, y) }
}
