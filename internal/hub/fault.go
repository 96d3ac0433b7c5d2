package hub

import (
	"errors"
	"fmt"
	"strings"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/wire"
)

// faults are what is wrong with the fields of a request: all of it at once, so
// that whoever fills in a form need not send it again for each.
type faults []*call.Error

func (f faults) Error() string {
	var sentences []string
	for _, e := range f {
		sentences = append(sentences, e.Message)
	}
	return strings.Join(sentences, " ")
}

// Unwrap gives each fault to package errors.
func (f faults) Unwrap() (all []error) {
	for _, e := range f {
		all = append(all, e)
	}
	return all
}

// together makes one error of what is wrong. One that is about no field of the
// request comes first and alone.
func together(errs ...error) error {
	var all faults
	for _, err := range errs {
		for _, one := range parted(err) {
			var e *call.Error
			if !errors.As(one, &e) || e.Field == "" {
				return one
			}
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// parted are the errors that were joined in one.
func parted(err error) (all []error) {
	if err == nil {
		return nil
	}
	joined, is := err.(interface{ Unwrap() []error })
	if !is {
		return []error{err}
	}
	for _, one := range joined.Unwrap() {
		all = append(all, parted(one)...)
	}
	return all
}

// badField refuses a request for one of its fields.
func badField(field, format string, args ...any) error {
	return &call.Error{Code: call.BadRequest, Field: field, Message: fmt.Sprintf(format, args...)}
}

// ofField says of which field an error is.
func ofField(field string, err error) error {
	var e *call.Error
	if errors.As(err, &e) && e.Field == "" {
		e.Field = field
	}
	return err
}

// faultsOf tells programs which fields are wrong.
func faultsOf(err error) (all []wire.Fault) {
	for _, one := range parted(err) {
		var e *call.Error
		if errors.As(one, &e) && e.Field != "" {
			all = append(all, wire.Fault{Field: e.Field, Detail: e.Message})
		}
	}
	return all
}
