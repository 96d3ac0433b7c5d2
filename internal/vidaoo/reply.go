package vidaoo

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/deskbell/deskbell/internal/link"
)

// maxReplyItems is how many keys and elements a reply may have.
const maxReplyItems = 100_000

// reply is what Vidaoo answered to an operation.
type reply struct {
	op    Operation
	host  string
	raw   json.RawMessage // as it came, but for the key
	value any             // an object or a list
}

// decode reads a reply that must be a JSON object or list.
func (c *Client) decode(op Operation, body []byte) (reply, error) {
	r := reply{op: op, host: c.base.Host, raw: body}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	switch {
	case len(body) == 0:
		return r, r.unreadable("it is empty, and not JSON")
	case body[0] == '<':
		return r, r.unreadable("it is a web page, and not JSON; check base-url and the setting " + string(op))
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&r.value); err != nil {
		return r, r.unreadable("it is not JSON, " + describe(err).Error() + "; try again, and check base-url if it stays so")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return r, r.unreadable("something follows the end of its JSON; check base-url")
	}
	items := maxReplyItems
	if err := withinLimits(r.value, 1, &items); err != nil {
		return r, r.unreadable(err.Error())
	}
	switch r.value.(type) {
	case map[string]any, []any:
		return r, nil
	}
	return r, r.unreadable("it is JSON, but no object and no list; check base-url and the setting " + string(op))
}

func (r reply) unreadable(why string) error {
	return &ReplyError{Operation: r.op, Host: r.host, Why: why}
}

// text finds a text or a number of the reply.
func (r reply) text(s Settings, name string) (string, *FieldError) {
	paths := s.paths(name)
	for _, path := range paths {
		v, _ := lookup(r.value, path)
		if text, _ := asText(v); text != "" {
			return text, nil
		}
	}
	return "", r.lacks(name, paths, "")
}

// link finds a link that may be opened.
func (r reply) link(s Settings, name string) (string, *FieldError) {
	found, missing := r.text(s, name)
	if missing != nil {
		return "", missing
	}
	if err := link.Check(found); err != nil {
		return "", r.lacks(name, s.paths(name), err.Error())
	}
	return found, nil
}

func (r reply) lacks(name string, looked []string, refused string) *FieldError {
	return &FieldError{Operation: r.op, Setting: name, Looked: looked, Present: present(r.value, "", nil), Refused: refused}
}

// list takes the elements of a reply that is a list or has one, each as a reply of its own.
func (r reply) list(s Settings) ([]reply, error) {
	elements, ok := r.value.([]any)
	paths := s.paths(SettingList)
	for _, path := range paths {
		if ok {
			break
		}
		v, _ := lookup(r.value, path)
		elements, ok = v.([]any)
	}
	if !ok {
		return nil, r.lacks(SettingList, paths, "")
	}
	var all []reply
	for _, element := range elements {
		raw, err := json.Marshal(element)
		if err != nil {
			return nil, r.unreadable("an element can't be written again")
		}
		all = append(all, reply{r.op, r.host, raw, element})
	}
	return all, nil
}

// missing leaves out the fields that are not missing.
func missing(fields ...*FieldError) []*FieldError {
	return slices.DeleteFunc(fields, func(f *FieldError) bool { return f == nil })
}

// firstText finds a reply's field as [Mapping] does.
func firstText(reply map[string]any, paths []string) string {
	for _, path := range paths {
		v, _ := lookup(reply, path)
		if text, _ := asText(v); text != "" {
			return text
		}
	}
	return ""
}
