package autostart

import (
	"errors"
	"io/fs"
	"strings"
	"unicode/utf16"

	"github.com/deskbell/deskbell/internal/lang"
)

// The keys under HKEY_CURRENT_USER. The Task Manager and the settings of
// Windows leave the command alone and write into the second key that it is
// switched off.
const (
	runKey      = `Software\Microsoft\Windows\CurrentVersion\Run`
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
)

// maxCommand is the longest command line that Windows runs from there, in
// UTF-16 units; of a longer one it says nothing and starts nothing.
const maxCommand = 260

// userRegistry is the registry of the current user. Reading a value that is
// not there, or of another type, is fs.ErrNotExist.
type userRegistry interface {
	Text(key, name string) (string, error)
	Bytes(key, name string) ([]byte, error)
	SetText(key, name, text string) error
	Delete(key, name string) error
}

// runValue is the value that starts one program on Windows.
type runValue struct {
	name     string
	program  program
	registry userRegistry
}

func (v runValue) starts() (bool, error) {
	command, err := v.registry.Text(runKey, v.name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, lang.Errorf("can't read the value %q of the Run key in the registry (%w): ask your administrator whether you may change your programs at start-up", v.name, cause(err))
	}
	approval, err := v.registry.Bytes(approvedKey, v.name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, lang.Errorf("can't read the value %q of the Run key in the registry (%w): ask your administrator whether you may change your programs at start-up", v.name, cause(err))
	}
	return v.runs(command) && !isSwitchedOff(approval), nil
}

// runs tells whether a command starts the program. Windows forgives a path
// with spaces that nobody quoted.
func (v runValue) runs(command string) bool {
	path := v.program.path
	if len(command) >= len(path) && strings.EqualFold(command[:len(path)], path) {
		rest := command[len(path):]
		return rest == "" || rest[0] == ' '
	}
	return v.program.is(firstWord(command))
}

func (v runValue) write() error {
	command, err := commandLine(v.program)
	if err != nil {
		return err
	}
	if err := v.registry.SetText(runKey, v.name, command); err != nil {
		return lang.Errorf("can't write the value %q of the Run key in the registry (%w): ask your administrator whether you may change your programs at start-up", v.name, cause(err))
	}
	return v.forgetApproval()
}

func (v runValue) remove() error {
	err := v.registry.Delete(runKey, v.name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return lang.Errorf("can't remove the value %q of the Run key in the registry (%w): ask your administrator whether you may change your programs at start-up", v.name, cause(err))
	}
	return v.forgetApproval()
}

// forgetApproval makes the value run again: without an approval it is approved.
func (v runValue) forgetApproval() error {
	err := v.registry.Delete(approvedKey, v.name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return lang.Errorf("can't write the value %q of the Run key in the registry (%w): ask your administrator whether you may change your programs at start-up", v.name, cause(err))
	}
	return nil
}

// isSwitchedOff reads what the Task Manager wrote: its first byte is 2 or 6,
// also 0 or 8, for on, and odd for off. It is not documented.
func isSwitchedOff(approval []byte) bool {
	return len(approval) > 0 && approval[0]&1 == 1
}

// commandLine is the program as a command that Windows takes apart into the
// same words. The path is quoted in any case: without quotes, C:\Program Files
// would be the program C:\Program.
func commandLine(p program) (string, error) {
	if strings.Contains(p.path, `"`) {
		return "", lang.Errorf("%s can't be started at login: its path has a quote in it; move Deskbell to another folder", p.path)
	}
	var line strings.Builder
	line.WriteString(`"` + p.path + `"`)
	for _, arg := range p.args {
		line.WriteByte(' ')
		line.WriteString(commandWord(arg))
	}
	if n := len(utf16.Encode([]rune(line.String()))); n > maxCommand {
		return "", lang.Errorf("%s can't be started at login: with its options it has %d characters, and Windows takes %d; move Deskbell to a folder with a shorter path",
			p.path, n, maxCommand)
	}
	return line.String(), nil
}

// commandWord quotes an argument by the rules of CommandLineToArgvW:
// backslashes count only before a quote.
func commandWord(arg string) string {
	if arg != "" && !strings.ContainsAny(arg, " \t\"") {
		return arg
	}
	var word strings.Builder
	word.WriteByte('"')
	backslashes := 0
	for _, r := range arg {
		switch r {
		case '\\':
			backslashes++
		case '"':
			word.WriteString(strings.Repeat(`\`, backslashes+1))
			backslashes = 0
		default:
			backslashes = 0
		}
		word.WriteRune(r)
	}
	word.WriteString(strings.Repeat(`\`, backslashes))
	word.WriteByte('"')
	return word.String()
}

// firstWord is the program of a command line: up to the closing quote, or to
// the first space.
func firstWord(command string) string {
	command = strings.TrimLeft(command, " \t")
	if quoted, is := strings.CutPrefix(command, `"`); is {
		word, _, _ := strings.Cut(quoted, `"`)
		return word
	}
	if end := strings.IndexAny(command, " \t"); end >= 0 {
		return command[:end]
	}
	return command
}
