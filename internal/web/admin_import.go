package web

import (
	"io"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/roster"
	"github.com/deskbell/deskbell/internal/wire"
)

const (
	maxFile    = 4 << 20
	importLife = 10 * time.Minute // each password takes a moment
)

// importPage is what the page of importing users shows.
type importPage struct {
	Header  string
	Text    string // that was pasted
	Problem string
	Report  []imported // by line
	Added   int
	Changed int
	Refused int
}

// imported is what became of one line.
type imported struct {
	Line     int
	Username string
	Result   string
	Wrong    bool
}

const importHeader = "username,role,name,queues,password"

func (s *Site) newImport(w http.ResponseWriter, _ *http.Request, v visit) {
	s.show(w, v, http.StatusOK, "admin-import", importPage{Header: importHeader})
}

// importUsers makes or changes the users of a file. What is wrong with one line
// is no matter of the others.
func (s *Site) importUsers(w http.ResponseWriter, r *http.Request, v visit) {
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(importLife)); err != nil {
		s.log.Info("the answer to an import may come too late", "err", err)
	}
	if !s.readForm(w, r, v, maxFile) {
		return
	}
	p := importPage{Header: importHeader, Text: r.PostFormValue("text")}
	data := []byte(p.Text)
	if file, _, err := r.FormFile("file"); err == nil {
		defer file.Close()
		if sent, err := io.ReadAll(file); err == nil && len(sent) > 0 {
			data = sent
		}
	}
	rows, err := roster.Parse(data)
	if err != nil {
		p.Problem = v.T("Nothing was imported. %s", v.voice.Sentence(err))
		s.show(w, v, http.StatusBadRequest, "admin-import", p)
		return
	}
	known, err := s.users(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	is := map[string]bool{}
	for _, u := range known {
		is[u.Username] = true
	}
	for _, row := range rows {
		p.add(v, row, is[row.Username], s.importOne(r, v, row, is[row.Username]))
	}
	p.Text = ""
	s.show(w, v, http.StatusOK, "admin-import", p)
}

func (s *Site) importOne(r *http.Request, v visit, row roster.Row, known bool) error {
	in := map[string]any{}
	for name, cell := range map[string]*string{"role": row.Role, "name": row.Name} {
		if cell != nil {
			in[name] = *cell
		}
	}
	for name, cell := range map[string]*[]string{"queues": row.Queues, "supervises": row.Supervises} {
		if cell != nil {
			in[name] = *cell
		}
	}
	if row.Password != "" {
		in["password"] = row.Password
	}
	if known {
		return s.admin(r, v, "PATCH", "/users/"+segment(row.Username), in, nil)
	}
	in["username"] = row.Username
	return s.admin(r, v, "POST", "/users", in, nil)
}

// add notes what became of a line.
func (p *importPage) add(v visit, row roster.Row, known bool, err error) {
	one := imported{Line: row.Line, Username: clean.Text(row.Username, maxName)}
	switch {
	case err != nil:
		one.Wrong, one.Result = true, v.lineProblem(err)
		p.Refused++
	case known:
		one.Result = v.T("changed")
		p.Changed++
	default:
		one.Result = v.T("added")
		p.Added++
	}
	p.Report = append(p.Report, one)
}

// lineProblem says why a line was not imported.
func (v visit) lineProblem(err error) string {
	sentences := map[string]string{
		"username":   v.T("A username is 1 to 64 letters (a to z), digits and . _ @ + -, and begins with a letter or digit. It can't be local."),
		"role":       v.T("The role is agent, supervisor or admin, and the last administrator stays one."),
		"queues":     v.T("A queue in this line is not there. Add the queue first."),
		"supervises": v.T("Only supervisors are limited to queues, and only to those that are there."),
		"password":   v.T("A password has at least 8 characters."),
	}
	words := ""
	for _, fault := range faultsOf(err) {
		sentence := sentences[fault.Field]
		if sentence == "" || codeOf(err) == wire.CodeExists {
			sentence = fault.Detail
		}
		if words != "" {
			words += " "
		}
		words += sentence
	}
	if words == "" {
		words = v.T("The hub did not take it. Import the line again.")
	}
	return words
}
