package vidaootest

import (
	"encoding/json"
	"strings"
)

// Unfilled is what becomes of a template that names nothing.
type Unfilled int

const (
	UnfilledKept  Unfilled = iota // it stays as it was typed
	UnfilledEmpty                 // nothing inside quotes, null outside
)

// fill puts values for the templates of an administrator's JSON text, like <$data.metadata.language$>.
// Inside quotes a value becomes part of that JSON string: texts as they are, other values as JSON.
// Outside it is a JSON value of its own, so that {"metadata": <$data.metadata$>} gives an object. If
// the text around the templates is valid JSON, so is the result.
func fill(body string, event map[string]any, unfilled Unfilled) string {
	var out strings.Builder
	quoted := false
	for body != "" {
		if path, rest, ok := cutTemplate(body); ok {
			typed := body[:len(body)-len(rest)]
			if v, ok := valueAt(event, path); ok {
				out.WriteString(written(v, quoted))
			} else if unfilled == UnfilledKept {
				out.WriteString(typed)
			} else if !quoted {
				out.WriteString("null")
			}
			body = rest
			continue
		}
		n := 1
		switch {
		case quoted && body[0] == '\\' && len(body) > 1:
			n = 2 // an escaped quote does not end the string
		case body[0] == '"':
			quoted = !quoted
		}
		out.WriteString(body[:n])
		body = body[n:]
	}
	return out.String()
}

// cutTemplate takes a template off the beginning of a text.
func cutTemplate(text string) (path, rest string, ok bool) {
	text, ok = strings.CutPrefix(text, "<$")
	if !ok {
		return "", "", false
	}
	path, rest, ok = strings.Cut(text, "$>")
	return strings.TrimSpace(path), rest, ok
}

func valueAt(object map[string]any, path string) (any, bool) {
	if v, ok := object[path]; ok {
		return v, true
	}
	key, rest, _ := strings.Cut(path, ".")
	inside, ok := object[key].(map[string]any)
	if !ok {
		return nil, false
	}
	return valueAt(inside, rest)
}

func written(v any, quoted bool) string {
	switch text, isText := v.(string); {
	case !quoted:
		return marshal(v)
	case v == nil:
		return ""
	case isText:
		return inString(text)
	default:
		return inString(marshal(v))
	}
}

func inString(text string) string {
	return strings.TrimSuffix(strings.TrimPrefix(marshal(text), `"`), `"`)
}

// marshal writes what was decoded from JSON, which cannot fail.
func marshal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(text)
}
