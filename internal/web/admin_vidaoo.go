package web

import (
	"net/http"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

// vidaooState tells how the hub and Vidaoo are connected.
type vidaooState struct {
	Key      string      `json:"key"`
	Trouble  string      `json:"problem"` // why the key can't be used
	BaseURL  string      `json:"base_url"`
	Settings []string    `json:"settings"`
	Default  string      `json:"default_base_url"`
	Run      *connectRun `json:"run"`
}

// HasKey tells whether there is a key, wherever it is.
func (s vidaooState) HasKey() bool { return s.Key != "" && s.Key != "none" }

// connectRun is a run of the connection test, which lives in the hub.
type connectRun struct {
	Queue     string        `json:"queue"`
	By        string        `json:"by"`
	Running   bool          `json:"running"`
	Connected bool          `json:"connected"`
	Started   wire.Time     `json:"started"`
	Wait      string        `json:"wait"`
	Next      string        `json:"next"`
	Steps     []vidaoo.Step `json:"steps"`
}

// vidaooPage is what the page of the connection shows.
type vidaooPage struct {
	vidaooState
	Form    *form
	Problem string
	Steps   []shownStep
	Heard   string // what a screen reader is told of the run
	NoQueue bool
}

// More tells whether the fields that are seldom needed have to be looked at.
func (p vidaooPage) More() bool {
	for _, one := range p.Form.Groups[1].Fields {
		if one.Invalid() || one.Value != one.Was {
			return true
		}
	}
	return false
}

func (s *Site) readVidaoo(w http.ResponseWriter, r *http.Request, v visit) (p vidaooPage, ok bool) {
	err := s.admin(r, v, "GET", "/vidaoo", nil, &p.vidaooState)
	var queues []queue
	if err == nil {
		queues, err = s.queues(r, v)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return p, false
	}
	p.Form, p.NoQueue = connectForm(v, p.vidaooState, queues, r.URL.Query().Get("queue")), len(queues) == 0
	if p.Run != nil {
		p.Steps, p.Heard = shownSteps(v, *p.Run)
	}
	return p, true
}

func (s *Site) showVidaoo(w http.ResponseWriter, r *http.Request, v visit) {
	if p, ok := s.readVidaoo(w, r, v); ok {
		s.show(w, v, http.StatusOK, "admin-vidaoo", p)
	}
}

// connectForm is the form that starts a run. It has no revision: what is not
// typed is what the hub has.
func connectForm(v visit, now vidaooState, queues []queue, chosen string) *form {
	names := []choice{}
	for _, q := range queues {
		names = append(names, choice{q.Name, q.Name})
	}
	if chosen == "" && now.Run != nil {
		chosen = now.Run.Queue
	}
	help := v.T("In Vidaoo: the key button of a user who may manage meetings and automations, Generate API Token. It is stored if it is good, and never shown again.")
	if now.HasKey() {
		help = v.T("Leave it empty: the hub uses the key that it has. A new one takes its place if it is good.")
	}
	return newForm("/admin/vidaoo", v.T("Connect"), 0, group{Fields: []*field{
		{Name: "queue", Kind: kindChoice, Label: v.T("Queue that Vidaoo is to ring"), Value: chosen, Choices: names, Must: true, Wide: true,
			mistake: v.T("That queue is not there any more. Choose another one.")},
		{Name: "key", Kind: kindPassword, Label: v.T("API key"), Wide: true, Help: help},
		{Name: "base_url", Kind: kindText, Label: v.T("Address of Vidaoo's API"), Value: now.BaseURL, Wide: true,
			Help:    v.T("Usually %s.", now.Default),
			mistake: v.T("Write an address that begins with https://, such as %s.", now.Default)},
	}}, group{Fields: []*field{
		{Name: "settings", Kind: kindLines, Label: v.T("Settings of this Vidaoo"),
			Help: v.T("What an error tells you to set, one a line, such as meeting-id=uid. Nothing behind the = is the usual value again.")},
		{Name: "automation", Kind: kindText, Label: v.T("Id of the automation to update"), Wide: true,
			Help: v.T("Empty: the one with the queue's Receive URL, else a new one.")},
	}})
}

// connectVidaoo starts a run, and leads to where it is told.
func (s *Site) connectVidaoo(w http.ResponseWriter, r *http.Request, v visit) {
	if !s.readForm(w, r, v, maxForms) {
		return
	}
	p, ok := s.readVidaoo(w, r, v)
	if !ok {
		return
	}
	f := p.Form
	f.read(r)
	f.Revision = 0
	keyMistake(v, f, p.vidaooState)
	in := f.request(v)
	var err error
	if in != nil {
		err = s.admin(r, v, "POST", "/vidaoo/connect", in, nil)
		switch code := codeOf(err); {
		case err == nil:
			http.Redirect(w, r, "/admin/vidaoo#run", http.StatusSeeOther)
			return
		case code == wire.CodeInUse:
			p.Problem = v.T("A connection is being tried already. See what it finds, and press Connect again when it has ended.")
		case !f.refuse(v, err):
			s.fail(w, r, v, err)
			return
		case code == call.Unavailable && detailOf(err) != "":
			f.Problem = detailOf(err)
		}
	}
	if len(f.Wrong()) > 0 {
		f.Problem = v.T("Nothing was tried. Put the marked fields right and press Connect again.")
	}
	s.show(w, v, statusOf(err), "admin-vidaoo", p)
}

// keyMistake chooses what is said if the hub does not take the key, or lacks one.
func keyMistake(v visit, f *form, now vidaooState) {
	key := f.Groups[0].Fields[1]
	switch {
	case key.Value != "":
		key.mistake = v.T("This is no whole API key. Copy it again from Vidaoo.")
	case !now.HasKey():
		key.mistake = v.T("Type the API key: the hub has none yet.")
	case now.Trouble == "":
		key.mistake = v.T("Type the API key for this address: the one that the hub has is sent to its own address only.")
	}
}

// KeyWords say where the key is.
func (v visit) KeyWords(where string) string {
	switch where {
	case "stored":
		return v.T("It lies in a file of the hub's data folder that only the hub's user can read, and is never shown.")
	case "systemd":
		return v.T("It is in the care of systemd (LoadCredential), and is never shown.")
	case "environment":
		return v.T("It is in the hub's environment (DESKBELL_VIDAOO_KEY), and is never shown.")
	}
	return v.T("Connect stores it. Until then the web button can't make meetings.")
}

// shownStep is a step of a run as the page tells it.
type shownStep struct {
	Name, Title string
	State       string // an outcome, running, or waiting
	Word        string // the state in words
	Sentence    string
	English     bool // the sentence is in English on a page that is not
	Paste       []vidaoo.Paste
}

// Class is the look of the state.
func (s shownStep) Class() string {
	return map[string]string{"ok": " good", "failed": " bad", "manual": " busy"}[s.State]
}

// shownSteps tells of all steps, also of those that are still to come.
func shownSteps(v visit, run connectRun) (all []shownStep, heard string) {
	for i, name := range vidaoo.Steps {
		shown := shownStep{Name: name, Title: stepTitle(v, name), State: "waiting", Word: v.T("to come")}
		switch {
		case i < len(run.Steps):
			step := run.Steps[i]
			shown.State, shown.Word, shown.Paste = string(step.Outcome), outcomeWord(v, step.Outcome), step.Paste
			shown.Sentence, shown.English = stepWords(v, step)
			heard = shown.Title + ": " + shown.Word + ". " + shown.Sentence
		case name == run.Next:
			shown.State, shown.Word = "running", v.T("now")
			if name == vidaoo.StepWebhook {
				shown.Sentence = v.T("The hub waits up to %s for Vidaoo's webhook. The bell may ring for a moment.", short(run.Wait))
			}
		}
		shown.Sentence = clean.Text(shown.Sentence, maxSentence)
		all = append(all, shown)
	}
	return all, heard
}

// maxSentence is how much of a step's sentence is shown: a server may have
// written a part of it.
const maxSentence = 2000
