package vidaoo

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/clean"
)

// The fields that a [Mapping] finds.
const (
	FieldLink     = "link"
	FieldText     = "text" // running text in which the link may stand
	FieldSession  = "session"
	FieldTopic    = "topic"
	FieldName     = "name"
	FieldEmail    = "email"
	FieldPhone    = "phone"
	FieldMetadata = "metadata"
)

// Mapping tells for each field at which paths of a payload it may be; the first that has a usable value
// wins. A path is a key, or keys and array indexes joined by dots ("data.meeting.url"). Two paths
// joined by a plus ("firstName+lastName") give one text from both. A field without paths is not found.
type Mapping map[string][]string

// DefaultMapping knows the keys that Vidaoo's automations, Motion's Open Channel and its connectors
// use. The caller may change the result.
func DefaultMapping() Mapping {
	return Mapping{
		FieldLink:    {"link", "url", "meetingUrl", "meeting_url", "sessionLink", "join_url", "externalUrl"},
		FieldText:    {"body"},
		FieldSession: {"session_id", "sessionId", "meetingId", "meeting_id", "id", "threadId"},
		FieldTopic:   {"topic", "subject"},
		FieldName: {"name", "firstName+lastName", "metadata.name", "metadata.firstName+metadata.lastName",
			"from"},
		FieldEmail:    {"email", "metadata.email"},
		FieldPhone:    {"phone", "metadata.phone"},
		FieldMetadata: {"metadata"},
	}
}

// Fields lists the fields that a mapping may have.
var Fields = []string{
	FieldLink, FieldText, FieldSession, FieldTopic, FieldName, FieldEmail, FieldPhone, FieldMetadata,
}

const (
	maxPaths = 20 // of one field
	maxPath  = 200
)

// ParseMapping reads "field=path" pairs; several of one field are tried in their order. Its errors are
// sentences.
func ParseMapping(pairs []string) (Mapping, error) {
	m := Mapping{}
	for _, pair := range pairs {
		field, path, ok := strings.Cut(strings.TrimSpace(pair), "=")
		switch {
		case !ok:
			return nil, fmt.Errorf("%q is no mapping: write field=path, such as link=data.url", clean.Text(pair, maxPath))
		case !slices.Contains(Fields, field):
			return nil, fmt.Errorf("there is no field %q to map: use %s", clean.Text(field, maxPath), strings.Join(Fields, ", "))
		case len(m[field]) == maxPaths:
			return nil, fmt.Errorf("the field %s has more than %d paths: leave some out", field, maxPaths)
		}
		if strings.Contains(path, "+") && slices.Contains([]string{FieldLink, FieldText, FieldMetadata}, field) {
			return nil, fmt.Errorf("the path %q of %s can't be read: a plus joins texts, and %s is looked for at one place", clean.Text(path, maxPath), field, field)
		}
		if err := checkPath(path); err != nil {
			return nil, fmt.Errorf("the path %q of %s can't be read: %w", clean.Text(path, maxPath), field, err)
		}
		m[field] = append(m[field], path)
	}
	return m, nil
}

// checkPath refuses a path that can't find anything, before a call depends on it.
func checkPath(path string) error {
	switch {
	case path == "":
		return fmt.Errorf("it is empty; write keys joined by dots, such as data.url")
	case len(path) > maxPath || path != clean.Text(path, maxPath):
		return fmt.Errorf("it is longer than %d characters, or has some that can't be seen", maxPath)
	case strings.ContainsAny(path, "[]$<>"):
		return fmt.Errorf("it has one of [ ] $ < >; write an element of a list as a number between dots, such as data.0.url")
	}
	for part := range strings.SplitSeq(path, "+") {
		if part == "" {
			return fmt.Errorf("there is nothing on one side of a plus")
		}
		for step := range strings.SplitSeq(part, ".") {
			if strings.TrimSpace(step) != step || step == "" {
				return fmt.Errorf("there is a dot too many, or a space beside a dot")
			}
		}
	}
	return nil
}

// Pairs writes a mapping as ParseMapping reads it.
func (m Mapping) Pairs() []string {
	pairs := []string{}
	for _, field := range slices.Sorted(maps.Keys(m)) {
		for _, path := range m[field] {
			pairs = append(pairs, field+"="+path)
		}
	}
	return pairs
}

// Override is the mapping with the fields of another in the place of its own.
func (m Mapping) Override(other Mapping) Mapping {
	both := maps.Clone(m)
	maps.Copy(both, other)
	return both
}

// Identify finds what names the session in a webhook about a call that is known already: Vidaoo's id of
// the meeting, and the session link. Either may be empty.
func (m Mapping) Identify(p Payload) (id, link string) {
	r := newReading(m, p)
	_ = r.link() // such a webhook needs none
	return r.id(), r.session.Link
}

// Map finds the fields of a session. Keys that became no field go to the metadata. A value in which a
// template was left unfilled counts as missing. The error is a [*NoLinkError].
func (m Mapping) Map(p Payload) (Session, error) {
	r := newReading(m, p)
	if err := r.link(); err != nil { // first, for what it finds is hidden from all other fields
		return Session{}, err
	}
	r.session.ID = r.id()
	r.session.Topic = r.text(FieldTopic, MaxTopic)
	r.session.Customer = Customer{
		Name:  r.text(FieldName, MaxName),
		Email: r.text(FieldEmail, MaxEmail),
		Phone: r.text(FieldPhone, MaxPhone),
	}
	r.session.Metadata = r.metadata()
	return r.session, nil
}
