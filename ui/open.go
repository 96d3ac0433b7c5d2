package ui

import (
	"net/url"
	"os/exec"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/lang"
)

// openerPatience is how long the opener is watched for a failure. One that runs
// longer has become the browser.
const openerPatience = 2 * time.Second

// linkPlace is where the address stands in a command of the person's; without
// it the address comes last.
const linkPlace = "{link}"

var errNoCommand = lang.Errorf("the browser command is empty or a quote in it is not closed")

// openWith hands an address to a command of the person's.
func openWith(command string, address *url.URL, patience time.Duration) error {
	words, ok := splitCommand(command)
	if !ok || len(words) == 0 {
		return errNoCommand
	}
	placed := false
	for i, w := range words[1:] {
		if strings.Contains(w, linkPlace) {
			words[i+1], placed = strings.ReplaceAll(w, linkPlace, address.String()), true
		}
	}
	if !placed {
		words = append(words, address.String())
	}
	return runOpener(exec.Command(words[0], words[1:]...), patience)
}

// splitCommand splits a command at spaces, except within double quotes. No shell
// has a part in it.
func splitCommand(command string) (words []string, ok bool) {
	var word strings.Builder
	quoted, begun := false, false
	for _, r := range command {
		switch {
		case r == '"':
			quoted, begun = !quoted, true
		case (r == ' ' || r == '\t') && !quoted:
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if begun {
		words = append(words, word.String())
	}
	return words, !quoted
}

// runOpener runs a command that opens the browser, and tells if it fails at
// once.
func runOpener(opener *exec.Cmd, patience time.Duration) error {
	detach(opener)
	if err := opener.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- opener.Wait() }()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case err := <-ended:
		return err
	case <-timeout.C:
		return nil
	}
}
