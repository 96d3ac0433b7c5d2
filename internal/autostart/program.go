package autostart

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/lang"
)

// program is what is started: the path of an executable, and its arguments.
type program struct {
	path string
	args []string
}

// newProgram refuses what none of the three formats can hold.
func newProgram(path string, args []string) (program, error) {
	p := program{path, args}
	for _, word := range p.words() {
		if !isPlain(word) {
			return p, lang.Errorf("%q can't be started at login: %q has a control character or is not UTF-8; move Deskbell to a folder with a plain name", path, word)
		}
	}
	return p, nil
}

func (p program) words() []string { return append([]string{p.path}, p.args...) }

func isPlain(word string) bool {
	return utf8.ValidString(word) && !strings.ContainsFunc(word, func(r rune) bool {
		return unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF // the last two are no XML
	})
}

// runs tells whether one of the words of a command is this executable. It need
// not be the first: people put env, nice or firejail in front.
func (p program) runs(words []string) bool {
	for _, word := range words {
		if p.is(word) {
			return true
		}
	}
	return false
}

// is tells whether a word names this executable: by its path, by a link to it,
// or by its name in PATH.
func (p program) is(word string) bool {
	if word == p.path {
		return true
	}
	if !filepath.IsAbs(word) {
		if word == "" || word != filepath.Base(word) {
			return false // relative to a folder that is not ours
		}
		found, err := exec.LookPath(word)
		if err != nil {
			return false
		}
		word = found
	}
	named, err := os.Stat(word)
	if err != nil {
		return false
	}
	this, err := os.Stat(p.path)
	return err == nil && os.SameFile(named, this)
}
