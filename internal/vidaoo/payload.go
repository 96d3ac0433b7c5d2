package vidaoo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"strings"
)

// The limits of a payload, beyond the size of the body, which the caller of [Parse] limits.
const (
	MaxDepth = 16    // objects and arrays inside each other
	MaxItems = 1_000 // members and elements in all
)

// ErrUnreadable is in every error of [Parse]. The error's text is a sentence for the sender that says
// what was tried; it holds nothing that the sender wrote.
var ErrUnreadable = errors.New("the body cannot be read")

// Payload is what a webhook's body holds: values are those that encoding/json decodes, with numbers as
// json.Number. All of it is as the sender wrote it; [Mapping.Map] cleans what it takes.
type Payload map[string]any

// Parse reads a webhook's body: a JSON object, or a form (application/x-www-form-urlencoded). It goes
// by what the body looks like, for senders often announce the wrong type: curl -d calls JSON a form.
// Of keys that come twice the last wins. Bytes that are not UTF-8 become U+FFFD.
func Parse(contentType string, body []byte) (Payload, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	switch {
	case len(body) == 0:
		return nil, unreadable("it is empty")
	case body[0] == '{':
		return parseJSON(body)
	case body[0] == '[' || body[0] == '"' || json.Valid(body):
		return nil, unreadable("it is JSON but not an object")
	case multipart(contentType, body):
		return nil, unreadable("it is a multipart form, and only url-encoded forms are read")
	case body[0] == '<':
		return nil, unreadable("it looks like XML or HTML")
	}
	return parseForm(string(body))
}

func unreadable(why string) error {
	return fmt.Errorf(`%w: %s; send a JSON object such as {"session_id":"...","link":"https://..."}`,
		ErrUnreadable, why)
}

func parseJSON(body []byte) (Payload, error) {
	object, err := decodeObject(body)
	if err != nil {
		return nil, unreadable("tried as JSON because it begins with {, " + err.Error())
	}
	return object, nil
}

// decodeObject decodes one JSON object within the limits of a payload. Its errors quote no more of the
// text than a single character.
func decodeObject(text []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return nil, describe(err)
	}
	if object == nil {
		return nil, errors.New("it is not an object")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("something follows the object's end at byte %d", decoder.InputOffset())
	}
	items := MaxItems
	return object, withinLimits(object, 1, &items)
}

func describe(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%s at byte %d", syntax.Error(), syntax.Offset)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("it ends too early")
	default:
		return errors.New("it is not an object")
	}
}

func withinLimits(v any, depth int, items *int) error {
	var inside []any
	switch v := v.(type) {
	case map[string]any:
		for _, member := range v {
			inside = append(inside, member)
		}
	case []any:
		inside = v
	default:
		return nil
	}
	if depth > MaxDepth {
		return fmt.Errorf("it is nested deeper than %d levels", MaxDepth)
	}
	if *items -= len(inside); *items < 0 {
		return fmt.Errorf("it has more than %d keys and elements", MaxItems)
	}
	for _, member := range inside {
		if err := withinLimits(member, depth+1, items); err != nil {
			return err
		}
	}
	return nil
}

func multipart(contentType string, body []byte) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	return strings.HasPrefix(kind, "multipart/") || bytes.HasPrefix(body, []byte("--"))
}

// parseForm is more patient than url.ParseQuery: a percent sign or a semicolon that was not encoded is
// taken as it stands, because the call behind it is real. A form without any "=" is refused, unless
// it is a JSON object that was url-encoded as a whole.
func parseForm(body string) (Payload, error) {
	if !strings.Contains(body, "=") {
		if text := unescape(body); strings.HasPrefix(text, "{") {
			return parseJSON([]byte(text))
		}
		return nil, unreadable("tried as a form because it does not begin with {, it has no key=value")
	}
	payload := Payload{}
	for pair := range strings.SplitSeq(body, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key = unescape(key); key != "" {
			payload[key] = unescape(value)
		}
	}
	switch {
	case len(payload) == 0:
		return nil, unreadable("tried as a form because it does not begin with {, it has no key")
	case len(payload) > MaxItems:
		return nil, unreadable(fmt.Sprintf("tried as a form because it does not begin with {, "+
			"it has more than %d keys", MaxItems))
	}
	return payload, nil
}

func unescape(s string) string {
	text, err := url.QueryUnescape(s)
	if err != nil {
		text = s
	}
	return strings.ToValidUTF8(text, "\ufffd")
}
