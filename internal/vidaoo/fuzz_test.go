package vidaoo_test

import (
	"encoding/json"
	"errors"
	"maps"
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

// FuzzReply takes anything as a reply of Vidaoo's: it is read within its limits, or the error is a clean
// sentence of a known kind without the key.
func FuzzReply(f *testing.F) {
	for _, s := range []string{
		`{"id":17,"link":"https://vidaoo.example/s1","topic":"web"}`, `{"data":[{"id":"a"},{"_id":2}]}`, `[{"id":"a","url":"u","body":{"a":1}},3,null]`,
		`{"uid":"x"}`, `<html>`, `{"id":`, `"text"`, `null`, ``, `{"id":"a"} {}`, "\ufeff{}", `{"message":"test-key"}`, `{"id":"test-key","\u202e":1}`,
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, body string, good bool) {
		status := 200
		if !good {
			status = 422
		}
		client := newClient(t, vidaoo.Config{Transport: answering(status, body)})
		m, err := client.CreateMeeting(t.Context(), vidaoo.NewMeeting{Topic: "web"})
		checkReply(t, m.Link, m.Missing, err)
		_, _, err = client.Meetings(t.Context())
		checkReply(t, "", nil, err)
		a, err := client.UpdateAutomation(t.Context(), "1", vidaoo.Automation{Name: "n"})
		checkReply(t, "", a.Missing, err)
		if strings.Contains(string(m.Raw)+string(a.Raw), testKey) {
			t.Errorf("the key is in %q", m.Raw)
		}
	})
}

func checkReply(t *testing.T, sessionLink string, missing []*vidaoo.FieldError, err error) {
	if sessionLink != "" && link.Check(sessionLink) != nil {
		t.Errorf("the link %q may not be opened", sessionLink)
	}
	var status *vidaoo.StatusError
	var reply *vidaoo.ReplyError
	var field *vidaoo.FieldError
	if err != nil && !errors.As(err, &status) && !errors.As(err, &reply) && !errors.As(err, &field) {
		t.Fatalf("another error: %v", err)
	}
	errs := []error{err}
	for _, m := range missing {
		errs = append(errs, m)
	}
	for _, err := range errs {
		if err == nil {
			continue
		}
		if text := err.Error(); len(text) > 30_000 || clean.Text(text, len(text)) != text || strings.Contains(text, testKey) {
			t.Errorf("the error is not clean: %q", text)
		}
	}
}

// FuzzSettings reads what an administrator may type: what is taken is written as it was read, and a
// client can be made with it, or says why not.
func FuzzSettings(f *testing.F) {
	for _, s := range []string{
		"base-url = https://vidaoo.example/api", "meeting-create=POST /rooms json", "meeting-get=GET /a/{id}?x=1", "meeting-id=a.b, c", "timeout=3s",
		"# a\n\nverify=none\r\n", "list=a\nlist=", "key-header=X", "meeting-delete=DELETE /%zz/{id}", "attempts=3",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := vidaoo.ParseSettings(text)
		if err != nil {
			if said := err.Error(); clean.Text(said, len(said)) != said {
				t.Errorf("the error is not clean: %q", said)
			}
			return
		}
		again, err := vidaoo.ParseSettings(s.String())
		if err != nil || !maps.Equal(again, s) {
			t.Fatalf("%q became %q, then %q, %v", text, s, again, err)
		}
		delete(s, vidaoo.SettingCAFile)
		client, err := vidaoo.NewClient(vidaoo.Config{Settings: s, Key: testKey, Transport: answering(200, `{"id":"x"}`)})
		if err != nil {
			return
		}
		if _, err := client.DeleteMeeting(t.Context(), "../x?#"); err != nil && !vidaoo.Unsupported(err) && s.Of(vidaoo.SettingAuth) != vidaoo.AuthLogin {
			t.Errorf("%q can't be asked for: %v", s, err)
		}
	})
}
