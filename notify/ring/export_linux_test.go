//go:build cgo

package ring

var HasOutput = hasOutput
