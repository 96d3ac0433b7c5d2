package vidaoo

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/clean"
)

// maxPresent is how many keys of a payload a [NoLinkError] names.
const maxPresent = 30

// NoLinkError says that a payload has no session link that may be opened. Present holds keys that the
// sender wrote (clean and bounded): answer with it, do not log it.
type NoLinkError struct {
	Looked   []string // paths at which the link was looked for
	Present  []string // the first keys that the payload has, in their order
	Unfilled []string // paths at which a template was left unfilled
	Refused  []string // "path: reason" for each candidate that may not be opened
}

func (e *NoLinkError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "no session link found; looked at %s", strings.Join(e.Looked, ", "))
	if len(e.Unfilled) > 0 {
		fmt.Fprintf(&b, "; the template was not filled in %s", strings.Join(e.Unfilled, ", "))
	}
	for _, refused := range e.Refused {
		fmt.Fprintf(&b, "; refused %s", refused)
	}
	if len(e.Present) > 0 {
		fmt.Fprintf(&b, "; the payload has %s", strings.Join(e.Present, ", "))
	}
	b.WriteString("; send the meeting's https address under one of the keys looked at")
	return b.String()
}

// Paths lists the paths of the first values of a payload, to choose from for a mapping.
func Paths(p Payload) []string { return present(p, "", nil) }

// present lists the paths of a payload's values, so that the administrator sees what there is to map.
func present(v any, prefix string, into []string) []string {
	object, ok := asObject(v)
	if !ok {
		return into
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if len(into) >= maxPresent {
			break
		}
		path := clean.Text(prefix+key, clean.MaxKey)
		if inside := present(object[key], path+".", into); len(inside) > len(into) {
			into = inside
		} else {
			into = append(into, path)
		}
	}
	return into
}
