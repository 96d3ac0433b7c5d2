package notify

import "net/url"

// maxArguments bounds what a press may say, in bytes.
const maxArguments = 2048

// activation is what a toast tells when it is pressed: it was written into the
// toast as text and comes back from Windows, or from any other program that
// calls the same interface.
type activation struct {
	kind Kind   // PressedAccept, PressedDecline or Opened
	call string // its id; empty for a notice, which can only be opened
}

// String is the text of a, from which parseActivation makes a again.
func (a activation) String() string {
	values := url.Values{"action": {string(a.kind)}}
	if a.call != "" {
		values.Set("call", a.call)
	}
	return values.Encode()
}

// parseActivation reads what String wrote, and nothing else.
func parseActivation(text string) (a activation, ok bool) {
	if len(text) > maxArguments {
		return activation{}, false
	}
	values, err := url.ParseQuery(text)
	if err != nil {
		return activation{}, false
	}
	a = activation{Kind(values.Get("action")), values.Get("call")}
	switch a.kind {
	case PressedAccept, PressedDecline:
		ok = a.call != ""
	case Opened:
		ok = true
	}
	if !ok || a.String() != text {
		return activation{}, false
	}
	return a, true
}
