package vidaoo

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
)

// Key is the API key, or a password. Printed, logged or encoded it is a placeholder: only a request
// has it as it is.
type Key string

const hiddenKey = "(key)"

// String, GoString and LogValue hide the key.
func (Key) String() string       { return hiddenKey }
func (Key) GoString() string     { return hiddenKey }
func (Key) LogValue() slog.Value { return slog.StringValue(hiddenKey) }

// MarshalText hides the key.
func (Key) MarshalText() ([]byte, error) { return []byte(hiddenKey), nil }

// CheckKey refuses what can be no API key, before it is sent or kept.
func CheckKey(k Key) error {
	if len(k) < minKey || len(k) > maxKey || strings.ContainsFunc(string(k), notInHeader) {
		return errors.New("the API key of Vidaoo is shorter than 8 characters, longer than 4,096, or has some that no key has: " +
			"generate an API token in Vidaoo and copy it whole")
	}
	return nil
}

const (
	minKey = 8 // shorter ones could not be taken out of what a server wrote
	maxKey = 4096
)

func notInHeader(r rune) bool { return r <= ' ' || r >= 0x7f }

// hide takes secrets out of what a server wrote: some repeat what they were sent.
func hide(text string, secrets ...string) string {
	for _, s := range secrets {
		if s == "" {
			continue
		}
		text = strings.ReplaceAll(text, s, hiddenKey)
		text = strings.ReplaceAll(text, asJSONText(s, true), hiddenKey)
		text = strings.ReplaceAll(text, asJSONText(s, false), hiddenKey)
	}
	return text
}

// asJSONText is a text as it stands between the quotes of JSON, in the two ways of writing <, > and &.
func asJSONText(s string, html bool) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(html)
	_ = e.Encode(s) // a text can be written
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(b.String(), "\n"), `"`), `"`)
}
