package vidaoo

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/clean"
)

// Mark tells how well a fact about Vidaoo is known.
type Mark string

// The marks.
const (
	Confirmed Mark = "confirmed" // published by the vendor, or used by its customers
	Likely    Mark = "likely"    // follows from what is published
	Guessed   Mark = "guessed"   // nothing is published
	Ours      Mark = "ours"      // a choice of Deskbell, no fact about Vidaoo
)

// Operation is something that Vidaoo's API is asked for. Its text is the name of the setting that says
// how.
type Operation string

// The operations.
const (
	Login             Operation = "login"
	Verify            Operation = "verify"
	MeetingCreate     Operation = "meeting-create"
	MeetingGet        Operation = "meeting-get"
	MeetingList       Operation = "meeting-list"
	MeetingDelete     Operation = "meeting-delete"
	AutomationCreate  Operation = "automation-create"
	AutomationGet     Operation = "automation-get"
	AutomationList    Operation = "automation-list"
	AutomationUpdate  Operation = "automation-update"
	RecordingStart    Operation = "recording-start"
	RecordingStop     Operation = "recording-stop"
	RecordingList     Operation = "recording-list"
	RecordingDownload Operation = "recording-download"
)

// How a request's body is written.
const (
	encodingForm  = "form"
	encodingJSON  = "json"
	encodingEmpty = "empty"
)

// none is the endpoint of an operation that a Vidaoo does not have.
const none = "none"

const idMark = "{id}"

// endpoint is how an operation is asked for: "POST /meetings form". The zero endpoint is none.
type endpoint struct{ method, path, encoding string }

var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// parseEndpoint reads "METHOD /path [form|json|empty]", or "none".
func parseEndpoint(text string, withID bool) (endpoint, error) {
	if text == none {
		return endpoint{}, nil
	}
	words := strings.Fields(text)
	if len(words) == 2 {
		words = append(words, encodingEmpty)
	}
	example := "write it like POST /meetings form"
	if withID {
		example = "write it like GET /meetings/{id}"
	}
	switch {
	case len(words) != 3:
		return endpoint{}, fmt.Errorf("it is not a method, a path and an encoding: %s, or none", example)
	case !slices.Contains(methods, words[0]):
		return endpoint{}, fmt.Errorf("%q is none of %s: %s", clean.Text(words[0], 20), strings.Join(methods, ", "), example)
	case !slices.Contains([]string{encodingForm, encodingJSON, encodingEmpty}, words[2]):
		return endpoint{}, fmt.Errorf("%q is none of form, json, empty: %s", clean.Text(words[2], 20), example)
	case strings.Count(words[1], idMark) > 1, strings.Contains(words[1], idMark) != withID:
		if withID {
			return endpoint{}, fmt.Errorf("the path must have {id} once, where the id stands: %s", example)
		}
		return endpoint{}, fmt.Errorf("the path must not have {id}: %s", example)
	}
	plain := strings.Replace(words[1], idMark, "id", 1)
	if u, err := url.Parse("https://host.example" + plain); err != nil || !strings.HasPrefix(plain, "/") || u.Host != "host.example" ||
		u.Fragment != "" || strings.ContainsAny(plain, `"\<>^{|}#`+"`") || strings.ContainsFunc(plain, notInHeader) {
		return endpoint{}, fmt.Errorf("the path can't follow the base address: begin it with /, and %s", example)
	}
	return endpoint{words[0], words[1], words[2]}, nil
}

func (e endpoint) String() string {
	switch {
	case e.method == "":
		return none
	case e.encoding == encodingEmpty:
		return e.method + " " + e.path
	default:
		return e.method + " " + e.path + " " + e.encoding
	}
}

// repeatable tells whether asking twice has the effect of asking once.
func (e endpoint) repeatable() bool {
	return e.method != http.MethodPost && e.method != http.MethodPatch
}

func (e endpoint) withID() bool { return strings.Contains(e.path, idMark) }

// at is the endpoint's path for an id. Dots alone would be a way to another place.
func (e endpoint) at(id string) string {
	id = url.PathEscape(id)
	if strings.Trim(id, ".") == "" {
		id = strings.ReplaceAll(id, ".", "%2E")
	}
	return strings.Replace(e.path, idMark, id, 1)
}
