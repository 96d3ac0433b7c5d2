package hub

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/wire"
)

var titles = map[call.Code]string{
	call.Taken:             "Taken",
	call.Gone:              "The call has ended",
	call.NotOffered:        "Not offered",
	call.Forbidden:         "Forbidden",
	call.NotFound:          "Not found",
	call.BadRequest:        "Bad request",
	call.TooMany:           "Too many requests",
	call.Unavailable:       "Unavailable",
	wire.CodeUnreadable:    "Body not readable",
	wire.CodeUnauthorized:  "Not signed in",
	wire.CodeTooLarge:      "Body too large",
	wire.CodeExists:        "It is there already",
	wire.CodeChanged:       "It was changed meanwhile",
	wire.CodeInUse:         "It is in use",
	wire.CodeNoSessionLink: "No session link found",
	wire.CodeFields:        "The form can't be taken",
}

// codeOf is the code of any error that a request can end with.
func codeOf(err error) call.Code {
	var missing *vidaoo.NoLinkError
	if errors.As(err, &missing) {
		return wire.CodeNoSessionLink
	}
	if errors.As(err, new(fieldsError)) {
		return wire.CodeFields
	}
	return call.CodeOf(err)
}

// problemOf describes an error for whoever sent the request. A fault of the
// hub says nothing of its inside.
func problemOf(err error) wire.Problem {
	code := codeOf(err)
	p := wire.Problem{Title: titles[code], Status: wire.Status(code), Detail: unavailable, Code: code}
	var missing *vidaoo.NoLinkError
	var e *call.Error
	var several faults
	var wrong fieldsError
	p.Faults = faultsOf(err)
	switch {
	case errors.As(err, &missing):
		p.Detail, p.Keys = sentence(err), missing.Looked
	case errors.As(err, &several):
		p.Detail = several.Error()
	case errors.As(err, &wrong):
		p.Detail, p.Fields = sentence(err), wrong
	case errors.As(err, &e):
		p.Detail, p.By = e.Message, e.By
	}
	return p
}

// sentence makes an error's text one.
func sentence(err error) string {
	s := err.Error()
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

// writeProblem answers with an error as problem+json (RFC 9457).
func writeProblem(w http.ResponseWriter, err error) {
	p := problemOf(err)
	switch p.Status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "5")
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	write(w, wire.ProblemType, p.Status, p)
}

func writeJSON(w http.ResponseWriter, status int, v any) { write(w, "application/json", status, v) }

func write(w http.ResponseWriter, contentType string, status int, v any) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// The types of package wire always encode; a reader who has gone needs nothing.
	_ = json.NewEncoder(w).Encode(v)
}
