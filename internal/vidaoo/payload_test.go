package vidaoo_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

const (
	typeJSON = "application/json"
	typeForm = "application/x-www-form-urlencoded"
)

type object = map[string]any

func TestParse(t *testing.T) {
	tests := []struct {
		name        string
		contentType string
		body        string
		want        vidaoo.Payload
	}{
		{"JSON", typeJSON, `{"link":"https://vidaoo.example/s1"}`, vidaoo.Payload{"link": "https://vidaoo.example/s1"}},
		{"JSON that is called a form", typeForm, `{"topic":"a=b&c=d"}`, vidaoo.Payload{"topic": "a=b&c=d"}},
		{"JSON that is called nothing", "", `{"topic":"web"}`, vidaoo.Payload{"topic": "web"}},
		{"JSON with space around it", typeJSON, " \r\n{\"a\":1}\n\n", vidaoo.Payload{"a": json.Number("1")}},
		{"JSON after a byte order mark", typeJSON, "\ufeff{\"a\":true}", vidaoo.Payload{"a": true}},
		{"empty object", typeJSON, `{}`, vidaoo.Payload{}},
		{"exact digits", typeJSON, `{"id":12345678901234567890,"f":1.50}`,
			vidaoo.Payload{"id": json.Number("12345678901234567890"), "f": json.Number("1.50")}},
		{"nested", typeJSON, `{"a":{"b":[1,null,{"c":"d"}]}}`,
			vidaoo.Payload{"a": object{"b": []any{json.Number("1"), nil, object{"c": "d"}}}}},
		{"key twice", typeJSON, `{"a":"first","a":"last"}`, vidaoo.Payload{"a": "last"}},
		{"object twice", typeJSON, `{"a":{"b":1},"a":{"c":2}}`, vidaoo.Payload{"a": object{"c": json.Number("2")}}},
		{"JSON with bytes that are not UTF-8", typeJSON, "{\"a\":\"\xff\"}", vidaoo.Payload{"a": "\ufffd"}},
		{"JSON with half a surrogate", typeJSON, `{"a":"\ud800"}`, vidaoo.Payload{"a": "\ufffd"}},
		{"template that was not filled", typeJSON, `{"a":"<$data.id$>"}`, vidaoo.Payload{"a": "<$data.id$>"}},

		{"form", typeForm, "link=https%3A%2F%2Fvidaoo.example%2Fs1&topic=My+site",
			vidaoo.Payload{"link": "https://vidaoo.example/s1", "topic": "My site"}},
		{"form that is called JSON", typeJSON, "topic=web", vidaoo.Payload{"topic": "web"}},
		{"form key twice", typeForm, "a=first&a=last", vidaoo.Payload{"a": "last"}},
		{"form with empty pairs", typeForm, "&a=&&b&=c&", vidaoo.Payload{"a": "", "b": ""}},
		{"form that was not encoded", typeForm, "topic=50% off; today&link=https://vidaoo.example/?a=b",
			vidaoo.Payload{"topic": "50% off; today", "link": "https://vidaoo.example/?a=b"}},
		{"form with bytes that are not UTF-8", typeForm, "a=%ff\xfe", vidaoo.Payload{"a": "\ufffd"}},
		{"form with JSON text", typeForm, `a={"b":1}`, vidaoo.Payload{"a": `{"b":1}`}},
		{"JSON that was encoded as a form", typeForm, "%7B%22a%22%3A%22b%22%7D", vidaoo.Payload{"a": "b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := vidaoo.Parse(test.contentType, []byte(test.body))
			if err != nil {
				t.Fatalf("Parse: %v", err)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("Parse(%q)\n got %#v\nwant %#v", test.body, got, test.want)
			}
		})
	}
}

func TestParseUnreadable(t *testing.T) {
	tests := []struct {
		name        string
		contentType string
		body        string
		why         string // must be in the error
	}{
		{"empty", typeJSON, "", "it is empty"},
		{"spaces", typeJSON, " \n", "it is empty"},
		{"array", typeJSON, `[{"link":"https://vidaoo.example/s1"}]`, "not an object"},
		{"text", typeJSON, `"link=https"`, "not an object"},
		{"number", typeJSON, "12", "not an object"},
		{"null", typeJSON, "null", "not an object"},
		{"broken JSON", typeJSON, `{"link": https}`, "invalid character 'h'"},
		{"place of the mistake", typeJSON, `{"a":1,}`, "at byte 8"},
		{"half an object", typeJSON, `{"link":"https://vid`, "ends too early"},
		{"two objects", typeJSON, `{"a":1}{"a":2}`, "something follows"},
		{"garbage after it", typeJSON, `{"a":1} x`, "something follows"},
		{"JSON with a bare template", typeJSON, `{"a":<$data.id$>}`, "invalid character '<'"},
		{"deep", typeJSON, deepJSON(vidaoo.MaxDepth + 1), "deeper than 16"},
		{"very deep", typeJSON, deepJSON(20_000), "tried as JSON"},
		{"many keys", typeJSON, manyJSON(vidaoo.MaxItems + 1), "more than 1000"},
		{"many elements", typeJSON, `{"a":[` + strings.Repeat("0,", vidaoo.MaxItems) + `0]}`, "more than 1000"},
		{"many form keys", typeForm, manyForm(vidaoo.MaxItems + 1), "more than 1000"},
		{"word", typeForm, "hello", "no key=value"},
		{"form without keys", typeForm, "=a&=b", "no key"},
		{"encoded JSON that is broken", typeForm, "%7Bx", "invalid character 'x'"},
		{"XML", "text/xml", `<call link="https://vidaoo.example/s1"/>`, "XML"},
		{"multipart", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"link\"\r\n", "multipart"},
		{"multipart that is called a form", typeForm, "--b\r\nContent-Disposition: form-data; name=\"link\"\r\n", "multipart"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := vidaoo.Parse(test.contentType, []byte(test.body))
			if !errors.Is(err, vidaoo.ErrUnreadable) {
				t.Fatalf("Parse gave %v and error %v, want ErrUnreadable", got, err)
			}
			if !strings.Contains(err.Error(), test.why) {
				t.Errorf("the error %q does not say %q", err, test.why)
			}
			if !strings.Contains(err.Error(), "send a JSON object") {
				t.Errorf("the error %q does not say what to do", err)
			}
		})
	}
}

func TestParseAtItsLimits(t *testing.T) {
	for name, body := range map[string]string{
		"depth": deepJSON(vidaoo.MaxDepth),
		"keys":  manyJSON(vidaoo.MaxItems),
		"form":  manyForm(vidaoo.MaxItems),
	} {
		if _, err := vidaoo.Parse("", []byte(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func deepJSON(depth int) string {
	return strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth)
}

func manyJSON(keys int) string {
	members := make([]string, keys)
	for i := range members {
		members[i] = fmt.Sprintf(`"k%d":0`, i)
	}
	return "{" + strings.Join(members, ",") + "}"
}

func manyForm(keys int) string {
	pairs := make([]string, keys)
	for i := range pairs {
		pairs[i] = fmt.Sprintf("k%d=0", i)
	}
	return strings.Join(pairs, "&")
}
