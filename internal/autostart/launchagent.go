package autostart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/deskbell/deskbell/internal/lang"
)

const (
	plistHead = xml.Header +
		`<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">` + "\n"
	binaryPlist = "bplist"
)

// launchAgent is the file that makes launchd start one program when its person
// logs in on macOS.
type launchAgent struct {
	label   string
	program program
	folder  string
}

func (a launchAgent) path() string { return filepath.Join(a.folder, a.label+".plist") }

func (a launchAgent) starts() (bool, error) {
	content, err := readFile(a.path())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if bytes.HasPrefix(content, []byte(binaryPlist)) {
		return false, lang.Errorf("%s is a binary property list: turn it into text with plutil -convert xml1", a.path())
	}
	job := parsePlist(content)
	return isTrue(job["RunAtLoad"]) && !isTrue(job["Disabled"]) && a.program.runs(commandOf(job)), nil
}

func (a launchAgent) write() error {
	return writeFile(a.path(), launchAgentFile(a.label, a.program))
}

func (a launchAgent) remove() error { return removeFile(a.path()) }

// launchAgentFile is the property list. There is no KeepAlive: who quits the
// app has quit it.
func launchAgentFile(label string, p program) []byte {
	var out strings.Builder
	out.WriteString(plistHead + "<plist version=\"1.0\">\n<dict>\n")
	text := func(indent, value string) {
		out.WriteString(indent + "<string>")
		// A strings.Builder takes everything.
		_ = xml.EscapeText(&out, []byte(value))
		out.WriteString("</string>\n")
	}
	key := func(name string) { out.WriteString("\t<key>" + name + "</key>\n") }

	key("Label")
	text("\t", label)
	key("LimitLoadToSessionType") // not for a login by ssh, which has no screen
	text("\t", "Aqua")
	key("ProcessType") // or launchd slows it down as a background job
	text("\t", "Interactive")
	key("ProgramArguments")
	out.WriteString("\t<array>\n")
	for _, word := range p.words() {
		text("\t\t", word)
	}
	out.WriteString("\t</array>\n")
	key("RunAtLoad")
	out.WriteString("\t<true/>\n</dict>\n</plist>\n")
	return []byte(out.String())
}

// commandOf are the words that a job runs.
func commandOf(job map[string]any) []string {
	var words []string
	if path, is := job["Program"].(string); is {
		words = append(words, path)
	}
	list, _ := job["ProgramArguments"].([]any)
	for _, item := range list {
		if word, is := item.(string); is {
			words = append(words, word)
		}
	}
	return words
}

func isTrue(value any) bool {
	is, _ := value.(bool)
	return is
}
