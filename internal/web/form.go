package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// The kinds of fields. Values are texts in all of them: a list has a line for
// each entry.
const (
	kindText     = "text"
	kindNumber   = "number"
	kindLines    = "lines"    // a list, one a line
	kindChoice   = "choice"   // one of Choices
	kindSeveral  = "several"  // some of Choices
	kindCheck    = "check"    // yes or nothing
	kindPassword = "password" // never shown again
)

const (
	yes = "true"
	// maxForms is the largest form of administration, in bytes: it has everything
	// twice, as it was and as it shall be.
	maxForms = 512 << 10
	// maxTyped is the longest text that is sent on to the hub, in bytes.
	maxTyped = 16 << 10
)

// field is a field of a form: what is asked, what was typed, and what is wrong
// with that.
type field struct {
	Name    string // as the hub's API has it
	Kind    string
	Label   string
	Help    string
	Value   string
	Was     string // when the form was made: what was not touched is not sent
	Choices []choice
	Suggest string // the id of a list of suggestions
	Auto    string // what browsers may fill in
	Must    bool   // may not be empty
	Wide    bool   // takes a row of its own
	Table   *table // of a list with parts

	Wrong   string // why the hub did not take it
	Changed string // somebody else has changed it meanwhile

	mistake string // what is said if the hub does not take it
	taken   string // what is said if the hub has it already
}

// choice is one of several values.
type choice struct{ Value, Label string }

// Has tells whether a choice is chosen.
func (f field) Has(value string) bool {
	if f.Kind == kindSeveral {
		return slices.Contains(lines(f.Value), value)
	}
	return f.Value == value
}

// Invalid tells whether the field has to be looked at before anything else.
func (f field) Invalid() bool { return f.Wrong != "" }

// group are fields that belong together.
type group struct {
	Title, Help string
	Fields      []*field
}

// form is a form, as it is shown and as it comes back.
type form struct {
	Action   string
	Groups   []group
	Revision uint64 // of what it changes; 0: it makes something new
	Problem  string // what is wrong with it as a whole
	Changed  bool   // somebody else was faster
	Button   string
}

// newForm makes a form in which every field has the value it has now.
func newForm(action, button string, revision uint64, groups ...group) *form {
	f := &form{Action: action, Button: button, Revision: revision, Groups: groups}
	for _, one := range f.fields() {
		one.Value = tidy(one.Kind, one.Value)
		one.Was = one.Value
	}
	return f
}

func (f *form) fields() (all []*field) {
	for _, g := range f.Groups {
		all = append(all, g.Fields...)
	}
	return all
}

// Wrong are the fields that the hub did not take.
func (f *form) Wrong() (all []*field) {
	return slices.DeleteFunc(f.fields(), func(one *field) bool { return one.Wrong == "" })
}

// read takes over what was typed.
func (f *form) read(r *http.Request) {
	for _, one := range f.fields() {
		one.Value = tidy(one.Kind, strings.Join(r.PostForm[one.Name], "\n"))
		if one.Kind == kindRows {
			one.Value = tidy(one.Kind, one.readRows(r.PostForm))
		}
		one.Was = tidy(one.Kind, r.PostFormValue("was-"+one.Name))
	}
	f.Revision, _ = strconv.ParseUint(r.PostFormValue("revision"), 10, 64)
}

// tidy brings a value into the one form in which it can be compared.
func tidy(kind, value string) string {
	switch kind {
	case kindPassword:
		return value
	case kindLines, kindRows:
		return strings.Join(lines(value), "\n")
	case kindSeveral:
		return strings.Join(slices.Sorted(slices.Values(lines(value))), "\n")
	default:
		return strings.TrimSpace(value)
	}
}

// lines are the entries of a list.
func lines(value string) []string {
	all := []string{}
	for line := range strings.Lines(strings.ReplaceAll(value, "\r", "\n")) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// request is what the hub is asked for: the fields that were touched, and of
// something new those that it must have. It is nil if a field can't be sent.
func (f *form) request(v visit) map[string]any {
	in := map[string]any{}
	for _, one := range f.fields() {
		one.Wrong = ""
		if one.Value == one.Was && !(f.Revision == 0 && one.Must) {
			continue
		}
		if len(one.Value) > maxTyped {
			one.Wrong = v.T("That is too long. Shorten it.")
			continue
		}
		switch one.Kind {
		case kindNumber:
			n, err := strconv.Atoi(one.Value)
			if err != nil {
				one.Wrong = one.mistake
				continue
			}
			in[one.Name] = n
		case kindLines, kindSeveral, kindRows:
			in[one.Name] = lines(one.Value)
		case kindCheck:
			in[one.Name] = one.Value == yes
		default:
			in[one.Name] = one.Value
		}
	}
	if len(f.Wrong()) > 0 {
		f.Problem = v.T("Nothing was saved. Put the marked fields right and save again.")
		return nil
	}
	if f.Revision != 0 {
		in["revision"] = f.Revision
	}
	return in
}

// untouched tells whether nothing was changed.
func (f *form) untouched() bool {
	return f.Revision != 0 && !slices.ContainsFunc(f.fields(), func(one *field) bool { return one.Value != one.Was })
}

// refuse says in the form why the hub did not do it. ok is false if that is no
// matter of the form.
func (f *form) refuse(v visit, err error) (ok bool) {
	switch code := codeOf(err); code {
	case call.BadRequest, wire.CodeExists:
		f.mark(v, err)
	case wire.CodeTooLarge:
		f.Problem = v.T("That is too much text to be saved at once. Shorten it and save again.")
	case call.NotFound:
		f.Problem = v.T("Nothing was saved: somebody else has removed it meanwhile.")
	case call.Unavailable, call.TooMany:
		f.Problem = v.T("The hub can't answer at the moment, and nothing was saved. Try again.")
	default:
		return false
	}
	return true
}

// mark says beside each field what is wrong with it.
func (f *form) mark(v visit, err error) {
	f.Problem = v.T("Nothing was saved. Put the marked fields right and save again.")
	faults := faultsOf(err)
	for _, fault := range faults {
		i := slices.IndexFunc(f.fields(), func(one *field) bool { return one.Name == fault.Field })
		if i < 0 {
			faults = nil
			continue
		}
		one := f.fields()[i]
		one.Wrong = one.mistake
		if codeOf(err) == wire.CodeExists {
			one.Wrong = one.taken
		}
		if one.Wrong == "" {
			one.Wrong = fault.Detail
		}
	}
	if len(faults) == 0 {
		f.Problem = v.T("Nothing was saved. The hub says: %s", detailOf(err))
	}
}

// merge takes over what somebody else has changed since the form was made. What
// was typed stays.
func (f *form) merge(v visit, now *form) {
	f.Revision, f.Changed = now.Revision, true
	f.Problem = v.T("Nothing was saved yet: somebody else has changed this meanwhile. What you have typed is still here. Look at the marked fields and save again.")
	for i, theirs := range now.fields() {
		mine := f.fields()[i]
		if theirs.Value == mine.Was {
			continue
		}
		switch {
		case mine.Value == mine.Was:
			mine.Value = theirs.Value
			mine.Changed = v.T("Somebody else has changed this to what you see.")
		case mine.Value != theirs.Value:
			mine.Changed = v.T("Somebody else has changed this to: %s. Saved again, it will be what you have typed.", theirs.shown(v))
		}
		mine.Was = theirs.Value
	}
}

// shown is a value in words.
func (f field) shown(v visit) string {
	switch {
	case f.Kind == kindCheck && f.Value == yes:
		return v.T("yes")
	case f.Kind == kindCheck:
		return v.T("no")
	case f.Value == "":
		return v.T("nothing")
	}
	var words []string
	for _, value := range lines(f.Value) {
		i := slices.IndexFunc(f.Choices, func(c choice) bool { return c.Value == value })
		if i >= 0 {
			value = f.Choices[i].Label
		}
		words = append(words, value)
	}
	return strings.Join(words, ", ")
}
