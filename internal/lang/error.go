package lang

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// said is an error that a person reads.
type said struct {
	english string
	parts   []any
	err     error // in English, with what it wraps
}

// Errorf is fmt.Errorf for an error that a person reads in their language. Like
// every error's its text begins in lower case and ends without a full stop.
func Errorf(english string, parts ...any) error {
	return &said{english: english, parts: parts, err: fmt.Errorf(english, parts...)}
}

func (e *said) Error() string { return e.err.Error() }

func (e *said) Unwrap() error { return errors.Unwrap(e.err) }

// phrase is an error in the voice's language. Those that only programs should
// read stay English.
func (v *Voice) phrase(err error) string {
	if e, is := err.(*said); is {
		return v.T(strings.ReplaceAll(e.english, "%w", "%s"), append([]any(nil), e.parts...)...)
	}
	return err.Error()
}

// Sentence says an error as a sentence.
func (v *Voice) Sentence(err error) string {
	var e *said
	words := err.Error()
	if errors.As(err, &e) {
		words = v.phrase(e)
	}
	first, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(words[size:], ".") + "."
}

// Sentence says an error as a sentence in the program's language.
func Sentence(err error) string { return Current().Sentence(err) }
