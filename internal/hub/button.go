package hub

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/link"
)

// Button is the web button of a queue: with it on, a customer's press makes a
// meeting at Vidaoo and a call.
type Button struct {
	On     bool          `json:"on"`
	Fields []ButtonField `json:"fields,omitempty"` // of the form; none: the usual ones
	// Texts are the administrator's own, by name, or by name and language ("title.it").
	Texts map[string]string `json:"texts,omitempty"`
	Topic string            `json:"topic,omitempty"` // of the meeting; empty: the subject, else the queue's name
	// Metadata says which key of the meeting's metadata takes which field; none:
	// every field under its own name, and page and language.
	Metadata map[string]string `json:"metadata,omitempty"`
	Return   string            `json:"return,omitempty"` // guestRedirectionUrl
	Sites    []string          `json:"sites,omitempty"`  // origins that may show it
}

// ButtonField is a field of the form.
type ButtonField struct {
	Name     string `json:"name"`
	Label    string `json:"label,omitempty"`
	Required bool   `json:"required,omitempty"`
}

// The fields that Deskbell knows: they have labels in all languages.
const (
	fieldName    = "name"
	fieldEmail   = "email"
	fieldPhone   = "phone"
	fieldSubject = "subject"
	fieldConsent = "consent"
)

var knownFields = []string{fieldName, fieldEmail, fieldPhone, fieldSubject, fieldConsent}

// What metadata can be taken from beside the fields.
const (
	fromPage     = "page"
	fromLanguage = "language"
	fixedMark    = "=" // what follows is the value itself
)

// buttonTexts are the texts that an administrator may write.
var buttonTexts = []string{"label", "title", "intro", "consent", "waiting", "back", "note"}

const (
	maxFields    = 20
	maxLabel     = 80
	maxText      = 500
	maxTopic     = 200
	maxMetadata  = 30
	fieldPattern = `^[a-z][a-z0-9_-]{0,39}$`
)

var (
	fieldForm    = regexp.MustCompile(fieldPattern)
	languageForm = regexp.MustCompile(`^[a-z]{2}$`)
)

// usualFields are those of a form for which nothing was chosen.
var usualFields = []ButtonField{{Name: fieldName, Required: true}, {Name: fieldEmail}, {Name: fieldPhone}}

// form is what the form asks for.
func (b Button) form() []ButtonField {
	if len(b.Fields) == 0 {
		return usualFields
	}
	return b.Fields
}

func (b Button) field(name string) (ButtonField, bool) {
	fields := b.form()
	i := slices.IndexFunc(fields, func(f ButtonField) bool { return f.Name == name })
	if i < 0 {
		return ButtonField{}, false
	}
	return fields[i], true
}

// allows tells whether a page of an origin may press the button.
func (b Button) allows(origin string) bool { return slices.Contains(b.Sites, origin) }

// check tells what is wrong with a button, field by field.
func (b Button) check() error {
	wrong := []error{ofField("button.fields", b.checkFields()), ofField("button.texts", b.checkTexts()), ofField("button.metadata", b.checkMetadata())}
	if len([]rune(b.Topic)) > maxTopic {
		wrong = append(wrong, badField("button.topic", "The button's topic is too long: at most %d characters.", maxTopic))
	}
	if b.Return != "" && link.Check(b.Return) != nil {
		wrong = append(wrong, badField("button.return", "%q is no address to return to: write it like https://shop.example/thanks.", clean.Text(b.Return, 60)))
	}
	if len(b.Sites) > maxListed {
		wrong = append(wrong, badField("button.sites", "The button has at most %d sites.", maxListed))
	}
	return together(wrong...)
}

func (b Button) checkTexts() error {
	for name, text := range b.Texts {
		kind, language, tagged := strings.Cut(name, ".")
		switch {
		case !slices.Contains(buttonTexts, kind) || tagged && !languageForm.MatchString(language):
			return badRequest("There is no text %q of the button: use %s, with a language behind it if you like (title.it).", clean.Text(name, 40), strings.Join(buttonTexts, ", "))
		case len([]rune(text)) > maxText:
			return badRequest("The button's text %s is too long: at most %d characters.", name, maxText)
		}
	}
	return nil
}

func (b Button) checkMetadata() error {
	for key, from := range b.Metadata {
		_, known := b.field(from)
		if !known && from != fromPage && from != fromLanguage && !strings.HasPrefix(from, fixedMark) {
			return badRequest("The button's metadata %s is taken from %q, which is no field of its form: name one of those, page or language, or write %s==TEXT for a text that is always the same.",
				clean.Text(key, 40), clean.Text(from, 40), clean.Text(key, 40))
		}
	}
	if len(b.Metadata) > maxMetadata {
		return badRequest("The button has at most %d keys of metadata.", maxMetadata)
	}
	return nil
}

func (b Button) checkFields() error {
	if len(b.Fields) > maxFields {
		return badRequest("The button's form has at most %d fields.", maxFields)
	}
	seen := map[string]bool{}
	for _, f := range b.Fields {
		known := slices.Contains(knownFields, f.Name)
		switch {
		case !fieldForm.MatchString(f.Name):
			return badRequest("%q is no name of a field: 1 to 40 small letters, digits, - and _, beginning with a letter.", clean.Text(f.Name, 40))
		case f.Name == fromPage || f.Name == fromLanguage || f.Name == "website":
			return badRequest("%s is no name for a field: the button uses it itself. Choose another one.", f.Name)
		case seen[f.Name]:
			return badRequest("The field %s is there twice.", f.Name)
		case !known && f.Label == "":
			return badRequest("Deskbell has no label for the field %s: write %s=Label.", f.Name, f.Name)
		case len([]rune(f.Label)) > maxLabel:
			return badRequest("The label of the field %s is too long: at most %d characters.", f.Name, maxLabel)
		}
		seen[f.Name] = true
	}
	return nil
}

// site is an origin as browsers tell it, or why it is none.
func site(text string) (string, error) {
	u, err := url.Parse(strings.ToLower(strings.TrimSuffix(strings.TrimSpace(text), "/")))
	if err != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || link.Check(u.String()) != nil || strings.ContainsAny(u.Host, ";,*'") {
		return "", badRequest("%q is no site: write it like https://shop.example, without a path.", clean.Text(text, 60))
	}
	if port := u.Port(); u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		u.Host = u.Hostname()
	}
	return u.Scheme + "://" + u.Host, nil
}

// AdminButton is a button as administration shows it, in the words of its flags.
type AdminButton struct {
	On       bool     `json:"on"`
	Fields   []string `json:"fields"`
	Texts    []string `json:"texts"`
	Topic    string   `json:"topic"`
	Metadata []string `json:"metadata"`
	Return   string   `json:"return"`
	Sites    []string `json:"sites"`
	URL      string   `json:"url"` // of the form's page
}

func (h *Hub) adminButton(q Queue) AdminButton {
	b := q.Button
	a := AdminButton{
		On: b.On, Fields: []string{}, Texts: pairs(b.Texts), Topic: b.Topic, Metadata: pairs(b.Metadata),
		Return: b.Return, Sites: append([]string{}, b.Sites...), URL: h.publicURL + "/button/" + q.Name,
	}
	for _, f := range b.form() {
		a.Fields = append(a.Fields, f.String())
	}
	return a
}

// String writes a field as [ButtonChange] reads it: email*, or order*=Order number.
func (f ButtonField) String() string {
	s := f.Name
	if f.Required {
		s += "*"
	}
	if f.Label != "" {
		s += "=" + f.Label
	}
	return s
}

func pairs(m map[string]string) []string {
	all := []string{}
	for k, v := range m {
		all = append(all, fmt.Sprintf("%s=%s", k, v))
	}
	slices.Sort(all)
	return all
}
