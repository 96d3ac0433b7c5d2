package web

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/lang"
	"github.com/deskbell/deskbell/internal/wire"
)

// customers are who press the button: nobody of ours, on pages that other sites
// may frame.
const customers call.Role = "customer"

// buttonRoutes are the pages of the web button, and the two addresses that its
// script asks from other sites.
func (s *Site) buttonRoutes() []route {
	return []route{
		{"GET /button.js", customers, s.buttonScript},
		{"GET /button/{queue}", customers, s.showButton},
		{"POST /button/{queue}", customers, s.pressButton},
		{"POST /button/{queue}/note", customers, s.leaveNote},
		{"GET /button/{queue}/wait/{ticket}", customers, s.showWaiting},
		{"GET /button/{queue}/wait/{ticket}/state", customers, s.waitingState},
		{"POST /button/{queue}/wait/{ticket}/leave", customers, s.leaveWaiting},
		{"GET /button/{queue}/options", customers, s.buttonOptions},
		{"POST /button/{queue}/press", customers, s.pressFromSite},
		{"OPTIONS /button/{queue}/press", customers, s.preflight},
	}
}

// serveCustomer answers a customer: nobody signs in, and the page that has the
// button may name the language.
func (s *Site) serveCustomer(rt route, w http.ResponseWriter, r *http.Request) {
	v := visit{voice: voiceOf(r), at: r.URL, customer: true}
	if wanted := r.URL.Query().Get("language"); wanted != "" {
		v.voice = lang.For(wanted)
	}
	if r.Method != http.MethodGet { // a page that answers a form has no address of its own
		v.at = &url.URL{Path: "/button/" + r.PathValue("queue")}
	}
	rt.handle(w, r, v)
}

// button is a queue's button in the words of a visit.
type button struct {
	wire.Button
	v visit
}

// buttonOf asks the hub for a button, and lets its sites frame the page. What it
// can't find it answers.
func (s *Site) buttonOf(w http.ResponseWriter, r *http.Request, v visit) (b button, ok bool) {
	b.v = v
	if err := s.ask(r, "", "GET", "/api/v1/button/"+url.PathEscape(r.PathValue("queue")), nil, &b.Button); err != nil {
		s.failCustomer(w, v, err)
		return b, false
	}
	frames := "'none'"
	if len(b.Sites) > 0 {
		frames = strings.Join(b.Sites, " ")
	}
	ours := strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors "+frames, 1)
	if u, err := url.Parse(b.Return); err == nil && b.Return != "" {
		// Browsers look at where a form leads in the end.
		ours = strings.Replace(ours, "form-action 'self'", "form-action 'self' "+u.Scheme+"://"+u.Host, 1)
	}
	h := w.Header()
	h.Set("Content-Security-Policy", ours)
	// Browsers that tell of a form nothing but its origin would tell of none.
	h.Set("Referrer-Policy", "same-origin")
	return b, true
}

// ownForm lets a form of our own page through, and refuses others.
func (s *Site) ownForm(w http.ResponseWriter, r *http.Request, v visit) bool {
	if s.foreign(r) {
		s.log.Warn("a form of another site was refused", "path", "/button")
		s.failCustomer(w, v, errForeign)
		return false
	}
	r.Header.Set("Origin", s.origin)
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	return true
}

var errForeign error = &refused{wire.Problem{Code: call.Forbidden}}

func (s *Site) failCustomer(w http.ResponseWriter, v visit, err error) {
	s.show(w, v, wire.Status(codeOf(err)), "button-failed", problemWords(v, err))
}

// problemWords say to a customer why there is no call.
func problemWords(v visit, err error) string {
	switch codeOf(err) {
	case call.Forbidden:
		return v.T("This site may not show the button.")
	case call.NotFound:
		return v.T("There is no such page, or not any more.")
	case call.TooMany:
		return v.T("The button was pressed too often. Wait a minute and try again.")
	case wire.CodeFields:
		return v.T("Please look at the marked fields.")
	case call.BadRequest, wire.CodeUnreadable, wire.CodeTooLarge:
		return v.T("The form could not be read. Load the page again and try once more.")
	}
	return v.T("We can't start a video call at the moment. Try again, or leave us a message and we call you back.")
}

// Text is an own text of the administrator's in the visitor's language, else one
// of ours.
func (b button) text(name, ours string) string {
	return cmp.Or(b.Texts[name+"."+b.v.Lang()], b.Texts[name], ours)
}

func (b button) Label() string { return b.text("label", b.v.T("Start a video call")) }
func (b button) Title() string { return b.text("title", b.v.T("Talk to us by video")) }
func (b button) Intro() string {
	return b.text("intro", b.v.T("Tell us who you are, and a person of our team is with you in a moment."))
}
func (b button) Back() string { return b.text("back", b.v.T("Stop waiting")) }
func (b button) NoteIntro() string {
	return b.text("note", b.v.T("Leave us a message, and we call you back."))
}

// Consent is what the customer agrees to, if the form asks for it.
func (b button) Consent() string {
	if !slices.ContainsFunc(b.Fields, func(f wire.ButtonField) bool { return f.Name == "consent" }) {
		return ""
	}
	return b.text("consent", b.v.T("I agree that my details are used for this call."))
}

// formField is a field of a form as a page shows it.
type formField struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Type     string `json:"type"`
	Complete string `json:"autocomplete"`
	Required bool   `json:"required"`
	Value    string `json:"-"`
	Wrong    string `json:"-"`
}

// fields are those of the form, with what was filled in and what is wrong.
func (b button) fields(values url.Values, err error) (all []formField) {
	wrong := wrongFields(b.v, err)
	for _, f := range b.Fields {
		shown := formField{Name: f.Name, Label: cmp.Or(f.Label, b.labels()[f.Name]), Type: "text", Complete: "off", Required: f.Required,
			Value: values.Get(f.Name), Wrong: wrong[f.Name]}
		switch f.Name {
		case "name":
			shown.Complete = "name"
		case "email":
			shown.Type, shown.Complete = "email", "email"
		case "phone":
			shown.Type, shown.Complete = "tel", "tel"
		case "consent":
			shown.Type, shown.Label = "checkbox", cmp.Or(f.Label, b.Consent())
		}
		all = append(all, shown)
	}
	return all
}

func (b button) labels() map[string]string {
	return map[string]string{
		"name": b.v.T("Your name"), "email": b.v.T("E-mail address"), "phone": b.v.T("Phone number"), "subject": b.v.T("What is it about?"),
	}
}

// wrongFields say what is wrong with fields of a form, by name.
func wrongFields(v visit, err error) map[string]string {
	words := map[string]string{}
	for name, why := range problemOf(err).Fields {
		switch {
		case name == "consent":
			words[name] = v.T("Please tick the box: without your consent we can't start.")
		case name == "reach" && why == wire.FieldMalformed:
			words[name] = v.T("Please write a phone number or an e-mail address.")
		case why == wire.FieldMissing:
			words[name] = v.T("Please fill this in.")
		case name == "email":
			words[name] = v.T("This is no e-mail address. Write it like maria@example.com.")
		case name == "phone":
			words[name] = v.T("This is no phone number. Write digits, such as +39 055 1234.")
		default:
			words[name] = v.T("Please look at this again.")
		}
	}
	return words
}

// buttonForm is what the page with the form shows.
type buttonForm struct {
	button
	Form    []formField
	Key     string
	Problem string
	Note    *noteForm // nil: it is not offered
	Only    bool      // the note alone
}

func (s *Site) showButton(w http.ResponseWriter, r *http.Request, v visit) {
	b, ok := s.buttonOf(w, r, v)
	if !ok {
		return
	}
	form := buttonForm{button: b, Form: b.fields(nil, nil), Key: rand.Text()}
	if !b.Open || r.URL.Query().Has("note") {
		form.Only, form.Note = true, b.note("", nil, nil)
	}
	s.show(w, v, http.StatusOK, "button", form)
}

// pressButton makes the call, and leads to where the customer waits.
func (s *Site) pressButton(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.ownForm(w, r, v) {
		return
	}
	b, ok := s.buttonOf(w, r, v)
	if !ok {
		return
	}
	press := wire.Press{Key: r.PostFormValue("key"), Website: r.PostFormValue("website"), Language: v.Lang(), Values: map[string]string{}}
	for _, f := range b.Fields {
		press.Values[f.Name] = r.PostFormValue(f.Name)
	}
	var pressed wire.Pressed
	err := s.ask(r, "", "POST", "/api/v1/button/"+url.PathEscape(b.Queue)+"/presses", press, &pressed)
	switch {
	case err == nil && pressed.Closed:
		http.Redirect(w, r, b.At(), http.StatusSeeOther)
	case err == nil:
		http.Redirect(w, r, b.waitingAt(pressed.Ticket)+b.In(), http.StatusSeeOther)
	default:
		form := buttonForm{button: b, Form: b.fields(r.PostForm, err), Key: press.Key, Problem: problemWords(v, err)}
		if codeOf(err) == call.Unavailable {
			form.Note = b.note("", nil, nil)
		}
		s.show(w, v, wire.Status(codeOf(err)), "button", form)
	}
}

// At is the page with the form, or with that for a note while the queue is closed.
func (b button) At() string { return "/button/" + b.Queue + b.In() }

// In is the query that keeps the customer's language.
func (b button) In() string { return "?" + url.Values{"language": {b.v.Lang()}}.Encode() }

func (b button) waitingAt(ticket string) string { return "/button/" + b.Queue + "/wait/" + ticket }
