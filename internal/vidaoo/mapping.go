package vidaoo

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

// Identify finds what names the session in a webhook about a call that is known already: Vidaoo's id of
// the meeting, and the session link. Either may be empty.
func (m Mapping) Identify(p Payload) (id, link string) {
	r := reading{mapping: m, payload: p, used: map[string]bool{}}
	_ = r.link() // such a webhook needs none
	return r.id(), r.session.Link
}

// Map finds the fields of a session. Keys that became no field go to the metadata. A value in which a
// template was left unfilled counts as missing. The error is a [*NoLinkError].
func (m Mapping) Map(p Payload) (Session, error) {
	r := reading{mapping: m, payload: p, used: map[string]bool{}}
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
