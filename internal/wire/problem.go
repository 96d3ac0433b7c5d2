package wire

import (
	"net/http"

	"github.com/deskbell/deskbell/internal/call"
)

// Problem is an HTTP error body, "application/problem+json" (RFC 9457).
type Problem struct {
	Title  string    `json:"title"`
	Status int       `json:"status"`
	Detail string    `json:"detail"`
	Code   call.Code `json:"code"`
	// Keys are the payload keys that were looked at for a session link (422).
	Keys []string `json:"keys,omitempty"`
	// By is the display name of the agent who has the call (409 taken).
	By string `json:"by,omitempty"`
	// Faults are the fields of the request that are wrong (400 and 409 in
	// administration).
	Faults []Fault `json:"faults,omitempty"`
	// Fields say why fields of a form can't be taken, by name (422).
	Fields map[string]string `json:"fields,omitempty"`
}

// Fault is what is wrong with one field of a request.
type Fault struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// ProblemType is the content type of a Problem.
const ProblemType = "application/problem+json"

// Codes of problems that only HTTP has.
const (
	CodeUnreadable    call.Code = "unreadable"      // 400 for a webhook body
	CodeUnauthorized  call.Code = "unauthorized"    // 401
	CodeTooLarge      call.Code = "too_large"       // 413
	CodeExists        call.Code = "exists"          // 409 in administration
	CodeChanged       call.Code = "changed"         // 409 in administration: somebody else changed it meanwhile
	CodeInUse         call.Code = "in_use"          // 409 in administration
	CodeNoSessionLink call.Code = "no_session_link" // 422
)

// Status is the HTTP status of a code, the same table on both sides.
func Status(c call.Code) int {
	switch c {
	case call.BadRequest, CodeUnreadable:
		return http.StatusBadRequest
	case CodeUnauthorized:
		return http.StatusUnauthorized
	case call.Forbidden:
		return http.StatusForbidden
	case call.NotFound:
		return http.StatusNotFound
	case call.Taken, call.NotOffered, CodeExists, CodeInUse, CodeChanged:
		return http.StatusConflict
	case call.Gone:
		return http.StatusGone
	case CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case CodeNoSessionLink, CodeFields:
		return http.StatusUnprocessableEntity
	case call.TooMany:
		return http.StatusTooManyRequests
	default:
		return http.StatusServiceUnavailable
	}
}
