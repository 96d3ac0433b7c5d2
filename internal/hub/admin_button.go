package hub

import (
	"maps"
	"strings"

	"github.com/deskbell/deskbell/internal/clean"
)

// ButtonChange asks for another web button; what is not set stays.
type ButtonChange struct {
	On *bool `json:"on,omitempty"`
	// Fields are the form's: "name", "email*" must be filled in, "order=Order number"
	// is one of the administrator's own. None: the usual ones.
	Fields *[]string `json:"fields,omitempty"`
	// Texts are "title=…" or "title.it=…"; "title=" is Deskbell's again.
	Texts    *[]string `json:"texts,omitempty"`
	Topic    *string   `json:"topic,omitempty"`
	Metadata *[]string `json:"metadata,omitempty"` // "key=field"; none: all fields
	Return   *string   `json:"return,omitempty"`
	Sites    *[]string `json:"sites,omitempty"`
}

func (in ButtonChange) apply(b *Button) error {
	var wrong []error
	set(&b.On, in.On)
	set(&b.Return, in.Return)
	if in.Topic != nil {
		b.Topic = clean.Text(*in.Topic, maxTopic+1)
	}
	if in.Fields != nil {
		b.Fields = nil
		for _, text := range withoutEmpty(*in.Fields) {
			name, label, _ := strings.Cut(text, "=")
			name, required := strings.CutSuffix(strings.TrimSpace(name), "*")
			b.Fields = append(b.Fields, ButtonField{Name: name, Label: clean.Text(label, maxLabel+1), Required: required})
		}
	}
	if in.Sites != nil {
		b.Sites = nil
		for _, text := range withoutEmpty(*in.Sites) {
			origin, err := site(text)
			if err != nil {
				wrong = append(wrong, ofField("button.sites", err))
				continue
			}
			b.Sites = append(b.Sites, origin)
		}
	}
	if in.Metadata != nil {
		b.Metadata = map[string]string{}
		wrong = append(wrong, ofField("button.metadata", writePairs("metadata", *in.Metadata, b.Metadata)))
	}
	if in.Texts != nil {
		b.Texts = maps.Clone(b.Texts)
		if b.Texts == nil {
			b.Texts = map[string]string{}
		}
		wrong = append(wrong, ofField("button.texts", writePairs("text", *in.Texts, b.Texts)))
	}
	return together(wrong...)
}

// writePairs takes over name=value; one without a value is taken out.
func writePairs(what string, list []string, into map[string]string) error {
	for _, pair := range withoutEmpty(list) {
		name, value, ok := strings.Cut(pair, "=")
		name, value = clean.Text(name, maxLabel), clean.Text(value, maxText+1)
		switch {
		case !ok || name == "":
			return badRequest("The button's %s %q is not name=value.", what, clean.Text(pair, 40))
		case value == "":
			delete(into, name)
		default:
			into[name] = value
		}
	}
	return nil
}
