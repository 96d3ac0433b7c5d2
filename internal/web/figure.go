package web

import (
	"fmt"
	"math"

	"github.com/deskbell/deskbell/internal/lang"
)

// span writes seconds as 0:42 or 1:05:09; a dash for what is not known.
func span(seconds any) string {
	var s float64
	switch n := seconds.(type) {
	case int64:
		s = float64(n)
	case *float64:
		if n == nil {
			return "–"
		}
		s = *n
	}
	whole := int64(math.Round(s))
	if whole >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", whole/3600, whole/60%60, whole%60)
	}
	return fmt.Sprintf("%d:%02d", whole/60, whole%60)
}

// percentBy writes a service level as a language does; a dash for what is not
// known.
func percentBy(voice *lang.Voice) func(*serviceLevel) string {
	return func(l *serviceLevel) string {
		if l == nil {
			return "–"
		}
		return voice.Percent(l.Percent)
	}
}
