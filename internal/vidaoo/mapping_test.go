package vidaoo_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

const testLink = "https://vidaoo.example/s1"

// parse is for bodies that are right.
func parse(tb testing.TB, body string) vidaoo.Payload {
	tb.Helper()
	payload, err := vidaoo.Parse("", []byte(body))
	if err != nil {
		tb.Fatalf("Parse(%q): %v", body, err)
	}
	return payload
}

func TestMap(t *testing.T) {
	tests := []struct {
		name string
		body string
		want vidaoo.Session
	}{
		{
			name: "automation",
			body: `{"session_id":"s1","topic":"MY_WEBSITE","link":"https://vidaoo.example/s1","metadata":{"language":"it"}}`,
			want: vidaoo.Session{ID: "s1", Topic: "MY_WEBSITE", Metadata: object{"language": "it"}},
		},
		{
			name: "form with metadata as JSON text",
			body: `sessionId=s1&subject=web&url=https%3A%2F%2Fvidaoo.example%2Fs1&metadata={"language":"it","age":42}`,
			want: vidaoo.Session{ID: "s1", Topic: "web", Metadata: object{"language": "it", "age": json.Number("42")}},
		},
		{
			name: "message of an Open Channel",
			body: `{"from":"+39 02 1234","body":"A customer waits: https://vidaoo.example/s1.","threadId":7,
				"firstName":"Anna","lastName":"Rossi","phone":390212345678,"email":"anna@shop.example"}`,
			want: vidaoo.Session{
				ID:       "7",
				Customer: vidaoo.Customer{Name: "Anna Rossi", Phone: "390212345678", Email: "anna@shop.example"},
				Metadata: object{"from": "+39 02 1234", "body": "A customer waits: [session link]"},
			},
		},
		{
			name: "from is the name if there is no other",
			body: `{"from":"web-17","link":"https://vidaoo.example/s1"}`,
			want: vidaoo.Session{Customer: vidaoo.Customer{Name: "web-17"}, Metadata: object{}},
		},
		{
			name: "one of two names",
			body: `{"lastName":"Rossi","from":"x","link":"https://vidaoo.example/s1"}`,
			want: vidaoo.Session{Customer: vidaoo.Customer{Name: "Rossi"}, Metadata: object{"from": "x"}},
		},
		{
			name: "customer in the metadata",
			body: `{"link":"https://vidaoo.example/s1","metadata":"{\"name\":\"Anna\",\"email\":\"a@b.c\",\"phone\":1}"}`,
			want: vidaoo.Session{
				Customer: vidaoo.Customer{Name: "Anna", Email: "a@b.c", Phone: "1"},
				Metadata: object{"name": "Anna", "email": "a@b.c", "phone": json.Number("1")},
			},
		},
		{
			name: "order of the paths",
			body: `{"id":"third","meetingId":"second","session_id":"first","meetingUrl":"https://other.example/","url":"https://vidaoo.example/s1"}`,
			want: vidaoo.Session{ID: "first", Metadata: object{"id": "third", "meetingId": "second"}},
		},
		{
			name: "values that are no texts",
			body: `{"session_id":{"a":1},"id":true,"topic":["x"],"link":"https://vidaoo.example/s1","threadId":12345678901234567890}`,
			want: vidaoo.Session{ID: "12345678901234567890",
				Metadata: object{"session_id": object{"a": json.Number("1")}, "id": true, "topic": []any{"x"}}},
		},
		{
			name: "empty values",
			body: `{"session_id":"","id":"s1","topic":" ","subject":"web","link":"","url":" https://vidaoo.example/s1 ","metadata":""}`,
			want: vidaoo.Session{ID: "s1", Topic: "web", Metadata: object{"session_id": "", "topic": "", "metadata": ""}},
		},
		{
			name: "metadata that is no object",
			body: `{"link":"https://vidaoo.example/s1","metadata":["a"]}`,
			want: vidaoo.Session{Metadata: object{"metadata": []any{"a"}}},
		},
		{
			name: "texts are cleaned",
			body: `{"link":"https://vidaoo.example/s1","topic":"\u202eweb\u0000\n\nsite","name":" An\u200bna ","metadata":{"pa\u0007ge":"a\tb"}}`,
			want: vidaoo.Session{Topic: "web site", Customer: vidaoo.Customer{Name: "Anna"}, Metadata: object{"page": "a b"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := vidaoo.DefaultMapping().Map(parse(t, test.body))
			if err != nil {
				t.Fatalf("Map: %v", err)
			}
			test.want.Link, got.Found = testLink, nil // TestFound looks at it
			test.want.Looked = []string{"link", "url", "meetingUrl", "meeting_url", "sessionLink", "join_url", "externalUrl", "body"}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("Map\n got %#v\nwant %#v", got, test.want)
			}
		})
	}
}

func TestFound(t *testing.T) {
	got, err := vidaoo.DefaultMapping().Map(parse(t, `{"body":"come to https://vidaoo.example/s1","firstName":"Anna","threadId":7,"metadata":"{\"phone\":\"1\"}"}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"text": "body", "name": "firstName+lastName", "session": "threadId", "phone": "metadata.phone", "metadata": "metadata"}
	if !reflect.DeepEqual(got.Found, want) {
		t.Errorf("found %v, want %v", got.Found, want)
	}
}

func TestParseMapping(t *testing.T) {
	got, err := vidaoo.ParseMapping([]string{"link=data.urls.0", "link=url", "name=first+last"})
	if err != nil {
		t.Fatal(err)
	}
	if pairs := got.Pairs(); !slices.Equal(pairs, []string{"link=data.urls.0", "link=url", "name=first+last"}) {
		t.Errorf("pairs %q", pairs)
	}
	session, err := vidaoo.DefaultMapping().Override(got).Map(parse(t, `{"link":"https://vidaoo.example/no","data":{"urls":["https://vidaoo.example/s1"]},"first":"Anna","last":"B"}`))
	if err != nil || session.Link != testLink || session.Customer.Name != "Anna B" {
		t.Errorf("mapped %+v, %v", session, err)
	}
	for _, bad := range []struct{ pair, says string }{
		{"link", "write field=path"},
		{"lnk=url", "use link, text, session"},
		{"link=", "it is empty"},
		{"link=a..b", "a dot too many"},
		{"link=.a", "a dot too many"},
		{"link=a.", "a dot too many"},
		{"name=a+", "one side of a plus"},
		{"link=a+b", "looked for at one place"},
		{"link=a[0]", "a number between dots"},
		{"link=<$data.link$>", "one of [ ] $ < >"},
		{"link=a .b", "a space beside a dot"},
		{"link=a\x00b", "can't be seen"},
		{"link=" + strings.Repeat("a", 201), "longer than"},
	} {
		if _, err := vidaoo.ParseMapping([]string{bad.pair}); err == nil || !strings.Contains(err.Error(), bad.says) {
			t.Errorf("%q: %v, want %q", bad.pair, err, bad.says)
		}
	}
}

func TestMapWarnings(t *testing.T) {
	const notFilled = ": the template was not filled; check the name between <$ and $> in the automation"
	tests := []struct {
		name     string
		body     string
		want     vidaoo.Session // Link and Looked are not compared
		warnings []string
	}{
		{
			name: "templates",
			body: `{"link":"https://vidaoo.example/s1","session_id":"<$data.id$>","id":"s1","topic":"From <$data.topic$>",
				"page":"<$data.metadata.page$>","metadata":{"a":{"b":["<$c$>","d"]},"ok":"yes"}}`,
			want: vidaoo.Session{ID: "s1", Metadata: object{"a": object{"b": []any{"d"}}, "ok": "yes"}},
			warnings: []string{"session_id" + notFilled, "topic" + notFilled, "a.b" + notFilled,
				"page" + notFilled},
		},
		{
			name:     "template for a link with another link",
			body:     `{"link":"<$data.link$>","url":"https://vidaoo.example/s1"}`,
			want:     vidaoo.Session{Metadata: object{}},
			warnings: []string{"link" + notFilled},
		},
		{
			name:     "what JavaScript leaves",
			body:     `{"link":"https://vidaoo.example/s1","session_id":"undefined","topic":"null","name":"Null"}`,
			want:     vidaoo.Session{Customer: vidaoo.Customer{Name: "Null"}, Metadata: object{}},
			warnings: []string{"session_id" + notFilled, "topic" + notFilled},
		},
		{
			name: "half a template is a text",
			body: `{"link":"https://vidaoo.example/s1","topic":"save <$5 today","name":"$> a <$"}`,
			want: vidaoo.Session{Topic: "save <$5 today", Customer: vidaoo.Customer{Name: "$> a <$"}, Metadata: object{}},
		},
		{
			name: "link that is refused",
			body: `{"link":"javascript:alert(1)","url":{"href":"x"},"meetingUrl":"https://vidaoo.example/s1"}`,
			want: vidaoo.Session{Metadata: object{}},
			warnings: []string{
				"link: the link does not begin with https://: only such links are opened; another link was used",
				"url: it is not a text; another link was used",
			},
		},
		{
			name:     "key in both places",
			body:     `{"link":"https://vidaoo.example/s1","page":"/a","metadata":{"page":"/b"}}`,
			want:     vidaoo.Session{Metadata: object{"page": "/b"}},
			warnings: []string{"page: the metadata has this key too, and the metadata's was kept"},
		},
		{
			name:     "session id that is too long",
			body:     `{"link":"https://vidaoo.example/s1","session_id":"` + strings.Repeat("a", vidaoo.MaxID+1) + `"}`,
			want:     vidaoo.Session{Metadata: object{}},
			warnings: []string{"the session id is too long to be kept: calls are told apart by the link"},
		},
		{
			name:     "session id that is the link",
			body:     `{"link":"https://vidaoo.example/s1","session_id":"https://vidaoo.example/s1"}`,
			want:     vidaoo.Session{Metadata: object{}},
			warnings: []string{"the session id holds the session link: calls are told apart by the link"},
		},
		{
			name: "metadata that is too large",
			body: `{"link":"https://vidaoo.example/s1","note":"` + strings.Repeat("a", clean.MaxText+1) + `"}`,
			want: vidaoo.Session{Metadata: object{"note": strings.Repeat("a", clean.MaxText-1) + "…"}},
			warnings: []string{
				"the metadata is too large and was cut: send what an agent needs to know",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := vidaoo.DefaultMapping().Map(parse(t, test.body))
			if err != nil {
				t.Fatalf("Map: %v", err)
			}
			if !slices.Equal(got.Warnings, test.warnings) {
				t.Errorf("warnings\n got %q\nwant %q", got.Warnings, test.warnings)
			}
			got.Link, got.Looked, got.Warnings, got.Found = "", nil, nil, nil
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("Map\n got %#v\nwant %#v", got, test.want)
			}
		})
	}
}

func TestMapBoundsWarnings(t *testing.T) {
	templates := object{}
	for i := range 200 {
		templates[strings.Repeat("k", i+1)] = "<$x$>"
	}
	got, err := vidaoo.DefaultMapping().Map(vidaoo.Payload{"link": testLink, "metadata": templates})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got.Warnings); n != 20 {
		t.Errorf("%d warnings, want the first 20", n)
	}
}

func TestMapCutsTexts(t *testing.T) {
	long := strings.Repeat("é", 500)
	got, err := vidaoo.DefaultMapping().Map(vidaoo.Payload{
		"link": testLink, "topic": long, "name": long, "email": long, "phone": long,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []struct {
		name, text string
		max        int
	}{
		{"topic", got.Topic, vidaoo.MaxTopic},
		{"name", got.Customer.Name, vidaoo.MaxName},
		{"email", got.Customer.Email, vidaoo.MaxEmail},
		{"phone", got.Customer.Phone, vidaoo.MaxPhone},
	} {
		if want := strings.Repeat("é", field.max-1) + "…"; field.text != want {
			t.Errorf("the %s has %d characters, want %d", field.name, len([]rune(field.text)), field.max)
		}
	}
}

func TestMapFindsLinkInText(t *testing.T) {
	tests := []struct {
		name string
		text string
		want string
	}{
		{"alone", "https://vidaoo.example/s1", testLink},
		{"in a sentence", "Join https://vidaoo.example/s1, please.", testLink},
		{"in brackets", "A customer waits (https://vidaoo.example/s1).", testLink},
		{"brackets of its own", "https://vidaoo.example/s(1)", "https://vidaoo.example/s(1)"},
		{"angle brackets", "Join <https://vidaoo.example/s1>!", testLink},
		{"HTML", `<a href="https://vidaoo.example/?a=1&amp;para=2">Join</a>`, "https://vidaoo.example/?a=1&para=2"},
		{"first of two", "https://vidaoo.example/s1 https://vidaoo.example/s2", testLink},
		{"after one that is not secure", "http://shop.example/ https://vidaoo.example/s1", testLink},
		{"after one with a template", "https://vidaoo.example/<$data.id$> https://vidaoo.example/s1", testLink},
		{"beside a template", "<$data.name$> waits: https://vidaoo.example/s1", testLink},
		{"upper case", "HTTPS://vidaoo.example/s1", "HTTPS://vidaoo.example/s1"},
		{"loopback", "http://127.0.0.1:8080/session/1", "http://127.0.0.1:8080/session/1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := vidaoo.DefaultMapping().Map(vidaoo.Payload{"from": "web", "body": test.text})
			if err != nil {
				t.Fatalf("Map: %v", err)
			}
			if got.Link != test.want {
				t.Errorf("the link is %q, want %q", got.Link, test.want)
			}
		})
	}
}

func TestMapHidesLink(t *testing.T) {
	const hidden = vidaoo.HiddenLink
	tests := []struct {
		name string
		text string
		want string
	}{
		{"the link", testLink, hidden},
		{"in a sentence", "go to https://vidaoo.example/s1 now", "go to " + hidden + " now"},
		{"another page of the host", "https://vidaoo.example/organiser/s1", hidden},
		{"another spelling", "HTTPS://VIDAOO.example:443/s1", hidden},
		{"with a dot after the host", "https://vidaoo.example./s1", hidden},
		{"without a scheme", "see vidaoo.example/s1", hidden},
		{"without a path", "//vidaoo.example?s=1", hidden},
		{"inside another address", "https://shop.example/?to=https%3A%2F%2Fvidaoo.example%2Fs1", hidden},
		{"inside JSON text", `{"u":"https:\/\/vidaoo.example\/s1"}`, hidden},
		{"inside HTML", "https:&#x2f;&#x2f;vidaoo.example&#x2f;s1", hidden},
		{"with a character that cannot be seen", "https://vidaoo.\u200bexample/s1", hidden},
		{"at the place of a cut", strings.Repeat("a ", clean.MaxText/2-8) + testLink,
			strings.Repeat("a ", clean.MaxText/2-8) + hidden},
		{"another host", "https://shop.example/a", "https://shop.example/a"},
		{"host that ends alike", "https://my-vidaoo.example/a", "https://my-vidaoo.example/a"},
		{"e-mail address", "help@vidaoo.example", "help@vidaoo.example"},
		{"name of the host", "called from vidaoo.example", "called from vidaoo.example"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := vidaoo.DefaultMapping().Map(vidaoo.Payload{
				"link": testLink, "url": test.text, "note": test.text, "metadata": object{"in": []any{test.text}},
			})
			if err != nil {
				t.Fatalf("Map: %v", err)
			}
			want := object{"note": test.want, "in": []any{test.want}}
			if !reflect.DeepEqual(got.Metadata, want) {
				t.Errorf("metadata\n got %q\nwant %q", got.Metadata, want)
			}
		})
	}
}

func TestMapHidesLinkInEveryField(t *testing.T) {
	got, err := vidaoo.DefaultMapping().Map(vidaoo.Payload{
		"link": testLink, "topic": testLink, "name": testLink, "email": testLink, "phone": testLink,
		"id": testLink, "metadata": object{testLink: "<$x$>", "https://vidaoo.example/s1?x": true},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts(got) {
		if strings.Contains(text, "vidaoo.example") {
			t.Errorf("the link is in %q", text)
		}
	}
}

func TestMapNoLink(t *testing.T) {
	looked := []string{"link", "url", "meetingUrl", "meeting_url", "sessionLink", "join_url", "externalUrl", "body"}
	tests := []struct {
		name string
		body string
		want vidaoo.NoLinkError
		says string
	}{
		{
			name: "nothing",
			body: `{}`,
			says: "looked at link, url, meetingUrl, meeting_url, sessionLink, join_url, externalUrl, body; send",
		},
		{
			name: "keys that are there",
			body: `{"topic":"web","data":{"href":"https://vidaoo.example/s1","b":{}},"metadata":"{\"z\":1}","k\u0000":null}`,
			want: vidaoo.NoLinkError{Present: []string{"data.b", "data.href", "k", "metadata.z", "topic"}},
			says: "the payload has data.b, data.href, k, metadata.z, topic",
		},
		{
			name: "template",
			body: `{"link":"<$data.link$>","url":"undefined","body":"see https://vidaoo.example/<$data.id$>"}`,
			want: vidaoo.NoLinkError{Unfilled: []string{"link", "url", "body"}, Present: []string{"body", "link", "url"}},
			says: "the template was not filled in link, url, body",
		},
		{
			name: "refused",
			body: `{"link":"http://vidaoo.example/s1","url":["https://vidaoo.example/s1"],"body":"http://shop.example"}`,
			want: vidaoo.NoLinkError{
				Refused: []string{
					"link: the link begins with http:// and its host is not this machine: send it with https://",
					"url: it is not a text",
					"body: the link begins with http:// and its host is not this machine: send it with https://",
				},
				Present: []string{"body", "link", "url"},
			},
			says: "refused link: the link begins with http://",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			session, err := vidaoo.DefaultMapping().Map(parse(t, test.body))
			var missing *vidaoo.NoLinkError
			if !errors.As(err, &missing) {
				t.Fatalf("Map gave %v and error %v, want a NoLinkError", session, err)
			}
			test.want.Looked = looked
			if !reflect.DeepEqual(*missing, test.want) {
				t.Errorf("error\n got %#v\nwant %#v", *missing, test.want)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error %q does not say %q", err, test.says)
			}
		})
	}
}

func TestNoLinkErrorIsBounded(t *testing.T) {
	payload := vidaoo.Payload{}
	for i := range 200 {
		payload[strings.Repeat("k", i+1)] = object{"a": 1, "b": 2}
	}
	_, err := vidaoo.DefaultMapping().Map(payload)
	var missing *vidaoo.NoLinkError
	if !errors.As(err, &missing) {
		t.Fatalf("error %v, want a NoLinkError", err)
	}
	if n := len(missing.Present); n != 30 {
		t.Errorf("the error names %d keys, want the first 30", n)
	}
	if n := len(err.Error()); n > 4_000 {
		t.Errorf("the error is %d bytes long", n)
	}
}

func TestMapOwnPaths(t *testing.T) {
	mapping := vidaoo.DefaultMapping()
	mapping[vidaoo.FieldLink] = []string{"data.urls.1", "dotted.key"}
	mapping[vidaoo.FieldTopic] = []string{"data.site+data.page"}
	mapping[vidaoo.FieldMetadata] = []string{"data.more"}
	delete(mapping, vidaoo.FieldName)

	got, err := mapping.Map(parse(t, `{"data":{"site":"shop","page":"cart","urls":["x","https://vidaoo.example/s1"],"more":{"a":"b"}},"name":"Anna"}`))
	if err != nil {
		t.Fatal(err)
	}
	want := vidaoo.Session{
		Link: testLink, Topic: "shop cart", Looked: []string{"data.urls.1", "dotted.key", "body"},
		Found: map[string]string{"link": "data.urls.1", "topic": "data.site+data.page", "metadata": "data.more"},
		Metadata: object{"a": "b", "name": "Anna", "data": object{
			"site": "shop", "page": "cart", "urls": []any{"x", "[session link]"}, "more": object{"a": "b"}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Map\n got %#v\nwant %#v", got, want)
	}

	got, err = mapping.Map(parse(t, `{"data":{"urls":["x"]},"dotted.key":"https://vidaoo.example/s1"}`))
	if err != nil || got.Link != testLink {
		t.Errorf("a key with a dot gave link %q and error %v", got.Link, err)
	}
}

func TestMapLeavesPayload(t *testing.T) {
	const body = `{"link":"https://vidaoo.example/s1","metadata":{"a":"<$x$>","b":[" c "]}}`
	payload := parse(t, body)
	if _, err := vidaoo.DefaultMapping().Map(payload); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(payload, parse(t, body)) {
		t.Errorf("Map changed the payload to %v", payload)
	}
}

func TestIdentify(t *testing.T) {
	for _, tc := range []struct{ body, id, link string }{
		{`{"session_id":"s1"}`, "s1", ""},
		{`{"meetingId":7,"link":"https://vidaoo.example/s1"}`, "7", "https://vidaoo.example/s1"},
		{`{"url":"https://vidaoo.example/s1"}`, "", "https://vidaoo.example/s1"},
		{`{"session_id":"<$data.id$>","link":"ftp://vidaoo.example"}`, "", ""},
		{`{}`, "", ""},
	} {
		p, err := vidaoo.Parse("application/json", []byte(tc.body))
		if err != nil {
			t.Fatal(err)
		}
		if id, link := vidaoo.DefaultMapping().Identify(p); id != tc.id || link != tc.link {
			t.Errorf("%s: %q %q, want %q %q", tc.body, id, link, tc.id, tc.link)
		}
	}
}
