package autostart

import (
	"bytes"
	"encoding/xml"
	"errors"
)

// maxDepth bounds the nesting that is read; a job has three levels.
const maxDepth = 32

var errTooDeep = errors.New("nested too deeply")

// parsePlist reads the dictionary of a property list. It is nil if there is
// none that can be read: launchd does nothing with such a file either.
func parsePlist(content []byte) map[string]any {
	d := xml.NewDecoder(bytes.NewReader(content))
	for {
		token, err := d.Token()
		if err != nil {
			return nil
		}
		start, is := token.(xml.StartElement)
		if !is || start.Name.Local == "plist" {
			continue
		}
		value, err := plistValue(d, start, 0)
		if err != nil {
			return nil
		}
		dict, _ := value.(map[string]any)
		return dict
	}
}

// plistValue reads one element: a string, bool, []any or map[string]any; any
// other is nil, because no key of ours has it.
func plistValue(d *xml.Decoder, start xml.StartElement, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	switch start.Name.Local {
	case "string", "key":
		var text string
		err := d.DecodeElement(&text, &start)
		return text, err
	case "true", "false":
		return start.Name.Local == "true", d.Skip()
	case "array", "dict":
		items, err := plistItems(d, depth)
		if err != nil || start.Name.Local == "array" {
			return items, err
		}
		return plistDict(items), nil
	}
	return nil, d.Skip()
}

// plistItems reads the elements up to the end of the one around them.
func plistItems(d *xml.Decoder, depth int) ([]any, error) {
	var items []any
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			item, err := plistValue(d, token, depth+1)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		case xml.EndElement:
			return items, nil
		}
	}
}

// plistDict pairs keys and values.
func plistDict(items []any) map[string]any {
	dict := make(map[string]any, len(items)/2)
	for i := 0; i+1 < len(items); i += 2 {
		if key, is := items[i].(string); is {
			dict[key] = items[i+1]
		}
	}
	return dict
}
