package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
)

// clock writes a time span as a phone does: 0:07, 12:30, 1:02:03.
func clock(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// seconds writes what is left of a time span, rounded up: it says 1 s until
// the last moment.
func seconds(d time.Duration) string {
	return lang.T("%d s", int((max(d, 0)+time.Second-1)/time.Second))
}

// either joins names as a sentence does: "web", "web or sales", "a, b or c".
func either(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		last := len(names) - 1
		return lang.T("%s or %s", strings.Join(names[:last], ", "), names[last])
	}
}

// between stands between two short texts in one line.
const between = "  ·  "
