// Package draw draws the icons of Deskbell: a desk bell, the round kind with a
// button on top that stands on a hotel's counter.
//
// A [shape] says which points are inside; layers of shapes with their paint are
// sampled on a fine grid and averaged to pixels. All arithmetic is on integers,
// so the pixels are the same on every machine and the committed files can be
// compared with what the code draws.
package draw
