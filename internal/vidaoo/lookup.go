package vidaoo

import (
	"encoding/json"
	"strconv"
	"strings"
)

// lookup finds the value at a dotted path. A step is a key of an object or an index of an array; a
// text that holds a JSON object is stepped into like the object. A key that has dots itself is found
// first.
func lookup(v any, path string) (any, bool) {
	object, ok := asObject(v)
	if !ok {
		return lookupIndex(v, path)
	}
	if member, ok := object[path]; ok {
		return member, true
	}
	key, rest, dotted := strings.Cut(path, ".")
	member, ok := object[key]
	if !dotted || !ok {
		return nil, false
	}
	return lookup(member, rest)
}

func lookupIndex(v any, path string) (any, bool) {
	array, ok := v.([]any)
	if !ok {
		return nil, false
	}
	step, rest, dotted := strings.Cut(path, ".")
	i, err := strconv.Atoi(step)
	if err != nil || i < 0 || i >= len(array) {
		return nil, false
	}
	if !dotted {
		return array[i], true
	}
	return lookup(array[i], rest)
}

// asObject takes an object, or a text that holds one as JSON: senders that can only send flat pairs
// put metadata that way.
func asObject(v any) (map[string]any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return v, true
	case Payload:
		return v, true
	case string:
		text := strings.TrimSpace(v)
		if !strings.HasPrefix(text, "{") {
			return nil, false
		}
		object, err := decodeObject([]byte(text))
		return object, err == nil
	}
	return nil, false
}

// asText takes what can stand for a text: a string or a number with its exact digits.
func asText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v), true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// unfilled tells whether a template was left in a text, or what JavaScript writes where there was
// nothing to fill in. Vidaoo does not say which of them it does. Words are compared by case because
// Null is also a family name.
func unfilled(text string) bool {
	switch text {
	case "undefined", "null", "NaN", "[object Object]":
		return true
	}
	_, after, open := strings.Cut(text, "<$")
	return open && strings.Contains(after, "$>")
}
