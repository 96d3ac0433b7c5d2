package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/lang"
)

// queueButton is a queue's web button as administration has it.
type queueButton struct {
	On       bool     `json:"on"`
	Fields   []string `json:"fields"`
	Texts    []string `json:"texts"`
	Topic    string   `json:"topic"`
	Metadata []string `json:"metadata"`
	Return   string   `json:"return"`
	Sites    []string `json:"sites"`
	URL      string   `json:"url"`
}

// buttonPage is what the page of a queue's web button shows.
type buttonPage struct {
	queue
	Form    *form
	Snippet string
	NoKey   bool // the hub can't make meetings
}

// inButton is what fields of the button are called in the API behind.
const inButton = "button."

func (s *Site) readButton(w http.ResponseWriter, r *http.Request, v visit) (p buttonPage, ok bool) {
	var account vidaooState
	err := s.admin(r, v, "GET", "/queues/"+segment(r.PathValue("name")), nil, &p.queue)
	if err == nil {
		err = s.admin(r, v, "GET", "/vidaoo", nil, &account)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return p, false
	}
	p.NoKey = !account.HasKey()
	p.Snippet = `<script src="` + s.origin + `/button.js" data-queue="` + p.Name + `" async></script>`
	p.Form = buttonOptionsForm(v, p.queue)
	return p, true
}

func (s *Site) showQueueButton(w http.ResponseWriter, r *http.Request, v visit) {
	if p, ok := s.readButton(w, r, v); ok {
		s.show(w, v, http.StatusOK, "admin-button", p)
	}
}

func (s *Site) setQueueButton(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	p, ok := s.readButton(w, r, v)
	if !ok {
		return
	}
	f, now := buttonOptionsForm(v, p.queue), p.Form
	f.read(r)
	p.Form = f
	if f.untouched() {
		done(w, r, f.Action, "same")
		return
	}
	var err error
	if in := f.request(v); in != nil {
		forgetTexts(f, in)
		revision := in["revision"]
		delete(in, "revision")
		err = within(inButton, s.admin(r, v, "PATCH", "/queues/"+segment(p.Name), map[string]any{"button": in, "revision": revision}, nil))
		if s.saved(w, r, v, f, now, f.Action, err) {
			return
		}
	}
	s.show(w, v, statusOf(err), "admin-button", p)
}

// forgetTexts has those texts be Deskbell's again that were taken out: the hub
// keeps a text that is not named.
func forgetTexts(f *form, in map[string]any) {
	now, named := in["texts"].([]string)
	if !named {
		return
	}
	for _, one := range f.fields() {
		if one.Name != "texts" {
			continue
		}
		for _, line := range lines(one.Was) {
			name, _, _ := strings.Cut(line, "=")
			if !slices.ContainsFunc(now, func(line string) bool { return strings.HasPrefix(line, name+"=") }) {
				now = append(now, name+"=")
			}
		}
	}
	in["texts"] = now
}

func buttonOptionsForm(v visit, q queue) *form {
	return newForm("/admin/queues/"+segment(q.Name)+"/button", v.T("Save the button"), q.Revision,
		buttonBasics(v, q.Button), buttonFieldsGroup(v, q.Button), buttonTextsGroup(v, q.Button), buttonMeeting(v, q.Button), buttonMetadata(v, q.Button))
}

func checked(is bool) string {
	if is {
		return yes
	}
	return ""
}

func buttonBasics(v visit, b queueButton) group {
	return group{Fields: []*field{
		{Name: "on", Kind: kindCheck, Label: v.T("The button is on"), Value: checked(b.On), Wide: true,
			Help: v.T("Off: its pages are not there, and presses are refused.")},
		{Name: "sites", Kind: kindLines, Label: v.T("Sites that may show it"), Value: strings.Join(b.Sites, "\n"),
			Help:    v.T("One a line, such as https://shop.example. Empty: only the hub's own page shows it."),
			mistake: v.T("Write sites like https://shop.example, one a line and at most 100, without a path.")},
	}}
}

func buttonFieldsGroup(v visit, b queueButton) group {
	return group{Title: v.T("What the form asks for"), Help: v.T("name, email, phone, subject and consent have labels in all languages; any other name is a field of your own and needs a label. A row without a name is left out; without any row the form asks for name, email and phone."), Fields: []*field{{
		Name: "fields", Kind: kindRows, Label: v.T("Fields, in their order"), Value: strings.Join(b.Fields, "\n"),
		mistake: v.T("Each field has a name of small letters, digits, - and _, and none is there twice; page, language and website are taken. A field of your own needs a label of at most 80 characters."),
		Table: &table{
			Columns: []column{{Name: "name", Label: v.T("Name"), Suggest: "known-fields"},
				{Name: "must", Label: v.T("Must be filled in"), Choices: []choice{{"", v.T("no")}, {"*", v.T("yes")}}}, {Name: "label", Label: v.T("Label"), Wide: true}},
			Ordered: true, Another: v.T("Another field"),
			split: func(line string) []string {
				name, label, _ := strings.Cut(line, "=")
				bare, must := strings.CutSuffix(name, "*")
				if must {
					return []string{bare, "*", label}
				}
				return []string{bare, "", label}
			},
			join: func(cells []string) string {
				line := cells[0] + cells[1]
				if cells[2] != "" {
					line += "=" + cells[2]
				}
				return line
			},
		},
	}}}
}

func buttonTextsGroup(v visit, b queueButton) group {
	languages := []choice{{"", v.T("all languages")}}
	for _, l := range lang.Languages {
		languages = append(languages, choice{l.Tag, l.Name})
	}
	return group{Title: v.T("Texts of your own"), Help: v.T("In the place of Deskbell's. One for a language counts before one for all."), Fields: []*field{{
		Name: "texts", Kind: kindRows, Label: v.T("Texts"), Value: strings.Join(b.Texts, "\n"),
		mistake: v.T("Choose for each text which one it is, and write at most 500 characters."),
		Table: &table{
			Columns: []column{{Name: "which", Label: v.T("Which"), Choices: []choice{{"", "–"},
				{"label", v.T("on the button")}, {"title", v.T("title")}, {"intro", v.T("introduction")}, {"consent", v.T("consent")},
				{"waiting", v.T("while waiting")}, {"back", v.T("button to stop waiting")}, {"note", v.T("above the message")}}},
				{Name: "language", Label: v.T("Language"), Choices: languages}, {Name: "words", Label: v.T("Text"), Wide: true}},
			Another: v.T("Another text"),
			split: func(line string) []string {
				name, words, _ := strings.Cut(line, "=")
				which, language, _ := strings.Cut(name, ".")
				return []string{which, language, words}
			},
			join: func(cells []string) string {
				if cells[1] != "" {
					return cells[0] + "." + cells[1] + "=" + cells[2]
				}
				return cells[0] + "=" + cells[2]
			},
		},
	}}}
}

func buttonMeeting(v visit, b queueButton) group {
	return group{Title: v.T("The meeting at Vidaoo"), Fields: []*field{
		{Name: "topic", Kind: kindText, Label: v.T("Topic"), Value: b.Topic, Help: v.T("Empty: what the customer wrote as the subject, else the queue's name."),
			mistake: v.T("That is too long. Shorten it.")},
		{Name: "return", Kind: kindText, Label: v.T("Where customers go afterwards"), Value: b.Return, Help: v.T("Such as https://shop.example/thanks. Empty: nowhere."),
			mistake: v.T("Write an address like https://shop.example/thanks.")},
	}}
}

func buttonMetadata(v visit, b queueButton) group {
	return group{Title: v.T("Metadata of the meeting"), Help: v.T("Which key takes which field of the form, page or language; =sales is always the text sales. Empty: every field by its name, page and language."), Fields: []*field{
		{Name: "metadata", Kind: kindRows, Label: v.T("Metadata"), Value: strings.Join(b.Metadata, "\n"),
			mistake: v.T("Each key takes a field of the form, page, language, or = and a text."),
			Table: &table{
				Columns: []column{{Name: "key", Label: v.T("Key")}, {Name: "from", Label: v.T("Taken from"), Suggest: "known-sources"}},
				Another: v.T("Another key"),
				split: func(line string) []string {
					key, from, _ := strings.Cut(line, "=")
					return []string{key, from}
				},
				join: func(cells []string) string { return cells[0] + "=" + cells[1] },
			}},
	}}
}

// Sources are what metadata can be taken from, as suggestions.
func (p buttonPage) Sources() (all []string) {
	for _, line := range p.Button.Fields {
		name, _, _ := strings.Cut(line, "=")
		all = append(all, strings.TrimSuffix(name, "*"))
	}
	return append(all, "page", "language")
}
