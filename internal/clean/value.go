package clean

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// The limits of [Value] and [Object]. A call's metadata is read by a person in a few seconds and is
// sent to every app that the call rings; these are far above any use and far below any harm.
const (
	MaxDepth = 8     // objects and arrays inside each other
	MaxItems = 200   // members and elements in all
	MaxKey   = 100   // characters of a key
	MaxText  = 1_000 // characters of a text
	MaxTotal = 8_000 // characters of all keys, texts and numbers together
)

// maxNumber is the most digits (and signs) that still are a number; more are a text.
const maxNumber = 64

// Value returns a clean copy of v, which is what encoding/json decodes into an any: keys and texts as
// by [Text], json.Number with its exact digits. What exceeds a limit is cut or left out; an object or
// array that is too deep becomes "…". A value of another Go type becomes its text.
func Value(v any) any {
	return newPress().value(v, 0)
}

// Object is [Value] for an object, and tells whether anything was cut or left out. The result is
// never nil.
func Object(object map[string]any) (clean map[string]any, cut bool) {
	p := newPress()
	clean = p.object(object, 0)
	return clean, p.cut
}

// press counts what is left of the limits while it goes through one value.
type press struct {
	items int
	chars int
	cut   bool
}

func newPress() *press {
	return &press{items: MaxItems, chars: MaxTotal}
}

func (p *press) value(v any, depth int) any {
	switch v := v.(type) {
	case nil, bool, float64:
		return v
	case string:
		return p.text(v, MaxText)
	case json.Number:
		return p.number(v)
	case map[string]any:
		if depth >= MaxDepth {
			return p.tooDeep()
		}
		return p.object(v, depth)
	case []any:
		if depth >= MaxDepth {
			return p.tooDeep()
		}
		return p.array(v, depth)
	default:
		return p.text(fmt.Sprint(v), MaxText)
	}
}

// object goes through the keys in their order, so that the same value is always cut the same way. Of
// two keys that are the same once they are clean, the first stays.
func (p *press) object(object map[string]any, depth int) map[string]any {
	out := make(map[string]any, min(len(object), MaxItems))
	for _, raw := range slices.Sorted(maps.Keys(object)) {
		if !p.take() {
			break
		}
		key := p.text(raw, MaxKey)
		if _, taken := out[key]; taken || key == "" {
			p.cut = true
			continue
		}
		out[key] = p.value(object[raw], depth+1)
	}
	return out
}

func (p *press) array(array []any, depth int) []any {
	out := make([]any, 0, min(len(array), MaxItems))
	for _, v := range array {
		if !p.take() {
			break
		}
		out = append(out, p.value(v, depth+1))
	}
	return out
}

func (p *press) text(s string, max int) string {
	out, cut := text(s, min(max, p.chars))
	p.chars -= len([]rune(out))
	p.cut = p.cut || cut
	return out
}

func (p *press) number(n json.Number) any {
	if len(n) > min(maxNumber, p.chars) {
		return p.text(n.String(), MaxText)
	}
	p.chars -= len(n)
	return n
}

func (p *press) take() bool {
	if p.items == 0 {
		p.cut = true
		return false
	}
	p.items--
	return true
}

func (p *press) tooDeep() string {
	p.cut = true
	return ellipsis
}
