// Package house holds the test of the house's walls: which package may import
// which, and which must build without cgo. It has no code of its own.
package house
