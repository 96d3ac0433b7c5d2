package vidaoo_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/link"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

// FuzzParse takes any body through the whole way of a webhook: what comes out is clean and bounded,
// the link may be opened and is nowhere else, or the error is one of the two that are promised.
func FuzzParse(f *testing.F) {
	for _, seed := range [][2]string{
		{typeJSON, `{"session_id":"s1","topic":"MY_WEBSITE","link":"https://vidaoo.example/s1","metadata":{"language":"it"}}`},
		{typeForm, `{"session_id":"s1","topic":"MY_WEBSITE","link":"https://vidaoo.example/s1","metadata":{"language":"it"}}`},
		{typeJSON, `{"from":"web","body":"A customer waits: https://vidaoo.example/s1.","mapKey":"email","firstName":"Anna","lastName":"Rossi","phone":39021234,"email":"a@b.example","threadId":7}`},
		{typeForm, `session_id=s1&topic=My+site&link=https%3A%2F%2Fvidaoo.example%2Fs1&name=Anna`},
		{typeForm, `link=https://vidaoo.example/s1&metadata={"language":"it","page":"https:\/\/vidaoo.example\/s1"}`},
		{typeJSON, `{"link":"https://vidaoo.example/s1","metadata":"{\"language\":\"it\"}"}`},
		{typeJSON, `{"session_id":"<$data.id$>","topic":"<$data.topic$>","link":"<$data.link$>"}`},
		{typeJSON, `{"url":"http://127.0.0.1:8080/session/1","id":12345678901234567890,"topic":"\u202ex\u0000"}`},
		{"multipart/form-data; boundary=b", "--b\r\n"},
		{typeJSON, `[1,2]`},
		{"", "%7B%22link%22%3A1%7D"},
	} {
		f.Add(seed[0], []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		payload, err := vidaoo.Parse(contentType, body)
		if err != nil {
			if !errors.Is(err, vidaoo.ErrUnreadable) {
				t.Fatalf("Parse gave another error: %v", err)
			}
			return
		}
		session, err := vidaoo.DefaultMapping().Map(payload)
		if err != nil {
			checkNoLink(t, err)
			return
		}
		checkSession(t, session)
	})
}

func checkNoLink(t *testing.T, err error) {
	var missing *vidaoo.NoLinkError
	if !errors.As(err, &missing) {
		t.Fatalf("Map gave another error: %v", err)
	}
	if text := err.Error(); len(text) > 30_000 || clean.Text(text, len(text)) != text {
		t.Errorf("the error is not clean: %q", text)
	}
}

func checkSession(t *testing.T, session vidaoo.Session) {
	if err := link.Check(session.Link); err != nil {
		t.Errorf("the link %q: %v", session.Link, err)
	}
	for _, field := range []struct {
		text string
		max  int
	}{
		{session.ID, vidaoo.MaxID},
		{session.Topic, vidaoo.MaxTopic},
		{session.Customer.Name, vidaoo.MaxName},
		{session.Customer.Email, vidaoo.MaxEmail},
		{session.Customer.Phone, vidaoo.MaxPhone},
	} {
		if clean.Text(field.text, field.max) != field.text {
			t.Errorf("%q is not clean or longer than %d", field.text, field.max)
		}
	}
	if session.Metadata == nil || len(session.Warnings) > 20 {
		t.Errorf("metadata %v with %d warnings", session.Metadata, len(session.Warnings))
	}
	if _, err := json.Marshal(session); err != nil {
		t.Errorf("the session cannot be written as JSON: %v", err)
	}
	chars := 0
	for _, text := range texts(session) {
		chars += utf8.RuneCountInString(text)
		if clean.Text(text, clean.MaxText) != text {
			t.Errorf("%q is not clean", text)
		}
		if strings.Contains(strings.ToLower(text), strings.ToLower(session.Link)) {
			t.Errorf("the link %q is in %q", session.Link, text)
		}
	}
	if chars > clean.MaxTotal+5_000 {
		t.Errorf("the session has %d characters", chars)
	}
}

// texts lists all texts of a session but its link.
func texts(session vidaoo.Session) []string {
	out := []string{
		session.ID, session.Topic, session.Customer.Name, session.Customer.Email, session.Customer.Phone,
	}
	out = append(out, session.Warnings...)
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case object:
			for key, member := range v {
				out = append(out, key)
				walk(member)
			}
		case []any:
			for _, element := range v {
				walk(element)
			}
		}
	}
	walk(session.Metadata)
	return out
}

// FuzzParseMapping reads what an administrator may type: what is taken is written as it was read, and
// mapping by it never panics.
func FuzzParseMapping(f *testing.F) {
	for _, s := range []string{"link=data.url", "name=first+last", "link=a..b", "text=", "link", "metadata=data.0.x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, pair string) {
		m, err := vidaoo.ParseMapping([]string{pair})
		if err != nil {
			return
		}
		again, err := vidaoo.ParseMapping(m.Pairs())
		if err != nil || !slices.Equal(again.Pairs(), m.Pairs()) {
			t.Fatalf("%q became %q, then %q, %v", pair, m.Pairs(), again.Pairs(), err)
		}
		_, _ = vidaoo.DefaultMapping().Override(m).Map(vidaoo.Payload{"data": map[string]any{"url": "https://vidaoo.example/s1"}, "a": []any{"x"}})
	})
}
